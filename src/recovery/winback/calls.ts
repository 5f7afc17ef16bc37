import { accountOf, colleague, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { createHooks, type Db, type Hooks, type Tx } from '../../storage/index.ts';
import { CLAIM_MINUTES, draftOf } from '../../telephone/index.ts';
import { createCallEnding, RELEASED, type FinishCall } from './call-ending.ts';
import { isHeldBy, isOver, type CallSheet } from './call-sheet.ts';
import * as store from './case-store.ts';
import type { Contacting } from './contacting.ts';
import type { WinbackDeps } from './deps.ts';
import { mayRingNow } from './ringing.ts';
import type { Standings } from './standing.ts';

export type Claimed = { mine: true } | { mine: false; by: string };

export interface Calls {
  /** Opens a case for somebody who has left. @throws Conflict where they must not be contacted */
  openFor(actor: Actor, customerId: string, more?: { ownerId: string | null; summary: string }): Promise<string>;
  /** @throws NotFound unless it is a conversation to win somebody back who is still a customer of record */
  sheet(caseId: string): Promise<CallSheet>;
  /**
   * Whoever has it already goes on with it. Our rules of calling are about our calls: none of them keeps anybody from
   * writing down what `theyCalled` to say. @throws Conflict where nobody may call them, or not now
   */
  claim(accountId: string, caseId: string, theyCalled?: boolean): Promise<Claimed>;
  release(accountId: string, caseId: string): Promise<void>;
  /** Keeps what was typed. @throws Conflict where somebody else has the call by now */
  saveDraft(accountId: string, caseId: string, body: Record<string, unknown>): Promise<void>;
  /** @throws Conflict where somebody else has the call by now */
  finish: FinishCall;
  /** Runs in the same transaction when it is said what came of a call. */
  onCall: Hooks<store.CallRow>['on'];
}

const CALLS_SHOWN = 20;

/** Whether the call could be taken: nobody has it. */
type Take = (tx: Tx) => Promise<boolean>;

/** Calls to those who have left: one colleague at a time, and what came of it. */
export function createCalls(deps: WinbackDeps, standings: Standings, contacting: Contacting): Calls {
  const { storage, clock, accounts, customers, cases } = deps;
  const { obeying } = contacting;
  const ended = createHooks<store.CallRow>();
  const now = () => timestamp(clock);

  async function sheet(caseId: string): Promise<CallSheet> {
    const theCase = await cases.get(caseId);
    const own = await store.findCase(storage.read, caseId);
    const customer = theCase.customerId === null ? undefined : await customers.find(theCase.customerId);
    if (theCase.kind !== 'win_back' || !own || !customer || customer.erasedAt !== null) throw new NotFound();
    const calls = await store.callsOf(storage.read, customer.id, CALLS_SHOWN);
    const theyCalled = own.claimed_at !== null && (await store.theyCalledSince(storage.read, caseId, own.claimed_at));
    return { theCase, own, customer, calls, theyCalled };
  }

  const openFor: Calls['openFor'] = async (actor, customerId, more) => {
    const customer = await customers.get(customerId);
    if (customer.status !== 'left') throw new Conflict('winback.error.notLeft');
    if (customer.unsubscribedAt !== null) throw new Conflict('winback.error.unsubscribed');
    if (customer.legalBasis === '') throw new Conflict('winback.error.no_legal_basis');
    const openIn = async (db: Db) => (await cases.openOf(db, [customerId], 'win_back')).get(customerId)?.[0]?.id;
    const known = await openIn(storage.read);
    if (known !== undefined) return known;
    return await obeying(customerId, null, async (tx) => {
      const open = await openIn(tx);
      if (open !== undefined) return open;
      const fresh = {
        kind: 'win_back' as const,
        origin: 'list' as const,
        originId: `${customerId} ${customer.leftOn}`,
      };
      const whose = more ?? { ownerId: accountOf(actor), summary: '' };
      const about = { customerId, words: '', language: customer.language, ...whose };
      return (await cases.open(tx, actor, { ...fresh, ...about })).caseId;
    });
  };

  async function claim(accountId: string, caseId: string, theyCalled = false): Promise<Claimed> {
    const found = await sheet(caseId);
    if (isOver(found.own)) throw new Conflict('winback.error.over');
    const until = addMinutes(now(), CLAIM_MINUTES);
    const take = (tx: Tx) => store.claim(tx, caseId, { by: accountId, now: now(), until });
    async function taken(): Promise<boolean> {
      if (isHeldBy(accountId, found.own, now()))
        return await storage.transaction((tx) => store.changeMine(tx, caseId, accountId, { claimed_until: until }));
      if (theyCalled) return await storage.transaction((tx) => answer(tx, accountId, caseId, take));
      return await ring(found, take);
    }
    if (await taken()) return { mine: true };
    const standing = await store.findCase(storage.read, caseId);
    if (!standing?.claimed_by || isOver(standing)) throw new Conflict('winback.error.over');
    // Pressed twice at one moment it is theirs all the same.
    return standing.claimed_by === accountId ? { mine: true } : { mine: false, by: standing.claimed_by };
  }

  async function answer(tx: Tx, accountId: string, caseId: string, take: Take): Promise<boolean> {
    const isMine = await take(tx);
    if (isMine) await cases.note(tx, colleague(accountId), caseId, { kind: store.THEY_CALLED });
    return isMine;
  }

  async function ring(found: CallSheet, take: Take): Promise<boolean> {
    const { customer, theCase } = found;
    const against = (await deps.telephone.againstCalling(storage.read, [customer])).get(customer.id);
    if (against) throw new Conflict(`telephone.why.${against}`);
    if (!mayRingNow(found, await accounts.company(), now())) throw new Conflict('telephone.error.notNow');
    return await obeying(customer.id, theCase, take);
  }

  return {
    openFor,
    sheet,
    claim,
    async release(accountId, caseId) {
      await storage.transaction((tx) => store.changeMine(tx, caseId, accountId, RELEASED));
    },
    async saveDraft(accountId, caseId, body) {
      const change = {
        draft: draftOf(body as Parameters<typeof draftOf>[0]),
        claimed_until: addMinutes(now(), CLAIM_MINUTES),
      };
      const isMine = await storage.transaction((tx) => store.changeMine(tx, caseId, accountId, change));
      if (!isMine) throw new Conflict('winback.error.lost');
    },
    finish: createCallEnding(deps, { standings, contacting, ended }),
    onCall: ended.on,
  };
}
