import { addDays, daysBetween } from '../shared/dates.ts';
import type { DemoContent } from './content.ts';
import type { DemoCustomer, DemoDealing, DemoInvoice, DemoPurchase } from './model.ts';
import { later } from './purchases.ts';
import type { Random } from './random.ts';

/** A customer with what they bought, oldest first. */
export interface Account {
  customer: DemoCustomer;
  purchases: DemoPurchase[];
}

interface Context {
  today: string;
  content: DemoContent;
  random: Random;
}

const INVOICED_DAYS = 270;
const DAYS_TO_PAY = 14;
/** One in so many customers who buy on account has not paid what is due. */
const ONE_OVERDUE_IN = 18;

/** Invoices of the last nine months for customers who buy on account; a few of them overdue. By day of issue. */
export function invoicesOf(accounts: readonly Account[], { today, random }: Context): DemoInvoice[] {
  const since = addDays(today, -INVOICED_DAYS);
  const drafts = accounts
    .filter(({ customer }) => buysOnAccount(customer, random))
    .flatMap(({ purchases }, i) => {
      const overdue = i % ONE_OVERDUE_IN === 3;
      const recent = purchases.filter((purchase) => purchase.date >= since && purchase.date < today);
      return recent.map((one, j) => invoiceFor(one, { today, random, unpaid: overdue && j >= recent.length - 2 }));
    });
  const issued = drafts.sort((a, b) => (a.issued_on + a.customer < b.issued_on + b.customer ? -1 : 1));
  return issued.map((invoice, i) => ({ ...invoice, number: `R-${invoice.issued_on.slice(0, 4)}-${4001 + i}` }));
}

function buysOnAccount(customer: DemoCustomer, random: Random): boolean {
  return customer.segment !== 'household' || random.chance(0.04);
}

function invoiceFor(purchase: DemoPurchase, by: { today: string; random: Random; unpaid: boolean }) {
  const due_on = addDays(purchase.date, DAYS_TO_PAY);
  const paid = addDays(purchase.date, by.random.int(3, DAYS_TO_PAY + 4));
  const settled = paid > by.today && due_on < by.today ? due_on : paid;
  return {
    customer: purchase.customer,
    issued_on: purchase.date,
    due_on,
    amount_minor: purchase.amount_minor,
    paid_on: by.unpaid || settled > by.today ? null : settled,
  };
}

/** Orders, deliveries, visits and complaints, none before they were customers or after they left. By day. */
export function dealingsOf(accounts: readonly Account[], context: Context): DemoDealing[] {
  const drafts = accounts.flatMap((account) => [
    ...ordersOf(account, context),
    ...visitsOf(account, context),
    ...complaintsOf(account, context),
  ]);
  drafts.sort((a, b) => (a.from + a.customer + a.kind < b.from + b.customer + b.kind ? -1 : 1));
  return drafts.map((dealing, i) => ({ reference: `V-${30_001 + i}`, ...dealing }));
}

type Draft = Omit<DemoDealing, 'reference'>;

function ordersOf({ customer, purchases }: Account, { today, random }: Context): Draft[] {
  if (!random.chance(0.4)) return [];
  return purchases.slice(-2).flatMap(({ date, item }) => {
    const sent = addDays(date, 1);
    const arrived = addDays(sent, random.int(1, 4));
    const order: Draft = { customer: customer.reference, kind: 'order', from: date, to: date, note: item };
    if (sent > today) return [order];
    return [order, { ...order, kind: 'delivery', from: sent, to: arrived > today ? null : arrived }];
  });
}

function visitsOf({ customer }: Account, { today, content, random }: Context): Draft[] {
  if (customer.segment === 'household' || !random.chance(0.55)) return [];
  const from = dayBetween(later(customer.customer_since, addDays(today, -330)), lastDay(customer, today), random);
  const note = random.pick(content.products.dealing_notes[customer.language].visit);
  return [{ customer: customer.reference, kind: 'visit', from, to: from, note }];
}

function complaintsOf({ customer }: Account, { today, content, random }: Context): Draft[] {
  if (!random.chance(customer.status === 'left' ? 0.3 : 0.05)) return [];
  const end = lastDay(customer, today);
  const from = dayBetween(later(customer.customer_since, addDays(end, -90)), end, random);
  const settled = addDays(from, random.int(1, 12));
  const to = random.chance(0.4) || settled > end ? null : settled;
  const note = random.pick(content.products.dealing_notes[customer.language].complaint);
  return [{ customer: customer.reference, kind: 'complaint', from, to, note }];
}

function lastDay(customer: DemoCustomer, today: string): string {
  return addDays(customer.left_on ?? today, -1);
}

function dayBetween(from: string, to: string, random: Random): string {
  return addDays(from, random.int(0, Math.max(0, daysBetween(from, to))));
}
