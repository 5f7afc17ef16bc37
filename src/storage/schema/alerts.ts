/** What colleagues report, and what anybody says on the public comment page. */
export interface AlertTables {
  alert_link: AlertLinkTable;
  alert: AlertTable;
  alert_subject: AlertSubjectTable;
  public_comment: PublicCommentTable;
  guarantee_claim: GuaranteeClaimTable;
  comment_setting: CommentSettingTable;
}

/** Lets colleagues without an account report; the link itself is the id, signed. */
interface AlertLinkTable {
  id: string;
  /** Where it hangs: 'Shop in Kiel'. */
  name: string;
  created_by: string | null;
  created_at: string;
  revoked_by: string | null;
  revoked_at: string | null;
}

interface AlertTable {
  id: string;
  case_id: string;
  customer_id: string | null;
  /** As it was typed. */
  who: string;
  what: string;
  account_id: string | null;
  link_id: string | null;
  /** The first name that was typed, where it came by a link. */
  reporter: string;
  /** The case was there already. */
  joined: number;
  led_to: 'settled' | 'won_back' | null;
  credited_at: string | null;
  created_at: string;
}

interface AlertSubjectTable {
  /** The customer's id, or a keyed hash of a name as typed. */
  subject_key: string;
  case_id: string | null;
  alerted_at: string;
}

interface PublicCommentTable {
  id: string;
  reference: string;
  kind: 'problem' | 'guarantee' | 'idea' | 'praise';
  /** Waiting for a colleague's eye; a case; in the list of ideas and praise; set aside. */
  state: 'held' | 'case' | 'list' | 'spam';
  language: string;
  words: string;
  name: string;
  email: string;
  telephone: string;
  wish: '' | 'phone' | 'mail' | 'no';
  /** Words for why it waits: JSON. */
  why_held: string;
  /** The form it was sent with: it can be sent once. */
  form_key: string;
  /** Keyed hash of the words, however spaced and whatever their case. */
  words_key: string;
  /** Only by a colleague's hand. */
  customer_id: string | null;
  case_id: string | null;
  decided_by: string | null;
  decided_at: string | null;
  created_at: string;
}

interface GuaranteeClaimTable {
  comment_id: string;
  case_id: string;
  state: 'open' | 'granted' | 'declined';
  /** What the customer gets, or why not. */
  words: string;
  amount_minor: number | null;
  decided_by: string | null;
  decided_at: string | null;
}

interface CommentSettingTable {
  id: string;
  /** JSON. */
  value: string;
  revision: number;
  saved_by: string | null;
  saved_at: string;
}
