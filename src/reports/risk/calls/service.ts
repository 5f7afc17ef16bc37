import type { Actor } from '../../../shared/actor.ts';
import { timestamp } from '../../../shared/clock.ts';
import { Conflict } from '../../../shared/errors.ts';
import type { Tx } from '../../../storage/index.ts';
import type { draftOf } from '../../../telephone/index.ts';
import type { RiskDeps } from '../deps.ts';
import * as store from './call-store.ts';
import { RELEASED, type Screened } from './call.ts';
import { createFinishing } from './finishing.ts';
import { putOnList, screen } from './listing.ts';
import { callOf, callQueue, claim, saveDraft } from './making.ts';
import { createScreening } from './screening.ts';

/** Calls to customers who may be about to leave: put on the list by hand, made by one colleague at a time. */
export function createRiskCalls(riskDeps: RiskDeps) {
  const deps = { ...riskDeps, screening: createScreening(riskDeps) };
  const { storage, clock, accounts } = deps;

  return {
    /** Who of these can be put on the list, and why the others are not. */
    screen: (customerIds: string[]): Promise<Screened> => screen(deps, storage.read, customerIds),
    /** Puts those who may be called on the list. */
    start: (actor: Actor, customerIds: string[]) => putOnList(deps, actor, customerIds),
    /** Who can be called now, or later; the most money at risk first. The cursor is 'MINOR ID'. */
    queue: (view: 'now' | 'later', cursor: string | null) => callQueue(deps, view, cursor),
    /** @throws NotFound */
    get: (id: string) => callOf(deps, id),
    /** A customer's open call; undefined where nobody is to call them. */
    waiting: async (customerId: string) => (await store.waitingAmong(storage.read, [customerId])).get(customerId),
    /** Makes the call this colleague's for a while. @throws NotFound, Conflict where nobody may call, or not now */
    claim: (accountId: string, id: string) => claim(deps, accountId, id),
    async release(accountId: string, id: string): Promise<void> {
      await storage.transaction((tx) => store.changeMine(tx, id, accountId, RELEASED));
    },
    /** Keeps what was typed. @throws Conflict where somebody else has the call by now */
    saveDraft: (accountId: string, id: string, body: Parameters<typeof draftOf>[0]) =>
      saveDraft(deps, accountId, id, body),
    /** The call is over. @throws Conflict where somebody else has it by now */
    finish: createFinishing(deps),
    /** Takes a call off the list unmade. @throws NotFound, Conflict where somebody is calling, or has called */
    async withdraw(actor: Actor, id: string): Promise<void> {
      const { customer } = await callOf(deps, id);
      await storage.transaction(async (tx) => {
        if ((await store.withdrawCalls(tx, { id }, timestamp(clock))) === 0) throw new Conflict('telephone.error.done');
        await accounts.audit(tx, actor, 'risk.call.withdrawn', { kind: 'customer', id: customer.id });
      });
    },
    /** For the customers' news: nobody calls whoever asked us to stop. */
    onUnsubscribed: async (tx: Tx, customerIds: string[]): Promise<void> => {
      await store.withdrawCalls(tx, { customerIds }, timestamp(clock));
    },
    forget: store.forgetWords,
  };
}
