/** Letters and calls: other ways to reach the recipients of a wave. */
export interface PostTables {
  letter_batch: LetterBatchTable;
  letter: LetterTable;
  response_entry: ResponseEntryTable;
  response_copy: ResponseCopyTable;
  phone_call: PhoneCallTable;
  telephone_flag: TelephoneFlagTable;
}

interface LetterBatchTable {
  id: string;
  wave_id: string;
  /** 1, 2, ... within the wave. */
  number: number;
  whom: 'no_address' | 'unanswered';
  prepared_by: string | null;
  prepared_at: string;
  posted_by: string | null;
  posted_at: string | null;
}

interface LetterTable {
  invitation_id: string;
  batch_id: string;
  position: number;
  language: string;
  /** Keyed hash of the code. */
  code_key: string;
  /** The code is made from the invitation's id and this; above 0 only where another letter has that code. */
  attempt: number;
  /** The invitation's delivery when the letter was prepared. */
  from_delivery: 'skipped' | 'sent' | 'failed';
  state: 'prepared' | 'posted' | 'left_out';
  /** Why it was left out. */
  why: string | null;
}

interface ResponseEntryTable {
  response_id: string;
  entered_by: string | null;
  entered_at: string;
  /** When the letter came back. */
  received_on: string | null;
}

/** A second set of answers to one invitation. It counts nowhere; the one that somebody chose stands in `response`. */
interface ResponseCopyTable {
  id: string;
  response_id: string;
  invitation_id: string;
  mode: 'email' | 'paper' | 'telephone' | 'web';
  language: string;
  /** JSON. */
  answers: string;
  contact_wish: 'phone' | 'mail' | 'no' | null;
  entered_by: string | null;
  entered_at: string;
  received_on: string | null;
  state: 'waiting' | 'set_aside';
  chosen_by: string | null;
  chosen_at: string | null;
}

interface PhoneCallTable {
  invitation_id: string;
  wave_id: string;
  customer_id: string;
  worth_minor: number;
  /** '' where it is the business's. */
  time_zone: string;
  /** '' where it is the business's. */
  country: string;
  state: 'open' | 'done';
  outcome: string | null;
  /** Not to be called before; '' at any time. */
  not_before: string;
  /** They were promised a call at that time. */
  appointment: number;
  tries: number;
  claimed_by: string | null;
  claimed_at: string | null;
  claimed_until: string | null;
  /** What was typed during the call, by field: JSON. */
  draft: string;
  revision: number;
  created_at: string;
  settled_at: string | null;
}

interface TelephoneFlagTable {
  id: string;
  customer_id: string;
  kind: 'wrong_number' | 'no_calls';
  /** Keyed hash of the number: once it is changed, the flag holds no longer. */
  number_key: string;
  flagged_by: string | null;
  flagged_at: string;
}
