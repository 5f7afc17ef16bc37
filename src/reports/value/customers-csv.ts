import { displayName } from '../../customers/index.ts';
import { csvLine } from '../../shared/csv.ts';
import { plainMoney } from '../../shared/money.ts';
import type { ValuableCustomer } from './value-store.ts';

export const CUSTOMERS_HEADER = [
  'reference',
  'name',
  'spend_a_year',
  'lifetime_value',
  'currency',
  'chance_still_a_customer',
  'purchases_expected_a_year',
  'source',
];

/** A customer of today; empty where the model says nothing. */
export function customerLine(row: ValuableCustomer, currency: string): string {
  return csvLine([
    row.reference,
    displayName({ ...row, givenName: row.given_name, familyName: row.family_name }),
    plainMoney(row.spend_year_minor, currency),
    plainMoney(row.lifetime_minor, currency),
    currency,
    row.alive?.toFixed(4) ?? '',
    row.expected_year?.toFixed(2) ?? '',
    row.source,
  ]);
}
