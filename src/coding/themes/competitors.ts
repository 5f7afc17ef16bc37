import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Audit } from '../../shared/audit.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import { placeKey, wordsOf } from '../opinions/opinion-store.ts';
import type { Place } from '../desk-store.ts';
import { mayHaveOthers, newNames, rootsOf, type Competitor } from './competitor-rules.ts';
import * as rows from './competitor-store.ts';
import type { Sent } from './competitor-store.ts';
import type { FoundNames } from './names.ts';
import type { ThemesThread } from './thread.ts';

interface Deps {
  storage: Storage;
  clock: Clock;
  audit: Audit<Tx>;
  thread: ThemesThread;
  /** The business's own name is no competitor's. */
  companyName(): Promise<string>;
}

/** A competitor that people have confirmed, with how many responses name it. */
export interface NamedCompetitor {
  id: string;
  name: string;
  /** Other ways in which it was written. */
  spellings: string[];
  responses: number;
  /** Of all responses with words, with its 95 % interval. */
  share: Share;
}

export interface CompetitorsNamed {
  /** Responses with words that have been looked through. */
  base: number;
  rows: NamedCompetitor[];
}

/** An answer with its words. */
export interface WrittenAnswer extends Place {
  text: string;
  lang: string;
}

export type Competitors = ReturnType<typeof createCompetitors>;

const PART = 200;
/** Answers around the new ones, by which names are told from other words. */
const AROUND = 500;
const EXAMPLES = 3;
const PAGE = 30;
/** What takes longer to count is kept for a minute. */
const SLOW_MS = 20;
const KEPT_MS = 60_000;
/** The question where the customer buys now: a name alone is an answer. */
const WHERE_NOW = 'now';

/** Who customers say that they have gone to: gathered from answers as they come, counted once a person has confirmed it. */
export function createCompetitors({ storage, clock, audit, thread, companyName }: Deps) {
  const kept = new Map<string, { until: number; counted: Promise<Counted> }>();

  /** Whatever was written in these responses, by response and question. */
  async function written(responseIds: string[]): Promise<Map<string, WrittenAnswer>> {
    const words = await wordsOf(storage.read, responseIds);
    return new Map(
      [...words].map(([id, { text, language: lang }]) => {
        const [responseId = '', questionKey = ''] = id.split(' ');
        return [id, { responseId, questionKey, text, lang }];
      }),
    );
  }

  async function read(programmeId: string, responseIds: string[], known: Competitor[]) {
    const around = (await rows.newestResponses(storage.read, programmeId, AROUND)).filter(
      (id) => !responseIds.includes(id),
    );
    const answers = new Map([
      ...(responseIds.length > 0 ? await written(responseIds) : []),
      ...(around.length > 0 ? await written(around) : []),
    ]);
    const told = [...answers].map(([id, { text, questionKey }]) => ({
      id,
      text,
      tellsWhere: questionKey === WHERE_NOW,
    }));
    const gone = known.filter(({ state }) => state === 'no').map(({ name }) => name);
    const except = [await companyName(), ...gone].filter((name) => name !== '');
    return await thread.ask({ type: 'names', answers: told, known: known.map(({ key }) => key), except });
  }

  /** Looks for names in some answers that arrived or changed. False where there is nothing left. */
  async function gatherSome(programmeId: string): Promise<boolean> {
    const unread = await rows.unnamed(storage.read, programmeId, PART);
    if (unread.length === 0) return false;
    const responseIds = [...new Set(unread.map(({ responseId }) => responseId))];
    const found = await read(programmeId, responseIds, await rows.competitorsOf(storage.read, programmeId));
    await storage.transaction(async (tx) => {
      await rows.lockNames(tx, programmeId);
      const known = await rows.competitorsOf(tx, programmeId);
      const all = await keepNew(tx, programmeId, found, known);
      await rows.setMentions(tx, responseIds, mentionsIn(found, all));
      await rows.noteNamed(tx, unread);
    });
    return unread.length === PART;
  }

  /** Keeps the names that are new. @returns all there are then, by key */
  async function keepNew(tx: Tx, programmeId: string, { names }: FoundNames, known: Competitor[]) {
    const byKey = new Map(known.map((each) => [each.key, each]));
    for (const { name, key, sameAs } of newNames(names, known)) {
      const into = sameAs === null ? undefined : byKey.get(sameAs);
      const id = newId(clock);
      const fresh = { id, key, name, mergedIntoId: into?.id ?? null, rootId: into?.rootId ?? id };
      const state = into ? ('same' as const) : ('new' as const);
      const whole: Competitor = { ...fresh, state, accountId: null, decidedAt: null };
      await rows.addCompetitor(tx, programmeId, whole, timestamp(clock));
      byKey.set(key, whole);
    }
    return byKey;
  }

  async function at(programmeId: string, id: string): Promise<{ one: Competitor; all: Competitor[] }> {
    const all = await rows.competitorsOf(storage.read, programmeId);
    const one = all.find((each) => each.id === id);
    if (!one) throw new NotFound();
    return { one, all };
  }

  async function decide(
    actor: Actor,
    programmeId: string,
    one: Competitor,
    state: Competitor['state'],
    into: string | null,
  ) {
    const act = { accountId: accountOf(actor), decidedAt: timestamp(clock) };
    const decision = { state, mergedIntoId: into, ...(state === 'new' ? { accountId: null, decidedAt: null } : act) };
    await storage.transaction(async (tx) => {
      await rows.lockNames(tx, programmeId);
      const isDone = await rows.decide(tx, one, decision);
      const all = await rows.competitorsOf(tx, programmeId);
      const isSound = into === null || all.some((each) => each.id === into && mayHaveOthers(each));
      if (!isDone || !isSound) throw new Conflict('competitors.error.meanwhile');
      const roots = rootsOf(all);
      for (const { id, rootId } of all) {
        const root = roots.get(id) ?? id;
        if (root !== rootId) await rows.setRoot(tx, id, root);
      }
      await audit(tx, actor, `coding.competitor_${state}`, { kind: 'competitor', id: one.id }, { into });
    });
    kept.clear();
  }

  /** In how many responses each name stands; where that takes long, counted once a minute. */
  async function counts(programmeId: string, sent: Sent): Promise<Counted> {
    const name = JSON.stringify([programmeId, sent.from, sent.before]);
    const now = clock.now().getTime();
    const known = kept.get(name);
    if (known && known.until > now) return await known.counted;
    const began = performance.now();
    const counted = (async () => ({
      base: await rows.countRead(storage.read, programmeId, sent),
      byRoot: await rows.countMentions(storage.read, programmeId, sent),
    }))();
    const found = await counted;
    if (kept.size > 100) kept.clear();
    if (performance.now() - began > SLOW_MS) kept.set(name, { until: now + KEPT_MS, counted });
    return found;
  }

  return {
    gatherSome,
    /** Confirmed names alone, the most named first, among the responses sent in this time; all without one. */
    async named(programmeId: string, sent: Sent = {}): Promise<CompetitorsNamed> {
      const all = await rows.competitorsOf(storage.read, programmeId);
      const { base, byRoot } = await counts(programmeId, sent);
      const named = all
        .filter(({ state }) => state === 'yes')
        .map(({ id, name }): NamedCompetitor => {
          const responses = byRoot.get(id) ?? 0;
          const spellings = all.filter((each) => each.rootId === id && each.id !== id).map((each) => each.name);
          return { id, name, spellings, responses, share: wilson(responses, base) };
        });
      return { base, rows: named.sort((a, b) => b.responses - a.responses || a.name.localeCompare(b.name)) };
    },

    /** Every name with how many responses have it, and examples of those that nobody has judged yet. */
    async all(programmeId: string, most: number) {
      const all = await rows.competitorsOf(storage.read, programmeId);
      const { base, byRoot } = await counts(programmeId, {});
      const ranked = all.toSorted((a, b) => (byRoot.get(b.id) ?? 0) - (byRoot.get(a.id) ?? 0));
      const open = ranked.filter(({ state, id }) => state === 'new' && (byRoot.get(id) ?? 0) > 0).slice(0, most);
      const examples = new Map<string, WrittenAnswer[]>();
      for (const { id } of open) examples.set(id, (await answersOf(all, id, null, EXAMPLES)).answers);
      return { base, byRoot, all, open, examples };
    },

    /** How many names wait to be judged. */
    waiting: (programmeId: string): Promise<number> => rows.countNew(storage.read, programmeId),

    at,
    /** How many responses name it under any name. */
    count: async (programmeId: string, id: string): Promise<number> =>
      (await counts(programmeId, {})).byRoot.get(id) ?? 0,
    /** The answers that name it under any name, the newest first. */
    async answers(programmeId: string, id: string, after: string | null) {
      const { all } = await at(programmeId, id);
      return await answersOf(all, id, after, PAGE);
    },

    /** Judges a name: a competitor, or none; nothing said yet takes a judgement back. */
    async judge(actor: Actor, programmeId: string, id: string, state: 'yes' | 'no' | 'new'): Promise<Competitor> {
      const { one } = await at(programmeId, id);
      await decide(actor, programmeId, one, state, null);
      return one;
    },

    /** From now on it counts as the other, which may have several names. */
    async merge(actor: Actor, programmeId: string, id: string, intoId: string): Promise<Competitor> {
      const { one, all } = await at(programmeId, id);
      const into = all.find((each) => each.id === intoId && mayHaveOthers(each));
      if (!into || into.rootId === id) throw new Invalid({ [`into-${id}`]: { key: 'competitors.error.choose' } });
      await decide(actor, programmeId, one, 'same', into.id);
      return into;
    },
  };

  async function answersOf(all: Competitor[], id: string, after: string | null, limit: number) {
    const ids = all.filter((each) => each.rootId === id || each.id === id).map((each) => each.id);
    const places = await rows.mentionsOf(storage.read, ids, after, limit + 1);
    const some = places.slice(0, limit);
    const words = some.length > 0 ? await written([...new Set(some.map(({ responseId }) => responseId))]) : new Map();
    const answers = some.flatMap((place): WrittenAnswer[] => words.get(placeKey(place)) ?? []);
    return { answers, next: places.length > limit ? (some.at(-1)?.responseId ?? null) : null };
  }
}

interface Counted {
  base: number;
  byRoot: Map<string, number>;
}

/** Every answer in which a name was found, new or known. */
function mentionsIn({ names, mentions }: FoundNames, all: ReadonlyMap<string, Competitor>): rows.Mention[] {
  const found = names.map(({ spellings, answers }) => ({ key: spellings[0]?.key ?? '', answers }));
  return [...found, ...mentions].flatMap(({ key, answers }) => placesOf(all.get(key), answers));
}

function placesOf(competitor: Competitor | undefined, answers: string[]): rows.Mention[] {
  if (!competitor) return [];
  return answers.map((id) => {
    const [responseId = '', questionKey = ''] = id.split(' ');
    return { competitorId: competitor.id, responseId, questionKey };
  });
}
