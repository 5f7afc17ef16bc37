import { addDays } from '../shared/dates.ts';
import type { CustomerRow, DealingRow, InvoiceRow, PurchaseRow } from '../customers/index.ts';
import type { Segment } from './content.ts';
import type { DemoCustomer, DemoDealing } from './model.ts';
import { fileSince } from './files.ts';
import { bothYears } from './plan.ts';
import { actorOf, need, type Stage, type Step } from './stage.ts';

/** Who keeps the records up to date. */
const KEEPER = 'ingrid';
/** So long before today the records begin: two years that can be compared. */
export const HISTORY_DAYS = 734;
const SEGMENT_NAMES: Record<Segment, string> = { household: 'Haushalt', office: 'Büro', gastronomy: 'Gastronomie' };

export const segmentName = (segment: Segment) => SEGMENT_NAMES[segment];

/** The records as they came in: everything two years ago, then what was new before each wave, and yesterday. */
export function recordSteps(stage: Stage): Step[] {
  const { company, plan } = stage;
  const { leaving, satisfaction } = bothYears(plan);
  const waves = [...leaving.waves, ...satisfaction.waves].map(({ sent_at }) => sent_at.slice(0, 10));
  const before = waves.map((day) => addDays(day, -1));
  const days = [addDays(company.today, -HISTORY_DAYS), ...before, addDays(company.today, -1)].sort();
  return days.map((day, i) => ({
    at: `${day}T12:00:00.000Z`,
    act: () => bring(stage, { after: days[i - 1] ?? '', upto: day, isLast: i === days.length - 1 }),
  }));
}

interface Span {
  after: string;
  upto: string;
  isLast: boolean;
}

async function bring(stage: Stage, span: Span): Promise<void> {
  const { past, company } = stage;
  const keeper = actorOf(stage, KEEPER);
  const within = (day: string | null) => day !== null && day > span.after && day <= span.upto;
  const everybody = [...company.former.customers, ...company.customers];
  const news = everybody.filter((one) => within(one.customer_since) || within(one.left_on));
  const outcomes = await past.customers.upsertMany(
    keeper,
    news.map((one) => customerRow(stage, one, span.upto)),
  );
  outcomes.forEach(({ id }, i) => stage.customers.set(news[i]?.reference ?? '', id));
  await past.customers.addPurchases(keeper, purchaseRows(stage, within));
  if (!span.isLast) return;
  await past.customers.addInvoices(keeper, invoiceRows(stage));
  await past.customers.addDealings(keeper, stage.company.dealings.map(dealingRow));
}

function customerRow(stage: Stage, one: DemoCustomer, day: string): CustomerRow {
  const leftOn = one.left_on !== null && one.left_on <= day ? one.left_on : null;
  return {
    reference: one.reference,
    title: one.title,
    givenName: one.given_name,
    familyName: one.family_name,
    organisation: one.organisation,
    email: one.email,
    telephone: one.telephone,
    street: one.street,
    postalCode: one.postal_code,
    city: one.city,
    region: one.region,
    country: one.country,
    language: one.language,
    timeZone: one.time_zone,
    customerSince: one.customer_since,
    status: leftOn === null ? 'active' : 'left',
    leftOn,
    segment: segmentName(one.segment),
    tags: one.tags,
    contactAccountId: need(stage.colleagues, one.contact),
    yearlyValueMinor: one.yearly_value_minor,
    legalBasis: one.legal_basis,
    legalBasisSource: one.legal_basis_source,
    legalBasisOn: one.legal_basis_on,
    notes: one.notes,
  };
}

/** Those of the last days come as a file. Those of one customer side by side: each transaction then touches few customers. */
function purchaseRows({ company }: Stage, within: (day: string) => boolean): PurchaseRow[] {
  const rows = [...company.former.purchases, ...company.purchases]
    .filter(({ date }) => within(date) && date < fileSince(company))
    .map((one) => ({
      customerReference: one.customer,
      purchasedOn: one.date,
      amountMinor: one.amount_minor,
      item: one.item,
      reference: one.reference,
    }));
  return rows.sort((a, b) => (a.customerReference < b.customerReference ? -1 : 1));
}

function invoiceRows({ company }: Stage): InvoiceRow[] {
  return company.invoices.map((one) => ({
    customerReference: one.customer,
    number: one.number,
    issuedOn: one.issued_on,
    amountMinor: one.amount_minor,
    dueOn: one.due_on,
    paidOn: one.paid_on,
  }));
}

export const dealingRow = (one: DemoDealing): DealingRow => ({
  customerReference: one.customer,
  kind: one.kind,
  fromOn: one.from,
  toOn: one.to,
  reference: one.reference,
  note: one.note,
});
