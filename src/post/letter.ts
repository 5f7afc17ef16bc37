import type { Customer } from '../customers/index.ts';
import type { LeftOutCount, ListedInvitation, Wave } from '../invitations/index.ts';
import type { Definition } from '../questionnaires/index.ts';
import type { LeftOut } from './letter-rules.ts';

export interface Letter {
  invitation: ListedInvitation;
  customer: Customer;
  language: string;
  code: string;
}

/** A part of a wave's letters, as it goes to the printer. */
export interface PrintJob {
  wave: Wave;
  number: number;
  definition: Definition;
  letters: Letter[];
  /** Prepared, but not to be sent any more. */
  leftOut: { name: string; why: LeftOut }[];
}

export interface Prepared {
  letters: number;
  parts: number;
  leftOut: LeftOutCount<LeftOut>[];
  /** There may be more than one press prepares. */
  more: boolean;
}

export interface Posted {
  posted: number;
  /** Who must be taken out of the pile. */
  leftOut: { name: string; why: LeftOut }[];
}
