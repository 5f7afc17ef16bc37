import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Audit } from '../../shared/audit.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Invalid } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import { thresholdFor } from '../engine/audit.ts';
import type { Place } from '../desk-store.ts';
import { tasksOfSome } from '../task-store.ts';
import * as audits from './audit-store.ts';
import type { Inclusion } from './inclusion.ts';
import type { Covers } from './rules.ts';

interface Deps {
  storage: Storage;
  clock: Clock;
  audit: Audit<Tx>;
  inclusion: Inclusion;
}

export interface Draw {
  programmeId: string;
  covers: Covers;
  /** So many responses, with those drawn before: 1 to 10,000. */
  wanted: number;
  /** The lowest random numbers of the responses that it covers, lowest first; may be left out where it covers all. */
  lowest?(limit: number): Promise<{ responseId: string; random: number }[]>;
}

export interface DrawnNow {
  /** Responses in the audit. */
  drawn: number;
  /** Those of them with an answer that nobody has coded without suggestions yet. */
  toCode: number;
}

const MOST = 10_000;

/** Draws random audits by permanent random numbers; see engine/audit.ts. */
export function createDrawing({ storage, clock, audit, inclusion }: Deps) {
  async function draw(actor: Actor, { programmeId, covers, wanted, lowest }: Draw): Promise<DrawnNow> {
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST) {
      throw new Invalid({ wanted: { key: 'coding.error.draw', values: { most: MOST } } });
    }
    const ofAll = (limit: number) => audits.lowestOf(storage.read, programmeId, limit);
    const found = await (lowest ?? ofAll)(wanted + 1);
    // An audit of nothing would take every answer that ever arrives.
    if (found.length === 0) return { drawn: 0, toCode: 0 };
    const numbers = found.map(({ random }) => random);
    const threshold = thresholdFor(numbers, wanted);
    const ids = found.slice(0, wanted).map(({ responseId }) => responseId);
    return await storage.transaction(async (tx) => {
      await inclusion.raise(tx, ids, threshold);
      const made = { id: newId(clock), account_id: accountOf(actor), created_at: timestamp(clock) };
      await audits.addAudit(tx, { ...made, programme_id: programmeId, covers: textOf(covers), wanted, threshold });
      const subject = { kind: 'programme', id: programmeId };
      const fields = Object.keys(covers).sort();
      await audit(tx, actor, 'coding.audit_draw', subject, { wanted, drawn: ids.length, fields });
      const tasks = await tasksOfSome(tx, ids);
      const left = tasks.filter(({ state, blind }) => state === 'open' || blind === 0);
      return { drawn: ids.length, toCode: new Set(left.map((task) => task.response_id)).size };
    });
  }

  const thresholdOfAll = async (programmeId: string): Promise<number> =>
    (await audits.thresholdsOf(storage.read, programmeId))
      .filter(({ covers }) => Object.keys(covers).length === 0)
      .reduce((highest, { threshold }) => Math.max(highest, threshold), 0);

  return {
    /** Throws Invalid (field `wanted`). What was drawn before stays drawn. */
    draw,
    /** So many more of all answers of a programme. Throws Invalid (field `wanted`). */
    async drawMore(actor: Actor, programmeId: string, more: number): Promise<DrawnNow> {
      const threshold = await thresholdOfAll(programmeId);
      const already = threshold > 0 ? await audits.countUnder(storage.read, programmeId, threshold) : 0;
      return await draw(actor, { programmeId, covers: {}, wanted: more > 0 ? already + more : more });
    },
    /** Puts a drawn answer aside: it comes again at the end. False where somebody has coded it. */
    skipInAudit: (place: Place): Promise<boolean> =>
      storage.transaction((tx) => audits.skipInAudit(tx, place, timestamp(clock))),
    /** Whether every answer is drawn, and every one that arrives later. */
    drawsAll: async (programmeId: string): Promise<boolean> => (await thresholdOfAll(programmeId)) === 1,
  };
}

/** The same audit reads the same, whoever named its fields in which order. */
const textOf = (covers: Covers): string =>
  JSON.stringify(Object.fromEntries(Object.entries(covers).sort(([a], [b]) => (a < b ? -1 : 1))));
