import { accountOf, colleague, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict, type FieldErrors } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Hooks, Tx } from '../../storage/index.ts';
import { readCallEnd, type CallEnd } from './call-form.ts';
import type { CallSheet } from './call-sheet.ts';
import * as store from './case-store.ts';
import type { Contacting } from './contacting.ts';
import type { WinbackDeps } from './deps.ts';
import { endsCase, wasReached, type CallOutcome } from './rules.ts';
import type { Standings } from './standing.ts';

export type Finished = { ok: true; outcome: CallOutcome; callId: string } | { ok: false; errors: FieldErrors };
/** Whoever called; `actor` where a program says so for them. */
export type FinishCall = (accountId: string, sheet: CallSheet, body: unknown, actor?: Actor) => Promise<Finished>;

/** Nobody has the call any more. */
export const RELEASED = { claimed_by: null, claimed_at: null, claimed_until: null };
/** Whoever wants to come back has so long to buy before we look again. */
const WON_MINUTES = 30 * 24 * 60;

interface EndingParts {
  standings: Standings;
  contacting: Contacting;
  ended: Hooks<store.CallRow>;
}

/** What came of a call: kept, and what follows from it. */
export function createCallEnding(
  deps: WinbackDeps,
  { standings, contacting: { count }, ended }: EndingParts,
): FinishCall {
  const { storage, clock, accounts, customers, cases, coding } = deps;
  const now = () => timestamp(clock);

  async function read(body: unknown, { customer, calls }: CallSheet) {
    const leaving = await standings.programme(storage.read);
    const book = leaving === undefined ? undefined : await coding.codebook(leaving);
    return readCallEnd(body, {
      customer,
      company: await accounts.company(),
      isReason: (key) => book === undefined || book.byKey.has(key),
      isReasonKnown: (await standings.reasonsOf(storage.read, [customer.id])).has(customer.id),
      tries: store.triesInARow(calls),
      now: now(),
    });
  }

  /** @throws Conflict where somebody else has the call by now */
  async function keep(
    tx: Tx,
    { theCase, own, customer }: CallSheet,
    end: CallEnd,
    call: { id: string; by: string },
  ): Promise<store.CallRow> {
    const { outcome, reason, said, promised, again } = end;
    const settled = endsCase(outcome) ? { state: 'lost' as const, settled_at: now() } : {};
    const won = outcome === 'won_back' ? { state: 'won' as const, won_on: now().slice(0, 10) } : {};
    const kept = {
      calls: own.calls + 1,
      call_at: again,
      draft: '{}',
      ...(reason === '' ? {} : { reason_key: reason }),
    };
    const isMine = await store.changeMine(tx, theCase.id, call.by, { ...RELEASED, ...kept, ...settled, ...won });
    if (!isMine) throw new Conflict('winback.error.lost');
    const row = { id: call.id, case_id: theCase.id, customer_id: customer.id, at: now(), account_id: call.by };
    const what = { outcome, reason_key: reason, said, promised, call_at: again, response_id: null };
    await store.insertCall(tx, { ...row, ...what });
    if (!wasReached(outcome)) return { ...row, ...what };
    await store.markAttempted(tx, theCase.id, now());
    await count(tx, theCase.id, customer);
    return { ...row, ...what };
  }

  /** What it means for the case, and for whether they hear from us. */
  async function follow(tx: Tx, actor: Actor, { theCase, customer }: CallSheet, end: CallEnd): Promise<void> {
    const { outcome, reason, promised, said, again } = end;
    if (outcome === 'won_back') return await cases.awaitCustomer(tx, theCase.id, addMinutes(now(), WON_MINUTES));
    if (!endsCase(outcome)) {
      if (again !== null) await cases.setNext(tx, theCase.id, { step: 'win_back', dueAt: again });
      return;
    }
    const known = (await standings.reasonsOf(tx, [customer.id])).get(customer.id)?.key;
    const rootCause = (await standings.topOf(tx, reason)) || known || 'unknown';
    const closing = { rootCause, action: promised || said || '–', outcome, noQuestion: 'winback' };
    await cases.close(tx, actor, theCase.id, closing);
    if (outcome === 'do_not_contact') await customers.unsubscribe(tx, customer.id, 'telephone', accountOf(actor));
  }

  async function tell(tx: Tx, actor: Actor, { theCase, customer }: CallSheet, { outcome, reason }: CallEnd) {
    const kind = `winback.${outcome}`;
    const event = { customerId: customer.id, kind, accountId: accountOf(actor), subjectId: theCase.id };
    await customers.recordEvents(tx, [event]);
    await accounts.audit(tx, actor, kind, { kind: 'case', id: theCase.id });
    await standings.refresh(tx, [customer.id]);
    if (reason !== '') await standings.reasonKept(tx, customer.id);
  }

  return async (accountId, sheet, body, actor = colleague(accountId)) => {
    const form = await read(body, sheet);
    if (!form.ok) return form;
    const { outcome, said } = form.value;
    const callId = newId(clock);
    await storage.transaction(async (tx) => {
      const call = await keep(tx, sheet, form.value, { id: callId, by: accountId });
      await cases.note(tx, actor, sheet.theCase.id, { kind: `winback.${outcome}`, words: said, fromCustomer: false });
      await follow(tx, actor, sheet, form.value);
      await tell(tx, actor, sheet, form.value);
      await ended.tell(tx, call);
    });
    return { ok: true, outcome, callId };
  };
}
