import { z } from 'zod';
import { line, lines, type Customer } from '../../customers/index.ts';
import { accountOf, colleague, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes, isPlainDate } from '../../shared/dates.ts';
import { Conflict, NotFound, type FieldErrors } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { daysLater, momentAt } from '../../shared/zones.ts';
import type { Db, Tx } from '../../storage/index.ts';
import { CLAIM_MINUTES, draftOf, mayRing, nextCall } from '../../telephone/index.ts';
import { readForm } from '../../web/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import * as store from './case-store.ts';
import type { Contacting } from './contacting.ts';
import type { WinbackDeps } from './deps.ts';
import {
  CALL_OUTCOMES,
  endsCase,
  MOST_TRIES,
  needsReason,
  RETRY_DAYS,
  THINKING_DAYS,
  wasReached,
  type CallOutcome,
} from './rules.ts';
import type { Standings } from './standing.ts';

/** One conversation as its sheet shows it. */
export interface CallSheet {
  theCase: RecoveryCase;
  own: store.CaseRow;
  customer: Customer;
  calls: store.CallRow[];
}

export type Claimed = { mine: true } | { mine: false; by: string; since: string };
export type Finished = { ok: true; outcome: CallOutcome; callId: string } | { ok: false; errors: FieldErrors };

export interface Calls {
  /** Opens a case for somebody who has left. @throws Conflict where they must not be contacted */
  openFor(actor: Actor, customerId: string, more?: { ownerId: string | null; summary: string }): Promise<string>;
  /** @throws NotFound unless it is a conversation to win somebody back who is still a customer of record */
  sheet(caseId: string): Promise<CallSheet>;
  /** @throws Conflict where nobody may call them, or not now */
  claim(accountId: string, caseId: string): Promise<Claimed>;
  release(accountId: string, caseId: string): Promise<void>;
  /** Keeps what was typed. @throws Conflict where somebody else has the call by now */
  saveDraft(accountId: string, caseId: string, body: Record<string, unknown>): Promise<void>;
  /** @throws Conflict where somebody else has the call by now */
  finish(accountId: string, sheet: CallSheet, body: unknown): Promise<Finished>;
}

const RELEASED = { claimed_by: null, claimed_at: null, claimed_until: null };
const CALLS_SHOWN = 20;

const finishForm = z.object({
  outcome: z.enum(CALL_OUTCOMES, { error: 'winback.outcome.choose' }),
  reason: line(64).default(''),
  said: lines(5000).default(''),
  promised: lines(2000).default(''),
  'back-day': z.string().default(''),
  'back-time': z.string().default(''),
});
type FinishForm = z.infer<typeof finishForm>;

/** Calls to those who have left: one colleague at a time, and what came of it. */
export function createCalls(deps: WinbackDeps, standings: Standings, contacting: Contacting): Calls {
  const { storage, clock, accounts, customers, cases, coding } = deps;
  const { obeying, count } = contacting;
  const now = () => timestamp(clock);

  async function sheet(caseId: string): Promise<CallSheet> {
    const theCase = await cases.get(caseId);
    const own = await store.findCase(storage.read, caseId);
    const customer = theCase.customerId === null ? undefined : await customers.find(theCase.customerId);
    if (theCase.kind !== 'win_back' || !own || !customer || customer.erasedAt !== null) throw new NotFound();
    return { theCase, own, customer, calls: await store.callsOf(storage.read, customer.id, CALLS_SHOWN) };
  }

  async function read(body: unknown, { customer }: CallSheet, known: boolean) {
    const form = readForm(finishForm, body);
    if (!form.ok) return form;
    const { outcome, reason } = form.value;
    const leaving = await standings.programme(storage.read);
    const book = leaving === undefined ? undefined : await coding.codebook(leaving);
    const key = outcome === 'moved' && reason === '' ? 'moved' : reason;
    if (key !== '' && book && !book.byKey.has(key)) return wrong('reason', 'winback.reason.choose');
    if (needsReason(outcome) && key === '' && !known) return wrong('reason', 'winback.reason.choose');
    const company = await accounts.company();
    const at = outcome === 'call_again' ? momentOf(form.value, company.timeZone) : '';
    if (outcome === 'call_again' && (at === undefined || at <= now())) return wrong('back-day', 'telephone.back.bad');
    const place = { timeZone: customer.timeZone, country: customer.country };
    const inDays = (days: number) => nextCall(place, company, daysLater(company.timeZone, now(), days));
    return { ok: true as const, value: { ...form.value, reason: key }, at: at ?? '', inDays };
  }

  /** When they are called again; null where nothing more is due. */
  const againAt = (sheet: CallSheet, outcome: CallOutcome, at: string, inDays: (days: number) => string | null) => {
    if (outcome === 'call_again') return at;
    if (outcome === 'thinking') return inDays(THINKING_DAYS);
    const tries = store.triesInARow(sheet.calls) + 1;
    return outcome === 'not_reached' && tries < MOST_TRIES ? inDays(RETRY_DAYS) : null;
  };

  /** What it means for the case, and for whether they hear from us. */
  async function follow(tx: Tx, actor: Actor, sheet: CallSheet, form: FinishForm, at: string | null): Promise<void> {
    const { theCase, customer } = sheet;
    const { outcome, reason, promised, said } = form;
    if (endsCase(outcome)) {
      const known = (await standings.reasonsOf(tx, [customer.id])).get(customer.id)?.key;
      const rootCause = (await standings.topOf(tx, reason)) || known || 'unknown';
      const closing = { rootCause, action: promised || said || '–', outcome, noQuestion: 'winback' };
      await cases.close(tx, actor, theCase.id, closing);
      if (outcome === 'do_not_contact') await customers.unsubscribe(tx, customer.id, 'telephone', accountOf(actor));
    } else if (outcome === 'won_back') {
      await cases.awaitCustomer(tx, theCase.id, addMinutes(now(), 30 * 24 * 60));
    } else if (at !== null) await cases.setNext(tx, theCase.id, { step: 'win_back', dueAt: at });
  }

  return {
    async openFor(actor, customerId, more = { ownerId: accountOf(actor), summary: '' }) {
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
        const about = { customerId, words: '', language: customer.language, ...more };
        return (await cases.open(tx, actor, { ...fresh, ...about })).caseId;
      });
    },
    sheet,
    async claim(accountId, caseId) {
      const found = await sheet(caseId);
      const { customer, own, theCase } = found;
      if (own.state !== 'open' && own.state !== 'won') throw new Conflict('winback.error.over');
      const against = (await deps.telephone.againstCalling(storage.read, [customer])).get(customer.id);
      if (against) throw new Conflict(`telephone.why.${against}`);
      const ring = { time_zone: customer.timeZone, country: customer.country, not_before: own.call_at ?? '' };
      const promised = own.call_at === null ? 0 : 1;
      if (!mayRing({ ...ring, appointment: promised }, await accounts.company(), now()))
        throw new Conflict('telephone.error.notNow');
      const until = addMinutes(now(), CLAIM_MINUTES);
      const isMine = await obeying(customer.id, theCase, (tx) =>
        store.claim(tx, caseId, { by: accountId, now: now(), until }),
      );
      if (isMine) return { mine: true };
      const standing = await store.findCase(storage.read, caseId);
      if (!standing?.claimed_by || !standing.claimed_at) throw new Conflict('winback.error.over');
      return { mine: false, by: standing.claimed_by, since: standing.claimed_at };
    },
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
    async finish(accountId, found, body) {
      const { theCase, customer, own } = found;
      const known = (await standings.reasonsOf(storage.read, [customer.id])).has(customer.id);
      const form = await read(body, found, known);
      if (!form.ok) return form;
      const { outcome, reason, said, promised } = form.value;
      const [callId, actor, at] = [newId(clock), colleague(accountId), againAt(found, outcome, form.at, form.inDays)];
      await storage.transaction(async (tx) => {
        const settled = endsCase(outcome) ? { state: 'lost' as const, settled_at: now() } : {};
        const won = outcome === 'won_back' ? { state: 'won' as const, won_on: now().slice(0, 10) } : {};
        const kept = {
          calls: own.calls + 1,
          call_at: at,
          draft: '{}',
          ...(reason === '' ? {} : { reason_key: reason }),
        };
        const isMine = await store.changeMine(tx, theCase.id, accountId, { ...RELEASED, ...kept, ...settled, ...won });
        if (!isMine) throw new Conflict('winback.error.lost');
        const call = { id: callId, case_id: theCase.id, customer_id: customer.id, at: now(), account_id: accountId };
        const what = { outcome, reason_key: reason, said, promised, call_at: at, response_id: null };
        await store.insertCall(tx, { ...call, ...what });
        if (wasReached(outcome)) {
          await store.markAttempted(tx, theCase.id, now());
          await count(tx, theCase.id, customer);
        }
        await cases.note(tx, actor, theCase.id, { kind: `winback.${outcome}`, words: said, fromCustomer: false });
        await follow(tx, actor, found, form.value, at);
        const event = { customerId: customer.id, kind: `winback.${outcome}`, accountId, subjectId: theCase.id };
        await customers.recordEvents(tx, [event]);
        await accounts.audit(tx, actor, `winback.${outcome}`, { kind: 'case', id: theCase.id });
        await standings.refresh(tx, [customer.id]);
        if (reason !== '') await standings.reasonKept(tx, customer.id);
      });
      return { ok: true, outcome, callId };
    },
  };
}

const wrong = (field: string, key: string) => ({ ok: false as const, errors: { [field]: { key } } });

function momentOf(form: FinishForm, timeZone: string): string | undefined {
  const [day, time] = [form['back-day'], form['back-time']];
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!isPlainDate(day) || !parts) return undefined;
  return momentAt(timeZone, { day, minutes: Number(parts[1]) * 60 + Number(parts[2]) });
}
