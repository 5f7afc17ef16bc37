import type { Logger } from 'pino';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import type { Storage } from '../storage/index.ts';
import { endLease, renewLease } from './lease-store.ts';

const LEASE_MINUTES = 1;
const RENEWALS_A_LEASE = 6;

export interface Lease {
  /** From now on other processes on the database know that our claims are alive. */
  hold(): Promise<void>;
  end(): Promise<void>;
}

/** A claim whose holder no longer renews its lease was left behind by a process that died. */
export function createLease(storage: Storage, clock: Clock, holder: string, logger: Logger): Lease {
  let heartbeat: NodeJS.Timeout | undefined;
  let until = '';
  const renew = async () => {
    const expiresAt = addMinutes(timestamp(clock), LEASE_MINUTES);
    await storage.transaction((tx) => renewLease(tx, holder, expiresAt));
    until = expiresAt;
  };
  const beat = () => void renew().catch(({ name }: Error) => logger.warn({ name }, 'mailer lease not renewed'));
  return {
    async hold() {
      heartbeat ??= setInterval(beat, (LEASE_MINUTES * 60_000) / RENEWALS_A_LEASE).unref();
      // The clock may have jumped, or the machine slept, since the last beat: until the next one we would count as dead.
      if (until <= timestamp(clock)) await renew();
    },
    async end() {
      if (!heartbeat) return;
      clearInterval(heartbeat);
      [heartbeat, until] = [undefined, ''];
      await storage.transaction((tx) => endLease(tx, holder));
    },
  };
}
