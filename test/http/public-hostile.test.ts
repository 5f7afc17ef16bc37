import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { colleague, COMMAND } from '../../src/shared/actor.ts';
import type { CaseKind } from '../../src/recovery/index.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';

const HUGE = 'x'.repeat(10 * 1024 * 1024);
/** No text at all, marks that turn its direction, a face, half a face, and what would run if it stood in a page. */
const HOSTILE = `\u0000\u202egnp.exe\u2066 \ud83d\ude42 \ud83d "><script>alert(1)</script> {greeting} <%= 1 %>`;
const CHANGED = [
  'case_event',
  'case_remedy',
  'timeline_event',
  'payment_wish',
  'payment_plan',
  'alert',
  'public_comment',
];

const ONCE = ['payment_wish', 'payment_plan', 'alert', 'public_comment'];

/** A form that anybody with the link can send; TOKEN stands for the link's own part. */
interface Form {
  page: string;
  posts: string;
  token: string;
  field: string;
  /** What goes with it. */
  rest?: Record<string, string>;
}

onBothEngines((on) => {
  let app: TestApp;
  let visitor: Person;
  let anna: Person & { accountId: string };
  let forms: Form[] = [];

  const tokenIn = (link: string) => /\/([^/]+)$/.exec(new URL(link).pathname)?.[1] ?? '';

  beforeAll(async () => {
    app = await startApp(on.storage());
    visitor = app.visitor();
    anna = await app.signIn('staff', 'Anna');
    const carla = await app.signIn('manager', 'Carla');
    const [customer] = await app.app.customers.upsertMany(COMMAND, [
      { reference: 'H-1', familyName: 'Brandes', email: 'h@example.com', language: 'de', telephone: '0431 5550' },
    ]);
    const id = customer?.id ?? '';
    const owed = { customerReference: 'H-1', number: 'R-1', amountMinor: 30_000, dueOn: '2026-10-01', paidOn: null };
    await app.app.customers.addInvoices(COMMAND, [{ ...owed, issuedOn: '2026-09-01' }]);
    const { cases } = app.app.recovery;
    const open = (kind: CaseKind) =>
      on.storage().transaction((tx) =>
        cases.open(tx, colleague(anna.accountId), {
          kind,
          customerId: id,
          origin: 'hand',
          originId: null,
          words: 'Es tropft.',
          language: 'de',
        }),
      );
    const complaint = tokenIn(cases.linkFor((await open('complaint')).caseId));
    const owing = tokenIn(cases.linkFor((await open('payment_difficulty')).caseId));
    const { id: link } = await app.app.loyalty.alerts.makeLink(colleague(carla.accountId), 'Laden');
    const shop = tokenIn((await app.app.loyalty.alerts.addressOf(link)).address);
    const said = { customer_id: id, response_id: id, score: 5, said_at: '2026-11-01T08:00:00.000Z' };
    const third = await app.app.customers.upsertMany(COMMAND, [
      { reference: 'H-2', familyName: 'Holm', language: 'de' },
    ]);
    const glad = third[0]?.id ?? '';
    await on.storage().transaction((tx) =>
      tx
        .insertInto('contentment')
        .values({ ...said, customer_id: glad })
        .execute(),
    );
    const ask = { kind: 'word' as const, prospect: '', way: 'talk' as const };
    const asked = await app.app.loyalty.trust.ask(colleague(anna.accountId), glad, ask);
    const word = tokenIn(app.app.loyalty.trust.linkFor(asked));
    forms = [
      { page: '/c/TOKEN', posts: '/c/TOKEN/words', token: complaint, field: 'words' },
      { page: '/c/TOKEN', posts: '/c/TOKEN/proposal', token: complaint, field: 'proposal' },
      { page: '/c/TOKEN/plan/words', posts: '/c/TOKEN/plan/words', token: owing, field: 'words' },
      { page: '/c/TOKEN/plan/call', posts: '/c/TOKEN/plan/call', token: owing, field: 'telephone' },
      { page: '/c/TOKEN/plan/instalments', posts: '/c/TOKEN/plan/instalments', token: owing, field: 'instalments' },
      { page: '/r/TOKEN', posts: '/r/TOKEN/word', token: word, field: 'words' },
      {
        page: '/r/TOKEN',
        posts: '/r/TOKEN/reference',
        token: word,
        field: 'topics',
        rest: { often: '2', way: 'mail' },
      },
      { page: '/alert/TOKEN', posts: '/alert/TOKEN', token: shop, field: 'what', rest: { who: 'Wirt', name: 'Jo' } },
    ];
  });
  afterAll(() => app.close());

  const counted = async () => {
    const counts: Record<string, number> = {};
    for (const table of CHANGED) {
      const { rows } = await on
        .storage()
        .transaction((tx) => sql<{ n: unknown }>`select count(*) as n from ${sql.table(table)}`.execute(tx));
      counts[table] = Number(rows[0]?.n);
    }
    return counts;
  };
  const at = (path: string, token: string) => path.replace('TOKEN', encodeURIComponent(token));

  test('no page behind a link is kept by a browser or by anything between', async () => {
    const pages = forms.map(({ page, token }) => at(page, token));
    for (const path of [...pages, '/c/x', '/u/x', '/q/x', '/p/x', '/g/x', '/r/x', '/w/x', '/reset/x']) {
      const { headers } = await visitor.get(path);
      expect([path, headers['cache-control']]).toEqual([path, 'no-store']);
    }
  });

  test('links of another kind, broken or made up lead nowhere, whether opened or posted to', async () => {
    const before = await counted();
    for (const { page, posts, token, field, rest } of forms) {
      const foreign = forms.find((each) => each.page.slice(0, 3) !== page.slice(0, 3))?.token ?? '';
      const others = [`${token}x`, token.slice(0, -2), token.toUpperCase(), foreign, '\u0000', 'x'.repeat(3000)];
      for (const wrong of others) {
        const statuses = [
          (await visitor.get(at(page, wrong))).status,
          (await visitor.post(at(posts, wrong), { [field]: 'x', ...rest })).status,
        ];
        expect([posts, wrong.slice(0, 80), statuses.filter((status) => ![400, 404, 429].includes(status))]).toEqual([
          posts,
          wrong.slice(0, 80),
          [],
        ]);
      }
    }
    expect(await counted()).toEqual(before);
  });

  test('hostile text is text, wherever it is read; sent twice at once, it is there once', async () => {
    for (const { page, posts, token, field, rest } of forms) {
      const before = await counted();
      const twice = await Promise.all([1, 2].map(() => visitor.post(at(posts, token), { [field]: HOSTILE, ...rest })));
      for (const { status, text } of twice) {
        expect([posts, status < 500, text.includes('<script>alert')]).toEqual([posts, true, false]);
      }
      const after = await counted();
      const grown = CHANGED.filter((table) => (after[table] ?? 0) - (before[table] ?? 0) > 1);
      expect([posts, grown.filter((table) => ONCE.includes(table))]).toEqual([posts, []]);
      const shown = await visitor.get(at(page, token));
      expect([page, shown.status, shown.text.includes('<script>alert')]).toEqual([page, 200, false]);
    }
    for (const path of ['/today', '/references', '/alerts/links', '/comments']) {
      expect((await anna.get(path)).text).not.toContain('<script>alert');
    }
  });

  // Turned away before anything of it reaches the database's engine.
  if (on.engine !== 'sqlite') return;

  test('ten megabytes in a field, or from another site, are turned away and change nothing', async () => {
    const before = await counted();
    for (const { posts, token, field, rest } of forms) {
      const large = await visitor.post(at(posts, token), { [field]: HUGE, ...rest });
      expect([posts, [400, 413].includes(large.status)]).toEqual([posts, true]);
      // Whoever has the link of a case may send its words from anywhere: it proves itself.
      if (/^\/c\/TOKEN\/\w+$/.test(posts)) continue;
      const cross = visitor.agent.post(at(posts, token)).set('Origin', 'https://evil.example').type('form');
      expect([posts, (await cross.send(`${field}=x`)).status]).toEqual([posts, 403]);
    }
    expect(await counted()).toEqual(before);
  });
});
