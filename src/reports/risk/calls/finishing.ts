import { z } from 'zod';
import { lines, type Customer } from '../../../customers/index.ts';
import { colleague, type Actor } from '../../../shared/actor.ts';
import { timestamp } from '../../../shared/clock.ts';
import { Conflict, type FieldErrors } from '../../../shared/errors.ts';
import type { Tx } from '../../../storage/index.ts';
import { afterCall, draftOf, readBack } from '../../../telephone/index.ts';
import { readForm } from '../../../web/index.ts';
import type { RiskDeps } from '../deps.ts';
import { queueCustomers } from '../risk-store.ts';
import * as store from './call-store.ts';
import { RELEASED, type RiskCall } from './call.ts';
import { asOnTelephone, CALL_OUTCOMES, wasReached, type CallOutcome } from './rules.ts';

type Finished =
  | { ok: true; outcome: CallOutcome; /** The complaint that was opened. */ caseId: string | null }
  | { ok: false; errors: FieldErrors };

const form = z.object({
  outcome: z.enum(CALL_OUTCOMES, { error: 'telephone.outcome.choose' }),
  said: lines(5000).default(''),
  'back-day': z.string().default(''),
  'back-time': z.string().default(''),
});

interface Over {
  outcome: CallOutcome;
  said: string;
  /** When they are to be called back; '' otherwise. */
  at: string;
}

/** Keeps how a call ended, and does what follows from it. */
export function createFinishing({ storage, clock, accounts, customers, telephone, recovery, invitations }: RiskDeps) {
  const now = () => timestamp(clock);

  async function read(
    body: unknown,
    customer: Customer,
  ): Promise<{ ok: true; value: Over } | { ok: false; errors: FieldErrors }> {
    const given = readForm(form, body);
    if (!given.ok) return given;
    const { outcome, said } = given.value;
    if (outcome === 'trouble' && said === '') return { ok: false, errors: { said: { key: 'risk.call.error.words' } } };
    if (outcome !== 'call_back') return { ok: true, value: { outcome, said, at: '' } };
    const back = readBack(given.value, { customer, business: await accounts.company(), now: now() });
    return back.ok ? { ok: true, value: { outcome, said, at: back.at } } : back;
  }

  /** Something is wrong: from here on it is a complaint, with an owner and a day. */
  async function complain(tx: Tx, actor: Actor, { call, customer }: RiskCall, said: string): Promise<string> {
    const about = { customerId: customer.id, words: said, language: customer.language };
    const cause = { kind: 'complaint' as const, origin: 'list' as const, originId: call.id };
    const { caseId } = await recovery.cases.open(tx, actor, { ...cause, ...about });
    await store.setCase(tx, call.id, caseId);
    return caseId;
  }

  async function follow(tx: Tx, accountId: string, found: RiskCall, { outcome, said }: Over): Promise<string | null> {
    const { call, customer } = found;
    if (wasReached(outcome)) await invitations.contacts.record(tx, 'at_risk', [{ id: call.id, customer }], now());
    if (outcome === 'wrong_number') await telephone.note(tx, accountId, customer, 'wrong_number');
    if (outcome === 'no_calls' || outcome === 'nothing') await telephone.note(tx, accountId, customer, 'no_calls');
    if (outcome === 'nothing') await customers.unsubscribe(tx, customer.id, 'telephone', accountId);
    return outcome === 'trouble' ? await complain(tx, colleague(accountId), found, said) : null;
  }

  return async (accountId: string, found: RiskCall, body: Record<string, string | string[]>): Promise<Finished> => {
    const { call, customer } = found;
    const given = await read(body, customer);
    if (!given.ok) return given;
    const { outcome, said, at } = given.value;
    const after = afterCall(asOnTelephone(outcome), { now: now(), tries: call.tries, at });
    // Whoever calls next finds what was typed; whoever made the last call is remembered with what was said.
    const kept =
      after.state === 'done'
        ? { draft: '{}', said, settled_at: now(), claimed_until: null }
        : { draft: draftOf(body), ...RELEASED };
    const caseId = await storage.transaction(async (tx) => {
      if (!(await store.changeMine(tx, call.id, accountId, { ...after, ...kept, outcome })))
        throw new Conflict('telephone.error.lost');
      const opened = await follow(tx, accountId, found, given.value);
      const event = { customerId: customer.id, kind: `risk.call.${outcome}`, accountId, subjectId: opened };
      await customers.recordEvents(tx, [event]);
      await accounts.audit(tx, colleague(accountId), `risk.call.${outcome}`, { kind: 'customer', id: customer.id });
      await queueCustomers(tx, [customer.id]);
      return opened;
    });
    return { ok: true, outcome, caseId };
  };
}
