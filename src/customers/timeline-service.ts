import { z } from 'zod';
import { page } from '../storage/index.ts';
import type { Context } from './context.ts';
import type { Customers } from './interface.ts';
import { beyond, cursorOf, dayOf } from './record-rules.ts';
import { recordsBefore } from './record-store.ts';
import { RECORD_KINDS, type Dealing, type Invoice, type Purchase } from './records.ts';
import { eventsBefore } from './timeline-store.ts';
import type { TimelineItem } from './timeline.ts';

const detailSchema = z.record(z.string(), z.union([z.string(), z.number()])).catch({});

/** Everything that happened with a customer: events, and what they bought and were dealt with among them. */
export function createTimeline({ storage, recordEvents }: Context): Pick<Customers, 'timeline' | 'recordEvents'> {
  const { read } = storage;
  return {
    recordEvents,
    async timeline(customerId, after, limit) {
      const position = beyond(after);
      const events = await eventsBefore(read, customerId, position, limit + 1);
      const records = await Promise.all(
        RECORD_KINDS.map((kind) => recordsBefore(read, kind, customerId, position, limit + 1)),
      );
      const items = [...events.map(eventItem), ...records.flat().map(recordItem)];
      return page(items.sort(newestFirst).slice(0, limit + 1), limit, cursorOf);
    },
  };
}

function newestFirst(a: TimelineItem, b: TimelineItem): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

function eventItem(row: Awaited<ReturnType<typeof eventsBefore>>[number]): TimelineItem {
  const { id, at, kind, account_id: accountId, subject_id: subjectId } = row;
  return { id, at, kind, accountId, subjectId, detail: detailSchema.parse(parsed(row.detail)) };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

function recordItem(record: Purchase | Invoice | Dealing): TimelineItem {
  return { id: record.id, at: dayOf(record), accountId: null, subjectId: null, ...wordsOf(record) };
}

/** `amountMinor` is money, which the page writes as such. */
function wordsOf(record: Purchase | Invoice | Dealing): Pick<TimelineItem, 'kind' | 'detail'> {
  if ('purchasedOn' in record) {
    const kind =
      record.amountMinor < 0 ? 'customers.credited' : record.item ? 'customers.bought' : 'customers.boughtSomething';
    return { kind, detail: { item: record.item, amountMinor: Math.abs(record.amountMinor) } };
  }
  if ('number' in record) {
    return { kind: 'customers.invoiced', detail: { number: record.number, amountMinor: record.amountMinor } };
  }
  const { kind: dealing, reference, note } = record;
  return { kind: 'customers.dealing', detail: { dealing, reference, note } };
}
