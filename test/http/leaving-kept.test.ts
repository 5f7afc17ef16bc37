import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seeded } from '../../src/coding/engine/random.ts';
import { createReports, type LeavingQuery } from '../../src/reports/service.ts';
import { COMMAND, colleague } from '../../src/shared/actor.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { startAnswering, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { believe, othersLike, type Left } from '../support/leavers.ts';

const KEYS = ['price', 'quality', 'dissatisfaction', 'unknown'];
const SEGMENTS = ['Café', 'Büro'];
/** What changes is the same on both; each step reads thirty reports. */
const STEPS = { sqlite: 25, postgres: 8 };
/** Another one each time, where nobody has set one. */
const [SEED = 1] = fc.sample(fc.nat(), 1);

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let left: Left[];
  let codes: string[];
  const random = seeded(SEED);
  const some = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const day = () => `2026-${some(['02', '06', '09', '10'])}-${String(1 + Math.floor(random() * 28)).padStart(2, '0')}`;

  /** The report as one who has kept nothing works it out. */
  const anew = () => {
    const { audits, competitors } = running.app.coding;
    return createReports({
      storage: on.storage(),
      clock: running.clock,
      audits,
      competitors,
      company: () => running.app.accounts.company(),
      facets: () => running.app.customers.facets(),
      colleagues: async () => [],
    });
  };

  beforeAll(async () => {
    running = await startApp(on.storage(), { clock: testClock('2026-10-31T10:00:00.000Z') });
    leaving = await startAnswering(on.storage(), running.app, running.clock);
    const book = (await running.app.coding.codebook(leaving.programmeId))!;
    codes = KEYS.map((key) => book.byKey.get(key)!.id);
    const template = await leaving.answer({ words: 'You are too expensive for us.' });
    const who = () => ({ segment: some(SEGMENTS), leftOn: day(), worthMinor: Math.round(random() * 90_000) });
    left = await othersLike(on.storage(), running.clock, template, 60, who);
    await on.storage().transaction(async (tx) => {
      await believe(tx, ids(), (i) => Object.fromEntries(codes.map((code, k) => [code, k === i % 4 ? 0.7 : 0.1])));
      await running.app.reports.refreshLeavers(tx, customers());
    });
  });
  afterAll(() => running.close());

  const ids = () => left.map(({ responseId }) => responseId);
  const customers = () => left.map(({ customerId }) => customerId);

  const check = async (blind: boolean) => {
    const main = some([...codes, null]);
    await running.app.coding.saveCoding(colleague(leaving.accountId), {
      responseId: some(left).responseId,
      questionKey: 'happened',
      blind,
      codeIds: main === null ? codes.slice(0, 2) : [main],
      mainCodeId: main,
    });
  };
  const draw = async (wanted: number) =>
    void (await running.app.coding.audits.draw(COMMAND, { programmeId: leaving.programmeId, covers: {}, wanted }));

  const changes = {
    checked: () => check(random() < 0.8),
    takenBack: async () => void (await running.app.coding.undoLast(colleague(leaving.accountId))),
    drawn: async () => void (await running.app.reports.drawAudit(COMMAND, { period: 'all' })),
    drawnByHand: () => draw(1 + Math.floor(random() * 40)),
    moved: async () => {
      const { customerId } = some(left);
      await on.storage().transaction(async (tx) => {
        const set = { left_on: day(), segment: some(SEGMENTS), worth_minor: Math.round(random() * 90_000) };
        await tx.updateTable('customer').set(set).where('id', '=', customerId).execute();
        await running.app.reports.refreshLeavers(tx, [customerId]);
      });
    },
    readAgain: async () => {
      const { customerId, responseId } = some(left);
      await on.storage().transaction(async (tx) => {
        const likely = { code_id: some(codes), chance: 0.9 };
        await tx.deleteFrom('main_chance').where('response_id', '=', responseId).execute();
        await tx
          .insertInto('main_chance')
          .values({ response_id: responseId, ...likely })
          .execute();
        await running.app.reports.noteRead(tx, [customerId]);
      });
    },
    renamed: async () => {
      const name = JSON.stringify({ en: `Price ${random()}` });
      await on
        .storage()
        .transaction((tx) => tx.updateTable('code').set({ name }).where('id', '=', codes[0]!).execute());
    },
    summedUp: () => running.app.reports.sumUp(running.app.leases),
  };

  test(`whatever changes, figures from what is kept are those worked out from nothing (seed ${SEED})`, async () => {
    const queries: LeavingQuery[] = [
      {},
      { segment: 'Café' },
      { segment: 'Café', value: '200_to_1000' },
      { period: 'all' },
      { period: 'custom', from: '2026-06-05', to: '2026-10-12' },
    ];
    // All of them, and the one that they were made after: whichever is checked has been drawn.
    await draw(left.length + 1);
    await check(true);
    const { audit } = await running.app.reports.leaving({ period: 'all' });
    expect([audit!.read, audit!.audited]).toEqual([60, 1]);
    for (let step = 0; step < STEPS[on.engine]; step++) {
      const name = some(Object.keys(changes) as (keyof typeof changes)[]);
      await changes[name]();
      if (random() < 0.4) await changes.summedUp();
      for (const query of queries)
        expect([step, name, await running.app.reports.wholeReport(query)]).toEqual([
          ...[step, name, await anew().wholeReport(query)],
        ]);
      const field = some(['segment', 'tenure', 'channel', 'product'] as const);
      expect([step, name, await running.app.reports.cross({}, field)]).toEqual([
        ...[step, name, await anew().cross({}, field)],
      ]);
      expect([step, name, await running.app.reports.cross({ segment: 'Café' }, field)]).toEqual([
        ...[step, name, await anew().cross({ segment: 'Café' }, field)],
      ]);
    }
  });
});
