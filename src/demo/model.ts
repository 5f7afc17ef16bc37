import type { DemoLanguage, DemoProfile, Segment } from './content.ts';

/** The made-up company as plain data. Days are 'YYYY-MM-DD', money is minor units, missing text is ''. */
export interface DemoCompany {
  today: string;
  seed: number;
  profile: DemoProfile;
  /** By reference, which follows the day since when they are customers. */
  customers: DemoCustomer[];
  /** By day, over two years before today. */
  purchases: DemoPurchase[];
  invoices: DemoInvoice[];
  dealings: DemoDealing[];
  /** Who had left in the year before, and what they bought in their last year: none of the 700. */
  former: { customers: DemoCustomer[]; purchases: DemoPurchase[] };
}

export interface DemoCustomer {
  reference: string;
  /** As it is said before the name in their language: 'Frau', 'Herr Dr.', 'Ms'; '' in Norwegian. */
  title: string;
  given_name: string;
  family_name: string;
  organisation: string;
  /** At example.com; '' for the few without. */
  email: string;
  telephone: string;
  street: string;
  postal_code: string;
  city: string;
  region: string;
  /** ISO 3166 alpha-2. */
  country: string;
  language: DemoLanguage;
  time_zone: string;
  customer_since: string;
  status: 'active' | 'left';
  left_on: string | null;
  segment: Segment;
  tags: string[];
  legal_basis: '' | 'contract' | 'consent' | 'existing_customer';
  legal_basis_source: string;
  legal_basis_on: string | null;
  /** Key of a member of staff in `profile.staff`. */
  contact: string;
  /** Only for customers without purchases. */
  yearly_value_minor: number | null;
  notes: string;
  /** Finds answers that fit whoever speaks; belongs to no record. */
  gender: 'woman' | 'man';
}

export interface DemoPurchase {
  reference: string;
  customer: string;
  date: string;
  amount_minor: number;
  item: string;
}

export interface DemoInvoice {
  number: string;
  customer: string;
  issued_on: string;
  due_on: string;
  amount_minor: number;
  paid_on: string | null;
}

export interface DemoDealing {
  reference: string;
  customer: string;
  kind: 'order' | 'delivery' | 'visit' | 'complaint';
  from: string;
  /** null while it is open. */
  to: string | null;
  note: string;
}
