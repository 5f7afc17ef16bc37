import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Services } from '../../src/services.ts';
import { colleague, COMMAND, type Actor } from '../../src/shared/actor.ts';
import { testClock } from '../support/clock.ts';
import { smallCodebooks } from '../support/codebooks.ts';
import { startAnswering, startServices, type Answered, type Answering, type Words } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';

onBothEngines((on) => {
  const clock = testClock();
  const codebooks = smallCodebooks();
  let services: Services;
  let leaving: Answering;
  let satisfaction: Answering;
  let ingrid: Actor;
  let told: string[] = [];

  beforeAll(async () => {
    services = await startServices(on.storage(), clock, codebooks);
    services.coding.onMainReason(async (_tx, customerIds) => void told.push(...customerIds));
    leaving = await startAnswering(on.storage(), services, clock);
    satisfaction = await startAnswering(on.storage(), services, clock, 'satisfaction');
    ingrid = colleague(leaving.accountId);
  });
  afterAll(async () => {
    await services.coding.opinions.stop();
    rmSync(codebooks, { recursive: true });
  });

  const arrive = async (words: Words['words'], where = leaving, rest: Words = {}): Promise<Answered> => {
    clock.advance({ minutes: 1 });
    return await where.answer({ words, ...rest });
  };
  const work = () => services.coding.opinions.work();
  const code = (answered: Answered, main: string, question?: string, actor: Actor = COMMAND) =>
    services.coding.codeResponse(actor, { ...answered, questionKey: question, codes: [main], main });
  const mainOf = async ({ responseId }: Answered) => {
    const row = await on
      .storage()
      .read.selectFrom('main_reason as m')
      .leftJoin('code as c', 'c.id', 'm.code_id')
      .select(['m.source', 'c.key as main'])
      .where('m.response_id', '=', responseId)
      .executeTakeFirstOrThrow();
    return `${row.main} by ${row.source}`;
  };
  /** By the keys of codes. */
  const chancesOf = async ({ responseId }: Answered): Promise<Record<string, number>> => {
    const rows = await on
      .storage()
      .read.selectFrom('main_chance as m')
      .innerJoin('code as c', 'c.id', 'm.code_id')
      .select(['c.key', 'm.chance'])
      .where('m.response_id', '=', responseId)
      .execute();
    return Object.fromEntries(rows.map(({ key, chance }) => [key, chance]));
  };
  const sum = (chances: Record<string, number>) => Object.values(chances).reduce((all, each) => all + each, 0);
  const taskOf = async ({ responseId }: Answered) =>
    await on
      .storage()
      .read.selectFrom('coding_task')
      .selectAll()
      .where('response_id', '=', responseId)
      .executeTakeFirstOrThrow();
  const suggested = async ({ responseId }: Answered, questionKey: string) => {
    const item = await services.coding.desk.item({ responseId, questionKey }, leaving.accountId, 'open');
    return item.suggestions.map(({ codeId }) => item.book.byId.get(codeId)?.key);
  };

  test('the engine’s word counts until a colleague has spoken, and again when that is undone', async () => {
    const answered = await arrive('Far too expensive for me.', leaving, { ticked: ['moved'], most: 'moved' });
    expect(await mainOf(answered)).toBe('null by null');
    told = [];
    await work();
    const chances = await chancesOf(answered);
    expect(sum(chances)).toBeCloseTo(1, 9);
    expect(Math.min(...Object.values(chances))).toBeGreaterThanOrEqual(0.01);
    expect(chances.price).toBeGreaterThan(0.5);
    expect(await mainOf(answered)).toBe('price by engine');
    expect(told).toEqual([answered.customerId]);
    const shown = (await services.coding.codingsOf([answered.responseId])).get(answered.responseId) ?? [];
    expect(shown.find(({ coderKind }) => coderKind === 'engine')).toMatchObject({
      questionKey: 'happened',
      key: 'price',
      isMain: true,
      coder: null,
      probability: chances.price,
    });

    await code(answered, 'quality', undefined, ingrid);
    expect(await mainOf(answered)).toBe('quality by colleague');
    clock.advance({ minutes: 1 });
    await services.coding.undoLast(ingrid);
    expect(await mainOf(answered)).toBe('price by engine');
  });

  test('it keeps silent about what it is not sure of, and says what asking would teach', async () => {
    const torn = await arrive('The promise, the complaint, the disappointment.');
    const [sure, strange] = [await arrive('Far too expensive for me.'), await arrive('Plonk the wibble.')];
    await work();
    expect(Math.max(...Object.values(await chancesOf(torn)))).toBeLessThan(0.5);
    expect(await mainOf(torn)).toBe('null by null');
    const worth = [(await taskOf(sure)).worth_asking, (await taskOf(strange)).worth_asking];
    expect(worth[1]).toBeGreaterThan(worth[0] ?? 1);
    expect(worth.every((each) => each >= 0 && each <= 1)).toBe(true);
  });

  test('what was said of words that are gone is gone with them', async () => {
    const answered = await arrive('Far too expensive for me.', leaving, { ticked: ['moved'], most: 'moved' });
    await work();
    expect(await mainOf(answered)).toBe('price by engine');
    clock.advance({ minutes: 1 });
    await leaving.change(answered, 'happened', '');
    expect(await chancesOf(answered)).toEqual({});
    expect(await mainOf(answered)).toBe('moved by respondent');
  });

  test('an answer that it learned from is judged by what the others taught', async () => {
    const known = await arrive('Grumpf, frobnicated.');
    await code(known, 'price');
    for (let i = 0; i < 20; i++) await code(await arrive(`The box came zorbled ${i}.`), 'quality');
    const twin = await arrive('Grumpf, frobnicated.');
    await work();
    expect((await services.coding.opinions.models(leaving.programmeId))[0]).toMatchObject({ answers: 21 });
    const [mine, others] = [(await chancesOf(twin)).price ?? 0, (await chancesOf(known)).price ?? 0];
    expect(mine).toBeGreaterThan(1.5 * others);
  });

  test('after a merge it speaks of the code that stays, and only those whose reason changed are told of', async () => {
    const [price, moved] = [await arrive('Far too expensive for me.'), await arrive('We moved away to Spain.')];
    await work();
    expect([await mainOf(price), await mainOf(moved)]).toEqual(['price by engine', 'moved by engine']);
    told = [];
    await services.coding.merge(COMMAND, leaving.programmeId, 'price', 'dissatisfaction');
    await work();
    expect(await mainOf(price)).toBe('dissatisfaction by engine');
    expect(Object.keys(await chancesOf(price))).not.toContain('price');
    expect(told).toContain(price.customerId);
    expect(told).not.toContain(moved.customerId);
  });

  test('an answer to a question with a group is told by the codes of the group alone', async () => {
    const answered = await arrive({ why_buy: 'The coffee tastes great.', value: 'The friendly staff.' }, satisfaction);
    await work();
    expect((await suggested(answered, 'why_buy'))[0]).toBe('why_buy_quality');
    expect((await suggested(answered, 'value'))[0]).toBe('value_people');
    expect(await chancesOf(answered)).toEqual({});
    expect(await mainOf(answered)).toBe('null by null');
    const words = { 'needs.probe': 'Fast delivery, the price is fair, good value.' };
    const probed = await arrive(words, satisfaction, { scales: { needs: 3 } });
    await work();
    const keys = await suggested(probed, 'needs.probe');
    expect(keys).toContain('needs_price');
    for (const key of keys) expect(key).toMatch(/^needs_|^other$|^unknown$|^no_answer$/);
  });

  test('in a group it learns its own codes', async () => {
    for (let i = 0; i < 24; i++) {
      const answered = await arrive({ miss: `More plumbus, ${i} times` }, satisfaction);
      await code(answered, 'miss_product', 'miss');
    }
    await work();
    const answered = await arrive({ miss: 'A plumbus', value: 'A plumbus' }, satisfaction);
    await work();
    expect((await suggested(answered, 'miss'))[0]).toBe('miss_product');
    expect(await suggested(answered, 'value')).not.toContain('miss_product');
  });
});
