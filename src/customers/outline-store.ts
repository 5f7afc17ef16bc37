import { preparedList, type Db } from '../storage/index.ts';
import { inLists } from './customer-store.ts';
import type { CustomerOutline } from './customer.ts';
import { noSurveysSince } from './subscription-store.ts';

const MAIL_COLUMNS = [
  'id',
  'reference',
  'email',
  'title',
  'given_name',
  'family_name',
  'organisation',
  'greeting',
  'language',
  'country',
  'time_zone',
  'legal_basis',
  'erased_at',
] as const;

/** What a mail needs to know of these customers, with the day since when they want no questionnaires. */
export async function mailRows(db: Db, ids: string[]) {
  const parts = inLists(ids);
  const rows = [];
  for (const part of parts)
    rows.push(
      ...(await db
        .selectFrom('customer')
        .select([...MAIL_COLUMNS, noSurveysSince.as('unsubscribed_at')])
        .where('id', 'in', part)
        .execute()),
    );
  return rows;
}

const readOutlines = preparedList()((db, ids) =>
  db
    .selectFrom('customer')
    .select([
      'id',
      'status',
      'left_on as leftOn',
      'last_purchase_on as lastPurchaseOn',
      'contact_account_id as contactAccountId',
      'worth_minor as worthMinor',
      'unsubscribed_at as unsubscribedAt',
      'erased_at as erasedAt',
    ])
    .where('id', 'in', ids),
);

/** At most 500 ids a call. */
export async function outlinesOf(db: Db, ids: string[]): Promise<Map<string, CustomerOutline>> {
  const { rows } = await readOutlines(db, ids);
  return new Map(rows.map((row) => [row.id, row]));
}
