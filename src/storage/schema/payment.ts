import type { KeptSettingTable } from './kept-setting.ts';

/** Customers in arrears, treated with dignity. */
export interface PaymentTables {
  payment_setting: KeptSettingTable;
  arrears_invoice: { invoice_id: string; case_id: string; noted_at: string };
  payment_letter: PaymentLetterTable;
  payment_wish: PaymentWishTable;
  payment_plan: PaymentPlanTable;
  payment_instalment: PaymentInstalmentTable;
}

/** The invitation to talk; `waiting` until a colleague has looked at it. */
interface PaymentLetterTable {
  case_id: string;
  customer_id: string;
  state: 'waiting' | 'queued' | 'sent' | 'unknown' | 'failed' | 'cancelled' | 'printed' | 'dropped';
  language: string;
  /** '' where the usual words stand. */
  subject: string;
  words: string;
  decided_by: string | null;
  decided_at: string | null;
  sent_at: string | null;
  revision: number;
  created_at: string;
}

/** What the customer has chosen on their page; the one that stands is not taken back. */
interface PaymentWishTable {
  id: string;
  case_id: string;
  kind: 'call' | 'words' | 'plan';
  /** UTC moments. */
  call_from: string | null;
  call_to: string | null;
  telephone: string;
  words: string;
  made_at: string;
  taken_back_at: string | null;
}

interface PaymentPlanTable {
  id: string;
  case_id: string;
  customer_id: string;
  state: 'proposed' | 'agreed' | 'declined' | 'withdrawn' | 'ended' | 'done';
  total_minor: number;
  instalments: number;
  rhythm: 'week' | 'fortnight' | 'month';
  first_on: string;
  by_customer: number;
  proposed_by: string | null;
  proposed_at: string;
  decided_by: string | null;
  decided_at: string | null;
  ended_at: string | null;
  reason: string;
  revision: number;
}

interface PaymentInstalmentTable {
  plan_id: string;
  number: number;
  due_on: string;
  amount_minor: number;
  paid_on: string | null;
  paid_how: 'hand' | 'invoice' | null;
  noted_by: string | null;
  /** Since when a colleague has been told that it did not come. */
  missed_at: string | null;
}
