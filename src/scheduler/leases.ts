import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import type { Storage } from '../storage/index.ts';
import { dropLease, findLease, takeLease } from './lease-store.ts';

/** Whoever has it works alone: meanwhile no other process begins anything in the background. */
export const ALONE = 'alone';

const MINUTES = 1;
/** Long before it would expire, whatever one step takes. */
const RENEW_AFTER_MS = 10_000;

export interface Lease {
  /** To be called at each step of long work. False when somebody else has it meanwhile: then stop. */
  keep(): Promise<boolean>;
  end(): Promise<void>;
}

export interface Leases {
  /** Undefined while another process that is alive does the work of that name. */
  take(name: string): Promise<Lease | undefined>;
  /** Whether some process that is alive has it. */
  isTaken(name: string): Promise<boolean>;
}

/** Who takes leases in this process: rarely more than one. */
const living = new Set<string>();

/** One runner for each piece of work, across processes on one database. A dead process's work is free at once on its own machine. */
export function createLeases({ storage, clock }: { storage: Storage; clock: Clock }): Leases {
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`;
  living.add(holder);
  const hold = (name: string, previous?: string) => {
    const lease = { name, holder, expires_at: addMinutes(timestamp(clock), MINUTES) };
    return storage.transaction((tx) => takeLease(tx, lease, timestamp(clock), previous));
  };
  return {
    async take(name) {
      const known = await findLease(storage.read, name);
      if (!(await hold(name, known && isDead(known.holder) ? known.holder : undefined))) return undefined;
      let kept = performance.now();
      return {
        async keep() {
          if (performance.now() - kept < RENEW_AFTER_MS) return true;
          kept = performance.now();
          return await hold(name);
        },
        end: () => storage.transaction((tx) => dropLease(tx, name, holder)),
      };
    },
    async isTaken(name) {
      const known = await findLease(storage.read, name);
      return known !== undefined && known.expires_at > timestamp(clock) && !isDead(known.holder);
    },
  };
}

/** Does that work while nobody else does; nothing where another process is at it. The lease ends with the work. */
export async function underLease(leases: Leases, name: string, work: (lease: Lease) => Promise<void>): Promise<void> {
  const lease = await leases.take(name);
  if (!lease) return;
  try {
    await work(lease);
  } finally {
    await lease.end();
  }
}

/** Whether the holder was a process of this machine that has ended. Our own number with another id was used before us. */
function isDead(holder: string): boolean {
  const [host, pid = ''] = holder.split(' ');
  if (host !== hostname()) return false;
  if (Number(pid) === process.pid) return !living.has(holder);
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
