import type { Actor } from '../../shared/actor.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import { answersNaming, type WrittenAnswer } from './competitor-answers.ts';
import { createCompetitorCounts, type Counted } from './competitor-counts.ts';
import { gatherSome, type GatheringDeps } from './competitor-gathering.ts';
import { competitorAt, judge, merge, type JudgingDeps } from './competitor-judging.ts';
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
      return namedOf(all, await counts.of(programmeId, sent));
    },

    /** Every name with how many responses have it, and examples of the first `most` that nobody has judged yet. */
    async all(programmeId: string, most: number) {
      const all = await rows.competitorsOf(read, programmeId);
      const { base, byRoot } = await counts.of(programmeId);
      const ranked = all.toSorted((a, b) => (byRoot.get(b.id) ?? 0) - (byRoot.get(a.id) ?? 0));
      const open = ranked.filter(({ state, id }) => state === 'new' && (byRoot.get(id) ?? 0) > 0).slice(0, most);
      const examples = new Map<string, WrittenAnswer[]>();
      for (const { id } of open) {
        const { answers } = await answersNaming(read, all, id, { after: null, limit: EXAMPLES });
        examples.set(id, answers);
      }
      return { base, byRoot, all, open, examples };
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
      counts.forget();
      return judged;
    },

    /** From now on it counts as the other, which may have several names. @returns the other */
    async merge(actor: Actor, programmeId: string, id: string, intoId: string): Promise<Competitor> {
      const into = await merge(deps, actor, programmeId, id, intoId);
      counts.forget();
      return into;
    },
  };
}

function namedOf(all: Competitor[], { base, byRoot }: Counted): CompetitorsNamed {
  const named = all
    .filter(({ state }) => state === 'yes')
    .map(({ id, name }): NamedCompetitor => {
      const responses = byRoot.get(id) ?? 0;
      const spellings = all.filter((each) => each.rootId === id && each.id !== id).map((each) => each.name);
      return { id, name, spellings, responses, share: wilson(responses, base) };
    });
  return { base, rows: named.sort((a, b) => b.responses - a.responses || a.name.localeCompare(b.name)) };
}
