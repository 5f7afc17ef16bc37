import { addMinutes } from '../../shared/dates.ts';
import { idAt } from '../../shared/ids.ts';
import type { Db } from '../../storage/index.ts';
import type { CaseContact, CaseKind } from './interface.ts';

const KIND = 'exception';
/** What was made urgent has jumped the queue. */
const SHORTCUTS = [KIND, 'urgent'];
/** Ids are made with the moments beside them, by one clock; a day is far more than that can be set back. */
const SLACK_MINUTES = 24 * 60;

/** What was waived in a case: by which colleague, and why. */
export interface ExceptionRow {
  id: string;
  caseId: string;
  number: number;
  caseKind: CaseKind;
  /** It was put before the others; nothing else was waived. */
  urgent: boolean;
  customerId: string | null;
  contact: CaseContact;
  at: string;
  /** Null where nobody said who. */
  accountId: string | null;
  waived: string;
  why: string;
}

/** Moments: from the first, before the other. */
export interface Within {
  from?: string | undefined;
  to?: string | undefined;
}

export async function exceptionsOf(db: Db, caseId: string): Promise<ExceptionRow[]> {
  const rows = await exceptions(db, [KIND]).where('event.case_id', '=', caseId).orderBy('event.id').execute();
  return rows.map(asException);
}

export async function listExceptions(
  db: Db,
  { from, to }: Within,
  before: string | null,
  limit: number,
): Promise<ExceptionRow[]> {
  let query = exceptions(db, [KIND]).orderBy('event.id', 'desc').limit(limit);
  // By the ids, too: there is no index of what kind an event is.
  if (from !== undefined)
    query = query.where('event.at', '>=', from).where('event.id', '>=', idAt(addMinutes(from, -SLACK_MINUTES)));
  if (to !== undefined)
    query = query.where('event.at', '<', to).where('event.id', '<', idAt(addMinutes(to, SLACK_MINUTES)));
  if (before !== null) query = query.where('event.id', '<', before);
  return (await query.execute()).map(asException);
}

/** With what was made urgent; the newest first, before the one of that id. */
export async function listShortcuts(db: Db, before: string | null, limit: number): Promise<ExceptionRow[]> {
  const query = exceptions(db, SHORTCUTS).orderBy('event.id', 'desc').limit(limit);
  return (await (before === null ? query : query.where('event.id', '<', before)).execute()).map(asException);
}

/** @returns the id of the one that a program has sent by that reference of its own */
export async function exceptionWith(db: Db, caseId: string, reference: string): Promise<string | undefined> {
  const rows = await exceptions(db, [KIND]).where('event.case_id', '=', caseId).execute();
  return rows.find(({ detail }) => detailOf(detail).reference === reference)?.id;
}

const exceptions = (db: Db, kinds: string[]) =>
  db
    .selectFrom('case_event as event')
    .innerJoin('recovery_case as its', 'its.id', 'event.case_id')
    .select(['event.id', 'event.case_id', 'event.at', 'event.account_id', 'event.words', 'event.detail'])
    .select(['event.kind', 'its.number', 'its.kind as case_kind', 'its.customer_id'])
    .select(['its.contact_name', 'its.contact_email', 'its.contact_telephone'])
    .where('event.kind', 'in', kinds);

type Row = Awaited<ReturnType<ReturnType<typeof exceptions>['execute']>>[number];

const detailOf = (json: string) => JSON.parse(json) as { waived?: string; reference?: string };

const asException = (row: Row): ExceptionRow => ({
  id: row.id,
  caseId: row.case_id,
  number: row.number,
  customerId: row.customer_id,
  at: row.at,
  caseKind: row.case_kind,
  urgent: row.kind !== KIND,
  contact: { name: row.contact_name, email: row.contact_email, telephone: row.contact_telephone },
  accountId: row.account_id,
  waived: detailOf(row.detail).waived ?? '',
  why: row.words,
});
