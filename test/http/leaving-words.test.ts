import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { colleague } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answered, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';

const PEOPLE = 21;

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let boss: Person & { accountId: string };
  let answered: Answered[];
  const CODES = ['price', 'price', 'quality'];

  /** Every answer behind a reason, page by page in the order in which they come. */
  async function behind(key: string): Promise<string[]> {
    const found: string[] = [];
    for (let address: string | undefined = `/leaving/reasons/${key}?period=all`; address;) {
      const { text, status } = await boss.get(address);
      expect(status).toBe(200);
      found.push(...[...text.matchAll(/beans are too dear, (\d+)\./g)].map(([, n]) => n ?? ''));
      address = /href="([^"]*after=[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
      if (found.length > PEOPLE) break;
    }
    return found;
  }

  async function code(responseId: string, key: string): Promise<void> {
    const book = await running.app.coding.codebook(leaving.programmeId);
    const { id } = book!.codes.find((each) => each.key === key)!;
    const given = { responseId, questionKey: 'happened', codeIds: [id], mainCodeId: id, blind: false };
    await running.app.coding.saveCoding(colleague(leaving.accountId), given);
  }

  beforeAll(async () => {
    running = await startApp(on.storage());
    leaving = await startAnswering(on.storage(), running.app, running.clock);
    boss = await running.signIn('manager', 'Carla Dahl');
    answered = [];
    for (let i = 0; i < PEOPLE; i++) {
      const one = await leaving.answer({ words: `Your beans are too dear, ${i}.` });
      answered.push(one);
      await code(one.responseId, CODES[i % CODES.length]!);
    }
    await on.storage().transaction(async (tx) => {
      await tx.updateTable('customer').set({ status: 'left', left_on: '2026-01-31', worth_minor: 5000 }).execute();
      await running.app.reports.refreshLeavers(
        tx,
        answered.map(({ customerId }) => customerId),
      );
    });
  });
  afterAll(() => running.close());

  const numbers = (are: (i: number) => boolean) =>
    Array.from({ length: PEOPLE }, (_, i) => i)
      .filter(are)
      .map(String);

  test('the answers behind a reason come once each, in an order that stays', async () => {
    const price = await behind('price');
    expect(price.toSorted()).toEqual(numbers((i) => i % 3 !== 2).toSorted());
    expect(await behind('price')).toEqual(price);
    expect((await behind('quality')).toSorted()).toEqual(numbers((i) => i % 3 === 2).toSorted());
  });

  test('the page of all reasons has a few of those whose reason cost most, without names, and leads to all of them', async () => {
    const { text } = await boss.get('/leaving?period=all');
    const [, words = ''] = text.split('In their own words: Price</h2>');
    const shown = [...words.matchAll(/beans are too dear, (\d+)\./g)].map(([, n]) => n);
    expect(shown).toEqual((await behind('price')).slice(0, 3));
    expect(words).toContain('href="/leaving/reasons/price?period=all"');
    expect(words).not.toContain('example.com');
    expect((await boss.get('/leaving?period=all&segment=Nobody')).text).not.toContain('In their own words');
  });

  test('whoever takes their words back stands behind no reason; whoever changes them and is coded again does', async () => {
    const [first, second] = answered;
    await leaving.change(first!, 'happened', '');
    await leaving.change(second!, 'happened', 'Your beans are too dear, 77.');
    expect(await behind('price')).not.toContain('0');
    await code(second!.responseId, 'quality');
    expect(await behind('quality')).toContain('77');
    expect(await behind('price')).toHaveLength(12);
  });
});
