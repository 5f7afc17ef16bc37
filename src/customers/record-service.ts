import { dayIn } from '../shared/dates.ts';
import { page } from '../storage/index.ts';
import { remarksOn } from './code-remarks.ts';
import type { Context } from './context.ts';
import type { Customers } from './interface.ts';
import { addRecords, planRecords } from './record-adding.ts';
import { underKept } from './record-naming.ts';
import { revertRecords } from './record-reverting.ts';
import { beyond, cursorOf, dayOf, usualGap } from './record-rules.ts';
import { recordsBefore } from './record-store.ts';
import { buyingDays, overdueInvoices, purchaseDays, purchasesSince } from './habits-store.ts';
import { refreshWorth, worthsOf } from './worth-store.ts';

type Recording = Pick<
  Customers,
  | 'addPurchases'
  | 'addInvoices'
  | 'addDealings'
  | 'revertRecords'
  | 'previewRecords'
  | 'records'
  | 'habits'
  | 'buyingDays'
  | 'purchasesSince'
  | 'refreshWorth'
  | 'worths'
>;

/** So many customers' worth is worked out in one statement. */
const MOST = 200;
/** The habit of late is what counts: some years of weekly purchases. */
const MOST_DAYS = 200;

/** Purchases, invoices and dealings: they arrive in bulk, and purchases change what a customer is worth. */
export function createRecording(context: Context): Recording {
  const { storage } = context;
  return {
    addPurchases: (_actor, rows, options) => addRecords(context, 'purchases', rows, options),
    addInvoices: (_actor, rows, options) => addRecords(context, 'invoices', rows, options),
    addDealings: (_actor, rows, options) => addRecords(context, 'dealings', rows, options),

    async previewRecords(kind, rows) {
      const named = await underKept(storage.read, kind, rows);
      const plans = await planRecords(context, storage.read, kind, named);
      const remarks = await remarksOn(context.offerCodes, storage.read, kind, plans);
      return plans.map(({ outcome: { outcome } }, at) => ({ outcome, remark: remarks[at] ?? null }));
    },

    revertRecords: (_actor, kind, entries, options) => revertRecords(context, kind, entries, options),

    async records(kind, customerId, after, limit) {
      const rows = await recordsBefore(storage.read, kind, customerId, beyond(after), limit + 1);
      return page(rows, limit, (record) => cursorOf({ at: dayOf(record), id: record.id }));
    },

    async habits(customerId) {
      const { timeZone } = await context.company();
      const today = dayIn(timeZone, context.clock.now());
      const days = await purchaseDays(storage.read, customerId, MOST_DAYS);
      return { usualGapDays: usualGap(days), overdue: await overdueInvoices(storage.read, customerId, today) };
    },

    buyingDays,
    purchasesSince,

    worths: worthsOf,

    async refreshWorth(tx, ids) {
      for (let from = 0; from < ids.length; from += MOST) await refreshWorth(tx, ids.slice(from, from + MOST));
    },
  };
}
