import { SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { addressKeyOf, type OnLetter, type ReceivedLetter } from '../../mailer/index.ts';
import type { Hooks, Tx } from '../../storage/index.ts';
import type { CheckedFile } from '../attachments/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { CaseMailDeps, CaseOfMail } from './deps.ts';
import * as store from './mail-store.ts';
import type { CaseMailRow } from './mail-store.ts';
import type { Next } from './next.ts';
import { placeOf, type Answered, type CaseKinds, type Place } from './placing.ts';
import { ANSWER_MAIL, CASE_MAIL } from './rules.ts';

interface Parts {
  next: Next;
  received: Hooks<CaseMailRow>;
}

interface Incoming extends CaseMailDeps, Parts {
  kinds: CaseKinds;
}

/** A letter with its files, as far as we keep them. */
interface Arrived {
  letter: ReceivedLetter;
  files: CheckedFile[];
  missing: object[];
}

/** What customers write to us, into the thread of their case. A letter by itself changes nothing else about anybody. */
export function createIncoming(mailDeps: CaseMailDeps, parts: Parts, kinds: Map<string, CaseOfMail>): OnLetter {
  const deps: Incoming = { ...mailDeps, ...parts, kinds };
  kinds.set(CASE_MAIL, async (db, subjectId) => (await store.findMail(db, subjectId))?.case_id ?? undefined);
  return (letter) => {
    const { files, refused } = deps.attachments.checkAll(letter.files);
    const arrived = { letter, files, missing: [...refused, ...letter.missing] };
    return (tx, answered) => take(deps, tx, arrived, answered);
  };
}

/** @returns whether it was for us */
async function take(deps: Incoming, tx: Tx, { letter, files, missing }: Arrived, answered: Answered[]) {
  const place = await placeOf(deps, deps.kinds, tx, letter, answered);
  // What machines write reaches the thread of the case that they answer, and nothing else.
  if (letter.automatic && !(place.certain && place.theCase)) return false;
  const row = await rowOf(deps, tx, letter, place, missing);
  if ((await store.hasCopy(tx, row)) || !(await store.insertMail(tx, row))) return true;
  await deps.attachments.keep(tx, { caseId: row.case_id, mailId: row.id, fromCustomer: true }, files);
  if (place.theCase) await tell(deps, tx, place.theCase, row);
  if (!letter.automatic) await deps.received.tell(tx, row);
  return true;
}

async function rowOf(
  { clock, signer, customers }: Incoming,
  tx: Tx,
  letter: ReceivedLetter,
  { theCase, customerId, answered }: Place,
  missing: object[],
): Promise<CaseMailRow> {
  const { from, words, quoted, subject, messageId, trust } = letter;
  const [known] = customerId === null ? [] : (await customers.forMail(tx, [customerId])).values();
  const theirs = known?.email || theCase?.contact.email || '';
  const waits = !letter.automatic && (!theCase || theCase.closedAt !== null);
  const key = (address: string) => addressKeyOf(signer, address);
  return {
    id: newId(clock),
    case_id: theCase?.id ?? null,
    customer_id: customerId,
    account_id: null,
    direction: 'in',
    state: waits ? 'to_sort' : 'received',
    error: '',
    at: timestamp(clock),
    automatic: Number(letter.automatic),
    trust,
    message_id: messageId,
    refs: '',
    other_address: Number(theirs !== '' && key(theirs) !== key(from.address)),
    name: from.name,
    address: from.address,
    address_key: key(from.address),
    language: theCase?.language ?? known?.language ?? '',
    subject,
    words,
    quoted,
    missing: JSON.stringify(missing),
    answered_at: null,
    answers_kind: answered?.kind ?? '',
    answers_id: answered?.subjectId ?? null,
    fingerprint: letter.fingerprint,
  };
}

/** On the thread, and for the customer's own letters on Today and on their timeline. */
async function tell(
  { cases, customers, next }: Incoming,
  tx: Tx,
  theCase: RecoveryCase,
  { state, automatic, subject }: CaseMailRow,
): Promise<void> {
  const { id, customerId, number, closedAt } = theCase;
  const kind = automatic === 1 ? 'mailAutomatic' : state === 'to_sort' ? 'mailAfterEnd' : 'mailReceived';
  await cases.note(tx, SYSTEM, id, { kind, detail: { subject }, fromCustomer: automatic === 0 });
  if (automatic === 1) return;
  // Noting it has changed the case.
  if (closedAt === null) await next.soon(tx, (await cases.find(tx, id)) ?? theCase, ANSWER_MAIL);
  if (customerId === null) return;
  await customers.recordEvents(tx, [{ customerId, kind: 'casemail.received', subjectId: id, detail: { number } }]);
}
