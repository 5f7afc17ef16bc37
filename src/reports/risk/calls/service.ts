import type { Customer } from '../../../customers/index.ts';
import { accountOf, type Actor } from '../../../shared/actor.ts';
import { timestamp } from '../../../shared/clock.ts';
import { addMinutes } from '../../../shared/dates.ts';
import { Conflict, NotFound } from '../../../shared/errors.ts';
import { newId } from '../../../shared/ids.ts';
import { page, type Tx } from '../../../storage/index.ts';
import { canBeCalled, CLAIM_MINUTES, draftOf, mayRing } from '../../../telephone/index.ts';
import type { RiskDeps } from '../deps.ts';
import { risksOf, type RiskRow } from '../risk-store.ts';
import * as store from './call-store.ts';
import type { CallRow } from './call-store.ts';
import { RELEASED, type CallQueue, type RiskCall, type Screened } from './call.ts';
import { createFinishing } from './finishing.ts';
import { createScreening } from './screening.ts';
export type Claimed = { mine: true } | { mine: false; by: string; since: string };

const A_PAGE = 50;
const MOST_DUE = 20;
const CALLS_SHOWN = 10;

/** Calls to customers who may be about to leave: put on the list by hand, made by one colleague at a time. */
export function createRiskCalls(deps: RiskDeps) {
  const { storage, clock, accounts, customers, invitations } = deps;
  const { read } = storage;
  const screening = createScreening(deps);
  const now = () => timestamp(clock);
  const until = () => addMinutes(now(), CLAIM_MINUTES);

  /** Who of these can be put on the list, and why the others are not. */
  async function screen(
    db: typeof read | Tx,
    customerIds: string[],
  ): Promise<Screened & { risks: Map<string, RiskRow> }> {
    const found = await customers.findMany(db, customerIds);
    const people = customerIds.flatMap((id) => found.get(id) ?? []);
    const [risks, waiting] = [await risksOf(db, customerIds), await store.waitingAmong(db, customerIds)];
    const against = await screening(db, people, new Map());
    const leftOut = people.flatMap((customer): Screened['leftOut'] => {
      if (waiting.has(customer.id)) return [{ customer, against: { why: 'waiting', until: null } }];
      const own = against.get(customer.id);
      if (own) return [{ customer, against: own }];
      return risks.has(customer.id) ? [] : [{ customer, against: { why: 'not_flagged', until: null } }];
    });
    const out = new Set(leftOut.map(({ customer }) => customer.id));
    return { able: people.filter(({ id }) => !out.has(id)), leftOut, risks };
  }

  async function get(id: string): Promise<RiskCall> {
    const call = await store.findCall(read, id);
    const customer = call && (await customers.findMany(read, [call.customer_id])).get(call.customer_id);
    if (!call || !customer || customer.erasedAt !== null) throw new NotFound();
    const against = await screening(read, [customer], new Map([[customer.id, call.id]]));
    const before = await store.callsOf(read, customer.id, CALLS_SHOWN);
    return { call, customer, against: against.get(customer.id), before: before.filter((each) => each.id !== id) };
  }

  return {
    screen: async (customerIds: string[]): Promise<Screened> => await screen(read, customerIds),
    /** Puts those who may be called on the list. @returns how many, and why the others are not on it */
    async start(actor: Actor, customerIds: string[]): Promise<{ added: number; leftOut: Screened['leftOut'] }> {
      return await storage.transaction(async (tx) => {
        await invitations.contacts.lock(tx);
        const { able, leftOut, risks } = await screen(tx, customerIds);
        const asked = { by: accountOf(actor), at: now() };
        await store.insertCalls(
          tx,
          able.flatMap((customer) => {
            const risk = risks.get(customer.id);
            return risk ? [freshCall(newId(clock), customer, risk, asked)] : [];
          }),
        );
        for (const { id } of able) await accounts.audit(tx, actor, 'risk.call.asked', { kind: 'customer', id });
        const events = able.map(({ id }) => ({
          customerId: id,
          kind: 'risk.call.asked',
          accountId: asked.by,
          subjectId: null,
        }));
        await customers.recordEvents(tx, events);
        return { added: able.length, leftOut };
      });
    },
    /** Who can be called now, or later; the most money at risk first. The cursor is 'MINOR ID'. */
    async queue(view: 'now' | 'later', cursor: string | null): Promise<CallQueue> {
      const company = await accounts.company();
      const places = (await store.placesOf(read)).filter((place) => canBeCalled(place, company, now()));
      const parts = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(cursor ?? '');
      const after = parts ? { atRisk: Number(parts[1]), id: parts[2] ?? '' } : null;
      const rows = await store.listCalls(read, { now: now(), places, view, after, limit: A_PAGE + 1 });
      const due = view === 'now' && !after ? await store.dueAppointments(read, now(), MOST_DUE) : [];
      const list = page(rows, A_PAGE, (row) => `${row.worth_at_risk_minor} ${row.id}`);
      const all = [...due, ...list.rows];
      const people = await customers.findMany(
        read,
        all.map((row) => row.customer_id),
      );
      const going = new Map(all.map((row) => [row.customer_id, row.id]));
      return { ...list, due, people, against: await screening(read, [...people.values()], going) };
    },
    /** @throws NotFound */
    get,
    /** A customer's open call; undefined where nobody is to call them. */
    waiting: async (customerId: string) => (await store.waitingAmong(read, [customerId])).get(customerId),
    /** Makes the call this colleague's for a while. @throws Conflict where nobody may call them, or not now */
    async claim(accountId: string, id: string): Promise<Claimed> {
      const { call, customer } = await get(id);
      if (call.state === 'done') throw new Conflict('telephone.error.done');
      if (!mayRing(call, await accounts.company(), now())) throw new Conflict('telephone.error.notNow');
      const isMine = await storage.transaction(async (tx) => {
        await invitations.contacts.lock(tx);
        const against = (await screening(tx, [customer], new Map([[customer.id, id]]))).get(customer.id);
        if (against) throw new Conflict(`telephone.why.${against.why}`);
        return await store.claimCall(tx, id, { by: accountId, now: now(), until: until() });
      });
      if (isMine) return { mine: true };
      const standing = await store.findCall(read, id);
      if (!standing?.claimed_by || !standing.claimed_at) throw new Conflict('telephone.error.done');
      return { mine: false, by: standing.claimed_by, since: standing.claimed_at };
    },
    async release(accountId: string, id: string): Promise<void> {
      await storage.transaction((tx) => store.changeMine(tx, id, accountId, RELEASED));
    },
    /** Keeps what was typed. @throws Conflict where somebody else has the call by now */
    async saveDraft(accountId: string, id: string, body: Parameters<typeof draftOf>[0]): Promise<void> {
      const change = { draft: draftOf(body), claimed_until: until() };
      if (!(await storage.transaction((tx) => store.changeMine(tx, id, accountId, change))))
        throw new Conflict('telephone.error.lost');
    },
    /** The call is over. @throws Conflict where somebody else has it by now */
    finish: createFinishing(deps),
    /** Takes a call off the list unmade. @throws Conflict where somebody is calling, or has called */
    async withdraw(actor: Actor, id: string): Promise<void> {
      const { customer } = await get(id);
      await storage.transaction(async (tx) => {
        if ((await store.withdrawCalls(tx, { id }, now())) === 0) throw new Conflict('telephone.error.done');
        await accounts.audit(tx, actor, 'risk.call.withdrawn', { kind: 'customer', id: customer.id });
      });
    },
    /** For the customers' news: nobody calls whoever asked us to stop. */
    onUnsubscribed: async (tx: Tx, customerIds: string[]): Promise<void> => {
      await store.withdrawCalls(tx, { customerIds }, now());
    },
    forget: store.forgetWords,
  };
}

function freshCall(id: string, customer: Customer, risk: RiskRow, asked: { by: string | null; at: string }): CallRow {
  return {
    ...RELEASED,
    id,
    customer_id: customer.id,
    state: 'open',
    outcome: null,
    worth_minor: risk.worth_minor,
    worth_at_risk_minor: risk.worth_at_risk_minor,
    reasons: risk.reasons,
    time_zone: customer.timeZone,
    country: customer.country,
    not_before: '',
    appointment: 0,
    tries: 0,
    draft: '{}',
    said: '',
    case_id: null,
    asked_by: asked.by,
    created_at: asked.at,
    settled_at: null,
  };
}
