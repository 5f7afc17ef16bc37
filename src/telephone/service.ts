import type { Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import type { FieldErrors } from '../shared/errors.ts';
import type { WholeBody } from '../answering/index.ts';
import type { Customer } from '../customers/index.ts';
import { page, type Db, type Page, type Tx } from '../storage/index.ts';
import { createClaiming, type Claimed } from './claiming.ts';
import type { TelephoneDeps } from './deps.ts';
import { createFinishing, type Finished } from './finishing.ts';
import { createFlags } from './flags.ts';
import { createPreparing, type PreparedCalls } from './preparing.ts';
import { canBeCalled, type LeftOut } from './rules.ts';
import { sheetOf, type CallSheet } from './sheets.ts';
import * as store from './store.ts';

export type { Finished } from './finishing.ts';
export type { CallSheet } from './sheets.ts';
export type { CallRow } from './store.ts';

export interface CallList extends Page<store.CallRow> {
  /** Promised calls that are due. */
  appointments: store.CallRow[];
  people: Map<string, Customer>;
}

export interface Telephone {
  /** Puts a wave's recipients who have not answered on the call list. @throws Conflict where the wave sends nothing */
  prepare(actor: Actor, waveId: string): Promise<PreparedCalls>;
  /** Who can be called now, or later; the most valuable first. The cursor is 'WORTH ID'. */
  list(waveId: string, view: 'now' | 'later', cursor: string | null): Promise<CallList>;
  /** Makes the call this colleague's for a while. Otherwise says who has it and since when. */
  claim(accountId: string, invitationId: string): Promise<Claimed>;
  /** @throws NotFound */
  sheet(invitationId: string): Promise<CallSheet>;
  /** Keeps what was typed as it is. @throws Conflict where somebody else has the call by now */
  saveNotes(accountId: string, invitationId: string, body: WholeBody): Promise<void>;
  /** Gives the call back undone. */
  release(accountId: string, invitationId: string): Promise<void>;
  /** The call is over. @throws Conflict where somebody else has it by now */
  finish(accountId: string, sheet: CallSheet, body: WholeBody): Promise<Finished | { ok: false; errors: FieldErrors }>;
  /** After a refusal: no more calls, or nothing at all any more. */
  optOut(accountId: string, sheet: CallSheet, choice: 'calls' | 'everything'): Promise<void>;
  /** Said in a call of whatever kind: the number is not theirs, or they want no more calls. Nobody calls them then. */
  note(tx: Tx, accountId: string, customer: Customer, kind: 'wrong_number' | 'no_calls'): Promise<void>;
  /** What speaks against calling these, for whatever reason they would be called; null where nothing does. */
  againstCalling(db: Db, people: Customer[]): Promise<Map<string, LeftOut | null>>;
  /** What was noted in a call that keeps us from calling them; the latest. */
  noted(db: Db, customer: Customer): Promise<store.FlagRow | undefined>;
  /** For the news of responses: nobody needs to call whoever has answered. */
  onSubmitted(tx: Tx, submitted: { response: { invitationId: string } }): Promise<void>;
  /** For the customers' news: nobody calls whoever asked us to stop. */
  onUnsubscribed(tx: Tx, customerIds: string[]): Promise<void>;
}

const A_PAGE = 50;
const MOST_DUE = 20;

/** Calls: whom to call, one colleague at a time, and what they said. */
export function createTelephone(deps: TelephoneDeps): Telephone {
  const { storage, clock, customers, accounts } = deps;
  const now = () => timestamp(clock);
  const flags = createFlags(deps);

  return {
    prepare: createPreparing(deps),
    ...createClaiming(deps),
    ...createFinishing(deps, flags),
    note: flags.note,
    againstCalling: flags.againstCalling,
    noted: flags.noted,
    sheet: (invitationId) => sheetOf(deps, invitationId),
    async list(waveId, view, cursor) {
      const { read } = storage;
      const company = await accounts.company();
      const all = await store.placesOf(read, waveId);
      const places = all.filter((place) => canBeCalled(place, company, now()));
      const options = { now: now(), places, view, after: placeOf(cursor), limit: A_PAGE + 1 };
      const rows = await store.listCalls(read, waveId, options);
      const appointments =
        view === 'now' && cursor === null ? await store.dueAppointments(read, waveId, now(), MOST_DUE) : [];
      const list = page(rows, A_PAGE, (row) => `${row.worth_minor} ${row.invitation_id}`);
      const ids = [...appointments, ...list.rows].map((row) => row.customer_id);
      return { ...list, appointments, people: await customers.findMany(read, ids) };
    },
    onSubmitted: (tx, { response: { invitationId } }) =>
      store.closeCalls(tx, { invitationId }, { outcome: 'answered', now: now() }),
    async onUnsubscribed(tx, customerIds) {
      for (const customerId of customerIds)
        await store.closeCalls(tx, { customerId }, { outcome: 'withdrawn', now: now() });
    },
  };
}

function placeOf(cursor: string | null): store.Place | null {
  const parts = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(cursor ?? '');
  return parts ? { worth: Number(parts[1]), id: parts[2] ?? '' } : null;
}
