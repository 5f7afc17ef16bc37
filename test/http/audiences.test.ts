import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { AudienceFilter, PurchaseRow } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answered } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { forgetWaves, leavers, newWave, readyToSend, reference } from '../support/waves.ts';

/** Audiences by what customers bought and by what they answered, not only by who they are. */
onBothEngines((on) => {
  let running: TestApp;
  let staff: Person & { accountId: string };
  let ready: { senderId: string; questionnaireId: string };

  beforeAll(async () => {
    running = await startApp(on.storage());
    ready = await readyToSend(running.app);
    staff = await running.signIn('staff', 'Ingrid Solheim');
  });
  afterAll(() => running.close());
  beforeEach(() => running.clock.set('2026-11-10T08:05:00.000Z'));
  afterEach(() => forgetWaves(on.storage()));

  type Bought = [who: number, day: string, item: string, amountMinor?: number];
  async function buyers(count: number, purchases: Bought[]): Promise<void> {
    await running.app.customers.upsertMany(
      COMMAND,
      leavers(count, () => ({ status: 'active', leftOn: null })),
    );
    const rows = purchases.map(([who, purchasedOn, item, amountMinor = 1500], i): PurchaseRow => {
      return { customerReference: reference(who), purchasedOn, item, amountMinor, reference: `B-${i}` };
    });
    await running.app.customers.addPurchases(COMMAND, rows);
  }

  async function whoIn(audience: AudienceFilter): Promise<string[]> {
    const slice = await running.app.customers.audienceSlice(on.storage().read, audience, null, 500);
    const names = await running.app.customers.names(
      on.storage().read,
      slice.map(({ id }) => id),
    );
    return [...names.values()].map((each) => each.reference).toSorted();
  }

  const fields = (more: Record<string, string | string[]>) => ({
    questionnaireId: ready.questionnaireId,
    name: 'By what they do',
    senderAccountId: ready.senderId,
    status: '',
    expiresDays: '60',
    ...more,
  });
  /** A draft made by the form: where it stands, and who it is for. */
  async function wave(more: Record<string, string | string[]>): Promise<{ at: string; who: string[] }> {
    await staff.get('/waves/new');
    const answer = await staff.post('/waves', fields(more));
    expect(answer.status).toBe(303);
    const at = answer.headers.location ?? '';
    const { audience } = await running.app.invitations.getWave(at.split('/')[2] ?? '');
    return { at, who: await whoIn(audience) };
  }
  const [A, B, C, D, E] = [0, 1, 2, 3, 4].map(reference) as [string, string, string, string, string];

  test('by purchases: what, how often, when, and who has bought nothing for long', async () => {
    await buyers(5, [
      [0, '2026-11-01', 'Röstung „Espresso Nr. 1“'],
      [0, '2026-10-01', 'Filter'],
      [1, '2025-02-01', 'ESPRESSO 500 g'],
      [2, '2026-11-02', 'Filter'],
      [2, '2026-11-03', 'Filter'],
      [2, '2026-11-04', 'Filter', -1500],
      [3, '2026-11-05', 'ÖLMÜHLE 100 %'],
    ]);
    expect((await wave({ boughtItem: 'espresso' })).who).toEqual([A, B]);
    expect((await wave({ boughtItem: 'ölmühle 100 %' })).who).toEqual([D]);
    expect((await wave({ boughtItem: '100_%' })).who).toEqual([]);
    expect((await wave({ boughtItem: 'espresso', boughtWithin: '1' })).who).toEqual([A]);
    expect((await wave({ boughtWithin: '1' })).who).toEqual([A, C, D]);
    expect((await wave({ boughtItem: 'filter', purchasesFrom: '2' })).who).toEqual([C]);
    // A credit is no purchase.
    expect((await wave({ purchasesFrom: '3' })).who).toEqual([]);
    const silent = await wave({ notBoughtWithin: '6' });
    expect(silent.who).toEqual([B, E]);
    const page = (await staff.get((await wave({ boughtItem: 'espresso', purchasesFrom: '1' })).at)).text;
    expect(page).toContain('with “espresso” in the name, at least 1 time');
    expect((await staff.get(silent.at)).text).toContain('for 6 months');
    const form = (await staff.get(`${silent.at}/edit`)).text;
    expect(form).toMatch(/<select id="notBoughtWithin"[\s\S]*?<option value="6" selected>/);
    const wrong = await staff.post('/waves', fields({ purchasesFrom: 'often', boughtItem: 'espresso' }));
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Please write a whole number from 1 to 1,000');
    expect(wrong.text).toContain('value="espresso"');
  });

  async function answering() {
    const leaving = await startAnswering(on.storage(), running.app, running.clock);
    const satisfaction = await startAnswering(on.storage(), running.app, running.clock, 'satisfaction');
    const book = await running.app.coding.codebook(leaving.programmeId);
    const codeOf = (key: string) => book?.byKey.get(key)?.id ?? '';
    return { leaving, satisfaction, codeOf };
  }
  const idsOf = async (audience: AudienceFilter) =>
    (await running.app.customers.audienceSlice(on.storage().read, audience, null, 500)).map(({ id }) => id).toSorted();
  const ids = (...answered: Answered[]) => answered.map(({ customerId }) => customerId).toSorted();

  test('by answers: reasons that were given, how content they said they are, and when', async () => {
    const { leaving, satisfaction, codeOf } = await answering();
    running.clock.set('2026-02-10T08:05:00.000Z');
    const early = await leaving.answer({ ticked: ['price'], most: 'price' });
    running.clock.set('2026-11-01T08:05:00.000Z');
    const late = await leaving.answer({ ticked: ['price', 'quality'], most: 'quality' });
    const silent = await leaving.answer({ ticked: ['moved'], most: 'moved' });
    const happy = await satisfaction.answer({ scales: { needs: 5 } });
    const unhappy = await satisfaction.answer({ scales: { needs: 1 } });
    const between = await satisfaction.answer({ scales: { needs: 3 } });
    running.clock.set('2026-11-10T08:05:00.000Z');
    expect(await idsOf({ reasons: [codeOf('price')] })).toEqual(ids(early, late));
    expect(await idsOf({ reasons: [codeOf('quality'), codeOf('moved')] })).toEqual(ids(late, silent));
    expect(await idsOf({ reasons: [codeOf('price')], answeredWithinMonths: 3 })).toEqual(ids(late));
    expect(await idsOf({ contentment: 'happy' })).toEqual(ids(happy));
    expect(await idsOf({ contentment: 'unhappy' })).toEqual(ids(unhappy));
    expect(await idsOf({ answeredWithinMonths: 1 })).toEqual(ids(late, silent, happy, unhappy, between));
    const made = await staff.get('/waves/new');
    expect(made.text).toContain(`name="reasons" value="${codeOf('price')}"`);
    const answer = await staff.post('/waves', fields({ reasons: codeOf('price'), contentment: '' }));
    const page = (await staff.get(answer.headers.location ?? '')).text;
    expect(page).toContain('Gave as a reason');
    expect(page).toContain('Price');
    expect((await staff.get(`${answer.headers.location}/edit`)).text).toMatch(
      new RegExp(`name="reasons" value="${codeOf('price')}" checked`),
    );
  });

  test('a finer reason counts for the one above it; a program may name either', async () => {
    const { leaving, codeOf } = await answering();
    const [finely, otherwise] = [
      await leaving.answer({ words: 'You put it up twice within one year.' }),
      await leaving.answer({ words: 'We moved to another town.' }),
    ];
    const code = (responseId: string, key: string) =>
      running.app.coding.codeResponse(COMMAND, { responseId, codes: [key], main: key });
    await code(finely.responseId, 'price_increase');
    await code(otherwise.responseId, 'moved');
    expect(await idsOf({ reasons: [codeOf('price')] })).toEqual(ids(finely));
    expect(await idsOf({ reasons: [codeOf('price_increase')] })).toEqual(ids(finely));
    expect(await idsOf({ reasons: [codeOf('price_level')] })).toEqual([]);
  });

  test('changing a schedule keeps whom it names one by one', async () => {
    await buyers(2, []);
    const made = await running.app.invitations.createSchedule(COMMAND, {
      ...fields({}),
      audience: { references: [A] },
      expiresDays: 60,
      reminderDays: [],
      moment: 'rolling',
      everyMonths: 3,
      parts: 1,
      dealingKinds: [],
      atMinutes: 540,
      startOn: '2026-11-20',
    });
    if (!made.ok) throw new Error(JSON.stringify(made.errors));
    const at = `/waves/schedules/${made.value.id}`;
    expect((await staff.get(`${at}/edit`)).text).toContain(': 1 customer');
    const when = { moment: 'rolling', everyMonths: '3', parts: '1', at: '10:00', startOn: '2026-11-20' };
    expect((await staff.post(at, fields({ ...when, reminders: '0' }))).status).toBe(303);
    const { audience, atMinutes } = await running.app.invitations.getSchedule(made.value.id);
    expect(atMinutes).toBe(600);
    expect(await whoIn(audience)).toEqual([A]);
  });

  test('a recurring wave after a purchase goes to those alone who bought that', async () => {
    await buyers(2, [
      [0, '2026-11-01', 'Espresso'],
      [1, '2026-11-01', 'Filter'],
    ]);
    const found = await running.app.customers.moments(on.storage().read, {
      what: 'purchase',
      from: '2026-11-01',
      to: '2026-11-01',
      audience: { boughtItem: 'espresso' },
      limit: 10,
    });
    const [only] = await idsOf({ references: [A] });
    expect(found.map(({ customerId }) => customerId)).toEqual([only]);
    const id = await newWave(running.app, ready, { audience: { boughtItem: 'espresso' } });
    expect((await running.app.invitations.checkWave(id)).total).toBe(1);
  });
});
