import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { colleague, COMMAND } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import type { Tx } from '../../src/storage/index.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';

/** Stands in no text of ours. */
const WORD = 'Zwirbelquast';
const AT = '2026-11-10T08:05:00.000Z';

onBothEngines((on) => {
  let app: TestApp;
  let anna: Person & { accountId: string };
  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna');
  });
  afterAll(() => app.close());

  const tables = async (tx: Tx): Promise<string[]> => {
    const { rows } = await (
      on.engine === 'sqlite'
        ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
        : sql<{ name: string }>`select table_name as name from information_schema.tables
            where table_schema = current_schema()`
    ).execute(tx);
    return rows.map(({ name }) => name);
  };
  /** The tables in which the word stands. */
  const where = () =>
    on.storage().transaction(async (tx) => {
      const found: string[] = [];
      for (const table of await tables(tx)) {
        const { rows } = await sql`select * from ${sql.table(table)}`.execute(tx);
        if (JSON.stringify(rows).includes(WORD)) found.push(table);
      }
      return found.sort();
    });

  async function customer(reference: string): Promise<string> {
    const row = { reference, familyName: 'Brandes', email: `${reference}@example.com`, language: 'de' };
    const [added] = await app.app.customers.upsertMany(COMMAND, [row]);
    return added?.id ?? '';
  }

  /** Everything that the word can stand in without a service writing it within this test. */
  async function rest(tx: Tx, customerId: string, caseId: string): Promise<void> {
    const by = { account_id: anna.accountId, customer_id: customerId };
    const times = { call_at: null, claimed_by: null, claimed_at: null, claimed_until: null, attempted_at: null };
    const ended = { settled_at: null, won_on: null, returned_on: null };
    await tx
      .insertInto('winback_case')
      .values({
        ...times,
        ...ended,
        case_id: caseId,
        customer_id: customerId,
        state: 'open',
        reason_key: '',
        calls: 1,
        draft: JSON.stringify({ said: WORD }),
        opened_at: AT,
      })
      .execute();
    const call = { case_id: caseId, at: AT, outcome: 'thinking', reason_key: '', call_at: null, response_id: null };
    await tx
      .insertInto('winback_call')
      .values({ ...call, ...by, id: newId(app.clock), said: WORD, promised: WORD })
      .execute();
    const nudge = { cycle_on: '2026-10-01', at: AT, bought_on: null, amount_minor: null };
    await tx
      .insertInto('next_need_nudge')
      .values({ ...nudge, ...by, id: newId(app.clock), note: WORD })
      .execute();
    await tx
      .insertInto('trust_use')
      .values({ ...by, id: newId(app.clock), prospect: WORD, at: AT, thanked_at: null })
      .execute();
    const comment = { kind: 'idea', state: 'list', language: 'de', wish: '', why_held: '[]' } as const;
    const nobody = { case_id: null, decided_by: null, decided_at: null, created_at: AT };
    await tx
      .insertInto('public_comment')
      .values({
        ...comment,
        ...nobody,
        id: newId(app.clock),
        reference: 'X-1',
        customer_id: customerId,
        words: WORD,
        name: WORD,
        email: `${WORD}@example.com`,
        telephone: WORD,
        form_key: 'f',
        words_key: 'w',
      })
      .execute();
  }

  async function everywhere(customerId: string): Promise<string> {
    const { cases, caseWork, mail, payment } = app.app.recovery;
    const me = colleague(anna.accountId);
    const said = { words: WORD, language: 'de', summary: WORD, contact: { name: WORD, email: '', telephone: WORD } };
    const cause = { origin: 'hand', originId: null, customerId } as const;
    const opened = await on.storage().transaction(async (tx) => ({
      complaint: await cases.open(tx, me, { ...cause, ...said, kind: 'complaint' }),
      owing: await cases.open(tx, me, { ...cause, ...said, kind: 'payment_difficulty' }),
    }));
    const { caseId } = opened.complaint;
    await caseWork.steps.sign(me, caseId, 'apologise', { said: WORD, channel: 'telephone' });
    await caseWork.steps.skip(me, caseId, 'act', WORD);
    await caseWork.exceptions.make(me, caseId, { waived: WORD, why: WORD });
    await caseWork.handling.write(me, caseId, WORD);
    await caseWork.many.tag(me, [caseId], WORD);
    await caseWork.settling.propose(caseId, `${WORD} wäre gut`);
    const remedy = { kind: 'promise', what: WORD, amountMinor: 0 } as const;
    await caseWork.remedies.offer({ actor: colleague(anna.accountId), role: 'staff' }, caseId, remedy);
    const file = { name: `${WORD}.txt`, bytes: Buffer.from(WORD) };
    const { files } = app.app.recovery.attachments.checkAll([file]);
    await mail.write(me, caseId, { form: 'one', subject: WORD, words: WORD }, files);
    await payment.wishes.tell(await cases.get(opened.owing.caseId), WORD);
    await app.app.loyalty.alerts.report(
      { accountId: anna.accountId },
      { who: WORD, what: WORD, customerId, language: 'de' },
    );
    await app.app.loyalty.trust.refer(customerId, null, WORD);
    await app.app.loyalty.trust.beReference(customerId, null, { a_year: 1, way: 'mail', topics: WORD });
    await on.storage().transaction((tx) => rest(tx, customerId, caseId));
    const closing = { rootCause: 'quality', action: WORD, outcome: 'put_right', noQuestion: WORD };
    await on.storage().transaction((tx) => cases.close(tx, me, caseId, closing));
    return caseId;
  }

  test('whoever is forgotten leaves no word behind, and everything that happened still counts', async () => {
    const [id, other] = [await customer('F-1'), await customer('F-2')];
    const caseId = await everywhere(id);
    const before = await where();
    for (const table of ['alert', 'case_event', 'case_mail', 'case_remedy', 'case_step', 'case_tag', 'payment_wish'])
      expect(before).toContain(table);
    for (const table of ['public_comment', 'recovery_case', 'referral', 'trust_reference', 'trust_use', 'winback_call'])
      expect(before).toContain(table);
    const forget = (ids: string[]) =>
      on.storage().transaction(async (tx) => {
        await app.app.recovery.forget(tx, ids);
        await app.app.loyalty.forget(tx, ids);
      });
    await forget([other]);
    expect(await where()).toEqual(before);
    await forget([id]);
    expect(await where()).toEqual([]);
    expect(await app.app.recovery.cases.get(caseId)).toMatchObject({
      state: 'closed',
      outcome: 'put_right',
      words: '',
    });
    expect((await anna.get(`/cases/${caseId}`)).status).toBe(200);
    expect((await app.app.recovery.mail.thread(caseId)).mails).toHaveLength(1);
  });
});
