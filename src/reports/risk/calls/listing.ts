import type { Customer } from '../../../customers/index.ts';
import { accountOf, type Actor } from '../../../shared/actor.ts';
import { timestamp } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import type { Db } from '../../../storage/index.ts';
import type { RiskDeps } from '../deps.ts';
import { risksOf, type RiskRow } from '../risk-store.ts';
import { insertCalls, waitingAmong, type CallRow } from './call-store.ts';
import { RELEASED, type Screened } from './call.ts';
import type { Screening } from './screening.ts';

/** What speaks against calling somebody is asked in one place. */
export interface CallDeps extends RiskDeps {
  screening: Screening;
}

/** Who of these can be put on the list, and why the others are not. */
export async function screen(deps: CallDeps, db: Db, customerIds: string[]): Promise<Screened & Risks> {
  const found = await deps.customers.findMany(db, customerIds);
  const people = customerIds.flatMap((id) => found.get(id) ?? []);
  const risks = await risksOf(db, customerIds);
  const waiting = await waitingAmong(db, customerIds);
  const against = await deps.screening(db, people, new Map());
  const leftOut = people.flatMap((customer): Screened['leftOut'] => {
    if (waiting.has(customer.id)) return [{ customer, against: { why: 'waiting', until: null } }];
    const own = against.get(customer.id);
    if (own) return [{ customer, against: own }];
    return risks.has(customer.id) ? [] : [{ customer, against: { why: 'not_flagged', until: null } }];
  });
  const out = new Set(leftOut.map(({ customer }) => customer.id));
  return { able: people.filter(({ id }) => !out.has(id)), leftOut, risks };
}

interface Risks {
  risks: Map<string, RiskRow>;
}

interface Started {
  /** How many are on the list from now on. */
  added: number;
  leftOut: Screened['leftOut'];
}

/** Puts those who may be called on the list. */
export async function putOnList(deps: CallDeps, actor: Actor, customerIds: string[]): Promise<Started> {
  const { storage, clock, invitations, accounts, customers } = deps;
  return await storage.transaction(async (tx) => {
    await invitations.contacts.lock(tx);
    const { able, leftOut, risks } = await screen(deps, tx, customerIds);
    const asked = { by: accountOf(actor), at: timestamp(clock) };
    const rows = able.flatMap((customer) => {
      const risk = risks.get(customer.id);
      return risk ? [freshCall(newId(clock), customer, risk, asked)] : [];
    });
    await insertCalls(tx, rows);
    for (const { id } of able) await accounts.audit(tx, actor, 'risk.call.asked', { kind: 'customer', id });
    const event = { kind: 'risk.call.asked', accountId: asked.by, subjectId: null };
    await customers.recordEvents(
      tx,
      able.map(({ id }) => ({ customerId: id, ...event })),
    );
    return { added: able.length, leftOut };
  });
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
