import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Audit } from '../../shared/audit.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Invalid } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import { thresholdFor } from '../engine/audit.ts';
import type { Place } from '../desk-store.ts';
import * as audits from './audit-store.ts';
import type { Inclusion } from './inclusion.ts';
import type { Covers } from './rules.ts';

interface Deps {
  storage: Storage;
  clock: Clock;
  audit: Audit<Tx>;
  inclusion: Inclusion;
}

interface Draw {
  programmeId: string;
  covers: Covers;
  /** So many responses, with those drawn before: 1 to 10,000. */
  wanted: number;
  /** The lowest random numbers of the responses that it covers, lowest first; may be left out where it covers all. */
  lowest?(limit: number): Promise<{ responseId: string; random: number }[]>;
}

interface DrawnNow {
  /** Responses in the audit. */
  drawn: number;
  /** Those of them with an answer that nobody has coded without suggestions yet. */
  toCode: number;
}

/** Responses that were checked before, and have another weight by what is drawn now. */
type OnWeighed = (tx: Tx, responseIds: string[]) => Promise<void>;

const MOST = 10_000;

/** Draws random audits by permanent random numbers; see engine/audit.ts. */
export function createDrawing({ storage, clock, audit, inclusion }: Deps) {
  const hooks: OnWeighed[] = [];

  /**
   * Takes the lowest numbers under a threshold, which those who arrive later are held against too. Where there are no more
   * than that, all that there are are taken, surely: an inclusion of one. No threshold follows from that for those who
   * arrive later. One under which everybody falls would draw every later answer, whatever was asked for; any other would be
   * made up. So they wait for the next drawing, which gives them a threshold of their own: each answer's inclusion is then
   * what it was for this answer, as the estimator's weights need it (shares.ts). Until then those who were taken speak for
   * them as a plain sample does, for among equal inclusions it goes by how many were audited of how many.
   */
  async function take(actor: Actor, { programmeId, covers, wanted, lowest }: Draw): Promise<{ drawn: number }> {
    const ofAll = (limit: number) => audits.lowestOf(storage.read, programmeId, limit);
    const found = await (lowest ?? ofAll)(wanted + 1);
    if (found.length === 0) return { drawn: 0 };
    const numbers = found.map(({ random }) => random);
    const threshold = thresholdFor(numbers, wanted);
    const ids = found.slice(0, wanted).map(({ responseId }) => responseId);
    await storage.transaction(async (tx) => {
      const weighed = await inclusion.raise(tx, ids, threshold);
      for (const hook of hooks) await hook(tx, weighed);
      const made = { id: newId(clock), account_id: accountOf(actor), created_at: timestamp(clock) };
      const binding = { ...made, programme_id: programmeId, covers: textOf(covers), wanted, threshold };
      if (found.length > wanted) await audits.addAudit(tx, binding);
      const subject = { kind: 'programme', id: programmeId };
      const fields = Object.keys(covers).sort();
      await audit(tx, actor, 'coding.audit_draw', subject, { wanted, drawn: ids.length, fields });
    });
    return { drawn: ids.length };
  }

  return {
    onWeighed: (hook: OnWeighed): void => void hooks.push(hook),
    /** Throws Invalid (field `wanted`). What was drawn before stays drawn. */
    async draw(actor: Actor, wish: Draw): Promise<{ drawn: number }> {
      demandNumber(wish.wanted);
      return await take(actor, wish);
    },
    /** So many more of all answers of a programme. Throws Invalid (field `wanted`). */
    async drawMore(actor: Actor, programmeId: string, more: number): Promise<DrawnNow> {
      demandNumber(more);
      const upTo = await audits.numberAfterMore(storage.read, programmeId, more);
      const wanted = await audits.countUpTo(storage.read, programmeId, upTo);
      if (wanted > 0) await take(actor, { programmeId, covers: {}, wanted });
      return await audits.countDrawn(storage.read, programmeId);
    },
    /** Puts a drawn answer aside: it comes again at the end. False where somebody has coded it. */
    skipInAudit: (place: Place): Promise<boolean> =>
      storage.transaction((tx) => audits.skipInAudit(tx, place, timestamp(clock))),
  };
}

function demandNumber(wanted: number): void {
  if (Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST) return;
  throw new Invalid({ wanted: { key: 'coding.error.draw', values: { most: MOST } } });
}

/** The same audit reads the same, whoever named its fields in which order. */
const textOf = (covers: Covers): string =>
  JSON.stringify(Object.fromEntries(Object.entries(covers).sort(([a], [b]) => (a < b ? -1 : 1))));
