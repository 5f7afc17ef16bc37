import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToQueries, scansOf } from '../support/plans.ts';

/** Name, labels, value. */
const SAMPLE = /^([a-z][a-z0-9_]*)(\{[a-z]+="[^"\\\n]*"(?:,[a-z]+="[^"\\\n]*")*\})? (-?[0-9.e+-]+)$/;

onBothEngines((on) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(on.storage());
  });
  afterAll(() => app.close());

  const ask = (headers: Record<string, string> = {}) => app.visitor().agent.get('/metrics').set(headers);

  async function figures(): Promise<Map<string, number>> {
    const lines = (await ask()).text.trimEnd().split('\n');
    const samples = lines.filter((line) => !line.startsWith('#')).map((line) => SAMPLE.exec(line) ?? [line]);
    return new Map(samples.map(([, name, labels = '', value]) => [`${name}${labels}`, Number(value)]));
  }

  const addMail = (id: string, notBefore: string) =>
    on
      .storage()
      .transaction((tx) => app.app.mailer.enqueue(tx, [{ kind: 'account.metrics', subjectId: id, notBefore }]));

  // Stands first: later every statement has been prepared already.
  (on.engine === 'sqlite' ? test : test.skip)('asking costs the same however much there is', async () => {
    const heard = listenToQueries();
    await ask();
    const counting = [...heard].filter((query) => query.includes('count(*)'));
    expect(counting.length).toBeGreaterThan(1);
    for (const query of heard)
      expect([query, scansOf((on.storage() as SqliteStorage).writer, query)]).toEqual([query, []]);
  });

  test('every line is one that Prometheus reads, every metric says once what it is', async () => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.text.endsWith('\n')).toBe(true);
    const told = new Set<string>();
    let name = '';
    for (const line of answer.text.trimEnd().split('\n')) {
      const [, help] = /^# HELP (\S+) \S.*$/.exec(line) ?? [];
      if (help !== undefined) {
        expect(told.has(help)).toBe(false);
        told.add((name = help));
      } else if (line.startsWith('#')) expect(line).toMatch(new RegExp(`^# TYPE ${name} (gauge|counter)$`));
      else expect(SAMPLE.exec(line)?.[1]).toBe(name);
    }
    expect(told.size).toBeGreaterThan(12);
  });

  test('it says what waits, and for how long', async () => {
    const before = await figures();
    const now = app.clock.now();
    await addMail('one', now.toISOString());
    await addMail('two', new Date(now.getTime() + 3_600_000).toISOString());
    app.clock.advance({ minutes: 10 });
    const after = await figures();
    expect(after.get('comeback_mails{state="queued"}')).toBe((before.get('comeback_mails{state="queued"}') ?? 0) + 2);
    expect(after.get('comeback_mail_overdue_seconds')).toBe(600);
    expect(before.get('comeback_mail_overdue_seconds')).toBe(0);
    expect(after.get('comeback_database_bytes')).toBeGreaterThan(100_000);
  });

  test('an overdue case shows', async () => {
    await app.app.customers.upsertMany(COMMAND, [{ reference: 'M-1', familyName: 'Meyer' }]);
    const before = await figures();
    const known = on.storage().read.selectFrom('customer').select('id').where('reference', '=', 'M-1');
    const row = await known.executeTakeFirstOrThrow();
    const complaint = { kind: 'complaint', origin: 'hand', originId: null, words: 'It leaks', language: 'en' } as const;
    const fresh = { ...complaint, customerId: row.id };
    await on.storage().transaction((tx) => app.app.recovery.cases.open(tx, COMMAND, fresh));
    app.clock.advance({ days: 30 });
    const after = await figures();
    expect(after.get('comeback_cases_overdue')).toBe((before.get('comeback_cases_overdue') ?? 0) + 1);
  });

  test('requests are counted by what became of them', async () => {
    const before = await figures();
    await app.visitor().get('/customers');
    const after = await figures();
    const elsewhere = 'http_requests_total{code="3xx"}';
    expect((after.get(elsewhere) ?? 0) - (before.get(elsewhere) ?? 0)).toBeGreaterThanOrEqual(1);
  });

  test('who comes through a proxy needs an access token; a wrong one opens nothing', async () => {
    for (const header of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
      const refused = await ask({ [header]: '192.0.2.7' });
      expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer']);
      expect(refused.text).not.toContain('comeback');
    }
    const through = { 'X-Forwarded-For': '192.0.2.7' };
    expect((await ask({ ...through, Authorization: 'Bearer none-of-ours-at-all' })).status).toBe(401);
    const { token } = await app.app.accounts.createToken({ name: 'Watching', role: 'staff' });
    expect((await ask({ ...through, Authorization: `Bearer ${token}` })).status).toBe(200);
  });
});
