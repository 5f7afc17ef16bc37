import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { startAnswering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { othersLike, type Left } from '../support/leavers.ts';

onBothEngines((on) => {
  let running: TestApp;
  let boss: Person;
  let left: Left[];
  let codes: Map<string, string>;

  beforeAll(async () => {
    running = await startApp(on.storage());
    const answering = await startAnswering(on.storage(), running.app, running.clock);
    boss = await running.signIn('manager', 'Carla Dahl');
    const book = await running.app.coding.codebook(answering.programmeId);
    codes = new Map(book!.codes.map((code) => [code.key, code.id]));
    const template = await answering.answer({ words: 'The new label makes me sad.' });
    left = await othersLike(on.storage(), running.clock, template, 40, () => ({}));
  });
  afterAll(() => running.close());

  const LINK = '<a class="small noprint" href="/codebook/leaving/themes">Emerging themes</a>';
  /** So many of the forty have another reason than the codebook knows. */
  async function page(others: number): Promise<string> {
    await on.storage().transaction(async (tx) => {
      for (const [i, { responseId }] of left.entries()) {
        const main = { code_id: codes.get(i < others ? 'other' : 'price')!, source: 'colleague' as const };
        await tx.updateTable('main_reason').set(main).where('response_id', '=', responseId).execute();
      }
      await running.app.reports.refreshLeavers(
        tx,
        left.map(({ customerId }) => customerId),
      );
    });
    return (await boss.get('/leaving?period=all')).text;
  }

  test('where much is other, the emerging themes stand beside it, for whoever reads the page; not where it is little', async () => {
    expect(await page(4)).not.toContain('/codebook/leaving/themes');
    const text = await page(20);
    expect(text.split('<tr>').find((row) => row.includes(LINK))).toContain('/leaving/reasons/other');
    expect(text.split('/codebook/leaving/themes')).toHaveLength(2);
    expect((await boss.get('/codebook/leaving/themes')).status).toBe(200);
  });
});
