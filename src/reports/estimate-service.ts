import type { Actor } from '../shared/actor.ts';
import { NotFound } from '../shared/errors.ts';
import type { Schema, Storage, Tx } from '../storage/index.ts';
import { coveredBy, coversOf, type LeaverFilter } from './covers-rules.ts';
import * as store from './estimate-store.ts';

/** What an audit covers, by field; {} everything. */
type Covers = Record<string, string>;

/** Random audits, as the coding feature keeps them. */
export interface Audits {
  /** Draws the answers with the lowest permanent random numbers, so many in all. */
  draw(
    actor: Actor,
    audit: {
      programmeId: string;
      covers: Covers;
      wanted: number;
      lowest(limit: number): Promise<{ responseId: string; random: number }[]>;
    },
  ): Promise<unknown>;
  /** Draws, of answers that an audit covers only now, those under its threshold. */
  include(
    tx: Tx,
    programmeId: string,
    responseIds: string[],
    matches: (covers: Covers, responseId: string) => boolean,
  ): Promise<unknown>;
}

const AT_ONCE = 250;
/** So many who left are read at once. Where there are more, some hundreds of them are soon found among all answers. */
const FEW = 20_000;

export type Estimates = ReturnType<typeof createEstimates>;

interface Deps {
  storage: Storage;
  audits: Audits;
  programmeKey: string;
}

/** Shares from a random audit and the engine's chances, and the audits that they need. */
export function createEstimates({ storage, audits, programmeKey }: Deps) {
  let programme: string | undefined;

  async function programmeId(db = storage.read as Tx | Storage['read']): Promise<string | undefined> {
    return (programme ??= await store.programmeOf(db, programmeKey));
  }

  /** The lowest permanent random numbers of the responses with words that it covers. */
  async function lowestIn(id: string, covers: Covers, limit: number) {
    const found: { responseId: string; random: number }[] = [];
    let after = -1;
    for (;;) {
      const part = await store.byNumber(storage.read, id, after, AT_ONCE);
      found.push(...part.filter((each) => coveredBy(covers, each)));
      const last = part.at(-1);
      if (!last || part.length < AT_ONCE || found.length >= limit) return found.slice(0, limit);
      after = last.random;
      await new Promise(setImmediate);
    }
  }

  return {
    programmeId: () => programmeId(),

    /**
     * Draws so many of the answers in this filter for the audit; those that are drawn already count. In a million answers
     * some 20,000 are looked at, however rare the filter's are.
     * @param among how many leavers the filter has; it decides on the way alone, never on who is drawn
     */
    async draw(actor: Actor, filter: LeaverFilter, wanted: number, among: number): Promise<void> {
      const id = await programmeId();
      if (id === undefined) throw new NotFound();
      const covers = coversOf(filter);
      const lowest = (limit: number) =>
        among <= FEW ? store.lowestAmong(storage.read, id, filter, limit) : lowestIn(id, covers, limit);
      await audits.draw(actor, { programmeId: id, covers, wanted, lowest });
    },

    /** Whoever belongs to an audited filter only now is drawn as if they had always belonged. */
    async include(tx: Tx, leavers: Schema['leaver'][]): Promise<void> {
      const byResponse = new Map(leavers.flatMap((each) => (each.response_id ? [[each.response_id, each]] : [])));
      const id = byResponse.size > 0 ? await programmeId(tx) : undefined;
      if (id === undefined) return;
      await audits.include(tx, id, [...byResponse.keys()], (covers, responseId) => {
        const leaver = byResponse.get(responseId);
        return leaver !== undefined && coveredBy(covers, leaver);
      });
    },
  };
}
