import { addressKeyOf, type ReceivedLetter } from '../../mailer/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { CaseMailDeps, CaseOfMail } from './deps.ts';
import { lastCaseOf } from './mail-store.ts';
import { caseIn } from './rules.ts';

/** A mail of ours that a letter answers. */
export interface Answered {
  kind: string;
  subjectId: string;
}

/** Where a letter belongs, as far as it says so. */
export interface Place {
  theCase: RecoveryCase | undefined;
  customerId: string | null;
  /** By a signed address or the mail that it answers; else by who seems to have written it. */
  certain: boolean;
  answered: Answered | undefined;
}

/** Which case each kind of mail is about. */
export type CaseKinds = ReadonlyMap<string, CaseOfMail>;

type Deps = Pick<CaseMailDeps, 'signer' | 'customers' | 'cases'>;

/** Two mergers lie behind one case at most. */
const MOST_MERGED = 5;

/** The case whose address it went to, else that of the mail it answers, else the one of whoever seems to have written. */
export async function placeOf(
  deps: Deps,
  kinds: CaseKinds,
  tx: Tx,
  letter: ReceivedLetter,
  answered: Answered[],
): Promise<Place> {
  const signed = await caseOf(deps, tx, caseIn(deps.signer, letter.to));
  if (signed) return { theCase: signed, customerId: signed.customerId, certain: true, answered: answered[0] };
  for (const mail of answered) {
    const theCase = await caseOf(deps, tx, await kinds.get(mail.kind)?.(tx, mail.subjectId));
    if (theCase) return { theCase, customerId: theCase.customerId, certain: true, answered: mail };
  }
  return { ...(await bySender(deps, tx, letter.from.address)), certain: false, answered: answered[0] };
}

/** Of a duplicate, the case that it was put into. */
async function caseOf({ cases }: Deps, tx: Tx, id: string | undefined): Promise<RecoveryCase | undefined> {
  let found = id === undefined ? undefined : await cases.find(tx, id);
  for (let i = 0; i < MOST_MERGED && found?.mergedIntoId; i++) found = await cases.find(tx, found.mergedIntoId);
  return found;
}

/** Whoever writes in a customer's name reaches that customer's open case; their page says from where it came. */
async function bySender(deps: Deps, tx: Tx, address: string): Promise<Pick<Place, 'theCase' | 'customerId'>> {
  if (address === '') return { theCase: undefined, customerId: null };
  const ids = await deps.customers.idsWithEmail(tx, address);
  const open = [...(await deps.cases.openOf(tx, ids)).values()].flat();
  const newest = open.toSorted((a, b) => (a.openedAt < b.openedAt ? 1 : -1))[0];
  if (newest) return { theCase: newest, customerId: newest.customerId };
  const lastId = ids.length > 0 ? undefined : await lastCaseOf(tx, addressKeyOf(deps.signer, address));
  const last = await caseOf(deps, tx, lastId);
  const theCase = last && last.closedAt === null ? last : undefined;
  return { theCase, customerId: theCase?.customerId ?? ids[0] ?? null };
}
