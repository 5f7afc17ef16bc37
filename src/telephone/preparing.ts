import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Conflict } from '../shared/errors.ts';
import type { Customer } from '../customers/index.ts';
import {
  createTally,
  type LeftOutCount,
  type ListedInvitation,
  type OtherWay,
  type Tally,
  type Wave,
} from '../invitations/index.ts';
import type { TelephoneDeps } from './deps.ts';
import { numberKey } from './flags.ts';
import { againstCall, LEFT_OUT, type LeftOut } from './rules.ts';
import * as store from './store.ts';

const SLICE = 100;
const SENDING = new Set(['sending', 'finished']);
const WAYS: OtherWay[] = ['unanswered', 'no_address'];

export interface PreparedCalls {
  calls: number;
  leftOut: LeftOutCount<LeftOut>[];
}

/** @throws Conflict where the wave has not started sending, is paused, or was stopped */
export async function sendingWave({ invitations }: TelephoneDeps, waveId: string): Promise<Wave> {
  const wave = await invitations.getWave(waveId);
  if (!SENDING.has(wave.state)) throw new Conflict('telephone.error.notSending');
  return wave;
}

/** Puts everybody who has not answered and may be called on the list, slice by slice; harmless to repeat. */
export function createPreparing(deps: TelephoneDeps) {
  const { storage, clock, invitations, customers } = deps;

  async function decide(whom: OtherWay, slice: ListedInvitation[], languageOf: (own: string) => unknown) {
    const { read } = storage;
    const ids = slice.map(({ customerId }) => customerId);
    const people = await customers.findMany(read, ids);
    const flags = await store.flagsOf(read, ids);
    return slice.map((invitation) => {
      const customer = people.get(invitation.customerId);
      const key = numberKey(deps, customer?.telephone ?? '');
      const against = againstCall(customer, flags.get(invitation.customerId) ?? [], key);
      const unspoken = whom === 'no_address' && languageOf(customer?.language ?? '') === undefined;
      const why: LeftOut | null = against ?? (unspoken ? 'language' : null);
      return { invitation, customer, why };
    });
  }

  const rowOf = (wave: Wave, { id }: ListedInvitation, customer: Customer): store.CallRow => ({
    invitation_id: id,
    wave_id: wave.id,
    customer_id: customer.id,
    worth_minor: customer.worthMinor,
    time_zone: customer.timeZone,
    country: customer.country,
    state: 'open',
    outcome: null,
    not_before: '',
    appointment: 0,
    tries: 0,
    claimed_by: null,
    claimed_at: null,
    claimed_until: null,
    draft: '{}',
    revision: 0,
    created_at: timestamp(clock),
    settled_at: null,
  });

  async function addSlice(wave: Wave, whom: OtherWay, slice: ListedInvitation[], tally: Tally<LeftOut>) {
    const known = await store.callsAmong(
      storage.read,
      slice.map(({ id }) => id),
    );
    const languageOf = await invitations.languagesFor(wave.versionId);
    const fresh = slice.filter(({ id }) => !known.has(id));
    const decided = await decide(whom, fresh, languageOf);
    for (const { why } of decided) if (why !== null) tally.add(why, null);
    const able = decided.filter(({ why }) => why === null);
    if (able.length === 0) return 0;
    return await storage.transaction(async (tx) => {
      const rules = await invitations.drawAndCheck(
        tx,
        wave,
        able.map(({ invitation }) => invitation),
      );
      for (const { why, until } of rules.values()) tally.add(why, until);
      const rows = able.flatMap(({ invitation, customer }) =>
        customer && !rules.has(invitation.id) ? [rowOf(wave, invitation, customer)] : [],
      );
      return await store.insertCalls(tx, rows);
    });
  }

  return async (actor: Actor, waveId: string): Promise<PreparedCalls> => {
    const wave = await sendingWave(deps, waveId);
    const tally = createTally(LEFT_OUT);
    let calls = 0;
    for (const whom of WAYS) {
      for (let after: string | null = null, more = true; more;) {
        const slice: ListedInvitation[] = await invitations.stillToAnswer(wave.id, whom, after, SLICE);
        calls += await addSlice(wave, whom, slice, tally);
        after = slice.at(-1)?.customerId ?? null;
        more = slice.length === SLICE;
        await nextTurn();
      }
    }
    await storage.transaction((tx) =>
      deps.accounts.audit(tx, actor, 'telephone.prepared', { kind: 'wave', id: wave.id }, { count: calls }),
    );
    return { calls, leftOut: tally.result() };
  };
}
