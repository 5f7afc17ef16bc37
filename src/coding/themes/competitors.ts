import type { Actor } from '../../shared/actor.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import { answersNaming, type WrittenAnswer } from './competitor-answers.ts';
import { createCompetitorCounts, type Counted } from './competitor-counts.ts';
import { gatherSome, type GatheringDeps } from './competitor-gathering.ts';
import { competitorAt, judge, merge, type JudgingDeps } from './competitor-judging.ts';
import { listsOf, type Places } from './competitor-lists.ts';
import type { Competitor } from './competitor-rules.ts';
import * as rows from './competitor-store.ts';
import type { Sent } from './competitor-store.ts';

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

export type Competitors = ReturnType<typeof createCompetitors>;

const EXAMPLES = 3;
const PAGE = 30;

/** Who customers say that they have gone to: gathered from answers as they come, counted once a person has confirmed it. */
export function createCompetitors(deps: GatheringDeps & JudgingDeps) {
  const { read } = deps.storage;
  const counts = createCompetitorCounts(deps.storage, deps.clock);
  return {
    /** Looks for names in some answers that arrived or changed. False where there is nothing left. */
    gatherSome: (programmeId: string): Promise<boolean> => gatherSome(deps, programmeId),

    /** Confirmed names alone, the most named first, among the responses sent in this time; all without one. */
    async named(programmeId: string, sent: Sent = {}): Promise<CompetitorsNamed> {
      const all = await rows.competitorsOf(read, programmeId);
      const counted = await counts.of(programmeId, sent);
      const named = all.filter(({ state }) => state === 'yes').map((one) => namedOf(one, all, counted));
      named.sort((a, b) => b.responses - a.responses || a.name.localeCompare(b.name));
      return { base: counted.base, rows: named };
    },

    /** The names from these places on, the most named first, and examples of those shown that nobody has judged yet. */
    async lists(programmeId: string, places: Places) {
      const all = await rows.competitorsOf(read, programmeId);
      const counted = await counts.of(programmeId);
      const lists = listsOf(all, counted.byRoot, places);
      const examples = new Map<string, WrittenAnswer[]>();
      for (const { id } of lists.open.rows) {
        const { answers } = await answersNaming(read, all, id, { after: null, limit: EXAMPLES });
        examples.set(id, answers);
      }
      const named = lists.confirmed.rows.map((one) => namedOf(one, all, counted));
      return { ...counted, ...lists, all, named, examples };
    },

    /** How many names wait to be judged. */
    waiting: (programmeId: string): Promise<number> => rows.countNew(read, programmeId),
    /** One name among all. Throws NotFound. */
    at: (programmeId: string, id: string) => competitorAt(read, programmeId, id),
    /** How many responses name it under any name. */
    count: async (programmeId: string, id: string): Promise<number> =>
      (await counts.of(programmeId)).byRoot.get(id) ?? 0,
    /** The answers that name it under any name, the newest first. Throws NotFound. */
    async answers(programmeId: string, id: string, after: string | null) {
      const { all } = await competitorAt(read, programmeId, id);
      return await answersNaming(read, all, id, { after, limit: PAGE });
    },

    /** Judges a name: a competitor, or none; 'new' takes a judgement back. */
    async judge(actor: Actor, programmeId: string, id: string, state: 'yes' | 'no' | 'new'): Promise<Competitor> {
      const judged = await judge(deps, actor, programmeId, id, state);
      // Else everything counts as what it counted as before.
      if (judged.state === 'same') counts.forget();
      return judged;
    },

    /** From now on it counts as the one of that name, which may have several. @returns the other */
    async merge(actor: Actor, programmeId: string, id: string, name: string): Promise<Competitor> {
      const into = await merge(deps, actor, programmeId, id, name);
      counts.forget();
      return into;
    },
  };
}

function namedOf({ id, name }: Competitor, all: Competitor[], { base, byRoot }: Counted): NamedCompetitor {
  const responses = byRoot.get(id) ?? 0;
  const spellings = all.filter((each) => each.rootId === id && each.id !== id).map((each) => each.name);
  return { id, name, spellings, responses, share: wilson(responses, base) };
}
