import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Services } from '../../src/services.ts';
import { colleague, type Actor } from '../../src/shared/actor.ts';
import { Conflict, Invalid, NotFound } from '../../src/shared/errors.ts';
import { testClock } from '../support/clock.ts';
import { startAnswering, startServices, type Answered, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';

onBothEngines((on) => {
  const clock = testClock();
  let services: Services;
  let leaving: Answering;
  let satisfaction: Answering;
  let ingrid: Actor;
  const told: string[][] = [];

  beforeAll(async () => {
    services = await startServices(on.storage(), clock);
    services.coding.onMainReason(async (_tx, customerIds) => void told.push(customerIds));
    leaving = await startAnswering(on.storage(), services, clock);
    satisfaction = await startAnswering(on.storage(), services, clock, 'satisfaction');
    ingrid = colleague(leaving.accountId);
  });

  const idOf = async (key: string) => {
    const book = await services.coding.codebook(leaving.programmeId);
    return book?.byKey.get(key)?.id ?? '';
  };
  const given = async ({ responseId }: Answered, kind = 'colleague') =>
    ((await services.coding.codingsOf([responseId])).get(responseId) ?? [])
      .filter((each) => each.coderKind === kind)
      .map((each) => `${each.questionKey}:${each.key}${each.isMain ? '*' : ''}`)
      .sort();
  const mainOf = async ({ responseId }: Answered) => {
    const row = await on
      .storage()
      .read.selectFrom('main_reason as m')
      .leftJoin('code as c', 'c.id', 'm.code_id')
      .leftJoin('code as s', 's.id', 'm.stated_code_id')
      .select(['m.source', 'c.key as main', 's.key as stated'])
      .where('m.response_id', '=', responseId)
      .executeTakeFirstOrThrow();
    return `${row.main} by ${row.source}, stated ${row.stated}`;
  };
  const tasks = async ({ responseId }: Answered) =>
    await on
      .storage()
      .read.selectFrom('coding_task')
      .selectAll()
      .where('response_id', '=', responseId)
      .orderBy('question_key')
      .execute();
  const save = async (answered: Answered, keys: string[], main: string | null | undefined, expected?: number) =>
    await services.coding.saveCoding(ingrid, {
      responseId: answered.responseId,
      questionKey: 'happened',
      codeIds: await Promise.all(keys.map(idOf)),
      mainCodeId: main ? await idOf(main) : main,
      expected,
    });

  describe('a response that arrives', () => {
    test('with words waits on the desk, and its ticked reasons are the respondent’s own codings', async () => {
      const someone = await leaving.answer({
        words: 'The drill broke twice.',
        ticked: ['price', 'quality'],
        most: 'price',
      });
      const [task, ...others] = await tasks(someone);
      expect(others).toEqual([]);
      expect(task).toMatchObject({ question_key: 'happened', state: 'open', revision: 0, coded_by: null });
      expect(task?.random_number).toBeGreaterThanOrEqual(0);
      expect(task?.random_number).toBeLessThan(1);
      expect(await given(someone, 'respondent')).toEqual(['reasons:price*', 'reasons:quality']);
      expect(await mainOf(someone)).toBe('null by null, stated price');
    });

    test('without words has the reason that was ticked as its main reason', async () => {
      const someone = await leaving.answer({ ticked: ['moved'] });
      expect(await tasks(someone)).toEqual([]);
      expect(await mainOf(someone)).toBe('moved by respondent, stated moved');
    });

    test('with “prefer not to say” or “can’t say” states no reason', async () => {
      const declined = await leaving.answer({ ticked: ['prefer_not_to_say'] });
      const undecided = await leaving.answer({ ticked: ['price', 'quality'], most: 'cant_say' });
      expect(await mainOf(declined)).toBe('null by null, stated null');
      expect(await mainOf(undecided)).toBe('null by null, stated null');
      expect(await given(undecided, 'respondent')).toEqual(['reasons:price', 'reasons:quality']);
    });

    test('tells about the customer in the same transaction', async () => {
      told.length = 0;
      const { customerId } = await leaving.answer({ words: 'Too dear.' });
      expect(told).toEqual([[customerId]]);
    });

    test('of a questionnaire with several coded questions has a task for each that has words', async () => {
      const words = { why_buy: 'Close by.', improve: 'Open longer.', value: 'The advice.' };
      const someone = await satisfaction.answer({ words });
      expect((await tasks(someone)).map((each) => each.question_key)).toEqual(['improve', 'value', 'why_buy']);
    });

    test('draws random numbers that are spread evenly', async () => {
      const { randomNumberOf } = await import('../../src/coding/index.ts');
      const drawn = Array.from({ length: 2000 }, (_, i) => randomNumberOf(`response ${i}`, 'happened'));
      for (const at of [0.1, 0.25, 0.5, 0.75, 0.9]) {
        expect(Math.abs(drawn.filter((each) => each < at).length / drawn.length - at)).toBeLessThan(0.04);
      }
    });
  });

  describe('an answer that changes after it was sent', () => {
    test('goes back to the desk, with what a colleague gave to the earlier words', async () => {
      const someone = await leaving.answer({ words: 'Too expensive for what it is, I am afraid.' });
      await save(someone, ['price'], 'price');
      clock.advance({ minutes: 5 });
      await leaving.change(someone, 'happened', 'Nobody ever called me back, that is the truth.');
      expect((await tasks(someone))[0]).toMatchObject({ state: 'open', revision: 2 });
      expect(await given(someone)).toEqual(['happened:price*']);
      expect(await mainOf(someone)).toBe('price by colleague, stated null');
    });

    test('leaves the desk when its words are taken back', async () => {
      const someone = await leaving.answer({ words: 'Too expensive for what it is, I am afraid.', ticked: ['moved'] });
      await save(someone, ['price'], 'price');
      clock.advance({ minutes: 5 });
      await leaving.change(someone, 'happened', '');
      expect(await tasks(someone)).toEqual([]);
      expect(await given(someone)).toEqual([]);
      expect(await mainOf(someone)).toBe('moved by respondent, stated moved');
    });

    test('changes nothing on the desk when it is sent again as it was', async () => {
      const someone = await leaving.answer({ words: 'Too expensive for what it is, I am afraid.', ticked: ['price'] });
      await save(someone, ['price'], 'price');
      clock.advance({ minutes: 5 });
      await leaving.change(someone, 'now', 'At the market.');
      expect((await tasks(someone))[0]).toMatchObject({ state: 'coded', revision: 1 });
      expect(await given(someone, 'respondent')).toEqual(['reasons:price*']);
    });
  });

  describe('coding', () => {
    test('keeps several codes and one main reason, with who gave them and when', async () => {
      const someone = await leaving.answer({ words: 'Dear and unreachable.', ticked: ['quality'] });
      await save(someone, ['price', 'responsiveness'], 'responsiveness');
      expect(await given(someone)).toEqual(['happened:price', 'happened:responsiveness*']);
      expect(await mainOf(someone)).toBe('responsiveness by colleague, stated quality');
      const [first] = (await services.coding.codingsOf([someone.responseId])).get(someone.responseId)?.slice(-1) ?? [];
      expect(first).toMatchObject({ coder: 'Ingrid Solheim', at: clock.now().toISOString() });
      expect((await tasks(someone))[0]).toMatchObject({ state: 'coded', coded_by: leaving.accountId });
    });

    test('again takes the place of the earlier codes, which are kept as history', async () => {
      const someone = await leaving.answer({ words: 'Dear and unreachable.' });
      await save(someone, ['price'], 'price');
      await save(someone, ['moved', 'quality'], null);
      expect(await given(someone)).toEqual(['happened:moved', 'happened:quality']);
      expect(await mainOf(someone)).toBe('null by null, stated null');
      const all = await on
        .storage()
        .read.selectFrom('coding')
        .select('withdrawn_at')
        .where('response_id', '=', someone.responseId)
        .execute();
      expect(all.filter((each) => each.withdrawn_at !== null)).toHaveLength(1);
    });

    test('makes a single code the main reason unless told otherwise, and asks which of several', async () => {
      const someone = await leaving.answer({ words: 'Dear and unreachable.' });
      await save(someone, ['price'], undefined);
      expect(await given(someone)).toEqual(['happened:price*']);
      await expect(save(someone, ['price', 'quality'], undefined)).rejects.toMatchObject({
        fieldErrors: { main: { key: 'coding.error.noMain' } },
      });
    });

    test('refuses nothing at all, a retired code, a foreign code and an answer without words', async () => {
      const someone = await leaving.answer({ words: 'Dear and unreachable.' });
      await expect(save(someone, [], null)).rejects.toBeInstanceOf(Invalid);
      await expect(save(someone, ['why_buy_near'], null)).rejects.toBeInstanceOf(Invalid);
      const silent = await leaving.answer({ ticked: ['price'] });
      await expect(save(silent, ['price'], null)).rejects.toBeInstanceOf(NotFound);
    });

    test('of two who code the same answer at once, one wins and the other is told', async () => {
      const someone = await leaving.answer({ words: 'Dear and unreachable.' });
      const tries = await Promise.allSettled([
        save(someone, ['price'], 'price', 0),
        save(someone, ['quality'], 'quality', 0),
        save(someone, ['moved'], 'moved', 0),
      ]);
      const refused = tries.filter((each) => each.status === 'rejected');
      expect(refused).toHaveLength(2);
      for (const each of refused) expect(each.reason).toBeInstanceOf(Conflict);
      expect(await given(someone)).toHaveLength(1);
      expect((await tasks(someone))[0]).toMatchObject({ revision: 1, state: 'coded' });
    });

    test('holds one main reason when two answers of a response are coded at once', async () => {
      const someone = await satisfaction.answer({
        words: { improve: 'Open longer.', value: 'The advice.', miss: 'Repairs.' },
      });
      const code = (questionKey: string, key: string) =>
        services.coding.codeResponse(ingrid, { responseId: someone.responseId, questionKey, codes: [key], main: key });
      await Promise.all([code('improve', 'needs_speed'), code('value', 'value_advice'), code('miss', 'miss_service')]);
      const codes = await given(someone);
      expect(codes.map((each) => each.replace('*', ''))).toEqual([
        'improve:needs_speed',
        'miss:miss_service',
        'value:value_advice',
      ]);
      expect(codes.filter((each) => each.endsWith('*'))).toHaveLength(1);
    });
  });

  describe('undo', () => {
    test('puts the answer back on the desk', async () => {
      const someone = await leaving.answer({ words: 'Dear and unreachable.' });
      clock.advance({ minutes: 1 });
      await save(someone, ['price'], 'price');
      expect(await services.coding.undoLast(ingrid)).toMatchObject({ responseId: someone.responseId });
      expect(await given(someone)).toEqual([]);
      expect(await mainOf(someone)).toBe('null by null, stated null');
      expect((await tasks(someone))[0]).toMatchObject({ state: 'open', coded_by: null });
    });

    test('brings back what was there before, with who gave it', async () => {
      const someone = await leaving.answer({ words: 'Dear and unreachable.' });
      await services.coding.codeResponse(
        { kind: 'token', id: null },
        { ...someone, codes: ['quality', 'moved'], main: 'moved' },
      );
      clock.advance({ minutes: 1 });
      await save(someone, ['quality', 'price'], 'price');
      await services.coding.undoLast(ingrid);
      expect(await given(someone)).toEqual(['happened:moved*', 'happened:quality']);
      expect((await tasks(someone))[0]).toMatchObject({ state: 'coded', coded_by: null });
    });

    test('gives a main reason back to the answer that it was taken from', async () => {
      const someone = await satisfaction.answer({ words: { improve: 'Open longer.', value: 'The advice.' } });
      const code = (questionKey: string, key: string) =>
        services.coding.codeResponse(ingrid, { responseId: someone.responseId, questionKey, codes: [key], main: key });
      await code('improve', 'needs_speed');
      clock.advance({ minutes: 1 });
      await code('value', 'value_advice');
      expect(await given(someone)).toEqual(['improve:needs_speed', 'value:value_advice*']);
      await services.coding.undoLast(ingrid);
      expect(await given(someone)).toEqual(['improve:needs_speed*']);
    });

    test('goes back one by one, and no further than one’s own', async () => {
      const other = colleague(satisfaction.accountId);
      const [one, two] = [await leaving.answer({ words: 'One.' }), await leaving.answer({ words: 'Two.' })];
      for (const someone of [one, two]) {
        clock.advance({ minutes: 1 });
        await services.coding.codeResponse(other, { ...someone, codes: ['price'], main: 'price' });
      }
      expect(await services.coding.undoLast(other)).toMatchObject({ responseId: two.responseId });
      expect(await services.coding.undoLast(other)).toMatchObject({ responseId: one.responseId });
      expect(await services.coding.undoLast(other)).toBeNull();
    });
  });

  describe('coding by a program', () => {
    test('codes many responses in one go, with one entry in the audit log', async () => {
      const many = await Promise.all(Array.from({ length: 20 }, (_, i) => leaving.answer({ words: `Answer ${i}` })));
      told.length = 0;
      const items = many.map(({ responseId }, i) => ({
        responseId,
        codes: i % 2 ? ['price'] : ['quality'],
        main: i % 2 ? 'price' : 'quality',
      }));
      await services.coding.codeResponses(ingrid, items);
      expect(told.flat().sort()).toEqual(many.map((each) => each.customerId).sort());
      expect(await mainOf(many[1] as Answered)).toBe('price by colleague, stated null');
      const audit = await on
        .storage()
        .read.selectFrom('audit_entry')
        .select('detail')
        .where('action', '=', 'coding.bulk')
        .execute();
      expect(audit).toHaveLength(1);
    });

    test('does all or nothing', async () => {
      const someone = await leaving.answer({ words: 'Dear.' });
      const items = [
        { responseId: someone.responseId, codes: ['price'], main: 'price' },
        { responseId: someone.responseId, codes: ['nonsense'], main: null },
      ];
      await expect(services.coding.codeResponses(ingrid, items)).rejects.toMatchObject({
        fieldErrors: { code: { key: 'coding.error.unknownCode', values: { code: 'nonsense' } } },
      });
      expect(await given(someone)).toEqual([]);
    });
  });
});
