import type { Bounces } from '../../mailer/index.ts';
import { asUuid, type Signer } from '../../shared/tokens.ts';
import type { CaseMailRow } from './mail-store.ts';

/** The kind of our mails in the outbox. */
export const CASE_MAIL = 'case_mail';
/** What Today says while a letter of theirs waits for an answer. */
export const ANSWER_MAIL = 'answer_mail';
export const MAIL_RETURNED = 'mail_returned';
/** So soon somebody answers, in working time. */
export const ANSWER_MINUTES = 4 * 60;

const PURPOSE = 'case reply';
const TAG = /\+c\.([a-z2-7]{42})@/;

/** What stands before the @ in the address that answers to a case go to: it names the case, and only we can have written it. */
function replyTag(signer: Signer, caseId: string): string {
  return `c.${signer.signCaseless(PURPOSE, Buffer.from(caseId.replaceAll('-', ''), 'hex'))}`;
}

/** The case that one of these addresses names, where it is one of ours. */
export function caseIn(signer: Signer, addresses: string[]): string | undefined {
  for (const address of addresses) {
    const token = TAG.exec(address.toLowerCase())?.[1];
    const id = token === undefined ? undefined : signer.verifyCaseless(PURPOSE, token);
    if (id?.length === 16) return asUuid(id.toString('hex'));
  }
  return undefined;
}

/** Where an answer to a mail about that case is to go, so that it finds it; undefined where answers do not reach us. */
export function answersTo(
  { bounces, signer }: { bounces: Pick<Bounces, 'addressWith'>; signer: Signer },
  caseId: string,
) {
  return bounces.addressWith(replyTag(signer, caseId));
}

const ANSWER = /^(?:(?:re|aw|antw|sv|vs)\s?(?:\[\d+\])?:\s*)+/i;

/** With one "Re:", however often it has gone to and fro. */
export const answerSubject = (subject: string): string => `Re: ${subject.replace(ANSWER, '')}`;

const MOST_REFERENCES = 10;

/** Message-IDs of a thread, the oldest first, as the next letter names them. */
export function referencesOf(messageIds: string[]): string[] {
  const known = [...new Set(messageIds.filter((id) => /^[\x21-\x7e]{3,300}$/.test(id) && !/[<>"\s]/.test(id)))];
  return known.slice(-MOST_REFERENCES);
}

/** Whether a letter of theirs has had no answer yet; machines want none. */
export function waitsForAnswer(
  mails: Pick<CaseMailRow, 'direction' | 'automatic' | 'state' | 'answered_at'>[],
): boolean {
  return mails.some(
    ({ direction, automatic, state, answered_at }) =>
      direction === 'in' && automatic === 0 && state === 'received' && answered_at === null,
  );
}

/** Words in paragraphs of lines. */
export const paragraphsOf = (text: string): string[][] =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.split('\n').map((line) => line.trimEnd()));
