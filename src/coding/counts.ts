import type { Clock } from '../shared/clock.ts';
import type { Storage } from '../storage/index.ts';
import { countAudited } from './auditing/audit-store.ts';
import { countTasks } from './desk-store.ts';

/** How many answers there are, and in which queue they wait. */
export interface Counts {
  total: number;
  coded: number;
  /** Not drawn by an audit, and not coded. */
  open: number;
  /** The same, put aside. */
  skipped: number;
  /** Drawn by an audit. */
  drawn: number;
  /** Drawn, and coded by somebody who was not shown what the engine suggests. */
  checked: number;
}

const MANY = 20_000;
const KEPT_MS = 60_000;

export function createCounts(storage: Storage, clock: Clock) {
  const counted = new Map<string, { counts: Counts; until: number }>();

  async function countFresh(programmeId: string): Promise<Counts> {
    const all = await countTasks(storage.read, programmeId);
    const audit = await countAudited(storage.read, programmeId);
    const total = all.open + all.skipped + all.coded;
    const outside = { open: all.open - audit.open, skipped: all.skipped - audit.skipped };
    const counts = { total, coded: all.coded, ...outside, drawn: audit.drawn, checked: audit.checked };
    counted.set(programmeId, { counts, until: total > MANY ? clock.now().getTime() + KEPT_MS : 0 });
    return counts;
  }

  /** Exact while there are few; above 20,000 answers counted once a minute. */
  return async (programmeId: string): Promise<Counts> => {
    const known = counted.get(programmeId);
    return known && known.until > clock.now().getTime() ? known.counts : await countFresh(programmeId);
  };
}
