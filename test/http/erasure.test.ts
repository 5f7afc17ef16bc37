import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { colleague, COMMAND } from '../../src/shared/actor.ts';
import { openStorage, type Storage } from '../../src/storage/index.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { smallCodebooks } from '../support/codebooks.ts';
import { onBothEngines } from '../support/engines.ts';
import { respondent } from '../support/respondent.ts';
import { newWave, readyToSend } from '../support/waves.ts';

/** Stands in no text of ours. */
const WORD = 'Zwirbelquast';
const EMAIL = `${WORD.toLowerCase()}@example.com`;
const BASIS = {
  legalBasis: 'existing_customer' as const,
  legalBasisSource: 'contract',
  legalBasisOn: '2024-01-01',
};
const REPORTS = ['/leaving.csv', '/value.csv', '/satisfaction.csv', '/retention.csv', '/winning-back.csv'];

onBothEngines((on) => {
  /** With all that is written for the product's own, the engine would learn for seconds, time and again. */
  const codebooks = smallCodebooks();
  let folder: string;
  let running: TestApp;
  let boss: Person & { accountId: string };
  let id: string;
  let invitationId: string;
  let caseId: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'comeback-erasure-'));
    running = await startApp(on.storage(), { erasures: join(folder, 'erasures.jsonl'), codebooks });
    boss = await running.signIn('administrator', 'Katharina');
    await fill();
    await settle();
  });
  afterAll(async () => {
    await running.close();
    rmSync(folder, { recursive: true });
    rmSync(codebooks, { recursive: true });
  });

  const settle = async () => {
    await running.app.imports.runDue();
    await running.app.runDue();
    await running.app.coding.opinions.work();
    await running.app.coding.discoveries.work();
    await running.app.insight.work();
  };

  async function fill(): Promise<void> {
    const { app } = running;
    const person = { reference: `${WORD}-1`, givenName: WORD, familyName: WORD, organisation: WORD, email: EMAIL };
    const where = { telephone: '+49 431 5550199', street: WORD, city: WORD, region: WORD, postalCode: '24103' };
    const left = { status: 'left' as const, leftOn: '2026-10-20', segment: 'regular', customerSince: '2020-03-01' };
    const basis = { legalBasis: 'existing_customer' as const, legalBasisSource: WORD, legalBasisOn: '2024-01-01' };
    const row = { ...person, ...where, ...left, ...basis, language: 'en', country: 'DE', notes: WORD, tags: [WORD] };
    const [added] = await app.customers.upsertMany(COMMAND, [row, other(1), other(2)]);
    id = added?.id ?? '';
    const mine = { customerReference: row.reference };
    await app.customers.addPurchases(COMMAND, [
      { ...mine, reference: WORD, purchasedOn: '2026-05-02', amountMinor: 12_300, item: WORD },
    ]);
    const invoice = { number: WORD, issuedOn: '2026-05-02', amountMinor: 500, dueOn: '2026-06-02', paidOn: null };
    await app.customers.addInvoices(COMMAND, [{ ...mine, ...invoice }]);
    const dealing = { kind: 'order' as const, reference: WORD, fromOn: '2026-05-02', toOn: null, note: WORD };
    await app.customers.addDealings(COMMAND, [{ ...mine, ...dealing }]);
    const given = { locale: 'en', language: '', country: '', legalBasis: null };
    const bytes = Buffer.from(`reference,family name,notes\n${WORD}-1,${WORD},${WORD} again\n`);
    const imported = await app.imports.receive(COMMAND, {
      kind: 'customers',
      filename: 'a.csv',
      bytes,
      given,
    });
    await app.imports.settle(imported);
    await app.imports.begin(COMMAND, imported);
    await app.imports.settle(imported);
    await answer();
    await speak();
  }

  const other = (n: number) => ({
    reference: `O-${n}`,
    familyName: `Other${n}`,
    email: `o${n}@example.com`,
    language: 'en',
    country: 'DE',
    status: 'left' as const,
    leftOn: '2026-10-20',
    segment: 'regular',
    ...BASIS,
  });

  async function answer(): Promise<void> {
    const { app, baseUrl } = running;
    const wave = await newWave(app, await readyToSend(app));
    await app.invitations.startWaveAtOnce(COMMAND, wave);
    await app.runDue();
    const rows = await on.storage().read.selectFrom('invitation').select('id').where('customer_id', '=', id).execute();
    invitationId = rows[0]?.id ?? '';
    const they = respondent({ signer: app.signer, baseUrl }, invitationId);
    await they.answer('happened', { answer: `Nobody called. I switched to ${WORD}.` });
    await they.answer('happened', { answer: `Nobody called me back. I switched to ${WORD}.` });
    await they.send();
  }

  /** A case with everything in it, and what colleagues noted. */
  async function speak(): Promise<void> {
    const { recovery, loyalty, customers, bounces } = running.app;
    const me = colleague(boss.accountId);
    const contact = { name: WORD, email: EMAIL, telephone: WORD };
    const said = { words: WORD, language: 'en', summary: WORD, contact };
    const cause = { origin: 'hand', originId: null, customerId: id, kind: 'complaint' } as const;
    ({ caseId } = await on.storage().transaction((tx) => recovery.cases.open(tx, me, { ...cause, ...said })));
    await recovery.caseWork.steps.sign(me, caseId, 'apologise', { said: WORD, channel: 'telephone' });
    await recovery.caseWork.handling.write(me, caseId, WORD);
    const file = { name: `${WORD}.txt`, bytes: Buffer.from(WORD) };
    const { files } = recovery.attachments.checkAll([file]);
    await recovery.mail.write(me, caseId, { form: 'one', subject: WORD, words: WORD }, files);
    await running.app.mailer.sendDue();
    await recovery.mail.write(me, caseId, { form: 'two', subject: WORD, words: WORD }, []);
    await loyalty.alerts.report(
      { accountId: boss.accountId },
      { who: WORD, what: WORD, customerId: id, language: 'en' },
    );
    await loyalty.trust.refer(id, null, WORD);
    await customers.unsubscribeByHand(me, id, 'colleague');
    await customers.resubscribeByHand(me, id, { how: 'telephone', reason: WORD });
    await customers.unsubscribeByHand(me, id, 'colleague');
    await bounces.suppressions.addByHand(me, `other-${EMAIL}`, WORD, id);
  }

  const inTables = async (storage: Storage) => {
    const found: string[] = [];
    await storage.transaction(async (tx) => {
      const names = await (
        storage.engine === 'sqlite'
          ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
          : sql<{ name: string }>`select table_name as name from information_schema.tables
              where table_schema = current_schema()`
      ).execute(tx);
      for (const { name } of names.rows) {
        const { rows } = await sql`select * from ${sql.table(name)}`.execute(tx);
        if (marked(JSON.stringify(rows))) found.push(name);
      }
    });
    return found.sort();
  };
  const ENCODED = Buffer.from(WORD).toString('base64').slice(0, 12);
  const marked = (text: string) => text.toLowerCase().includes(WORD.toLowerCase()) || text.includes(ENCODED);
  const reports = async () => await Promise.all(REPORTS.map(async (path) => (await boss.get(path)).text));
  const counted = async () => {
    const { read } = on.storage();
    const all: Record<string, unknown> = {};
    for (const table of [
      'customer',
      'response',
      'answer',
      'purchase',
      'invitation',
      'recovery_case',
      'coding_task',
    ] as const)
      all[table] = await read
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .execute();
    return all;
  };

  test('the export holds all that is known, and the audit log says that it was made; nobody else gets it', async () => {
    const staff = await running.signIn('staff', 'Anna');
    const manager = await running.signIn('manager', 'Carla');
    for (const each of [staff, manager]) {
      for (const path of [`/customers/${id}/export`, `/customers/${id}/erasure`])
        expect((await each.get(path)).status).toBe(403);
      expect((await each.post(`/customers/${id}/erasure`, { reference: `${WORD}-1` })).status).toBe(403);
      expect((await each.get(`/customers/${id}`)).text).not.toContain('/erasure');
    }
    const page = await boss.get(`/customers/${id}`);
    expect(page.text).toContain(`href="/customers/${id}/export"`);
    const { text, headers } = await boss.get(`/customers/${id}/export`);
    expect(headers['content-disposition']).toContain('attachment');
    const { reference, data } = JSON.parse(text) as {
      reference: string;
      data: Record<string, Record<string, object[]>>;
    };
    expect(reference).toBe(`${WORD}-1`);
    expect(JSON.stringify(data['answers'])).toContain(`I switched to ${WORD}`);
    expect(data['answers']!['answersBefore']).toHaveLength(1);
    for (const part of ['purchase', 'invoice', 'dealing', 'resubscription', 'timeline_event'])
      expect(data['customer']![part]!.length).toBeGreaterThan(0);
    expect(data['cases']!['mails']).toHaveLength(2);
    expect(data['cases']!['files']).toMatchObject([
      { name: `${WORD}.txt`, content: Buffer.from(WORD).toString('base64') },
    ]);
    expect(JSON.stringify(data)).not.toContain('Other1');
    expect((await boss.get('/settings/audit')).text).toContain('downloaded everything about a customer');
  });

  test('without the right reference nothing is erased, and the page says so beside what was typed', async () => {
    const page = await boss.get(`/customers/${id}/erasure`);
    expect(page.text).toContain('What stays');
    const refused = await boss.post(`/customers/${id}/erasure`, { reference: 'O-1' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('value="O-1"');
    expect(refused.text).toContain('Nothing has been erased');
    expect((await boss.get(`/customers/${id}`)).status).toBe(200);
  });

  test('whoever is erased leaves no word anywhere, and every figure stays as it was', async () => {
    if (on.engine === 'sqlite') await on.storage().backup(join(folder, 'older.db'));
    const [found, figures, counts] = [await inTables(on.storage()), await reports(), await counted()];
    for (const table of [
      'answer',
      'answer_revision',
      'attachment',
      'captured_mail',
      'case_mail',
      'customer',
      'import_row',
    ])
      expect(found).toContain(table);
    await boss.get(`/customers/${id}/erasure`);
    expect((await boss.post(`/customers/${id}/erasure`, { reference: `${WORD}-1` })).status).toBe(303);
    expect(await inTables(on.storage()).then((left) => left.filter((each) => !WORKED_OUT.includes(each)))).toEqual([]);
    await settle();
    expect(await inTables(on.storage())).toEqual([]);
    expect(await reports()).toEqual(figures);
    expect(await counted()).toEqual(counts);
    expect(readFileSync(join(folder, 'erasures.jsonl'), 'utf8')).toContain(id);
    expect(marked(readFileSync(join(folder, 'erasures.jsonl'), 'utf8'))).toBe(false);
    expect((await boss.get('/settings/audit')).text).toContain('erased a customer');
  });
  /** What the next pass of the background work writes anew. */
  const WORKED_OUT = ['leaver_span', 'leaver_alike', 'survival_group', 'rollup_state'];

  test('nothing of it stands in the file any more, neither in free pages nor in the log of writes', () => {
    if (on.engine !== 'sqlite') return;
    const path = on.url().slice('sqlite:'.length);
    for (const suffix of ['', '-wal'])
      expect(
        readFileSync(path + suffix)
          .toString('latin1')
          .toLowerCase()
          .indexOf(WORD.toLowerCase()),
      ).toBe(-1);
  });

  test('pages that spoke of them go on, their links lead nowhere, and what waited was cancelled', async () => {
    for (const path of [`/cases/${caseId}`, '/today', '/cases/list', '/leaving', '/customers', '/waves'])
      expect([path, (await boss.get(path)).status]).toEqual([path, 200]);
    expect((await boss.get(`/customers/${id}`)).status).toBe(404);
    expect((await boss.post(`/customers/${id}/erasure`, { reference: '' })).status).toBe(404);
    const { app, baseUrl } = running;
    const they = respondent({ signer: app.signer, baseUrl }, invitationId);
    expect((await they.get()).text).toContain('This link is no longer in use');
    await they.answer('happened', { answer: WORD });
    expect(await inTables(on.storage())).toEqual([]);
    const link = app.recovery.cases.linkFor(caseId).replace(/^https?:\/\/[^/]+/, '');
    expect((await running.visitor().get(link)).status).toBe(404);
    const waiting = await on
      .storage()
      .read.selectFrom('outgoing_mail')
      .selectAll()
      .where('state', '=', 'queued')
      .execute();
    expect(waiting).toEqual([]);
  });

  test('the same reference is a new customer, to whose address nothing is sent', async () => {
    const { customers, bounces } = running.app;
    const [again] = await customers.upsertMany(COMMAND, [{ reference: `${WORD}-1`, familyName: 'New', email: EMAIL }]);
    expect(again).toMatchObject({ outcome: 'added' });
    expect(again?.id).not.toBe(id);
    expect(await bounces.suppressions.find(EMAIL)).toMatchObject({ kind: 'person', how: 'erased' });
  });

  test('an older backup comes back without them', async () => {
    if (on.engine !== 'sqlite') return;
    const copy = join(folder, 'restored.db');
    copyFileSync(join(folder, 'older.db'), copy);
    const storage = await openStorage(`sqlite:${copy}`);
    expect(await inTables(storage)).toContain('answer');
    const restored = await startApp(storage, { erasures: join(folder, 'erasures.jsonl'), codebooks });
    await restored.app.insight.work();
    expect(await inTables(storage)).toEqual([]);
    await restored.close();
    await storage.close();
    expect(readFileSync(copy).toString('latin1').toLowerCase()).not.toContain(WORD.toLowerCase());
  });
});
