export interface CustomersTables {
  customer: CustomerTable;
  customer_tag: { customer_id: string; tag: string };
  purchase: PurchaseTable;
  invoice: InvoiceTable;
  dealing: DealingTable;
  timeline_event: TimelineEventTable;
  resubscription: ResubscriptionTable;
  refusal: RefusalTable;
  duplicate_check: { id: string; customer_id: string };
  likely_duplicate: LikelyDuplicateTable;
  different_person: DifferentPersonTable;
  import: ImportTable;
  import_file: { import_id: string; part: number; content: string };
  import_row: ImportRowTable;
}

/** What a customer asked not to get any more, short of everything. */
interface RefusalTable {
  customer_id: string;
  topic: 'surveys' | 'greetings';
  since: string;
  how: string;
}

/** Two records that are probably one person, the older one first. */
interface LikelyDuplicateTable {
  id: string;
  customer_id: string;
  other_id: string;
  certainty: number;
  /** Words, with spaces between them: see `Why`. */
  why: string;
}

/** Somebody said that these are two people; both ways round. */
interface DifferentPersonTable {
  customer_id: string;
  other_id: string;
  said_at: string;
  account_id: string | null;
}

interface CustomerTable {
  id: string;
  reference: string;
  title: string;
  given_name: string;
  family_name: string;
  organisation: string;
  /** How to greet them: 'formal', 'familiar', or a greeting written out by a person. */
  greeting: string;
  email: string;
  email_key: string;
  telephone: string;
  street: string;
  postal_code: string;
  city: string;
  region: string;
  country: string;
  language: string;
  time_zone: string;
  customer_since: string | null;
  status: 'active' | 'left';
  left_on: string | null;
  segment: string;
  contact_account_id: string | null;
  /** Typed by a person, for customers without purchases. */
  yearly_value_minor: number | null;
  /** Spend in the twelve months before the last purchase, else the typed value: kept by the customers' store. */
  worth_minor: number;
  first_purchase_on: string | null;
  last_purchase_on: string | null;
  legal_basis: string;
  legal_basis_source: string;
  legal_basis_on: string | null;
  notes: string;
  /** Folded name, reference, e-mail, place and telephone: for the search box, and to sort by name. '' when erased. */
  search: string;
  /** By these those who may be the same person are found; '' where nothing is known, and when erased. */
  telephone_key: string;
  name_key: string;
  place_key: string;
  street_key: string;
  revision: number;
  created_at: string;
  updated_at: string;
  unsubscribed_at: string | null;
  unsubscribed_how: string;
  /** Since when there is nobody here: their name was taken away, or the record was merged into another. */
  erased_at: string | null;
  /** The record of the same person that was kept; never one that was itself merged. */
  merged_into_id: string | null;
}

interface PurchaseTable {
  id: string;
  customer_id: string;
  reference: string | null;
  purchased_on: string;
  amount_minor: number;
  item: string;
  import_id: string | null;
  created_at: string;
}

interface InvoiceTable {
  id: string;
  customer_id: string;
  number: string;
  issued_on: string | null;
  amount_minor: number;
  due_on: string | null;
  paid_on: string | null;
  import_id: string | null;
  created_at: string;
}

interface DealingTable {
  id: string;
  customer_id: string;
  kind: string;
  reference: string | null;
  from_on: string;
  to_on: string | null;
  note: string;
  import_id: string | null;
  created_at: string;
}

interface TimelineEventTable {
  id: string;
  customer_id: string;
  at: string;
  kind: string;
  account_id: string | null;
  subject_id: string | null;
  detail: string;
}

/** Somebody who had asked us to stop wants to hear from us again. The reason may name people: it goes when they are erased. */
interface ResubscriptionTable {
  id: string;
  customer_id: string;
  at: string;
  account_id: string | null;
  how: string;
  /** Who asked, as a colleague noted it. */
  reason: string;
}

interface ImportTable {
  id: string;
  kind: 'customers' | 'purchases' | 'invoices' | 'dealings';
  filename: string;
  /** SHA-256 of the file: the same one a second time is told. */
  fingerprint: string;
  state: 'receiving' | 'reading' | 'checked' | 'importing' | 'done' | 'undoing' | 'undone' | 'failed' | 'discarded';
  /** Header, encoding, separator, mapping of columns, shared legal basis, file errors: JSON. */
  facts: string;
  rows_total: number;
  rows_bad: number;
  rows_new: number;
  rows_update: number;
  rows_same: number;
  /** How far the present stage is. */
  rows_done: number;
  /** Those that an undo left in. */
  rows_kept: number;
  created_by: string | null;
  created_at: string;
  finished_at: string | null;
  /** When its rows were deleted: they are kept for some days only. */
  forgotten_at: string | null;
}

interface ImportRowTable {
  import_id: string;
  row_number: number;
  state: 'new' | 'update' | 'same' | 'bad' | 'imported' | 'undone' | 'kept';
  /** The checked values, or the cells as they stood in a bad row: JSON. */
  data: string;
  errors: string;
  record_id: string | null;
  /** The record as it was before, and its revision after, so that an undo knows whether anyone changed it since. */
  before: string | null;
  revision_after: number | null;
}
