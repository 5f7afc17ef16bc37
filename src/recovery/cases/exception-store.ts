import { addMinutes } from '../../shared/dates.ts';
import { idAt } from '../../shared/ids.ts';
import type { Db } from '../../storage/index.ts';

const KIND = 'exception';
/** Ids are made with the moments beside them, by one clock; a day is far more than that can be set back. */
const SLACK_MINUTES = 24 * 60;

/** What was waived in a case: by which colleague, and why. */
export interface ExceptionRow {
  id: string;
  caseId: string;
  number: number;
  customerId: string | null;
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
  const rows = await exceptions(db).where('event.case_id', '=', caseId).orderBy('event.id').execute();
  return rows.map(asException);
}

export async function listExceptions(
  db: Db,
  { from, to }: Within,
  before: string | null,
  limit: number,
): Promise<ExceptionRow[]> {
  let query = exceptions(db).orderBy('event.id', 'desc').limit(limit);
  // By the ids, too: there is no index of what kind an event is.
  if (from !== undefined)
    query = query.where('event.at', '>=', from).where('event.id', '>=', idAt(addMinutes(from, -SLACK_MINUTES)));
  if (to !== undefined)
    query = query.where('event.at', '<', to).where('event.id', '<', idAt(addMinutes(to, SLACK_MINUTES)));
  if (before !== null) query = query.where('event.id', '<', before);
  return (await query.execute()).map(asException);
}

/** @returns the id of the one that a program has sent by that reference of its own */
export async function exceptionWith(db: Db, caseId: string, reference: string): Promise<string | undefined> {
  const rows = await exceptions(db).where('event.case_id', '=', caseId).execute();
  return rows.find(({ detail }) => detailOf(detail).reference === reference)?.id;
}

const exceptions = (db: Db) =>
  db
    .selectFrom('case_event as event')
    .innerJoin('recovery_case as its', 'its.id', 'event.case_id')
    .select(['event.id', 'event.case_id', 'event.at', 'event.account_id', 'event.words', 'event.detail'])
    .select(['its.number', 'its.customer_id'])
    .where('event.kind', '=', KIND);

type Row = Awaited<ReturnType<ReturnType<typeof exceptions>['execute']>>[number];

const detailOf = (json: string) => JSON.parse(json) as { waived?: string; reference?: string };

const asException = (row: Row): ExceptionRow => ({
  ...{ id: row.id, caseId: row.case_id, number: row.number, customerId: row.customer_id, at: row.at },
  ...{ accountId: row.account_id, waived: detailOf(row.detail).waived ?? '', why: row.words },
});
