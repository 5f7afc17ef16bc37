import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { NewCase } from '../../src/recovery/index.ts';
import { colleague, SYSTEM } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { leavers, reference } from '../support/waves.ts';

jest.setTimeout(30_000);

const WORDS = 'Seit drei Wochen tropft die Maschine. Ich habe dreimal angerufen.';
type Colleague = Person & { accountId: string };

onBothEngines((on) => {
  let app: TestApp;
  let anna: Colleague;
  let people = 0;
  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna');
  }, 30_000);
  afterAll(() => app.close());

  const cases = () => app.app.recovery.cases;
  const customer = async (more = {}) => {
    const from = ++people;
    await app.app.customers.upsertMany(
      SYSTEM,
      leavers(1, () => ({ language: 'de', status: 'active', leftOn: null, yearlyValueMinor: 432_000, ...more }), from),
    );
    return (await app.app.customers.findByReference(reference(from)))?.id ?? '';
  };
  const open = (fresh: Partial<NewCase>) =>
    on.storage().transaction((tx) =>
      cases().open(tx, colleague(anna.accountId), {
        kind: 'complaint',
        customerId: null,
        origin: 'hand',
        originId: null,
        words: WORDS,
        language: 'de',
        ...fresh,
      }),
    );

  describe('opening', () => {
    test('one cause opens one case, also when it comes twice at the same moment', async () => {
      const customerId = await customer();
      const cause = { customerId, origin: 'answer' as const, originId: newId(app.clock) };
      const opened = await Promise.all([open(cause), open(cause), open(cause)]);
      expect(opened.filter((each) => each.opened)).toHaveLength(1);
      expect(new Set(opened.map((each) => each.caseId)).size).toBe(1);
      const theCase = await cases().get(opened[0]?.caseId ?? '');
      expect(theCase).toMatchObject({ state: 'open', worth: 432_000, words: WORDS, nextStep: 'apologise' });
      // Tuesday, 10 November 2026, 09:05 in Berlin: four working hours later.
      expect(theCase.nextDueAt).toBe('2026-11-10T12:05:00.000Z');
    });

    test('a customer has one open win-back at a time, and what comes meanwhile joins it', async () => {
      const customerId = await customer();
      const winBack = { kind: 'win_back' as const, customerId };
      const [first, second] = await Promise.all([open({ ...winBack }), open({ ...winBack, words: 'Noch etwas.' })]);
      expect([first.opened, second.opened].sort()).toEqual([false, true]);
      expect(second.caseId).toBe(first.caseId);
      const thread = await on
        .storage()
        .read.selectFrom('case_event')
        .select(['kind'])
        .where('case_id', '=', first.caseId)
        .execute();
      expect(thread.map((each) => each.kind).sort()).toEqual(['joined', 'opened']);
    });

    test('what the customer is worth is followed', async () => {
      const customerId = await customer();
      const { caseId } = await open({ customerId });
      const { reference: named } = await app.app.customers.get(customerId);
      await app.app.customers.upsertMany(SYSTEM, [{ reference: named, yearlyValueMinor: 99_900 }]);
      expect((await cases().get(caseId)).worth).toBe(99_900);
    });
  });

  describe('closing and reopening', () => {
    test('of two that close at the same moment one wins; reopening begins a new round', async () => {
      const { caseId } = await open({ customerId: await customer() });
      const { revision } = await cases().get(caseId);
      const close = () =>
        on
          .storage()
          .transaction((tx) =>
            cases().close(tx, SYSTEM, caseId, { rootCause: 'x', action: 'y', outcome: 'settled', revision }),
          );
      const ends = await Promise.allSettled([close(), close()]);
      expect(ends.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
      await on
        .storage()
        .transaction((tx) => cases().reopen(tx, SYSTEM, caseId, { words: 'Es tropft noch.', fromCustomer: true }));
      expect(await cases().get(caseId)).toMatchObject({
        state: 'reopened',
        round: 2,
        closedAt: null,
        nextStep: 'apologise',
      });
    });
  });
});
