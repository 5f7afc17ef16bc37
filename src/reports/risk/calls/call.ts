import type { Customer } from '../../../customers/index.ts';
import type { Page } from '../../../storage/index.ts';
import type { CallRow } from './call-store.ts';
import type { Against } from './rules.ts';

export type { CallRow } from './call-store.ts';

/** One call as its sheet shows it. */
export interface RiskCall {
  call: CallRow;
  customer: Customer;
  /** What speaks against it now; undefined where nothing does. */
  against: Against | undefined;
  /** Earlier calls, the newest first. */
  before: CallRow[];
}

export interface CallQueue extends Page<CallRow> {
  /** Promised calls that are due. */
  due: CallRow[];
  people: Map<string, Customer>;
  against: Map<string, Against>;
}

export interface Screened {
  able: Customer[];
  leftOut: { customer: Customer; against: Against }[];
}

/** Nobody has the call. */
export const RELEASED = { claimed_by: null, claimed_at: null, claimed_until: null };
