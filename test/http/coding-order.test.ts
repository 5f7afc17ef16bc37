import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { byWorthFirst } from '../../src/coding/desk-store.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answered, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';

const DESK = '/answers/leaving';
const BY_WORTH = `${DESK}?order=worth`;

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let anna: Person;
  let answered: Record<'small' | 'large' | 'middle', Answered>;

  beforeAll(async () => {
    running = await startApp(on.storage());
    leaving = await startAnswering(on.storage(), running.app, running.clock);
    anna = await running.signIn('staff');
    answered = { small: await arrive('small'), large: await arrive('large'), middle: await arrive('middle') };
    await buys(answered.large, 90_000);
    await buys(answered.middle, 40_000);
    await buys(answered.small, 1000);
  });
  afterAll(() => running.close());

  async function arrive(words: string): Promise<Answered> {
    running.clock.advance({ minutes: 1 });
    return await leaving.answer({ words });
  }
  async function buys({ customerId }: Answered, amountMinor: number) {
    const fields = { purchasedOn: '2026-10-01', amountMinor, item: '', reference: '' };
    await running.app.customers.addRecord(COMMAND, 'purchases', customerId, fields);
  }
  const words = (page: Answer) => /<blockquote class="voice large"[^>]*>([^<]+)</.exec(page.text)?.[1];
  const worths = async () =>
    (await on.storage().read.selectFrom('coding_task').select(['response_id', 'worth_minor']).execute()).map(
      (task) => [task.response_id, task.worth_minor] as const,
    );

  describe('the order of the desk', () => {
    test('is a choice in the address, and the page says which one stands', async () => {
      const oldest = await anna.get(DESK);
      expect(words(oldest)).toBe('small');
      expect(oldest.text).toContain(`href="${BY_WORTH}">Highest worth first</a>`);
      expect(oldest.text).toContain('Worth €10 a year.');
      const byWorth = await anna.get(BY_WORTH);
      expect(words(byWorth)).toBe('large');
      expect(byWorth.text).toContain(`href="${BY_WORTH}" aria-current="true"`);
      expect(byWorth.text).toContain('Worth €900 a year.');
      expect(words(await anna.get(`${DESK}?order=made-up`))).toBe('small');
    });

    test('stays through skipping, saving and undoing', async () => {
      const first = await anna.get(BY_WORTH);
      const skipped = await anna.post(DESK, { ...fieldsOf(first, DESK), do: 'skip' });
      expect(skipped.headers.location).toBe(BY_WORTH);
      const second = await anna.get(BY_WORTH);
      expect(words(second)).toBe('middle');
      const code = /name="code" value="([^"]+)"/.exec(second.text)?.[1] ?? '';
      const saved = await anna.post(DESK, { ...fieldsOf(second, DESK), code, do: 'save' });
      expect(saved.headers.location).toBe(BY_WORTH);
      const last = await anna.get(BY_WORTH);
      expect(words(last)).toBe('small');
      expect(last.text).not.toContain('Highest worth first');
      const undone = await anna.post(DESK, { ...fieldsOf(last, DESK), do: 'undo' });
      expect(undone.headers.location).toBe(`${DESK}/${answered.middle.responseId}/happened?order=worth`);
      const again = await anna.get(undone.headers.location ?? '');
      expect(fieldsOf(again, DESK)).toMatchObject({ order: 'worth' });
    });

    test('follows what customers are worth: purchases, and what is typed', async () => {
      const newest = await arrive('newest');
      expect(words(await anna.get(BY_WORTH))).toBe('middle');
      const { revision } = await running.app.customers.get(newest.customerId);
      await running.app.customers.update(COMMAND, newest.customerId, revision, { yearlyValueMinor: 50_000 });
      expect(words(await anna.get(BY_WORTH))).toBe('newest');
      await buys(newest, 100);
      expect(words(await anna.get(BY_WORTH))).toBe('middle');
      const valuable = await arrive('valuable');
      expect(await worths()).toContainEqual([valuable.responseId, 0]);
      await running.app.customers.update(COMMAND, valuable.customerId, 1, { yearlyValueMinor: 7 });
      expect(await worths()).toContainEqual([valuable.responseId, 7]);
      await leaving.change(valuable, 'happened', 'valuable, in other words');
      expect(await worths()).toContainEqual([valuable.responseId, 7]);
    });

    test('is read from an index, and nothing is sorted', async () => {
      const plan = await on.storage().transaction(async (tx) => {
        const query = byWorthFirst(tx, leaving.programmeId, 20);
        if (on.engine === 'sqlite') return await query.explain(undefined, sql`query plan`);
        // A table of five rows is sooner read whole, or sorted; where no index has the order, it is sorted all the same.
        for (const way of ['seqscan', 'bitmapscan', 'sort'])
          await sql`set local ${sql.raw(`enable_${way}`)} = off`.execute(tx);
        return await query.explain();
      });
      const text = JSON.stringify(plan);
      expect(text).toContain('coding_task_worth');
      expect(text).not.toMatch(/sort|temp b-tree/i);
    });
  });
});
