import type { Actor } from '../../shared/actor.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import { answersNaming, examplesOf } from './competitor-answers.ts';
import { createCompetitorCounts } from './competitor-counts.ts';
import { gatherSome, type GatheringDeps } from './competitor-gathering.ts';
import { competitorAt, judge, merge, type JudgingDeps } from './competitor-judging.ts';
import { listsOf, type Places } from './competitor-lists.ts';
import { findNames, ranked, spellings } from './competitor-rank-store.ts';
import type { Competitor } from './competitor-rules.ts';
import * as rows from './competitor-store.ts';
import { isLimited, type Sent } from './competitor-store.ts';

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
      const confirmed = await ranked(read, programmeId, ['yes'], null);
      const base = await counts.base(programmeId, sent);
      const others = await spellings(read, programmeId);
      const byRoot = isLimited(sent) ? await counts.byRoot(programmeId, sent) : undefined;
      const named = confirmed.map((one) =>
        namedOf(one, base, others, byRoot ? (byRoot.get(one.id) ?? 0) : one.responses),
      );
      named.sort((a, b) => b.responses - a.responses || a.name.localeCompare(b.name));
      return { base, rows: named };
    },

    /** The names from these places on, the most named first, and examples of those shown that nobody has judged yet. */
    async lists(programmeId: string, places: Places) {
      const lists = await listsOf(read, programmeId, places);
      const base = await counts.base(programmeId, {});
      const waiting = lists.open.rows.map(({ id }) => id);
      const examples = await examplesOf(read, waiting, EXAMPLES);
      const others = await spellings(read, programmeId);
      const named = lists.confirmed.rows.map((one) => namedOf(one, base, others, one.responses));
      const roots = await findNames(
        read,
        lists.aside.rows.map(({ rootId }) => rootId),
      );
      return { ...lists, base, named, spellings: others, roots, examples };
    },

    /** How many names wait to be judged. */
    waiting: (programmeId: string): Promise<number> => rows.countNew(read, programmeId),
    /** One name among all. Throws NotFound. */
    at: (programmeId: string, id: string) => competitorAt(read, programmeId, id),
    /** The answers that name it under any name, the newest first. Throws NotFound. */
    async answers(programmeId: string, id: string, after: string | null) {
      await competitorAt(read, programmeId, id);
      return await answersNaming(read, id, { after, limit: PAGE });
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

function namedOf(
  { id, name }: Competitor,
  base: number,
  others: ReadonlyMap<string, string[]>,
  responses: number,
): NamedCompetitor {
  return { id, name, spellings: others.get(id) ?? [], responses, share: wilson(responses, base) };
}
