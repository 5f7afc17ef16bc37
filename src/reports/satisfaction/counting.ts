import { dayIn } from '../../shared/dates.ts';
import { newId } from '../../shared/ids.ts';
import type { Submitted } from '../../responses/index.ts';
import type { Job } from '../../scheduler/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import type { Auditing } from './auditing.ts';
import * as arriving from './arriving-store.ts';
import * as store from './counting-store.ts';
import { FIELDS } from './filter.ts';
import { createFolding } from './folding.ts';
import { standing, type Counted, type Part } from './parts.ts';
import { responsesIn, type At } from './responses-store.ts';
import * as state from './state-store.ts';

const LEASE = 'satisfaction';
/** Responses are read so many at a time, so that nobody waits for the others. */
const AT_ONCE = 200;
const NEWS_A_PASS = 2000;
/** What a wave is about never changes; so many are remembered. */
const WAVES = 5000;

/** Keeps what is said about being served, and has it counted by day and month in the background. */
export function createCounting(deps: InsightDeps, auditing: Pick<Auditing, 'include'>) {
  const { storage, clock, leases, accounts, responses, coding } = deps;
  const parts = new Map<string, Part | null>();

  async function partOf(tx: Tx, waveId: string): Promise<Part | null> {
    const known = parts.get(waveId);
    if (known !== undefined) return known;
    const part = await arriving.partOfWave(tx, waveId);
    if (parts.size >= WAVES) parts.clear();
    parts.set(waveId, part);
    return part;
  }

  async function arrived(tx: Tx, { response, definition, answers }: Submitted): Promise<void> {
    const part = await partOf(tx, response.waveId);
    if (part === null) return;
    const { timeZone } = await accounts.companyIn(tx);
    const day = dayIn(timeZone, new Date(response.submittedAt));
    const { id: responseId, customerId, programmeId } = response;
    const scores = scoresOf(definition, answers);
    const kept = await arriving.keepResponse(tx, { responseId, customerId, programmeId, part, day, ...scores });
    await auditing.include(tx, programmeId, responseId, kept);
    await note(tx, [day]);
  }

  const note = (tx: Tx, days: Iterable<string>) =>
    arriving.addNews(
      tx,
      Array.from(days, (day) => ({ id: newId(clock), on_day: day })),
    );

  /** Some at a time; what changes meanwhile leaves another note. */
  async function countDay(day: string, news: string[], reading: ReadonlySet<string>): Promise<void> {
    const folding = createFolding(['', ...FIELDS]);
    const filter = { period: { from: day, to: day }, of: {} };
    let unread = false;
    for (let after: At | null | undefined = null; after !== undefined;) {
      const some: Counted[] = await responsesIn(storage.read, filter, after, AT_ONCE);
      for (const each of some) folding.add(each);
      unread ||= some.some(
        ({ programmeId, words }) => reading.has(programmeId) && words.some(({ chances }) => chances === null),
      );
      if (some.length > 0) await storage.transaction((tx) => keepThemes(tx, some));
      after = some.length === AT_ONCE ? some.at(-1) : undefined;
      await new Promise(setImmediate);
    }
    await storage.transaction(async (tx) => {
      await store.replaceDay(tx, day, {
        spans: folding.spans(),
        tallies: folding.tallies(),
        news,
        version: newId(clock),
      });
      if (unread) await note(tx, [day]);
    });
  }

  async function countNews(keep: () => Promise<boolean>): Promise<void> {
    const news = await store.newsOf(storage.read, NEWS_A_PASS);
    // What the engine reads soon is counted again then; where there is none yet, its first model brings news of all days.
    const reading = new Set((await state.turnsOfProgrammes(storage.read)).map(({ programmeId }) => programmeId));
    for (const [day, ids] of news) {
      if (!(await keep())) return;
      await countDay(day, ids, reading);
    }
    for (const month of await store.changedMonths(storage.read)) {
      const spans = await store.sumsOfMonth(storage.read, month);
      await storage.transaction((tx) => store.replaceMonth(tx, month, { spans, version: newId(clock) }));
      await new Promise(setImmediate);
    }
  }

  /** When a newer model has read everything, what it says is counted in the place of what the one before said. */
  async function noticeModels(): Promise<void> {
    for (const { programmeId, turn } of await state.turnsOfProgrammes(storage.read)) {
      const name = `turn ${programmeId}`;
      if ((await state.stateOf(storage.read, name)) === String(turn)) continue;
      if (await state.anyUnread(storage.read, programmeId, turn)) continue;
      const days = await arriving.daysOfProgramme(storage.read, programmeId);
      await storage.transaction(async (tx) => {
        await note(tx, days);
        await state.keepState(tx, name, String(turn));
      });
    }
  }

  responses.onSubmitted(arrived);
  coding.onMainReason(async (tx, customerIds) => note(tx, await arriving.daysOf(tx, customerIds)));

  const count: Job = async () => {
    await noticeModels();
    const isDue =
      (await store.newsOf(storage.read, 1)).size > 0 || (await store.changedMonths(storage.read)).length > 0;
    if (!isDue) return;
    const lease = await leases.take(LEASE);
    if (!lease) return;
    try {
      await countNews(() => lease.keep());
    } finally {
      await lease.end();
    }
  };
  return { count };
}

async function keepThemes(tx: Tx, some: Counted[]): Promise<void> {
  const themes = some.flatMap(({ responseId, part, words }) =>
    words.flatMap((each) =>
      (standing(each) ?? []).map(({ codeId, byEngine }) => ({
        response_id: responseId,
        question_key: each.questionKey,
        code_id: codeId,
        part,
        by_engine: byEngine,
        random_number: each.random,
      })),
    ),
  );
  await store.replaceThemes(
    tx,
    some.map(({ responseId }) => responseId),
    themes,
  );
}

/** "Needs met" where it is asked, else the first question of its kind that was answered. */
function scoresOf({ questions }: Submitted['definition'], answers: Submitted['answers']) {
  const given = (max: number) =>
    questions.flatMap((question) => {
      const answer = question.kind === 'scale' && question.max === max ? answers.get(question.key) : undefined;
      return answer?.kind === 'scale' ? [{ key: question.key, value: answer.value }] : [];
    });
  const scores = given(5);
  const score = scores.find(({ key }) => key === 'needs') ?? scores[0];
  return { score: score?.value ?? null, likely: given(10)[0]?.value ?? null };
}
