import { isLanguage } from '../../i18n/index.ts';
import type { Composed } from '../../mailer/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Tx } from '../../storage/index.ts';
import { findGiven } from '../offers/given-store.ts';
import type { Contacting } from './contacting.ts';
import * as cases from './case-store.ts';
import type { CallSheet } from './calls.ts';
import type { WinbackDeps } from './deps.ts';
import * as store from './letter-store.ts';
import type { LetterRow } from './letter-store.ts';
import { createWriting, OPT_OUT, withdrawn, type WinbackLetter } from './letter-writing.ts';
import { isFailure } from './rules.ts';
import type { Standings } from './standing.ts';

export const LETTER = 'winback.letter';
/** One reminder of the first letter, a week later. */
const REMINDER_DAYS = 7;
const MINUTES_A_DAY = 24 * 60;
const SLICE = 50;

export interface Letters {
  ofCase(caseId: string): Promise<LetterRow[]>;
  /** How it would read now. */
  preview(sheet: CallSheet, kind: 'ask' | 'offer', senderId: string, givenId: string | null): Promise<WinbackLetter>;
  /** @throws Conflict where it must not be written, or was already */
  write(actor: Actor, sheet: CallSheet, kind: 'ask' | 'offer', givenId: string | null): Promise<void>;
  /** Puts reminders that have come due into the outbox. @returns how many were looked at */
  remind(): Promise<number>;
  withdrawFor(tx: Tx, customerIds: string[]): Promise<void>;
  /** The case that a letter is about. */
  caseOf(db: Db, letterId: string): Promise<string | undefined>;
  /** Whose letter an opt-out link belongs to. */
  optOutOf(token: string): Promise<{ letter: LetterRow; language: string } | undefined>;
}

/** Winning back in writing: a first letter that asks, one reminder, and later one with an offer. */
export function createLetters(deps: WinbackDeps, standings: Standings, contacting: Contacting): Letters {
  const { storage, clock, texts, signer, accounts, customers, mailer, bounces } = deps;
  const { read } = storage;
  const now = () => timestamp(clock);
  const { written, mentionOf, compose } = createWriting(deps);

  async function follow(tx: Tx, id: string, state: LetterRow['state'], reason: string | null): Promise<void> {
    const [letter] = await store.findLetters(tx, [id]);
    if (!letter) return;
    const sentAt = state === 'sent' ? now() : letter.sent_at;
    await store.moveLetter(tx, id, ['queued', 'sending', 'unknown', 'failed', 'sent'], {
      state,
      sent_at: sentAt,
      reason: reason ?? '',
    });
    if (state === 'sent' || state === 'unknown') {
      await cases.markAttempted(tx, letter.case_id, now());
      await standings.refresh(tx, [letter.customer_id]);
      const event = {
        customerId: letter.customer_id,
        kind: `winback.letter.${letter.kind}`,
        subjectId: letter.case_id,
      };
      await customers.recordEvents(tx, [{ ...event, accountId: letter.sender_id }]);
    }
    if (state === 'sent' && letter.kind === 'ask') await planReminder(tx, letter);
    const own = await cases.findCase(tx, letter.case_id);
    // Nothing reached them, so nothing counts.
    if ((state === 'failed' || state === 'cancelled') && own?.attempted_at === null)
      await deps.invitations.contacts.release(tx, [letter.case_id]);
  }

  async function planReminder(tx: Tx, letter: LetterRow): Promise<void> {
    const due_at = addMinutes(now(), REMINDER_DAYS * MINUTES_A_DAY);
    const fresh = { id: newId(clock), kind: 'reminder' as const, state: 'planned' as const, due_at };
    await store.insertLetter(tx, { ...letter, ...fresh, created_at: now(), sent_at: null, reason: '' });
  }

  /** One reminder, looked at again when it is due. */
  async function remindOne(tx: Tx, letter: LetterRow): Promise<void> {
    const own = await cases.findCase(tx, letter.case_id);
    const calls = await cases.callsOf(tx, letter.customer_id, 1);
    const spoken = calls.some(({ at, outcome }) => at > letter.created_at && outcome !== 'not_reached');
    const complains = (await deps.cases.openOf(tx, [letter.customer_id], 'complaint')).size > 0;
    const heard = spoken || (await store.heardSince(tx, letter.case_id, letter.created_at));
    const reason = own?.state !== 'open' ? 'over' : heard ? 'answered' : complains ? 'complaint' : '';
    if (reason !== '') return void (await store.moveLetter(tx, letter.id, ['planned'], { state: 'cancelled', reason }));
    if (await store.moveLetter(tx, letter.id, ['planned'], { state: 'queued' }))
      await mailer.enqueue(tx, [{ kind: LETTER, subjectId: letter.id }]);
  }

  mailer.register(
    LETTER,
    async (mails) => {
      const letters = new Map(
        (
          await store.findLetters(
            read,
            mails.map(({ subjectId }) => subjectId),
          )
        ).map((row) => [row.id, row]),
      );
      const composed = new Map<string, Composed>();
      for (const { mailId, subjectId } of mails) {
        const letter = letters.get(subjectId);
        composed.set(mailId, letter ? await compose(letter) : { cancel: 'gone' });
      }
      return composed;
    },
    async (tx, changes) => {
      for (const { subjectId, state, error } of changes) await follow(tx, subjectId, state, error);
    },
  );
  bounces.knows(LETTER, async (db, subjectId) => {
    const [letter] = await store.findLetters(db, [subjectId]);
    const customer = letter && (await customers.find(letter.customer_id, db));
    return customer && { customerId: customer.id, address: customer.email };
  });

  const blank = (
    sheet: CallSheet,
    kind: 'ask' | 'offer',
    senderId: string | null,
    givenId: string | null,
  ): LetterRow => ({
    id: newId(clock),
    case_id: sheet.theCase.id,
    customer_id: sheet.customer.id,
    kind,
    state: 'queued',
    offer_given_id: givenId,
    language: isLanguage(sheet.customer.language) ? sheet.customer.language : 'en',
    apologises: 0,
    sender_id: senderId,
    due_at: now(),
    created_at: now(),
    sent_at: null,
    reason: '',
  });
  /** An apology stands only where something is recorded that we failed in. */
  const withTone = async (letter: LetterRow, customerId: string): Promise<LetterRow> => {
    const reason = (await standings.reasonsOf(read, [customerId])).get(customerId);
    return { ...letter, apologises: reason && isFailure(reason.key) ? 1 : 0 };
  };

  return {
    ofCase: (caseId) => store.lettersOf(read, caseId),
    async preview(sheet, kind, senderId, givenId) {
      const letter = await withTone(blank(sheet, kind, senderId, givenId), sheet.customer.id);
      const customer = (await customers.forMail(read, [sheet.customer.id])).get(sheet.customer.id);
      const mention = await mentionOf(letter, texts.in(letter.language));
      if (!customer || !mention) throw new Conflict('winback.error.noOffer');
      return await written(letter, customer, mention);
    },
    async write(actor, sheet, kind, givenId) {
      const { theCase, customer, own } = sheet;
      if (own.state !== 'open') throw new Conflict('winback.error.over');
      const person = (await customers.forMail(read, [customer.id])).get(customer.id);
      const why = withdrawn(person, own);
      if (why !== null) throw new Conflict(`winback.error.${why}`);
      if ((await bounces.suppressions.among(read, [customer.email])).size > 0)
        throw new Conflict('winback.error.suppressed');
      const letter = await withTone(blank(sheet, kind, accountOf(actor), givenId), customer.id);
      await contacting.obeying(customer.id, theCase, async (tx) => {
        if (kind === 'offer') await ownOffer(tx, theCase.id, givenId);
        if (!(await store.insertLetter(tx, letter))) throw new Conflict('winback.error.written');
        await contacting.count(tx, theCase.id, customer);
        await mailer.enqueue(tx, [{ kind: LETTER, subjectId: letter.id }]);
        await deps.cases.note(tx, actor, theCase.id, { kind: `winback.letter.${kind}` });
        await accounts.audit(tx, actor, `winback.letter.${kind}`, { kind: 'case', id: theCase.id });
      });
    },
    async remind() {
      return await storage.transaction(async (tx) => {
        const due = await store.plannedLetters(tx, now(), SLICE);
        for (const letter of due) await remindOne(tx, letter);
        return due.length;
      });
    },
    async withdrawFor(tx, customerIds) {
      const waiting = await store.waitingFor(tx, customerIds);
      await mailer.cancelQueued(
        tx,
        LETTER,
        waiting.map(({ id }) => id),
      );
      for (const { id } of waiting)
        await store.moveLetter(tx, id, ['planned', 'queued'], { state: 'cancelled', reason: 'unsubscribed' });
    },
    caseOf: async (db, letterId) => (await store.findLetters(db, [letterId]))[0]?.case_id ?? undefined,
    async optOutOf(token) {
      const id = signer.verify(OPT_OUT, token);
      const [letter] = id === undefined ? [] : await store.findLetters(read, [id]);
      return letter && { letter, language: letter.language };
    },
  };
}

/** @throws Conflict unless it is an offer of that case that can be used */
async function ownOffer(tx: Tx, caseId: string, givenId: string | null): Promise<void> {
  const given = givenId === null ? undefined : await findGiven(tx, givenId);
  if (given?.caseId !== caseId || given.state !== 'given') throw new Conflict('winback.error.noOffer');
}
