import type { Db } from '../storage/index.ts';
import type { CellError } from './import/index.ts';

/** Why the code of an offer that a purchase names does not count as used. The purchase itself is taken. */
export const CODE_PROBLEMS = ['unknown', 'expired', 'early', 'someoneElses', 'used', 'takenBack', 'notGiven'] as const;

export interface CodeRemark {
  /** Where it stands. */
  field: 'item' | 'reference';
  code: string;
  problem: (typeof CODE_PROBLEMS)[number];
}

/** A purchase by whatever can name a code. */
export interface NamedPurchase {
  /** Null for one that is not there yet. */
  id: string | null;
  /** '' where nobody knows the customer. */
  customerId: string;
  purchasedOn: string;
  item: string;
  reference: string;
}

export type CodeRemarks = (db: Db, purchases: NamedPurchase[]) => Promise<(CodeRemark | null)[]>;

interface Planned {
  customerId: string;
  fields: object;
  outcome: { id: string | null };
}

/** What there is to say about these rows, where they are purchases; nothing about others. */
export async function remarksOn(
  offerCodes: CodeRemarks | undefined,
  db: Db,
  kind: 'purchases' | 'invoices' | 'dealings',
  plans: Planned[],
): Promise<(CodeRemark | null)[]> {
  if (kind !== 'purchases' || !offerCodes) return plans.map(() => null);
  const named = plans.map(({ customerId, fields, outcome: { id } }) => {
    return { ...(fields as Omit<NamedPurchase, 'id' | 'customerId'>), id, customerId };
  });
  return await offerCodes(db, named);
}

/** As it stands beside a cell. */
export function asCellError({ field, code, problem }: CodeRemark): CellError {
  return { column: field, key: `import.code.${problem}`, values: { code } };
}
