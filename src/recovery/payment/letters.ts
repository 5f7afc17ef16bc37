import { printedCode } from '../../post/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { NotFound, type Result } from '../../shared/errors.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { PaymentDeps } from './deps.ts';
import { confirmInvitation, dropInvitation, invite, markPrinted, prepareInvitation, sayAgreed } from './inviting.ts';
import { wordsOf, type LetterWords } from './letter-words.ts';
import { casesWithLetters, findLetters, type LetterRow } from './payment-store.ts';

export interface Letters {
  find(db: Db, caseId: string): Promise<LetterRow | undefined>;
  /** As they would go now. */
  wordsOf(letter: LetterRow, company: string): LetterWords & { language: string };
  /** What the postman brings: the same words, for a letter to print. @throws NotFound */
  forPrint(caseId: string): Promise<{ letter: LetterRow; theCase: RecoveryCase } & LetterWords>;
  /** What is typed where no picture can be scanned; the same at every printing. */
  codeOf(caseId: string): string;
  /** The case whose letter has that code; undefined for any other code. Changes nothing. */
  byCode(code: string): Promise<string | undefined>;
  /** Sends it by mail where there is an address that takes one. @returns whether it was still to be sent */
  invite(tx: Tx, actor: Actor, caseId: string): Promise<boolean>;
  /**
   * A colleague has looked at it: these words go out. Rejected where they sound like a reminder.
   * @throws NotFound, Conflict where somebody was faster, or there is no address
   */
  confirm(actor: Actor, caseId: string, revision: number, words: LetterWords): Promise<Result<void>>;
  /** It went by post. @throws Conflict where somebody was faster */
  markPrinted(actor: Actor, caseId: string, revision: number): Promise<void>;
  /** No invitation is needed. @returns whether one was still waiting for a colleague */
  drop(tx: Tx, actor: Actor, caseId: string): Promise<boolean>;
  /** Says to the customer that their plan is agreed. */
  sayAgreed(tx: Tx, theCase: RecoveryCase): Promise<void>;
  /** For `cases.onOpened`. */
  onOpened(tx: Tx, theCase: RecoveryCase): Promise<void>;
}

/** So many of the newest letters are looked through for a code, some microseconds each. */
const MOST_LETTERS = 5000;

/** What a customer in arrears is written: an invitation to talk, and that a plan is agreed. */
export function createLetters(deps: PaymentDeps): Letters {
  const { storage, texts, accounts, cases } = deps;
  const codeOf = (caseId: string) => printedCode(deps.signer, 'payment letter code', caseId);
  return {
    find: async (db, caseId) => (await findLetters(db, [caseId])).get(caseId),
    wordsOf: (letter, company) => wordsOf(texts, letter, company),
    async forPrint(caseId) {
      const letter = (await findLetters(storage.read, [caseId])).get(caseId);
      if (!letter) throw new NotFound();
      const { name } = await accounts.company();
      return { letter, theCase: await cases.get(caseId), ...wordsOf(texts, letter, name) };
    },
    codeOf,
    async byCode(code) {
      return (await casesWithLetters(storage.read, MOST_LETTERS)).find((caseId) => codeOf(caseId) === code);
    },
    invite: (tx, actor, caseId) => invite(deps, tx, actor, caseId),
    confirm: (...given) => confirmInvitation(deps, ...given),
    markPrinted: (...given) => markPrinted(deps, ...given),
    drop: (...given) => dropInvitation(deps, ...given),
    sayAgreed: (tx, theCase) => sayAgreed(deps, tx, theCase),
    onOpened: (tx, theCase) => prepareInvitation(deps, tx, theCase),
  };
}
