import { underLease } from '../scheduler/index.ts';
import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import * as store from './count-store.ts';
import type { InvitationsDeps } from './deps.ts';
import { countInvitations } from './recipients-store.ts';

const LEASE = 'wave counts';
/** One that goes on being answered is counted again no more often. */
const REST_MINUTES = 60;
/** By then every transaction is over that began before the wave was followed, and has noted nothing. */
const SETTLED_MINUTES = 1;
const WAVES_A_PASS = 20;

/** Keeps the counts of waves that are over, a wave at a time. */
export async function keepWaveCounts({ storage, clock, leases }: InvitationsDeps): Promise<void> {
  const ago = (minutes: number) => addMinutes(timestamp(clock), -minutes);
  const toFollow = () => store.wavesToFollow(storage.read, ago(REST_MINUTES), WAVES_A_PASS);
  const toCount = () => store.wavesToCount(storage.read, ago(SETTLED_MINUTES), WAVES_A_PASS);
  if ((await toCount()).length + (await toFollow()).length === 0) return;
  await underLease(leases, LEASE, async (lease) => {
    for (const waveId of await toCount()) {
      if (!(await lease.keep())) return;
      const counts = (await countInvitations(storage.read, [waveId])).get(waveId);
      if (counts) await storage.backgroundTransaction((tx) => store.keepCounts(tx, waveId, counts));
    }
    const changed = await toFollow();
    await storage.backgroundTransaction((tx) => store.followWaves(tx, changed, timestamp(clock)));
  });
}
