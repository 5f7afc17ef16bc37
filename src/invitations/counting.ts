import { underLease } from '../scheduler/index.ts';
import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import * as store from './count-store.ts';
import type { InvitationsDeps } from './deps.ts';
import { countInvitations } from './recipients-store.ts';

const LEASE = 'wave counts';
/** One that goes on being answered is counted again no more often. */
const REST_MINUTES = 60;
const WAVES_A_PASS = 20;

/** Keeps the counts of waves that are over, a wave at a time. */
export async function keepWaveCounts({ storage, clock, leases }: InvitationsDeps): Promise<void> {
  const due = () => store.wavesToCount(storage.read, addMinutes(timestamp(clock), -REST_MINUTES), WAVES_A_PASS);
  if ((await due()).length === 0) return;
  await underLease(leases, LEASE, async (lease) => {
    for (const waveId of await due()) {
      if (!(await lease.keep())) return;
      const news = await store.newsOf(storage.read, waveId);
      const counts = (await countInvitations(storage.read, [waveId])).get(waveId);
      const now = timestamp(clock);
      if (counts) await storage.transaction((tx) => store.keepCounts(tx, waveId, { counts, news, now }));
    }
  });
}
