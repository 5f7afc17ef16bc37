import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seeded } from '../../src/coding/engine/random.ts';
import { addAudited } from '../../src/reports/satisfaction/audited.ts';
import { goodShare, themeFigures } from '../../src/reports/satisfaction/figures-rules.ts';
import { FIELDS, type Filter } from '../../src/reports/satisfaction/filter.ts';
import { topicFrom, topicOf, type Words } from '../../src/reports/satisfaction/parts.ts';
import { createPlaces } from '../../src/reports/satisfaction/places.ts';
import { listOf, type Sum, type Sums } from '../../src/reports/satisfaction/sums.ts';
import { COMMAND, colleague } from '../../src/shared/actor.ts';
import { addDays } from '../../src/shared/dates.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { startAnswering, type Answered, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';

const TODAY = '2026-11-10';
const DAYS = 150;
const VALUES = { segment: ['Café', 'Büro, "klein"', ''], country: ['DE', 'NO'], language: ['en', 'de', 'nl'] };
const KEYS = ['miss_hours', 'miss_online', 'miss_product', 'miss_nothing'];
const AT_FIRST = 50;
const FIRST_DRAWN = 25;
const CHECKED = 4;
const STEPS = 14;
/** Another one each time, where nobody has set one. */
const [SEED = 1] = fc.sample(fc.nat(), 1);

onBothEngines((on) => {
  let running: TestApp;
  let coder: Answering;
  let codes: string[];
  const said: (Answered & { day: string })[] = [];
  const random = seeded(SEED);
  const some = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const day = () => addDays(TODAY, -Math.floor(random() * random() * DAYS));

  beforeAll(async () => {
    running = await startApp(on.storage(), { clock: testClock(`${TODAY}T10:00:00.000Z`) });
    coder = await startAnswering(on.storage(), running.app, running.clock, 'satisfaction');
    const book = (await running.app.coding.codebook(coder.programmeId))!;
    codes = KEYS.map((key) => book.byKey.get(key)!.id);
    for (let i = 0; i < AT_FIRST; i++) await answer();
    for (const each of said.slice(0, AT_FIRST / 2)) await read(each);
    await count();
    await draw(FIRST_DRAWN);
    await check();
  });
  afterAll(() => running.close());

  const draw = async (wanted: number) =>
    void (await running.app.coding.audits.draw(COMMAND, { programmeId: coder.programmeId, covers: {}, wanted }));

  /** Codes some that are drawn and that the engine has read, without its word. */
  async function check(): Promise<void> {
    const drawn = await on
      .storage()
      .read.selectFrom('coding_task')
      .select('response_id as responseId')
      .where('inclusion', 'is not', null)
      .where('state', '=', 'open')
      .where('engine_turn', '=', 1)
      .limit(CHECKED)
      .execute();
    for (const each of drawn) await code(each, true);
  }

  async function answer(): Promise<void> {
    const [on_day, language] = [day(), some(VALUES.language)];
    const invitation = await coder.invite(language);
    const who = { segment: some(VALUES.segment), country: some(VALUES.country), language };
    await on.storage().transaction((tx) =>
      tx
        .updateTable('customer')
        .set(who)
        .where('id', 'in', (eb) => eb.selectFrom('invitation').select('customer_id').where('id', '=', invitation))
        .execute(),
    );
    running.clock.set(`${on_day}T10:00:00.000Z`);
    const words = { miss: 'You are closed when I am free.', ...(random() < 0.5 && { improve: 'The rooms.' }) };
    const scales = { needs: 1 + Math.floor(random() * 5) };
    said.push({ ...(await coder.answer({ words, scales }, invitation)), day: on_day });
    running.clock.set(`${TODAY}T10:00:00.000Z`);
  }

  const changes = {
    answered: answer,
    coded: () => code(some(said), random() < 0.8),
    takenBack: async () => void (await running.app.coding.undoLast(colleague(coder.accountId))),
    read: () => read(some(said)),
    drawn: async (of = filter().of) =>
      void (await running.app.insight.satisfaction.drawAudit(COMMAND, of, 'satisfaction', 'satisfaction')),
    changed: () => coder.change(some(said), 'miss', 'You are too far away.'),
  };

  async function code({ responseId }: Pick<Answered, 'responseId'>, blind: boolean): Promise<void> {
    const given = codes.filter(() => random() < 0.4);
    const codeIds = given.length > 0 ? given : codes.slice(-1);
    const place = { responseId, questionKey: 'miss', blind };
    await running.app.coding.saveCoding(colleague(coder.accountId), { ...place, codeIds, mainCodeId: null });
  }

  /** What the engine makes of what somebody misses; it is counted when the engine has gone on to the next answers. */
  async function read({ responseId, day: on_day }: (typeof said)[number]): Promise<void> {
    const chances = JSON.stringify(Object.fromEntries(codes.map((id) => [id, Math.round(random() * 1e4) / 1e4])));
    const opinion = { response_id: responseId, question_key: 'miss', turn: 1, chances, why: '{}' };
    await on.storage().transaction(async (tx) => {
      await tx.deleteFrom('engine_opinion').where('response_id', '=', responseId).execute();
      await tx.insertInto('engine_opinion').values(opinion).execute();
      const place = tx.updateTable('coding_task').set({ engine_turn: 1 }).where('response_id', '=', responseId);
      await place.where('question_key', '=', 'miss').execute();
      await tx
        .insertInto('satisfaction_news')
        .values({ id: newId(running.clock), on_day })
        .execute();
    });
  }

  const count = async () => {
    for (const job of running.app.insight.satisfaction.jobs) await job();
  };

  /** Each field is asked for or not; days within months, whole months, or all. */
  function filter(): Filter {
    const [from = '', to = ''] = [day(), day()].toSorted();
    const period = some([
      { from, to },
      { from: `${from.slice(0, 7)}-01`, to: TODAY },
      { from: '2026-08-01', to: '2026-10-31' },
    ]);
    const of = Object.fromEntries(FIELDS.flatMap((field) => (random() < 0.6 ? [[field, some(VALUES[field])]] : [])));
    return { period, of };
  }

  /** The responses of a filter with what they say, from the tables that answers are written to. */
  async function rowsOf({ period, of }: Filter) {
    const { read: db } = on.storage();
    const [responses, tasks, codings, opinions] = await Promise.all([
      db.selectFrom('satisfaction_response').selectAll().execute(),
      db.selectFrom('coding_task').selectAll().execute(),
      db.selectFrom('coding').selectAll().where('coder_kind', '=', 'colleague').execute(),
      db.selectFrom('engine_opinion').selectAll().execute(),
    ]);
    const isIn = (row: (typeof responses)[number]) =>
      row.on_day >= period.from &&
      row.on_day <= period.to &&
      FIELDS.every((field) => of[field] === undefined || of[field] === row[field]);
    return responses.filter(isIn).map((row) => {
      const isOwn = (each: { response_id: string; question_key: string }, questionKey: string) =>
        each.response_id === row.response_id && each.question_key === questionKey;
      const words = tasks
        .filter((task) => task.response_id === row.response_id)
        .map((task): Words => {
          const { question_key: questionKey, random_number, state } = task;
          const opinion = opinions.find((each) => isOwn(each, questionKey) && task.engine_turn > 0);
          const given = codings.filter((each) => isOwn(each, questionKey) && each.withdrawn_at === null);
          return {
            questionKey,
            random: random_number,
            codes: state === 'coded' ? given.map(({ code_id }) => code_id) : null,
            chances: opinion ? Object.entries(JSON.parse(opinion.chances) as Record<string, number>) : null,
            inclusion: state === 'coded' && task.blind === 1 && opinion ? task.inclusion : null,
          };
        });
      return { ...row, words };
    });
  }

  /** The figures of a filter, worked out answer by answer. */
  async function anew(chosen: Filter) {
    const rows = await rowsOf(chosen);
    const scores = rows.flatMap(({ part, score }) =>
      score === null ? [] : [{ topic: `score ${part}`, item: String(score), n: 1 }],
    );
    const byTopic = Map.groupBy(
      rows.flatMap((row) =>
        row.words.map((words) => ({
          words,
          topic: topicOf({ part: row.part, programmeId: row.programme_id, questionKey: words.questionKey }),
        })),
      ),
      ({ topic }) => topic,
    );
    const questions = Array.from(byTopic, ([topic, own]) => {
      const all = own.map(({ words }) => words);
      const places = createPlaces();
      const audited: Sums = new Map();
      for (const each of all) addAudited(audited, places.of(topic), each, (id) => id);
      const figures = themeFigures(codeSums(topic, all), listOf(audited, places.itemAt), (id) => id);
      return { questionKey: topicFrom(topic).questionKey, ...figures };
    });
    return { satisfaction: goodShare(scores, 'satisfaction'), questions };
  }

  function codeSums(topic: string, all: Words[]): Sum[] {
    const total = (of: (words: Words) => number) => all.reduce((sum, words) => sum + of(words), 0);
    const isRead = ({ chances }: Words) => chances !== null;
    const everything: Sum = {
      topic,
      item: '',
      n: all.length,
      coded: all.filter(({ codes: given }) => given).length,
      chance: all.filter(isRead).length,
      rest: all.filter((words) => isRead(words) && !words.codes).length,
    };
    return [
      everything,
      ...codes.map((item): Sum => {
        const chanceOf = ({ chances }: Words) => chances?.find(([id]) => id === item)?.[1] ?? 0;
        const n = total(({ codes: given }) => (given?.includes(item) ? 1 : 0));
        const rest = total((words) => (words.codes ? 0 : chanceOf(words)));
        return { topic, item, n, coded: 0, chance: total(chanceOf), rest };
      }),
    ];
  }

  /** The same figures from what is kept. */
  async function kept({ period, of }: Filter) {
    const { measures, questions } = await running.app.insight.satisfaction.report({
      period: 'custom',
      ...period,
      ...of,
    });
    const { base, share } = measures.find(({ measure }) => measure === 'satisfaction')!;
    return { satisfaction: { base, share }, questions };
  }

  const FIGURES = ['written', 'coded', 'unread', 'base', 'basis', 'audited', 'needed'] as const;
  type Figures = Awaited<ReturnType<typeof anew | typeof kept>>;

  /** What adding up in another order leaves in the last digits is no difference. */
  function comparable({ satisfaction: { base, share }, questions }: Figures): unknown {
    const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Math.round(value * 1e9) / 1e9 : value);
    const all = questions.map((question) => ({
      about: question.questionKey,
      figures: FIGURES.map((name) => question[name]),
      themes: question.themes.map((each) => [each.codeId, each.count, each.share, each.low, each.high]).toSorted(),
    }));
    const figures = [base, share, all.toSorted((a, b) => (a.about < b.about ? -1 : 1))];
    return JSON.parse(JSON.stringify(figures, rounded));
  }

  test('answers that were checked before more were drawn have the weight of the last drawing', async () => {
    const everything = { period: { from: '2026-01-01', to: TODAY }, of: {} };
    await count();
    await draw(2 * FIRST_DRAWN - CHECKED);
    await check();
    await count();
    const figures = await kept(everything);
    const { basis, audited } = figures.questions.find(({ questionKey }) => questionKey === 'miss')!;
    expect([basis, audited]).toEqual(['few', 2 * CHECKED]);
    expect(comparable(figures)).toEqual(comparable(await anew(everything)));
  });

  test(`whatever changes, figures of any fields and days are those worked out answer by answer (seed ${SEED})`, async () => {
    const names = Object.keys(changes) as (keyof typeof changes)[];
    for (let step = 0; step < STEPS; step++) {
      const made = Array.from({ length: 1 + Math.floor(random() * 4) }, () => some(names));
      for (const name of made) await changes[name]();
      await count();
      for (const chosen of [filter(), filter(), filter(), filter()])
        expect([step, made, chosen, comparable(await kept(chosen))]).toEqual([
          ...[step, made, chosen, comparable(await anew(chosen))],
        ]);
    }
    const read = await kept({ period: { from: '2026-01-01', to: TODAY }, of: {} });
    expect(read.satisfaction.base).toBe(said.length);
  });

  test('answers whose customers share several fields with some alone count with those alone', async () => {
    const period = { from: '2026-01-01', to: TODAY };
    const places = VALUES.segment.flatMap((segment) => VALUES.country.map((country) => ({ segment, country })));
    const bases = await Promise.all(places.map(async (of) => (await kept({ period, of })).satisfaction.base));
    expect(bases.reduce((sum, base) => sum + base, 0)).toBe(said.length);
    expect(Math.max(...bases)).toBeLessThan(said.length);
  });
});
