import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { CustomerRow } from '../../src/customers/index.ts';
import { countRisks, listCalms, listRisks, takeQueued } from '../../src/reports/risk/risk-store.ts';
import { countByMonth, countFlags, openBefore } from '../../src/reports/risk/flag-store.ts';
import { leftLately } from '../../src/reports/risk/sources-store.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { addDays } from '../../src/shared/dates.ts';
import { newId } from '../../src/shared/ids.ts';
import type { Storage } from '../../src/storage/index.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { layGround, starter } from '../support/asked.ts';
import type { TestClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { partsOf } from '../support/page-parts.ts';
import { listenToQueries, scansOf } from '../support/plans.ts';
import { leavers } from '../support/waves.ts';

type Colleague = Person & { accountId: string };
/** The day of the test clock, where the company is. */
const TODAY = '2026-11-10';
const ago = (days: number) => addDays(TODAY, -days);
const linesOf = (csv: string) => parse(csv, { columns: true, bom: true }) as Record<string, string>[];

onBothEngines((on) => {
  let app: TestApp;
  let anna: Colleague;
  let boss: Colleague;
  let people = 0;

  beforeAll(async () => {
    app = await startApp(on.storage());
    [anna, boss] = [await app.signIn('staff', 'Anna'), await app.signIn('manager', 'Carla')];
  });
  afterAll(() => app.close());

  const risk = () => app.app.insight.risk;
  const work = () => risk().jobs[0]!();
  const customers = async (count: number, more: Partial<CustomerRow> = {}): Promise<string[]> => {
    const from = people + 1;
    people += count;
    const active = { status: 'active' as const, leftOn: null, customerSince: '2020-01-01', segment: 'café' };
    const rows = leavers(count, () => ({ ...active, telephone: '0431 555 100', ...more }), from);
    return (await app.app.customers.upsertMany(COMMAND, rows)).map(({ id }) => id);
  };
  /** Every so many days, the last time so many days ago. */
  const buys = async (id: string, every: number, last: number, times = 8) => {
    const { reference } = await app.app.customers.get(id);
    const rows = Array.from({ length: times }, (_, i) => ({
      customerReference: reference,
      purchasedOn: ago(last + every * i),
      amountMinor: 5000,
      item: 'Espresso',
      reference: '',
    }));
    await app.app.customers.addPurchases(COMMAND, rows);
  };
  const standing = async (id: string) => (await risk().of(on.storage().read, [id])).get(id);

  test('whoever is silent for long, has a complaint or owes is flagged with the reason in words, the most money first', async () => {
    const [late, calm, few, owing] = await customers(4);
    for (const id of [calm, ...(await customers(6))]) await buys(id!, 20, 10);
    await buys(late!, 20, 97);
    await buys(few!, 20, 120, 2);
    await buys(owing!, 30, 10);
    const { reference: customerReference } = await app.app.customers.get(owing!);
    const bill = { customerReference, amountMinor: 900, paidOn: null };
    await app.app.customers.addInvoices(COMMAND, [
      { ...bill, number: 'R-1', issuedOn: ago(60), dueOn: ago(46) },
      { ...bill, number: 'R-2', issuedOn: ago(30), dueOn: ago(16) },
    ]);
    const complaint = { kind: 'complaint' as const, words: '', language: 'en', summary: 'Late again' };
    await on.storage().transaction(async (tx) => {
      await app.app.recovery.cases.open(tx, COMMAND, {
        ...complaint,
        customerId: owing!,
        origin: 'hand',
        originId: null,
      });
    });
    await work();
    const { text } = await anna.get('/risk');
    expect(text).toContain('usually orders every 20 days, silent for 97');
    expect(text).toContain('silent for 120 days; four in five others come back within 20');
    expect(text).toContain('About to leave?');
    expect(partsOf(text)).toEqual({ listed: ['left', 'how'], headings: ['left', 'how'] });
    // Two invoices and a complaint of today: points for both, and a flag.
    expect(text).toContain('2 invoices overdue');
    expect(text).toContain('complaint open for 0 days');
    expect(text).not.toContain(calm);
    expect(await standing(calm!)).toBeUndefined();
    const counts = await risk().counts();
    expect(counts.customers).toBe(3);
    expect(text).toContain('3 customers worth €900 a year may be about to leave.');
    const { rows } = await risk().list({}, null);
    const atRisk = rows.map((row) => row.worthAtRiskMinor);
    expect(atRisk).toEqual(atRisk.toSorted((a, b) => b - a));
    for (const row of rows) expect(row.worthAtRiskMinor).toBe(Math.round(row.score * row.worthMinor));
    expect(counts.worthMinor).toBe(rows.reduce((sum, row) => sum + row.worthMinor, 0));
    // Filters, parts, and the profile.
    expect((await anna.get('/risk?reason=complaint')).text).toContain('One customer worth');
    expect((await anna.get('/risk?segment=shop')).text).toContain('Nobody fits these filters');
    const parts = await risk().list({}, null, 2);
    const rest = await risk().list({}, parts.next, 2);
    expect([...parts.rows, ...rest.rows].map((row) => row.customerId)).toEqual(rows.map((row) => row.customerId));
    expect((await anna.get(`/customers/${late}`)).text).toContain('usually orders every 20 days, silent for 97');
  });

  test('news are looked at within a minute: a purchase or a word that they left takes them off the list', async () => {
    const [back, gone] = await customers(2, { segment: 'shop' });
    for (const id of [back!, gone!]) await buys(id, 20, 60);
    await work();
    expect([await standing(back!), await standing(gone!)].map((each) => each?.standing)).toEqual([
      'flagged',
      'flagged',
    ]);
    await buys(back!, 20, 0, 1);
    await app.app.customers.markLeft(COMMAND, gone!, TODAY);
    await work();
    expect([await standing(back!), await standing(gone!)]).toEqual([undefined, undefined]);
    const flags = await on.storage().read.selectFrom('risk_flag').selectAll().where('looked_back', '=', 0).execute();
    const of = (id: string) => flags.find((row) => row.customer_id === id);
    expect(of(gone!)).toMatchObject({ outcome: 'left', decided_on: TODAY, flagged_on: TODAY, first: 1 });
    // A purchase on the day of the flag itself came before it or with it: it decides nothing.
    expect(of(back!)).toMatchObject({ outcome: 'open' });
    const { text } = await anna.get('/risk');
    expect(text).toContain(`href="/customers/${gone}"`);
    expect(text).toContain('10 November 2026');
  });

  test('what customers said who want no more letters is left alone', async () => {
    const [id] = await customers(1);
    const storage = on.storage();
    await buys(id!, 20, 33);
    await work();
    const before = await standing(id!);
    expect(before).toMatchObject({ standing: 'low', reasons: [{ kind: 'silence' }] });
    await answerOf(storage, app.clock, id!, 1);
    await work();
    // The news of an answer alone waits for the night.
    await app.app.customers.setTags(COMMAND, id!, ['one']);
    await work();
    const said = await standing(id!);
    expect(said?.reasons.map(({ kind }) => kind).sort()).toEqual(['answer', 'silence']);
    expect((await anna.get(`/customers/${id}`)).text).toContain('answered 1 of 5 on');
    await storage.transaction(async (tx) => void (await app.app.customers.unsubscribe(tx, id!, 'link')));
    await app.app.customers.setTags(COMMAND, id!, ['two']);
    await work();
    expect((await standing(id!))?.reasons.map(({ kind }) => kind)).toEqual(['silence']);
  });

  test('a colleague knows better, for a while, with a way back, and not against new signs', async () => {
    const [one, two] = await customers(2, { segment: 'bar' });
    for (const id of [one!, two!]) await buys(id, 10, 40);
    await work();
    const form = await anna.get(`/risk/start?do=calm&pick=${one}&pick=${two}`);
    expect(form.text).toContain('You know better about 2 customers');
    const customersField = `${one} ${two}`;
    const wrong = await anna.post('/risk/calm', { customers: customersField, untilOn: '2026-11-01', why: '' });
    expect([wrong.status, wrong.text.includes('Say in a few words why.')]).toEqual([422, true]);
    expect(wrong.text).toContain('Choose a day from today');
    const past = await anna.post('/risk/calm', { customers: customersField, untilOn: '2026-11-01', why: 'Winter' });
    expect([past.status, past.text.includes('Choose a day from today')]).toEqual([422, true]);
    const order = { customers: customersField, untilOn: '2027-03-01', why: 'Closed for the winter' };
    expect((await anna.post('/risk/calm', order)).status).toBe(303);
    const after = await anna.get('/risk');
    expect(after.text).toContain('2 customers are off the list until 1 March 2027.');
    expect(after.text).not.toContain(`value="${one}"`);
    const calms = await anna.get('/risk/calm');
    expect(calms.text).toContain('Closed for the winter');
    expect((await anna.get(`/customers/${one}`)).text).toContain('Not at risk until 1 March 2027');
    await work();
    expect((await standing(one!))?.standing).toBe('calm');
    // A new sign raises the flag again; taking the word back does too.
    await on.storage().transaction(async (tx) => {
      const cause = { origin: 'hand' as const, originId: null, words: '', language: 'en', summary: 'Cold' };
      await app.app.recovery.cases.open(tx, COMMAND, { kind: 'complaint', customerId: one!, ...cause });
    });
    await work();
    expect((await standing(one!))?.standing).toBe('flagged');
    const second = (await risk().calm.of(two!))!.id;
    expect((await anna.post('/risk/calm/end', { id: second })).status).toBe(303);
    expect((await standing(two!))?.standing).toBe('flagged');
    expect((await anna.post('/risk/calm/end', { id: second })).status).toBe(409);
    await on.storage().transaction((tx) => risk().forget(tx, [one!]));
    expect((await risk().calm.of(one!))?.why).toBe('');
  });

  test('from the list a wave, calls or cases can begin; nothing leaves before it was looked over', async () => {
    await app.app.questionnaires.approveAll(COMMAND);
    const { rows } = await risk().list({ segment: 'café' }, null);
    const ids = rows.map(({ customerId }) => customerId);
    const picks = ids.map((id) => `pick=${id}`).join('&');
    const asked = await anna.get('/risk/start?do=wave&all=1&segment=caf%C3%A9');
    expect(asked.text).toContain(`value="${ids.join(' ')}"`);
    const questionnaire = (await app.app.questionnaires.list()).find(
      ({ programme }) => programme.key === 'satisfaction',
    )!;
    const fields = { customers: ids.join(' '), questionnaireId: questionnaire.id, name: 'At risk' };
    const made = await anna.post('/risk/waves', fields);
    const wave = /\/waves\/([0-9a-f-]{36})$/.exec(made.headers.location ?? '')?.[1] ?? '';
    const audience = { status: 'active', customerIds: ids };
    expect((await app.app.invitations.getWave(wave)).audience).toEqual(audience);
    // Editing the draft keeps whom it is for.
    const colleague = { senderAccountId: anna.accountId, expiresDays: '30', status: 'active' };
    expect((await anna.get(`/waves/${wave}/edit`)).text).toContain('Chosen: 3 customers');
    const edited = await anna.post(`/waves/${wave}`, { ...fields, ...colleague, name: 'At risk, November' });
    expect(edited.status).toBe(303);
    expect((await app.app.invitations.getWave(wave)).audience).toEqual(audience);
    // As its note says: whoever has an open complaint is not asked about anything else.
    const check = (await anna.get(`/waves/${wave}`)).text;
    expect(check).toContain('A complaint of theirs is open');
    expect(check).toContain('until it is put right');
    const calls = await anna.get(`/risk/start?do=calls&${picks}`);
    // Whoever has an open complaint is not called about anything else.
    expect(calls.text).toContain('2 customers to call');
    expect(calls.text).toContain('Something is being put right or talked about with them');
    expect(calls.text).toContain('0431 555 100');
    const cases = await anna.get(`/risk/start?do=cases&${picks}`);
    expect(cases.headers.location).toContain(`/cases/list?${picks}`);
    expect((await anna.get(cases.headers.location ?? '')).text).toContain('3 customers chosen');
    for (const what of ['wave', 'calls', 'calm'])
      expect((await anna.get(`/risk/start?do=${what}&pick=nobody`)).status).toBe(200);
  });

  test('the past is looked back at once, held against what happened, and corrects the chances', async () => {
    // Fifteen who fell silent and left, fifteen who fell silent and came back, forty who bought all along.
    const [left, back] = [await customers(15, { segment: 'mail' }), await customers(15, { segment: 'mail' })];
    for (const id of await customers(10, { segment: 'mail' })) await buys(id, 30, 5, 20);
    for (const id of left) {
      await buys(id, 30, 330, 6);
      await app.app.customers.markLeft(COMMAND, id, ago(150));
    }
    for (const id of back) {
      await buys(id, 30, 330, 6);
      await buys(id, 30, 2, 7);
    }
    await boss.get('/risk/record');
    expect((await anna.post('/risk/look-back')).status).toBe(403);
    expect((await boss.post('/risk/look-back')).status).toBe(303);
    await work();
    const record = await risk().record();
    expect(record.lookedBack).toBe(true);
    const mail = await on
      .storage()
      .read.selectFrom('risk_flag')
      .select(['flagged_on', 'outcome', 'first'])
      .where('looked_back', '=', 1)
      .where('customer_id', 'in', [...left, ...back])
      .execute();
    const of = (day: string, outcome: string) =>
      mail.filter((row) => row.flagged_on === day && row.outcome === outcome).length;
    // On that day all thirty had been silent for 40 of 60 days: not yet; 130 days later, all were.
    expect([of(ago(290), 'left'), of(ago(200), 'left'), of(ago(200), 'bought')]).toEqual([0, 15, 15]);
    expect(record.total.left).toBeGreaterThanOrEqual(15);
    expect(record.total.flags).toBe(record.total.left + record.total.bought + record.total.silent);
    const bands = record.bands.reduce((sum, band) => sum + band.flags, 0);
    expect(bands).toBeGreaterThanOrEqual(record.total.flags);
    const page = (await anna.get('/risk/record')).text;
    expect(page).toContain(`${record.total.left} left within half a year`);
    expect(page).toContain('Worked out afterwards');
    const csv = (await anna.get('/risk/record.csv')).text.split('\r\n');
    expect(csv.filter((row) => row.startsWith('band,'))).toHaveLength(record.bands.length);
  });

  test('page, file and interface say the same; managers set the factor', async () => {
    const { rows } = await risk().list({}, null);
    const csv = linesOf((await anna.get('/risk.csv')).text);
    expect(csv).toHaveLength(rows.length);
    const { token } = await app.app.accounts.createToken({ name: 'Shop', role: 'staff' });
    const api = await app.visitor().agent.get('/api/v1/reports/risk').set('authorization', `Bearer ${token}`);
    const items = (api.body as { items: { reference: string; worthAtRiskMinor: number }[] }).items;
    expect(items.map((each) => each.reference)).toEqual(csv.map((line) => line.reference));
    expect(items.map((each) => (each.worthAtRiskMinor / 100).toFixed(2))).toEqual(csv.map((line) => line.at_risk));
    const some = await anna.get('/risk.csv?reason=silence&segment=B%26B');
    expect(some.headers['content-disposition']).toContain('at-risk-reason-silence-segment-B-B.csv');
    expect((await anna.get('/risk?reason=silence')).text).toContain('Only these customers – Reason: ');
    expect((await anna.get('/risk')).text).not.toContain('Only these customers');
    const header = some.text.trim().split(/\r?\n/)[0];
    expect(header).toMatch(/,currency,filter_reason,filter_segment,filter_contact$/);
    for (const line of linesOf((await anna.get('/risk.csv?reason=silence')).text))
      expect(line).toMatchObject({ filter_reason: 'silence', filter_segment: '', filter_contact: '' });
    const counts = await app.visitor().agent.get('/api/v1/reports/risk/counts').set('authorization', `Bearer ${token}`);
    expect(counts.body).toEqual(await risk().counts());
    const record = await app.visitor().agent.get('/api/v1/reports/risk/record').set('authorization', `Bearer ${token}`);
    expect((record.body as { total: object }).total).toEqual((await risk().record()).total);
    expect((await anna.post('/risk/setting', { factor: '6' })).status).toBe(403);
    const wrong = await boss.post('/risk/setting', { factor: 'much' });
    expect([wrong.status, wrong.text.includes('Type a number from 1 to 6.')]).toEqual([422, true]);
    // Two have the page open: of theirs, only the first to save does not undo the other's unseen.
    expect((await boss.post('/risk/setting', { factor: '3', revision: '0' })).status).toBe(303);
    const late = await boss.post('/risk/setting', { factor: '6', revision: '0' });
    expect([late.status, late.text.includes('Somebody else has saved this in the meantime.')]).toEqual([409, true]);
    expect([late.text.includes('value="6"'), await risk().setting.factor(on.storage().read)]).toEqual([true, 3]);
    const [, seen = ''] = /name="revision" value="(\d+)"/.exec(late.text) ?? [];
    expect((await boss.post('/risk/setting', { factor: '6', revision: seen })).status).toBe(303);
    await work();
    expect((await risk().counts()).customers).toBeLessThan(rows.length);
  });

  (on.engine === 'sqlite' ? test : test.skip)('nothing walks through a table that grows', async () => {
    const heard = listenToQueries();
    const { read, writer } = on.storage() as SqliteStorage;
    const id = anna.accountId;
    for (const after of [null, { atRisk: 5, id }])
      for (const filter of [{}, { kind: 'alert' as const }, { segment: 'café' }, { contact: id }])
        await listRisks(read, filter, after, 51);
    await countRisks(read, {});
    await countRisks(read, { kind: 'silence' });
    await listCalms(read, TODAY, { day: TODAY, id }, 51);
    await countFlags(read, { from: ago(900), to: TODAY });
    await countByMonth(read, { from: ago(900), to: TODAY });
    await openBefore(read, TODAY, 51);
    await leftLately(read, ago(90), 10);
    await on.storage().transaction((tx) => takeQueued(tx, 10));
    expect([...heard].flatMap((query) => scansOf(writer, query).map((step) => `${step} in ${query}`))).toEqual([]);
  });
});

/** An answer to the satisfaction questionnaire with this score, as it stands in the tables. */
async function answerOf(storage: Storage, clock: TestClock, customerId: string, score: number): Promise<void> {
  const ground = await layGround(storage, clock, starter('satisfaction'));
  const scale = ground.definition.questions.find(({ kind }) => kind === 'scale')!;
  const [id, at] = [newId(clock), clock.now().toISOString()];
  const common = { language: 'en', questionnaire_version_id: ground.versionId, mode: 'email' as const };
  await storage.transaction(async (tx) => {
    await tx
      .insertInto('invitation')
      .values({
        id,
        wave_id: ground.waveId,
        customer_id: customerId,
        language: 'en',
        delivery: 'sent',
        skip_reason: null,
        skip_until: null,
        progress: 'completed',
        bounced_at: null,
        reached_at: null,
        sent_at: at,
        revoked_at: null,
        expires_at: '2027-01-01T00:00:00.000Z',
        created_at: at,
      })
      .execute();
    await tx
      .insertInto('response')
      .values({
        ...common,
        id,
        invitation_id: id,
        customer_id: customerId,
        wave_id: ground.waveId,
        programme_id: ground.programmeId,
        state: 'complete',
        reference: 'AB12',
        contact_wish: null,
        started_at: at,
        updated_at: at,
        submitted_at: at,
      })
      .execute();
    await tx
      .insertInto('answer')
      .values({
        ...common,
        response_id: id,
        question_key: scale.key,
        kind: 'scale',
        verbatim: null,
        value: JSON.stringify(score),
        answered_at: at,
      })
      .execute();
  });
}
