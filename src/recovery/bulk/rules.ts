import type { Customer } from '../../customers/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';

/** What cases for a whole list may be about; money matters are opened by what is owed, never by a list. */
export const BULK_KINDS = ['complaint', 'return', 'win_back'] as const;
export type BulkKind = (typeof BULK_KINDS)[number];

/** Why somebody on a list gets no case. */
export const LEFT_OUT = ['erased', 'open', 'notLeft', 'unsubscribed', 'noBasis', 'complaint'] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

type Known = Pick<Customer, 'erasedAt' | 'status' | 'unsubscribedAt' | 'legalBasis'>;

/** Why this customer gets no case of that kind now; null: they get one. `open` are their open cases. */
export function leftOutOf(kind: BulkKind, customer: Known, open: Pick<RecoveryCase, 'kind'>[]): LeftOut | null {
  if (customer.erasedAt !== null) return 'erased';
  if (open.some((each) => each.kind === kind)) return 'open';
  if (kind !== 'win_back') return null;
  if (customer.status !== 'left') return 'notLeft';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (customer.legalBasis === '') return 'noBasis';
  return open.some((each) => each.kind === 'complaint') ? 'complaint' : null;
}
