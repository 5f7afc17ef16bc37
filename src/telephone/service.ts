import { colleague, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict, NotFound, type FieldErrors } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { WholeBody } from '../answering/index.ts';
import type { Customer } from '../customers/index.ts';
import type { OpenInvitation, Wave } from '../invitations/index.ts';
import type { Definition } from '../questionnaires/index.ts';
import type { Entered } from '../responses/index.ts';
import { page, type Db, type Page, type Tx } from '../storage/index.ts';
import { draftOf, readCall, type CallForm } from './call-form.ts';
import type { TelephoneDeps } from './deps.ts';
import { createPreparing, numberKey, sendingWave, type PreparedCalls } from './preparing.ts';
import { afterCall, againstCall, canBeCalled, CLAIM_MINUTES, mayRing, type LeftOut, type Outcome } from './rules.ts';
import * as store from './store.ts';

export type { CallRow } from './store.ts';

export interface CallList extends Page<store.CallRow> {
  /** Promised calls that are due. */
  appointments: store.CallRow[];
  people: Map<string, Customer>;
}

export interface CallSheet {
  call: store.CallRow;
  wave: Wave;
  invitation: OpenInvitation;
  customer: Customer;
  definition: Definition;
  language: string;
}

export interface Telephone {
  /** Puts a wave's recipients who have not answered on the call list. @throws Conflict where the wave sends nothing */
  prepare(actor: Actor, waveId: string): Promise<PreparedCalls>;
  /** Who can be called now, or later; the most valuable first. The cursor is 'WORTH ID'. */
  list(waveId: string, view: 'now' | 'later', cursor: string | null): Promise<CallList>;
  /** Makes the call this colleague's for a while. Otherwise says who has it and since when. */
  claim(accountId: string, invitationId: string): Promise<{ mine: true } | { mine: false; by: string; since: string }>;
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
  /** For the news of responses: nobody needs to call whoever has answered. */
  onSubmitted(tx: Tx, submitted: { response: { invitationId: string } }): Promise<void>;
  /** For the customers' news: nobody calls whoever asked us to stop. */
  onUnsubscribed(tx: Tx, customerIds: string[]): Promise<void>;
}

export interface Finished {
  ok: true;
  outcome: Outcome;
  entered: Entered | null;
}

/** A call that is over, and for whom it was made. */
interface Over {
  form: CallForm;
  company: string;
  body: WholeBody;
}

const A_PAGE = 50;
const MOST_DUE = 20;

/** Calls: whom to call, one colleague at a time, and what they said. */
export function createTelephone(deps: TelephoneDeps): Telephone {
  const { storage, clock, invitations, customers, accounts } = deps;
  const now = () => timestamp(clock);
  const until = () => addMinutes(now(), CLAIM_MINUTES);

  async function flag(tx: Tx, accountId: string, customer: Customer, kind: store.FlagRow['kind']) {
    const flagged = { flagged_by: accountId, flagged_at: now() };
    const number_key = numberKey(deps, customer.telephone);
    await store.insertFlag(tx, { id: newId(clock), customer_id: customer.id, kind, number_key, ...flagged });
  }

  async function note(tx: Tx, accountId: string, customer: Customer, kind: store.FlagRow['kind']) {
    await flag(tx, accountId, customer, kind);
    if (kind === 'wrong_number') return;
    await store.closeCalls(tx, { customerId: customer.id }, { outcome: 'withdrawn', now: now() });
  }

  async function keepAnswers(tx: Tx, accountId: string, sheet: CallSheet, { form, company }: Over): Promise<Entered> {
    const { invitation, definition, language } = sheet;
    const at = now();
    const answers = [...form.answers].map(([key, value]) => ({ key, value, answeredAt: at }));
    const whole = { answers, startedAt: sheet.call.claimed_at ?? at, submittedAt: at, contactWish: form.wish, company };
    const asked = { invitation, definition, mode: 'telephone' as const, language };
    return await deps.responses.enter(tx, asked, whole, { by: accountId, at, receivedOn: null });
  }

  /** Whoever was spoken to was reached; a number that is not theirs, or rings on, reached nobody. */
  async function settle(tx: Tx, accountId: string, sheet: CallSheet, over: Over): Promise<Entered | null> {
    const { call, invitation, wave, language, customer } = sheet;
    const { form, body } = over;
    const { outcome } = form;
    const after = { ...afterCall(outcome, { now: now(), tries: call.tries, at: form.at }), ...RELEASED };
    // Whoever calls next finds what was typed; once the call is done it stands in the answers.
    const kept = after.state === 'done' ? { draft: '{}', settled_at: now() } : { draft: draftOf(body) };
    const isMine = await store.changeMine(tx, invitation.id, accountId, { ...after, ...kept });
    if (!isMine) throw new Conflict('telephone.error.lost');
    if (outcome === 'answered' || outcome === 'refused' || outcome === 'call_back')
      await invitations.reachedOtherwise(tx, wave, { id: invitation.id, from: invitation.delivery, language });
    const entered = outcome === 'answered' ? await keepAnswers(tx, accountId, sheet, over) : null;
    if (outcome === 'wrong_number') await flag(tx, accountId, customer, 'wrong_number');
    if (outcome === 'refused') await invitations.optOut(tx, invitation.id);
    await accounts.audit(tx, colleague(accountId), `telephone.${outcome}`, { kind: 'invitation', id: invitation.id });
    const event = { kind: `telephone.${outcome}`, accountId, subjectId: invitation.id, detail: { wave: wave.name } };
    await customers.recordEvents(tx, [{ customerId: customer.id, ...event }]);
    return entered;
  }

  async function stillCallable({ invitation, customer }: CallSheet): Promise<void> {
    const flags = (await store.flagsOf(storage.read, [customer.id])).get(customer.id) ?? [];
    const over = invitation.progress !== 'none' && invitation.progress !== 'started';
    if (over || invitation.revokedAt !== null || againstCall(customer, flags, numberKey(deps, customer.telephone)))
      throw new Conflict('telephone.error.done');
  }

  /** What has come up since the list was made. */
  async function obeyRules(tx: Tx, { wave, invitation: { id, customerId, delivery } }: CallSheet): Promise<void> {
    const against = await invitations.againstAsking(tx, wave, [{ id, customerId, delivery }]);
    const why = against.get(id)?.why;
    if (why) throw new Conflict(`telephone.error.${why}`);
  }

  return {
    prepare: createPreparing(deps),
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
    async claim(accountId, invitationId) {
      const sheet = await sheetOf(deps, invitationId);
      await sendingWave(deps, sheet.call.wave_id);
      if (!mayRing(sheet.call, await accounts.company(), now())) throw new Conflict('telephone.error.notNow');
      await stillCallable(sheet);
      const claim = { by: accountId, now: now(), until: until() };
      const isMine = await storage.transaction(async (tx) => {
        await obeyRules(tx, sheet);
        return await store.claimCall(tx, invitationId, claim);
      });
      if (isMine) return { mine: true };
      const { claimed_by: by, claimed_at: since, state } = await existing(deps, invitationId);
      if (state === 'done' || by === null || since === null) throw new Conflict('telephone.error.done');
      return { mine: false, by, since };
    },
    sheet: (invitationId) => sheetOf(deps, invitationId),
    async saveNotes(accountId, invitationId, body) {
      const change = { draft: draftOf(body), claimed_until: until() };
      const isMine = await storage.transaction((tx) => store.changeMine(tx, invitationId, accountId, change));
      if (!isMine) throw new Conflict('telephone.error.lost');
    },
    async release(accountId, invitationId) {
      await storage.transaction((tx) => store.changeMine(tx, invitationId, accountId, RELEASED));
    },
    async finish(accountId, sheet, body) {
      const business = await accounts.company();
      const form = readCall(sheet.definition, body, { customer: sheet.customer, business, now: now() });
      if (!form.ok) return form;
      const entered = await storage.transaction((tx) =>
        settle(tx, accountId, sheet, { form, company: business.name, body }),
      );
      return { ok: true, outcome: form.outcome, entered };
    },
    async optOut(accountId, { customer }, choice) {
      await storage.transaction(async (tx) => {
        await note(tx, accountId, customer, 'no_calls');
        if (choice === 'everything') await customers.unsubscribe(tx, customer.id, 'telephone', accountId);
        await accounts.audit(tx, colleague(accountId), `telephone.optOut.${choice}`, {
          kind: 'customer',
          id: customer.id,
        });
      });
    },
    note,
    async againstCalling(db, people) {
      const flags = await store.flagsOf(
        db,
        people.map(({ id }) => id),
      );
      return new Map(
        people.map((one) => [one.id, againstCall(one, flags.get(one.id) ?? [], numberKey(deps, one.telephone))]),
      );
    },
    onSubmitted: (tx, { response: { invitationId } }) =>
      store.closeCalls(tx, { invitationId }, { outcome: 'answered', now: now() }),
    async onUnsubscribed(tx, customerIds) {
      for (const customerId of customerIds)
        await store.closeCalls(tx, { customerId }, { outcome: 'withdrawn', now: now() });
    },
  };
}

const RELEASED = { claimed_by: null, claimed_at: null, claimed_until: null };

function placeOf(cursor: string | null): store.Place | null {
  const parts = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(cursor ?? '');
  return parts ? { worth: Number(parts[1]), id: parts[2] ?? '' } : null;
}

async function existing({ storage }: TelephoneDeps, invitationId: string): Promise<store.CallRow> {
  const call = await store.findCall(storage.read, invitationId);
  if (!call) throw new NotFound();
  return call;
}

async function sheetOf(deps: TelephoneDeps, invitationId: string): Promise<CallSheet> {
  const { invitations, questionnaires, customers, storage } = deps;
  const call = await existing(deps, invitationId);
  const invitation = await invitations.find(storage.read, invitationId);
  const version = invitation && (await questionnaires.version(invitation.versionId));
  const customer = (await customers.findMany(storage.read, [call.customer_id])).get(call.customer_id);
  if (!invitation || !version || !customer || customer.erasedAt !== null) throw new NotFound();
  const wave = await invitations.getWave(invitation.waveId);
  // Whoever was skipped has no language of the wording yet.
  const chosen =
    invitation.delivery === 'skipped'
      ? (await invitations.languagesFor(invitation.versionId))(customer.language)
      : undefined;
  const language = chosen ?? invitation.language;
  return { call, wave, invitation, customer, definition: version.definition, language };
}
