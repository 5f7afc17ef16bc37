import { sql } from 'kysely';
import type { Db } from '../../storage/index.ts';
import type { GivenState } from './offer.ts';

/** A code that a customer has, and how it stands. */
export interface CodeRow {
  code: string;
  /** Made for this customer alone. */
  generated: boolean;
  customerId: string;
  state: GivenState;
  givenOn: string;
  validUntil: string;
  redeemedOn: string | null;
  purchaseId: string | null;
}

/** Said outright: a partial index is found only by a condition that needs no parameter. */
const GENERATED = sql<boolean>`code_generated = 1`;

/** The codes of offers that have one for everybody; there are a handful of offers. */
export async function typedCodes(db: Db): Promise<string[]> {
  const query = db.selectFrom('offer').select('code').distinct().where('code_kind', '=', 'typed');
  return (await query.where('code', '!=', '').execute()).map(({ code }) => code);
}

/** Codes that were made for one customer, whoever that is, and those for everybody as far as these customers have them. */
export async function codeRows(db: Db, codes: string[], customerIds: string[]): Promise<CodeRow[]> {
  const some = db
    .selectFrom('offer_given')
    .select(['code', 'code_generated', 'customer_id', 'state', 'given_on', 'valid_until', 'redeemed_on', 'purchase_id'])
    .where('code', 'in', codes)
    .where('state', 'not in', ['waiting', 'refused']);
  const made = await some.where(GENERATED).execute();
  const shared = await some.where('customer_id', 'in', customerIds).where('code_generated', '=', 0).execute();
  return [...made, ...shared].map((row) => ({
    code: row.code,
    generated: row.code_generated === 1,
    customerId: row.customer_id,
    state: row.state,
    givenOn: row.given_on,
    validUntil: row.valid_until,
    redeemedOn: row.redeemed_on,
    purchaseId: row.purchase_id,
  }));
}

export async function hasGenerated(db: Db): Promise<boolean> {
  const query = db.selectFrom('offer_given').select('id').where(GENERATED).limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}
