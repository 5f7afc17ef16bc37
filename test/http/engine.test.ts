import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Answer, Person, TestApp } from '../support/app.ts';
import type { Answered, Answering } from '../support/coding.ts';
import { startDesk, type Desk } from '../support/desk.ts';
import { onBothEngines } from '../support/engines.ts';

const MODELS = '/codebook/leaving/engine';

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let anna: Person;
  let boss: Person;
  let arrive: Desk['arrive'];
  let close: Desk['close'];
  beforeAll(async () => {
    ({ running, leaving, anna, boss, arrive, close } = await startDesk(on.storage()));
  });
  afterAll(() => close());

  const work = () => running.app.coding.opinions.work();
  const desk = ({ responseId }: Answered) => anna.get(`/answers/leaving/${responseId}/happened`);
  /** Name, words and percentage of what the desk suggests, in its order. */
  const suggested = (page: Answer) =>
    [
      ...page.text.matchAll(
        /<tr data-name="([^"]+)"(?:(?!<\/tr>)[\s\S])*?<td class="soft small full">([^<]*)<(?:(?!<\/tr>)[\s\S])*?(\d+)\s*%/g,
      ),
    ].map(([, name, why, percent]) => ({ name, why, percent: Number(percent) }));
  const code = (answered: Answered, main: string) =>
    running.app.coding.codeResponse(COMMAND, { responseId: answered.responseId, codes: [main], main });
  const models = () => running.app.coding.opinions.models(leaving.programmeId);

  test('before the first answer there is nothing, and no work', async () => {
    await work();
    expect((await boss.get(MODELS)).text).toContain('It begins with the first answer.');
  });

  test('an answer that arrives is read, and the desk suggests a reason with the words that spoke for it', async () => {
    const english = await arrive('You put up the price three times in one year.');
    const german = await arrive('Niemand ging ans Telefon, ich hing ewig in der Warteschleife.', 'de');
    expect(suggested(await desk(english))).toEqual([]);
    await work();
    const [price] = suggested(await desk(english));
    expect(price).toMatchObject({ name: 'Price went up', why: expect.stringContaining('put up the price') });
    expect(price?.percent).toBeGreaterThan(50);
    expect(suggested(await desk(german))[0]).toMatchObject({ name: 'Could not reach anyone' });
  });

  test('an answer whose words change is read again', async () => {
    const answered = await arrive('Far too expensive for what it was.');
    await work();
    expect(suggested(await desk(answered))[0]?.name).toBe('Too expensive');
    running.clock.advance({ minutes: 1 });
    await leaving.change(answered, 'happened', 'We moved to Spain.');
    await work();
    expect(suggested(await desk(answered))[0]?.name).toBe('Moved away');
  });

  test('it knows what is written along with the codebook, which are nobody’s answers', async () => {
    const answered = await arrive('They snorfled me badly.');
    await work();
    expect(suggested(await desk(answered))[0]?.name).toBe('Payment difficulty');
    expect((await models())[0]).toMatchObject({ answers: 0, figures: { micro: null } });
  });

  test('where people say what the engine said already, a version is no better and is declined', async () => {
    const before = (await models())[0];
    for (let i = 0; i < 10; i++) {
      await code(await arrive(`Far too expensive for me, number ${i}.`), 'price');
      await code(await arrive(`We moved to Spain, number ${i}.`), 'moved');
    }
    running.clock.advance({ minutes: 1 });
    await work();
    const [declined, stays] = await models();
    expect(declined).toMatchObject({ turn: (before?.turn ?? 0) + 1, state: 'declined' });
    expect(stays).toMatchObject({ id: before?.id, state: 'in_use' });
    expect((await boss.get(MODELS)).text).toContain('Not surely better, not used');
    await work();
    expect((await models())[0]?.id).toBe(declined?.id);
  });

  test('it learns a word that it did not know from what people code, and can be brought back to before', async () => {
    const strange = ['zorbled', 'zorbled again', 'all zorbled', 'zorbled on arrival', 'a zorbled mess'];
    const plain = ['They stood there', 'A Tuesday', 'In the end', 'So that was that', 'As you know'];
    for (let round = 0; round < 4; round++) {
      for (const [i, words] of strange.entries())
        await code(await arrive(`The box came ${words} ${round}${i}`), 'quality');
      for (const words of plain) await code(await arrive(`${words} ${round}`), 'unknown');
    }
    running.clock.advance({ minutes: 1 });
    const [tried, first] = await models();
    await work();
    const [second] = await models();
    expect(second).toMatchObject({ turn: (tried?.turn ?? 0) + 1, state: 'in_use', answers: 60 });
    expect(second?.figures.compared?.after).toBeGreaterThan(second?.figures.compared?.before ?? 1);
    const fresh = await arrive('All of it came zorbled.');
    await work();
    expect(suggested(await desk(fresh))[0]?.name).toBe('Quality');

    const page = await boss.get(MODELS);
    expect(page.text).toContain('60 coded answers');
    expect(page.text).toContain('In use');
    expect((await anna.get(MODELS)).text).not.toContain('Go back to this');
    expect((await anna.post(MODELS, { turn: String(first?.turn) })).status).toBe(403);
    expect((await boss.post(MODELS, { turn: String(second?.turn) })).status).toBe(409);
    expect((await boss.post(MODELS, { turn: '999' })).status).toBe(404);
    expect((await boss.post(MODELS, { turn: String(first?.turn) })).status).toBe(303);
    // On a busy machine the page answers before the engine is back.
    while (!(await boss.get(MODELS)).text.includes('Brought back by Carla Dahl')) await new Promise(setImmediate);
    await work();
    expect(suggested(await desk(fresh))[0]?.name).not.toBe('Quality');
    expect((await models())[0]).toMatchObject({ state: 'in_use', answers: 0 });
  });

  // SQLite has one writer: what holds the engine up there holds up the page's session too.
  (on.engine === 'postgres' ? test : test.skip)('nobody waits for the engine while it goes back', async () => {
    const [last] = await models();
    await boss.get(MODELS);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: isHeld, resolve: hold } = Promise.withResolvers<void>();
    const holding = on.storage().transaction(async (tx) => {
      await tx.updateTable('engine_model').set({ answers: 0 }).where('state', '=', 'in_use').execute();
      hold();
      await released;
    });
    await isHeld;
    const answer = await boss.post(MODELS, { turn: '1' });
    expect(answer.status).toBe(303);
    expect((await boss.get(MODELS)).text).toContain('The engine is going back to what it knew then.');
    release();
    await holding;
    while ((await models())[0]?.turn === last?.turn) await new Promise(setImmediate);
    expect((await models())[0]).toMatchObject({ turn: (last?.turn ?? 0) + 1, state: 'in_use' });
  });

  test('a change of the codebook makes a new version that speaks of its codes', async () => {
    const answered = await arrive('The monthly rate went up again.');
    await running.app.coding.merge(COMMAND, leaving.programmeId, 'price', 'dissatisfaction');
    await work();
    const names = suggested(await desk(answered)).map(({ name }) => name);
    expect(names).not.toContain('Price');
  });
});
