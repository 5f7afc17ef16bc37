import { randomInt } from 'node:crypto';
import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Invalid } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Db, Tx } from '../storage/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { isBelow, MOST_SHARE } from './holdout-rules.ts';
import * as store from './holdout-store.ts';
import type { DrawRow, ShareRow } from './holdout-store.ts';

export interface HoldoutState {
  /** In percent; 0 is off, as it is until somebody switches it on. */
  share: number;
  /** Who set it last and when; null where nobody has. */
  changed: ShareRow | null;
  /** How many have been drawn while it was on, and how many of them for the holdout. */
  drawn: number;
  heldOut: number;
}

/** Customers of a programme who get neither survey nor offer, so that it can be told what those do. */
export interface Holdouts {
  state(db: Db, programmeId: string): Promise<HoldoutState>;
  /** @throws Invalid for a share that is not a whole percentage of 0 to 50 */
  setShare(actor: Actor, programmeId: string, share: number): Promise<void>;
  /**
   * Draws those who have become eligible and were never drawn, writes that down, and says which of all these are held
   * out. What was drawn stays, also when the share changes. For the transaction that would write to the others.
   */
  draw(tx: Tx, programmeId: string, customerIds: string[]): Promise<Set<string>>;
  /** Which of these have been drawn for the holdout; draws nobody. */
  isHeldOut(db: Db, programmeId: string, customerIds: string[]): Promise<Set<string>>;
  /** How many of these would be held out, where some are yet to be drawn: not more than an expectation. */
  expected(db: Db, programmeId: string, customerIds: string[]): Promise<number>;
}

type HoldoutsDeps = Pick<InvitationsDeps, 'storage' | 'clock'> & {
  accounts: Pick<InvitationsDeps['accounts'], 'audit'>;
};

const STEPS = 1_000_000;

export function createHoldouts({ storage, clock, accounts }: HoldoutsDeps): Holdouts {
  const shareOf = async (db: Db, programmeId: string) => (await store.findShare(db, programmeId))?.share ?? 0;

  const drawn = (programmeId: string, customerId: string, share: number): DrawRow => {
    const step = clock.draw ? Math.floor(clock.draw() * STEPS) : randomInt(STEPS);
    const number = step / (STEPS / 100);
    const held_out = isBelow(number, share) ? 1 : 0;
    return { programme_id: programmeId, customer_id: customerId, held_out, share, number, drawn_at: timestamp(clock) };
  };

  const isHeldOut = async (db: Db, programmeId: string, ids: string[]) =>
    new Set([...(await store.findDraws(db, programmeId, ids))].filter(([, held]) => held).map(([id]) => id));

  return {
    async state(db, programmeId) {
      const changed = (await store.findShare(db, programmeId)) ?? null;
      return { share: changed?.share ?? 0, changed, ...(await store.countDraws(db, programmeId)) };
    },
    async setShare(actor, programmeId, share) {
      if (!Number.isInteger(share) || share < 0 || share > MOST_SHARE) {
        throw new Invalid({ share: { key: 'waves.holdout.range' } });
      }
      await storage.transaction(async (tx) => {
        const changed = { changed_by: accountOf(actor), changed_at: timestamp(clock) };
        await store.insertShare(tx, { id: newId(clock), programme_id: programmeId, share, ...changed });
        await accounts.audit(tx, actor, 'waves.holdout', { kind: 'programme', id: programmeId }, { share });
      });
    },
    async draw(tx, programmeId, customerIds) {
      const known = await store.findDraws(tx, programmeId, customerIds);
      const share = await shareOf(tx, programmeId);
      const fresh = customerIds.filter((id) => !known.has(id));
      if (share > 0 && fresh.length > 0) {
        const treated = await store.askedBefore(tx, programmeId, fresh);
        await store.insertDraws(
          tx,
          fresh.map((id) => drawn(programmeId, id, treated.has(id) ? 0 : share)),
        );
      }
      return await isHeldOut(tx, programmeId, customerIds);
    },
    isHeldOut,
    async expected(db, programmeId, customerIds) {
      const known = await store.findDraws(db, programmeId, customerIds);
      const share = await shareOf(db, programmeId);
      const held = [...known.values()].filter(Boolean).length;
      if (share === 0) return held;
      const fresh = customerIds.filter((id) => !known.has(id));
      const treated = await store.askedBefore(db, programmeId, fresh);
      return held + ((fresh.length - treated.size) * share) / 100;
    },
  };
}
