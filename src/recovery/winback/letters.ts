import { isLanguage } from '../../i18n/index.ts';
import type { Composed } from '../../mailer/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { NoteLetter } from '../notes/note-mail.ts';
import { findGiven } from '../offers/given-store.ts';
import type { Contacting } from './contacting.ts';
import type { CallSheet } from './call-sheet.ts';
import type { WinbackDeps } from './deps.ts';
import { createLetterFate } from './letter-fate.ts';
import * as store from './letter-store.ts';
import type { LetterRow } from './letter-store.ts';
import { createReminders } from './letter-reminders.ts';
import { createWriting, LETTER, OPT_OUT, withdrawn } from './letter-writing.ts';
import { isFailure } from './rules.ts';
import type { Standings } from './standing.ts';

export interface Letters {
  ofCase(caseId: string): Promise<LetterRow[]>;
  /** How it would read now. */
  preview(sheet: CallSheet, kind: 'ask' | 'offer', senderId: string, givenId: string | null): Promise<NoteLetter>;
  /** Signed by whoever does it, or by the colleague of that id. @throws Conflict where it must not be written, or was already */
  write(
    actor: Actor,
    sheet: CallSheet,
    kind: 'ask' | 'offer',
    givenId: string | null,
    senderId?: string,
  ): Promise<void>;
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

  const follow = createLetterFate(deps, standings);
  mailer.register(
    LETTER,
    async (mails) => {
      const ids = mails.map(({ subjectId }) => subjectId);
      const letters = new Map((await store.findLetters(read, ids)).map((row) => [row.id, row]));
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

  async function drafted(sheet: CallSheet, kind: 'ask' | 'offer', senderId: string | null, givenId: string | null) {
    const letter = blank(sheet, { kind, sender_id: senderId, offer_given_id: givenId }, now(), newId(clock));
    const reason = (await standings.reasonsOf(read, [sheet.customer.id])).get(sheet.customer.id);
    // An apology stands only where something is recorded that we failed in.
    return { ...letter, apologises: reason && isFailure(reason.key) ? (1 as const) : (0 as const) };
  }

  return {
    ofCase: (caseId) => store.lettersOf(read, caseId),
    async preview(sheet, kind, senderId, givenId) {
      const letter = await drafted(sheet, kind, senderId, givenId);
      const customer = (await customers.forMail(read, [sheet.customer.id])).get(sheet.customer.id);
      const mention = await mentionOf(letter, texts.to(letter.language));
      if (!customer || !mention) throw new Conflict('winback.error.noOffer');
      return await written(letter, customer, mention);
    },
    async write(actor, sheet, kind, givenId, senderId) {
      const { theCase, customer, own } = sheet;
      if (own.state !== 'open') throw new Conflict('winback.error.over');
      const person = (await customers.forMail(read, [customer.id])).get(customer.id);
      const why = withdrawn(person, own);
      if (why !== null) throw new Conflict(`winback.error.${why}`);
      if ((await bounces.suppressions.among(read, [customer.email])).size > 0)
        throw new Conflict('winback.error.suppressed');
      const letter = await drafted(sheet, kind, senderId ?? accountOf(actor), givenId);
      await contacting.obeying(customer.id, theCase, async (tx) => {
        if (kind === 'offer') await ownOffer(tx, theCase.id, givenId);
        if (!(await store.insertLetter(tx, letter))) throw new Conflict('winback.error.written');
        await contacting.count(tx, theCase.id, customer);
        await mailer.enqueue(tx, [{ kind: LETTER, subjectId: letter.id }]);
        await deps.cases.note(tx, actor, theCase.id, { kind: `winback.letter.${kind}` });
        await accounts.audit(tx, actor, `winback.letter.${kind}`, { kind: 'case', id: theCase.id });
      });
    },
    remind: createReminders(deps),
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

const blank = (
  { theCase, customer }: CallSheet,
  what: Pick<LetterRow, 'kind' | 'sender_id' | 'offer_given_id'>,
  at: string,
  id: string,
): LetterRow => ({
  id,
  case_id: theCase.id,
  customer_id: customer.id,
  ...what,
  state: 'queued',
  language: isLanguage(customer.language) ? customer.language : 'en',
  apologises: 0,
  due_at: at,
  created_at: at,
  sent_at: null,
  reason: '',
});

/** @throws Conflict unless it is an offer of that case that can be used */
async function ownOffer(tx: Tx, caseId: string, givenId: string | null): Promise<void> {
  const given = givenId === null ? undefined : await findGiven(tx, givenId);
  if (given?.caseId !== caseId || given.state !== 'given') throw new Conflict('winback.error.noOffer');
}
