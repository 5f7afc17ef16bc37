import { SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { addressKeyOf, type OnLetter, type ReceivedLetter } from '../../mailer/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { CheckedFile } from '../attachments/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { CaseMailDeps, CaseOfMail } from './deps.ts';
import * as store from './mail-store.ts';
import type { CaseMailRow } from './mail-store.ts';
import type { Next } from './next.ts';
import { ANSWER_MAIL, CASE_MAIL, caseIn } from './rules.ts';

type Answered = { kind: string; subjectId: string };

/** Where a letter belongs, as far as it says so. */
interface Place {
  theCase: RecoveryCase | undefined;
  customerId: string | null;
  /** By a signed address or the mail that it answers; else by who seems to have written it. */
  certain: boolean;
  answered: Answered | undefined;
}

/** Two mergers lie behind one case at most. */
const MOST_MERGED = 5;

/** What customers write to us, into the thread of their case. A letter by itself changes nothing else about anybody. */
export function createIncoming(deps: CaseMailDeps, next: Next, kinds: Map<string, CaseOfMail>): OnLetter {
  const { clock, signer, customers, cases, attachments } = deps;

  async function find(tx: Tx, id: string | undefined): Promise<RecoveryCase | undefined> {
    let found = id === undefined ? undefined : await cases.find(tx, id);
    for (let i = 0; i < MOST_MERGED && found?.mergedIntoId; i++) found = await cases.find(tx, found.mergedIntoId);
    return found;
  }

  async function placeOf(tx: Tx, letter: ReceivedLetter, answered: Answered[]): Promise<Place> {
    const signed = await find(tx, caseIn(signer, letter.to));
    if (signed) return { theCase: signed, customerId: signed.customerId, certain: true, answered: answered[0] };
    for (const mail of answered) {
      const theCase = await find(tx, await kinds.get(mail.kind)?.(tx, mail.subjectId));
      if (theCase) return { theCase, customerId: theCase.customerId, certain: true, answered: mail };
    }
    return { ...(await bySender(tx, letter.from.address)), certain: false, answered: answered[0] };
  }

  /** Whoever writes in a customer's name reaches that customer's open case; their page says from where it came. */
  async function bySender(tx: Tx, address: string): Promise<Pick<Place, 'theCase' | 'customerId'>> {
    if (address === '') return { theCase: undefined, customerId: null };
    const ids = await customers.idsWithEmail(tx, address);
    const open = [...(await cases.openOf(tx, ids)).values()].flat();
    const newest = open.toSorted((a, b) => (a.openedAt < b.openedAt ? 1 : -1))[0];
    if (newest) return { theCase: newest, customerId: newest.customerId };
    const last = ids.length > 0 ? undefined : await find(tx, await store.lastCaseOf(tx, addressKeyOf(signer, address)));
    const theCase = last && last.closedAt === null ? last : undefined;
    return { theCase, customerId: theCase?.customerId ?? ids[0] ?? null };
  }

  async function rowOf(tx: Tx, letter: ReceivedLetter, place: Place, missing: object[]): Promise<CaseMailRow> {
    const { theCase, customerId, answered } = place;
    const { from, words, quoted, subject, messageId, trust } = letter;
    const [known] = customerId === null ? [] : (await customers.forMail(tx, [customerId])).values();
    const theirs = known?.email || theCase?.contact.email || '';
    const waits = !letter.automatic && (!theCase || theCase.closedAt !== null);
    const key = (address: string) => addressKeyOf(signer, address);
    return {
      ...{
        id: newId(clock),
        case_id: theCase?.id ?? null,
        direction: 'in',
        state: waits ? 'to_sort' : 'received',
        error: '',
      },
      ...{ at: timestamp(clock), automatic: Number(letter.automatic), trust, message_id: messageId, refs: '' },
      other_address: Number(theirs !== '' && key(theirs) !== key(from.address)),
      ...{ name: from.name, address: from.address, address_key: key(from.address) },
      language: theCase?.language ?? known?.language ?? '',
      ...{ subject, words, quoted, missing: JSON.stringify(missing), answered_at: null, customer_id: customerId },
      ...{ answers_kind: answered?.kind ?? '', answers_id: answered?.subjectId ?? null },
      ...{ fingerprint: letter.fingerprint, account_id: null },
    };
  }

  async function take(tx: Tx, letter: ReceivedLetter, files: CheckedFile[], missing: object[], answered: Answered[]) {
    const place = await placeOf(tx, letter, answered);
    // What machines write reaches the thread of the case that they answer, and nothing else.
    if (letter.automatic && !(place.certain && place.theCase)) return false;
    const row = await rowOf(tx, letter, place, missing);
    if ((await store.hasCopy(tx, row)) || !(await store.insertMail(tx, row))) return true;
    await attachments.keep(tx, { caseId: row.case_id, mailId: row.id, fromCustomer: true }, files);
    if (place.theCase) await tell(tx, place.theCase, row);
    return true;
  }

  async function tell(tx: Tx, theCase: RecoveryCase, { state, automatic, subject }: CaseMailRow): Promise<void> {
    const { id, customerId, number } = theCase;
    const kind = automatic === 1 ? 'mailAutomatic' : state === 'to_sort' ? 'mailAfterEnd' : 'mailReceived';
    await cases.note(tx, SYSTEM, id, { kind, detail: { subject }, fromCustomer: automatic === 0 });
    if (automatic === 1) return;
    if (theCase.closedAt === null) await next.soon(tx, await again(tx, theCase), ANSWER_MAIL);
    if (customerId === null) return;
    await customers.recordEvents(tx, [{ customerId, kind: 'casemail.received', subjectId: id, detail: { number } }]);
  }

  const again = async (tx: Tx, theCase: RecoveryCase) => (await cases.find(tx, theCase.id)) ?? theCase;

  kinds.set(CASE_MAIL, async (db, subjectId) => (await store.findMail(db, subjectId))?.case_id ?? undefined);

  return (letter) => {
    const { files, refused } = attachments.checkAll(letter.files);
    return (tx, answered) => take(tx, letter, files, [...refused, ...letter.missing], answered);
  };
}
