import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { Definition } from '../../src/questionnaires/index.ts';
import { MEASURES, type Figure, type Measure } from '../../src/retention/index.ts';
import { COMMAND, colleague } from '../../src/shared/actor.ts';
import { addDays, addMonths } from '../../src/shared/dates.ts';
import { newId } from '../../src/shared/ids.ts';
import { wilson } from '../../src/shared/statistics.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answered, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { partsOf } from '../support/page-parts.ts';
import { listenToQueries, scansOf } from '../support/plans.ts';
import { leavers } from '../support/waves.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';

const TODAY = '2026-11-10';
const LANGUAGES = ['en', 'de', 'nl'];
const PARTS = ['satisfaction', 'satisfaction', 'after', 'before'] as const;
const MOMENTS = { before: 'before_dealing', after: 'after_dealing' } as const;
const COUNT = 96;

interface Said extends Answered {
  part: (typeof PARTS)[number];
  day: string;
  language: string;
  score: number;
  themes: string[];
}

onBothEngines((on) => {
  let running: TestApp;
  let boss: Person;
  let token: string;
  let codes: Map<string, string>;
  let coder: Answering;
  const said: Said[] = [];
  const runs = new Map<string, { schedule_id: string; run_id: string }>();
  let heard: Set<string>;

  /** A wave of the satisfaction questionnaire; at a moment of dealings where one is named. */
  async function waveAt(moment?: keyof typeof MOMENTS): Promise<Answering> {
    const wave = await startAnswering(on.storage(), running.app, running.clock, 'satisfaction');
    if (!moment) return wave;
    const { id: questionnaireId } = (await running.app.questionnaires.list()).find(
      (each) => each.programme.key === 'satisfaction',
    )!;
    const [scheduleId, runId] = [newId(running.clock), newId(running.clock)];
    const at = running.clock.now().toISOString();
    runs.set(moment, { schedule_id: scheduleId, run_id: runId });
    await on.storage().transaction(async (tx) => {
      const made = { created_by: null, created_at: at, changed_at: at, state: 'on' as const, reply_to: '' };
      await tx
        .insertInto('schedule')
        .values({
          ...made,
          id: scheduleId,
          name: moment,
          moment: MOMENTS[moment],
          questionnaire_id: questionnaireId,
          audience: '{}',
          sender_account_id: wave.accountId,
          expires_days: 30,
          reminder_days: '[]',
          every_months: null,
          parts: null,
          days: 1,
          dealing_kinds: '[]',
          at_minutes: 600,
          start_on: '2026-01-01',
          active_from: '2026-01-01',
        })
        .execute();
      const decided = { asks: null, decided_by: null, decided_at: null, created_at: at };
      await tx
        .insertInto('schedule_run')
        .values({ ...decided, id: runId, schedule_id: scheduleId, run_key: runId, run_on: TODAY, state: 'started' })
        .execute();
      await tx
        .updateTable('wave')
        .set({ schedule_run_id: runId })
        .where('sender_account_id', '=', wave.accountId)
        .execute();
    });
    return wave;
  }

  /** What a colleague would find in what the n-th one wrote about what they miss. */
  const themesOf = (i: number, score: number): string[] =>
    score <= 2 ? ['miss_hours'] : i % 3 === 0 ? ['miss_online', 'miss_product'] : ['miss_nothing'];

  const count = async () => {
    for (const job of running.app.insight.satisfaction.jobs) await job();
  };
  /** Has the days of these answers counted anew. */
  async function again(some: Said[]): Promise<void> {
    const news = some.map(({ day }) => ({ id: newId(running.clock), on_day: day }));
    await on.storage().transaction((tx) => tx.insertInto('satisfaction_news').values(news).execute());
    await count();
  }
  const report = (query: Parameters<typeof running.app.insight.satisfaction.report>[0] = {}) =>
    running.app.insight.satisfaction.report(query);
  const missing = async () =>
    (await report()).questions.find((each) => each.part === 'satisfaction' && each.questionKey === 'miss')!;

  beforeAll(async () => {
    heard = listenToQueries();
    running = await startApp(on.storage());
    boss = await running.signIn('manager', 'Carla Dahl');
    ({ token } = await running.app.accounts.createToken({ name: 'figures', role: 'manager' }, COMMAND));
    coder = await waveAt();
    const waves = { satisfaction: coder, after: await waveAt('after'), before: await waveAt('before') };
    const book = await running.app.coding.codebook(coder.programmeId);
    codes = new Map(book!.codes.map((code) => [code.key, code.id]));
    for (let i = 0; i < COUNT; i++) {
      const [part, language] = [PARTS[i % PARTS.length]!, LANGUAGES[(i * 7) % 3]!];
      const day = addDays(TODAY, -((i * 11) % 90));
      const score = [5, 4, 2, 4, 1, 5, 3][i % 7]!;
      running.clock.set(`${day}T10:00:00.000Z`);
      const words = { miss: 'You are closed when I am free.' };
      const answered = await waves[part].answer({ words, scales: { needs: score }, language });
      said.push({ ...answered, part, day, language, score, themes: themesOf(i, score) });
    }
    running.clock.set(`${TODAY}T10:00:00.000Z`);
  });
  afterAll(() => running.close());

  test('before anybody has read a word, the page says so and shows the scores all the same', async () => {
    await count();
    const { base, written, unread, themes } = await missing();
    expect([base, written, unread, themes]).toEqual([0, 48, 48, []]);
    const { text } = await boss.get('/satisfaction');
    expect(text).toContain('48 more answers have not been read yet.');
    expect(text).toContain('Retention');
  });

  test('a theme that all answers were coded to is counted, with its base and interval', async () => {
    for (const { responseId, themes } of said)
      await running.app.coding.saveCoding(colleague(coder.accountId), {
        responseId,
        questionKey: 'miss',
        codeIds: themes.map((key) => codes.get(key)!),
        mainCodeId: null,
      });
    await count();
    const { base, basis, themes } = await missing();
    const own = said.filter(({ part }) => part === 'satisfaction');
    const n = own.filter((each) => each.themes.includes('miss_hours')).length;
    expect([base, basis]).toEqual([own.length, 'counted']);
    expect(themes.find(({ key }) => key === 'miss_hours')).toMatchObject({ count: n, ...wilson(n, own.length) });
  });

  test('what goes with low scores is told apart from chance, in words that name no cause', async () => {
    const { low } = await report();
    const found = low!.themes.find(({ key, questionKey }) => key === 'miss_hours' && questionKey === 'miss')!;
    const own = said.filter(({ part }) => part === 'satisfaction');
    const mean = (some: Said[]) => some.reduce((sum, { score }) => sum + score, 0) / some.length;
    const [carrying, others] = [true, false].map((is) =>
      own.filter((each) => each.themes.includes('miss_hours') === is),
    );
    expect(found.difference).toBeCloseTo(mean(carrying!) - mean(others!), 10);
    expect([found.carrying, found.others, found.told]).toEqual([carrying!.length, others!.length, true]);
    expect(found.high).toBeLessThan(0);
    const { text } = await boss.get('/satisfaction');
    expect(text).toContain('What goes together need not be the cause.');
    expect(text).not.toContain('An interval that leaves out zero is no proof here');
    const told = (is: number) =>
      on.storage().transaction((tx) => tx.updateTable('satisfaction_low').set({ told: is }).execute());
    await told(0);
    expect((await boss.get('/satisfaction')).text).toContain('An interval that leaves out zero is no proof here');
    await told(1);
  });

  /** What stands of a question before anything is opened, and what is folded away. */
  const questionOf = (text: string, part: string): string[] => {
    const [section = ''] = new RegExp(`<h2 id="said-${part}">.*?</section>`, 's').exec(text) ?? [];
    const asked = section.split('<article').find((each) => each.includes('question=miss')) ?? '';
    return asked.split('<details');
  };
  const themesIn = (html = '') =>
    Array.from(html.matchAll(/code=([^&]+)&amp;part=\w+&amp;question=miss/g), ([, id]) => id);

  test('the long page begins with links to its parts; each question says in a line what most speak of', async () => {
    const { text } = await boss.get('/satisfaction');
    const { listed, headings } = partsOf(text);
    expect([listed.includes('said-after'), listed]).toEqual([true, headings]);
    for (const part of ['satisfaction', 'after']) {
      const [line, folded] = questionOf(text, part);
      expect(line).toMatch(/<a href="[^"]+">[^<]+<\/a> <b>\d+%<\/b>/);
      expect([line?.includes('<table'), folded?.includes('<table')]).toEqual([false, true]);
    }
  });

  test('of many themes of a question the first three stand in its line, all of them folded away, by how many speak of them', async () => {
    const others = said.filter(({ part }) => part === 'satisfaction').slice(0, 24);
    const keys = [...codes.keys()].filter((key) => key.includes('_')).slice(0, 7);
    const coded = async (some: Said[], keysOf: (one: Said, i: number) => string[]) => {
      for (const [i, one] of some.entries())
        await running.app.coding.saveCoding(colleague(coder.accountId), {
          responseId: one.responseId,
          questionKey: 'miss',
          codeIds: keysOf(one, i).map((key) => codes.get(key)!),
          mainCodeId: null,
        });
      await count();
    };
    await coded(others, (_, i) => [...keys.slice(0, 1 + (i % keys.length)), 'other']);
    const { themes } = await missing();
    const { text } = await boss.get('/satisfaction');
    const [line, folded] = questionOf(text, 'satisfaction');
    expect(themes.length).toBeGreaterThanOrEqual(keys.length);
    const ids = themes.map(({ codeId }) => codeId);
    expect(themes.at(-1)).toMatchObject({ key: 'other' });
    expect(themesIn(line)).toEqual(ids.slice(0, 3));
    expect(themesIn(folded)).toEqual(ids);
    expect(folded).toContain(`<summary>All ${ids.length} themes, and what they rest on<`);
    await coded(others, (one) => one.themes);
  });

  test('a code that is taken away counts no more', async () => {
    const before = (await missing()).themes.find(({ key }) => key === 'miss_hours')!.count;
    const undone = said.find(({ part, themes: given }) => part === 'satisfaction' && given.includes('miss_hours'))!;
    await running.app.coding.saveCoding(colleague(coder.accountId), {
      responseId: undone.responseId,
      questionKey: 'miss',
      codeIds: [codes.get('miss_nothing')!],
      mainCodeId: null,
    });
    undone.themes = ['miss_nothing'];
    await count();
    expect((await missing()).themes.find(({ key }) => key === 'miss_hours')?.count).toBe(before - 1);
  });

  test('page, CSV and interface say the same as the answers themselves, whatever the filter', async () => {
    const days = fc.integer({ min: 0, max: 100 }).map((back) => addDays(TODAY, -back));
    const filters = fc.record({
      days: fc.tuple(days, days).map((both) => both.toSorted() as [string, string]),
      language: fc.constantFrom(undefined, ...LANGUAGES),
    });
    await fc.assert(
      fc.asyncProperty(filters, async ({ days: [from, to], language }) => {
        const query = new URLSearchParams({ from, to, ...(language && { language }) });
        const mine = said.filter(
          (each) => each.day >= from && each.day <= to && (!language || each.language === language),
        );
        const good = (part: string) => {
          const own = mine.filter((each) => each.part === part);
          const n = own.filter(({ score }) => score >= 4).length;
          return { base: own.length, share: own.length > 0 ? wilson(n, own.length) : null };
        };
        const truth = [
          ['service', good('after')],
          ['satisfaction', good('satisfaction')],
        ] as const;
        const hours = mine.filter((each) => each.part === 'satisfaction' && each.themes.includes('miss_hours')).length;

        const answer = await fetch(`${running.baseUrl}/api/v1/reports/satisfaction?${query}&period=custom`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const body = (await answer.json()) as Awaited<ReturnType<typeof report>>;
        const csv = parse((await boss.get(`/satisfaction.csv?${query}`)).text, { bom: true, columns: true }) as Record<
          string,
          string
        >[];
        const { text } = await boss.get(`/satisfaction?${query}`);
        for (const [name, { base, share }] of truth) {
          expect(body.measures.find(({ measure }) => measure === name)).toMatchObject({ base, share });
          const row = csv.find((each) => each.row === 'measure' && each.key === name)!;
          expect([row.base, row.share]).toEqual([String(base), share ? share.share.toFixed(4) : '']);
          if (base >= 10) expect(text).toContain(`<span class="big">${Math.round(share!.share * 100)}%</span>`);
        }
        const told = body.questions
          .find((each) => each.part === 'satisfaction' && each.questionKey === 'miss')
          ?.themes.find(({ key }) => key === 'miss_hours');
        expect(told?.count ?? 0).toBe(hours);
        const inTable = csv.find(
          (each) => each.row === 'theme' && each.part === 'satisfaction' && each.key === 'miss_hours',
        );
        expect(inTable?.n ?? '0').toBe(String(hours));
      }),
      { numRuns: 12 },
    );
  });

  test('a theme opens the answers behind it without names; opening one is logged', async () => {
    const code = codes.get('miss_online')!;
    const path = `/satisfaction/words?code=${code}&part=satisfaction&question=miss`;
    const { text } = await boss.get(path);
    expect(text).toContain('You are closed when I am free.');
    expect(text).toContain('Score: ');
    const customer = /name="customer" value="([^"]+)"/.exec(text)![1]!;
    expect((await boss.post('/satisfaction/opened', { customer })).headers.location).toBe(`/customers/${customer}`);
    const logged = await on
      .storage()
      .read.selectFrom('audit_entry')
      .select('subject_id')
      .where('action', '=', 'reports.opened')
      .execute();
    expect(logged.map(({ subject_id }) => subject_id)).toContain(customer);
    expect((await boss.get(path.replace(code, newId(running.clock)))).status).toBe(404);
    expect((await boss.post('/satisfaction/opened', { customer: newId(running.clock) })).status).toBe(404);
    const staff = await running.signIn('staff', 'Anna Berg');
    expect((await staff.get('/satisfaction')).status).toBe(403);
    expect((await staff.get('/satisfaction.csv')).status).toBe(403);
  });

  test('what colleagues have coded is not called the engine’s while other answers wait to be read', async () => {
    const own = said.filter(({ part }) => part === 'satisfaction');
    const waiting = own.slice(0, 10).map(({ responseId }) => responseId);
    const unread = { state: 'open', engine_turn: 0, coded_at: null, coded_by: null } as const;
    await on
      .storage()
      .transaction((tx) => tx.updateTable('coding_task').set(unread).where('response_id', 'in', waiting).execute());
    await again(own);
    const { text } = await boss.get('/satisfaction');
    expect(text).toContain('Base: 38 answers in words, all coded by colleagues: unverified, without an interval');
    expect(text).toContain('10 more answers have not been read yet.');
  });

  test('what the engine has read and nobody checked is unverified; a random audit gives it an interval', async () => {
    const own = said.filter(({ part }) => part === 'satisfaction');
    const ids = own.map(({ responseId }) => responseId);
    const open = { state: 'open', engine_turn: 1, coded_at: null, coded_by: null } as const;
    await on.storage().transaction(async (tx) => {
      await tx.updateTable('coding_task').set(open).where('response_id', 'in', ids).execute();
      for (const [i, { responseId }] of own.entries()) {
        const chances = JSON.stringify({ [codes.get('miss_hours')!]: i % 2 === 0 ? 0.9 : 0.2 });
        const opinion = { response_id: responseId, question_key: 'miss', turn: 1, chances, why: '{}' };
        await tx.insertInto('engine_opinion').values(opinion).execute();
      }
    });
    await again(own);
    const unverified = (await missing()).themes[0]!;
    expect(unverified).toMatchObject({ key: 'miss_hours', low: null, high: null });
    expect(unverified.share).toBeCloseTo(0.55, 10);
    expect((await boss.get('/satisfaction')).text).toContain('unverified, without an interval');

    const drawn = ids.slice(0, 24);
    const checked = { state: 'coded', blind: 1, inclusion: 0.5 } as const;
    await on
      .storage()
      .transaction((tx) => tx.updateTable('coding_task').set(checked).where('response_id', 'in', drawn).execute());
    await again(own);
    const estimated = await missing();
    expect([estimated.basis, estimated.audited]).toEqual(['few', 24]);
    const hours = estimated.themes.find(({ key }) => key === 'miss_hours')!;
    expect(hours.low!).toBeLessThan(hours.share);
    expect(hours.high!).toBeGreaterThan(hours.share);
  });

  test('who was asked before and after the same dealing says whether it was as they expected', async () => {
    const [before, after] = (['before', 'after'] as const).map((part) => said.find((each) => each.part === part)!);
    await on.storage().transaction(async (tx) => {
      const { customerId: customer_id } = after!;
      await tx.updateTable('response').set({ customer_id }).where('id', '=', before!.responseId).execute();
      const subject = { subject_key: 'the visit', customer_id, sequence_id: 'dealing the visit' };
      await tx
        .insertInto('schedule_subject')
        .values([
          { ...subject, ...runs.get('before')! },
          { ...subject, ...runs.get('after')! },
        ])
        .execute();
    });
    await again([after!]);
    const [better, worse] = [Number(after!.score > before!.score), Number(after!.score < before!.score)];
    expect((await report()).pairs).toEqual({ better, worse, same: 1 - better - worse });
    expect((await boss.get('/satisfaction')).text).toContain('both before and after the same dealing');
  });

  test('a manager draws what the shares of a part still need, and is led to the queue where it is checked', async () => {
    expect((await boss.get('/satisfaction')).text).toContain('Draw 24 answers to check');
    const { headers } = await boss.post('/satisfaction/audit', { part: 'satisfaction', programme: 'satisfaction' });
    expect(headers.location).toBe('/answers/satisfaction?queue=audit');
    const drawn = await on
      .storage()
      .read.selectFrom('coding_task')
      .select('response_id')
      .where('inclusion', 'is not', null)
      .execute();
    const own = said.filter(({ part }) => part === 'satisfaction').map(({ responseId }) => responseId);
    expect(new Set(drawn.map((row) => row.response_id))).toEqual(new Set(own));
    const { text } = await boss.get('/satisfaction');
    expect(text).toContain('24 answers are drawn and wait to be checked.');
    expect(text).not.toContain('Draw 24 answers');
    const [audit] = (await report()).audits;
    expect(audit).toMatchObject({ part: 'satisfaction', checked: 24, waiting: 24 });
    expect((await boss.post('/satisfaction/audit', { part: 'never', programme: 'satisfaction' })).status).toBe(404);
    const staff = await running.signIn('staff', 'Bo Lind');
    expect((await staff.post('/satisfaction/audit', { part: 'after', programme: 'satisfaction' })).status).toBe(403);
  });

  test('who answers later what an audit covers is drawn by their own number; others are not', async () => {
    const covers = JSON.stringify({ from: TODAY, part: 'satisfaction', to: TODAY });
    const made = { id: newId(running.clock), account_id: null, created_at: running.clock.now().toISOString() };
    const audit = { ...made, programme_id: coder.programmeId, covers, wanted: 1, threshold: 1 };
    await on.storage().transaction((tx) => tx.insertInto('coding_audit').values(audit).execute());
    const inclusionOf = async (wave: Answering) => {
      const { responseId } = await wave.answer({ words: { miss: 'Longer hours.' }, scales: { needs: 3 } });
      const rows = await on
        .storage()
        .read.selectFrom('coding_task')
        .select('inclusion')
        .where('response_id', '=', responseId)
        .execute();
      return rows.map(({ inclusion }) => inclusion);
    };
    expect(await inclusionOf(coder)).toEqual([1]);
    expect(await inclusionOf(await waveAt('after'))).toEqual([null]);
    running.clock.set(`${addDays(TODAY, 1)}T10:00:00.000Z`);
    expect(await inclusionOf(coder)).toEqual([null]);
    running.clock.set(`${TODAY}T10:00:00.000Z`);
  });

  test('it is compared with the period before, or with the same days a year earlier', async () => {
    const { text } = await boss.get('/satisfaction');
    expect(text).toContain('Compared with the period before, 11 November 2024 to 10 November 2025.');
    const year = await boss.get('/satisfaction?period=90d&compare=last-year');
    expect(year.text).toContain('Compared with the same days a year earlier, 13 August 2025 to 10 November 2025.');
    expect(year.text).toContain('Too few answers a year earlier to compare.');
    const all = await boss.get('/satisfaction?period=all');
    expect(all.text).toContain('There is no earlier period to compare this one with.');
  });

  test('each measure that a goal can be about comes from the part that works it out', async () => {
    const { insight, reports } = running.app;
    const period = { from: addDays(addMonths(TODAY, -12), 1), to: TODAY };
    const startedOn = (day: string) =>
      on.storage().transaction((tx) =>
        tx
          .updateTable('wave')
          .set({ state: 'finished', started_at: `${day}T08:00:00.000Z` })
          .execute(),
      );
    await startedOn(addDays(TODAY, -13));
    expect(await insight.measure('response_rate', TODAY)).toMatchObject({ value: null, base: 0 });
    await startedOn(addDays(TODAY, -30));
    const { rate, closed } = await reports.recovery(period);
    const sent = await on
      .storage()
      .read.selectFrom('invitation')
      .select(['delivery', 'progress'])
      .where('delivery', '=', 'sent')
      .execute();
    const completed = sent.filter(({ progress }) => progress === 'completed').length;
    const expected: Record<Measure, Figure> = {
      service: await insight.satisfaction.service(period),
      satisfaction: await insight.satisfaction.satisfaction(period),
      retention: await insight.survival.retention(period),
      money_lost: await insight.value.moneyLost(period),
      winback_rate: await insight.effect.winbackRate(period),
      recovery_rate: figureOf(rate, closed),
      response_rate: figureOf(wilson(completed, sent.length), sent.length),
    };
    for (const measure of MEASURES)
      expect([measure, await insight.measure(measure, TODAY)]).toEqual([measure, expected[measure]]);
    expect(sent.length).toBeGreaterThan(COUNT);
    expect(expected.service.base).not.toBe(expected.satisfaction.base);
  });

  /** A wave that somebody sends by hand, whose only customer gives a number; @returns by how much each measure's base grew. */
  async function grownByHand(questionnaireId: string, questionKey: string): Promise<[string, number][]> {
    const { questionnaires, invitations, responses, customers } = running.app;
    const actor = colleague(coder.accountId);
    const [asked] = leavers(1, () => ({
      reference: newId(running.clock),
      email: `${newId(running.clock)}@example.com`,
    }));
    await customers.upsertMany(COMMAND, [{ ...asked!, status: 'active', leftOn: null }]);
    const wave = await invitations.createWave(actor, {
      questionnaireId,
      senderAccountId: coder.accountId,
      expiresDays: 30,
      reminderDays: [],
      name: 'By hand',
      audience: { references: [asked!.reference] },
    });
    if (!wave.ok) throw new Error(JSON.stringify(wave.errors));
    await invitations.startWaveAtOnce(actor, wave.value.id);
    const [row] = (await invitations.listInvitations(wave.value.id, {}, null, 1)).rows;
    const invitation = (await invitations.find(on.storage().read, row!.id))!;
    const { definition } = (await questionnaires.version(invitation.versionId))!;
    const at = running.clock.now().toISOString();
    const bases = async () => {
      await count();
      const { measures, moments } = await report();
      return [
        ...measures.map(({ measure: name, base }) => ({ name, base })),
        ...moments.map(({ moment: name, base }) => ({ name, base })),
      ];
    };
    const before = await bases();
    const given = { key: questionKey, value: { kind: 'scale' as const, value: 1 }, answeredAt: at };
    await on
      .storage()
      .transaction((tx) =>
        responses.record(
          tx,
          { invitation, definition, mode: 'email', language: 'en' },
          { answers: [given], startedAt: at, submittedAt: at, company: 'Holler' },
        ),
      );
    const after = await bases();
    return after.flatMap(({ name, base }, i): [string, number][] =>
      base === before[i]!.base ? [] : [[name, base - before[i]!.base]],
    );
  }

  /** A published questionnaire that begins with what the product brings. */
  async function published(
    from: string,
    { programmeId = coder.programmeId, change = (draft: Definition) => draft } = {},
  ): Promise<string> {
    const { questionnaires } = running.app;
    const actor = colleague(coder.accountId);
    const asked = { programmeId, name: `How was it ${from}?`, from, languages: ['en'] };
    const id = await questionnaires.create(actor, asked);
    await questionnaires.edit(id, (await questionnaires.get(id)).draftRevision, change);
    await questionnaires.publish(actor, id, (await questionnaires.get(id)).draftRevision);
    await questionnaires.approve(actor, id, 'en');
    return id;
  }

  test.each([
    ['before', 'smooth', [['before', 1]]],
    ['during', 'smooth', [['during', 1]]],
    [
      'after',
      'smooth',
      [
        ['service', 1],
        ['after', 1],
      ],
    ],
    [
      'complaint',
      'put_right',
      [
        ['service', 1],
        ['after', 1],
      ],
    ],
    ['starter', 'needs', [['satisfaction', 1]]],
  ])(
    'a questionnaire (%s) that is sent by hand counts for what it asks, without any schedule',
    async (from, key, grown) => {
      expect(await grownByHand(await published(from), key)).toEqual(grown);
    },
  );

  test('questions about a dealing count for their moment in a programme of its own, too', async () => {
    const { id } = await running.app.questionnaires.createProgramme(colleague(coder.accountId), 'Deliveries');
    expect(await grownByHand(await published('after', { programmeId: id }), 'smooth')).toEqual([
      ['service', 1],
      ['after', 1],
    ]);
  });

  test('a number that is not about how well needs are met is no satisfaction; a schedule can say what it is about', async () => {
    const own = () =>
      published('after', {
        change: (draft) => ({
          ...draft,
          questions: draft.questions.flatMap((each) => (each.kind === 'scale' ? [{ ...each, key: 'own' }] : [])),
        }),
      });
    expect(await grownByHand(await own(), 'own')).toEqual([]);
    const questionnaireId = await own();
    const planned = await running.app.invitations.createSchedule(colleague(coder.accountId), {
      questionnaireId,
      senderAccountId: coder.accountId,
      expiresDays: 30,
      reminderDays: [],
      moment: 'after_dealing',
      days: 1,
      dealingKinds: ['delivery'],
      atMinutes: 600,
      startOn: TODAY,
      name: 'After',
      audience: {},
    });
    expect(planned).toMatchObject({ ok: true });
    expect(await grownByHand(questionnaireId, 'own')).toEqual([
      ['service', 1],
      ['after', 1],
    ]);
  });

  (on.engine === 'sqlite' ? test : test.skip)('nothing on the page reads a whole table that grows', async () => {
    await boss.get('/satisfaction?language=en');
    await boss.get('/satisfaction?language=en&country=DE');
    await boss.post('/satisfaction/audit', { part: 'after', programme: 'satisfaction' });
    await boss.get(`/satisfaction/words?code=${codes.get('miss_hours')}&part=satisfaction&question=miss`);
    await count();
    const { writer } = on.storage() as SqliteStorage;
    const own = [...heard].filter((query) => query.includes('satisfaction_'));
    expect(own.length).toBeGreaterThan(4);
    expect(own.flatMap((query) => scansOf(writer, query).map((scan) => `${scan}: ${query}`))).toEqual([]);
  });
});

function figureOf(share: ReturnType<typeof wilson> | null, base: number): Figure {
  return { value: share?.share ?? null, low: share?.low ?? null, high: share?.high ?? null, base, unit: 'share' };
}
