import { timestamp } from '../../../shared/clock.ts';
import { addMinutes } from '../../../shared/dates.ts';
import { Conflict, NotFound } from '../../../shared/errors.ts';
import { page } from '../../../storage/index.ts';
import { canBeCalled, CLAIM_MINUTES, draftOf, mayRing } from '../../../telephone/index.ts';
import * as store from './call-store.ts';
import type { CallQueue, RiskCall } from './call.ts';
import type { CallDeps } from './listing.ts';

/** Whose the call is now. */
type Claimed = { mine: true } | { mine: false; by: string };

const A_PAGE = 50;
const MOST_DUE = 20;
const CALLS_SHOWN = 10;

/** Who can be called now, or later; the most money at risk first. The cursor is 'MINOR ID'. */
export async function callQueue(
  { storage, clock, accounts, customers, screening }: CallDeps,
  view: 'now' | 'later',
  cursor: string | null,
): Promise<CallQueue> {
  const { read } = storage;
  const now = timestamp(clock);
  const company = await accounts.company();
  const places = (await store.placesOf(read)).filter((place) => canBeCalled(place, company, now));
  const after = afterIn(cursor);
  const rows = await store.listCalls(read, { now, places, view, after, limit: A_PAGE + 1 });
  const due = view === 'now' && !after ? await store.dueAppointments(read, now, MOST_DUE) : [];
  const list = page(rows, A_PAGE, (row) => `${row.worth_at_risk_minor} ${row.id}`);
  const going = new Map([...due, ...list.rows].map((row) => [row.customer_id, row.id]));
  const people = await customers.findMany(read, [...going.keys()]);
  return { ...list, due, people, against: await screening(read, [...people.values()], going) };
}

function afterIn(cursor: string | null): { atRisk: number; id: string } | null {
  const [, atRisk, id] = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
  return atRisk === undefined || id === undefined ? null : { atRisk: Number(atRisk), id };
}

/** @throws NotFound */
export async function callOf({ storage, customers, screening }: CallDeps, id: string): Promise<RiskCall> {
  const { read } = storage;
  const call = await store.findCall(read, id);
  const customer = call && (await customers.findMany(read, [call.customer_id])).get(call.customer_id);
  if (!call || !customer || customer.erasedAt !== null) throw new NotFound();
  const against = await screening(read, [customer], new Map([[customer.id, call.id]]));
  const before = await store.callsOf(read, customer.id, CALLS_SHOWN);
  return { call, customer, against: against.get(customer.id), before: before.filter((each) => each.id !== id) };
}

/** Makes the call this colleague's for a while. @throws NotFound, Conflict where nobody may call them, or not now */
export async function claim(deps: CallDeps, accountId: string, id: string): Promise<Claimed> {
  const { storage, clock, accounts, invitations, screening } = deps;
  const { call, customer } = await callOf(deps, id);
  if (call.state === 'done') throw new Conflict('telephone.error.done');
  if (!mayRing(call, await accounts.company(), timestamp(clock))) throw new Conflict('telephone.error.notNow');
  const isMine = await storage.transaction(async (tx) => {
    await invitations.contacts.lock(tx);
    const against = (await screening(tx, [customer], new Map([[customer.id, id]]))).get(customer.id);
    if (against) throw new Conflict(`telephone.why.${against.why}`);
    return await store.claimCall(tx, id, { by: accountId, now: timestamp(clock), until: claimedUntil(deps) });
  });
  if (isMine) return { mine: true };
  const standing = await store.findCall(storage.read, id);
  if (!standing?.claimed_by) throw new Conflict('telephone.error.done');
  return { mine: false, by: standing.claimed_by };
}

/** Keeps what was typed. @throws Conflict where somebody else has the call by now */
export async function saveDraft(
  deps: CallDeps,
  accountId: string,
  id: string,
  body: Parameters<typeof draftOf>[0],
): Promise<void> {
  const change = { draft: draftOf(body), claimed_until: claimedUntil(deps) };
  if (!(await deps.storage.transaction((tx) => store.changeMine(tx, id, accountId, change))))
    throw new Conflict('telephone.error.lost');
}

const claimedUntil = ({ clock }: CallDeps): string => addMinutes(timestamp(clock), CLAIM_MINUTES);
