import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict } from '../shared/errors.ts';
import type { WholeBody } from '../answering/index.ts';
import type { Tx } from '../storage/index.ts';
import { draftOf } from './call-form.ts';
import type { TelephoneDeps } from './deps.ts';
import { numberKey } from './flags.ts';
import { sendingWave } from './preparing.ts';
import { againstCall, CLAIM_MINUTES, mayRing } from './rules.ts';
import { findCall, RELEASED, sheetOf, type CallSheet } from './sheets.ts';
import * as store from './store.ts';

export type Claimed = { mine: true } | { mine: false; by: string };

/** Two colleagues never call the same person: a call is one's own for a while. */
export function createClaiming(deps: TelephoneDeps) {
  const { storage, clock, invitations, accounts } = deps;
  const now = () => timestamp(clock);
  const until = () => addMinutes(now(), CLAIM_MINUTES);

  async function stillCallable({ invitation, customer }: CallSheet): Promise<void> {
    const flags = (await store.flagsOf(storage.read, [customer.id])).get(customer.id) ?? [];
    const over = invitation.progress !== 'none' && invitation.progress !== 'started';
    if (over || invitation.revokedAt !== null || againstCall(customer, flags, numberKey(deps, customer.telephone)))
      throw new Conflict('telephone.error.done');
  }

  /** What has come up since the list was made. */
  async function obeyRules(tx: Tx, { wave, invitation: { id, customerId, delivery } }: CallSheet): Promise<void> {
    const against = await invitations.againstAsking(tx, wave, [{ id, customerId, delivery }]);
    const why = against.get(id)?.why;
    if (why) throw new Conflict(`telephone.error.${why}`);
  }

  return {
    async claim(accountId: string, invitationId: string): Promise<Claimed> {
      const sheet = await sheetOf(deps, invitationId);
      await sendingWave(deps, sheet.call.wave_id);
      if (!mayRing(sheet.call, await accounts.company(), now())) throw new Conflict('telephone.error.notNow');
      await stillCallable(sheet);
      const claim = { by: accountId, now: now(), until: until() };
      const isMine = await storage.transaction(async (tx) => {
        await obeyRules(tx, sheet);
        return await store.claimCall(tx, invitationId, claim);
      });
      if (isMine) return { mine: true };
      const { claimed_by: by, state } = await findCall(deps, invitationId);
      if (state === 'done' || by === null) throw new Conflict('telephone.error.done');
      return { mine: false, by };
    },
    async saveNotes(accountId: string, invitationId: string, body: WholeBody): Promise<void> {
      const change = { draft: draftOf(body), claimed_until: until() };
      const isMine = await storage.transaction((tx) => store.changeMine(tx, invitationId, accountId, change));
      if (!isMine) throw new Conflict('telephone.error.lost');
    },
    async release(accountId: string, invitationId: string): Promise<void> {
      await storage.transaction((tx) => store.changeMine(tx, invitationId, accountId, RELEASED));
    },
  };
}
