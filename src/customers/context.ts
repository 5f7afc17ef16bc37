import { timestamp } from '../shared/clock.ts';
import { dayIn } from '../shared/dates.ts';
import { newId } from '../shared/ids.ts';
import type { Schema, Tx } from '../storage/index.ts';
import type { CustomerFields } from './customer.ts';
import { markChanged } from './duplicates/pair-store.ts';
import type { CustomersDeps, CustomersHook } from './interface.ts';
import type { Defaults } from './row-rules.ts';
import { insertEvents } from './timeline-store.ts';
import type { CustomerEvent } from './timeline.ts';

interface Hooks {
  changed: CustomersHook[];
  unsubscribed: CustomersHook[];
  removing: ((tx: Tx, customerIds: string[]) => Promise<string[]>)[];
}

/** What the use cases of this feature share. */
export interface Context extends CustomersDeps {
  hooks: Hooks;
  now(): string;
  id(): string;
  defaults(): Promise<Defaults>;
  changed(tx: Tx, ids: string[]): Promise<void>;
  /** By what they are compared with others was changed: who they are like is found out anew. */
  compareAnew(tx: Tx, ids: string[]): Promise<void>;
  recordEvents(tx: Tx, events: CustomerEvent[]): Promise<void>;
}

export function createContext(deps: CustomersDeps): Context {
  const { clock } = deps;
  const hooks: Hooks = { changed: [], unsubscribed: [], removing: [] };
  const now = () => timestamp(clock);
  const id = () => newId(clock);
  return {
    ...deps,
    hooks,
    now,
    id,
    async defaults() {
      const { defaultLanguage, timeZone } = await deps.company();
      return { language: defaultLanguage, today: dayIn(timeZone, clock.now()) };
    },
    async changed(tx, ids) {
      if (ids.length > 0) for (const hook of hooks.changed) await hook(tx, ids);
    },
    compareAnew: (tx, ids) =>
      markChanged(
        tx,
        ids.map((customerId) => ({ id: id(), customer_id: customerId })),
      ),
    recordEvents: (tx, events) =>
      insertEvents(
        tx,
        events.map((event) => eventRow(event, id(), now())),
      ),
  };
}

function eventRow(event: CustomerEvent, id: string, now: string): Schema['timeline_event'] {
  const { customerId, kind, at = now, accountId = null, subjectId = null, detail = {} } = event;
  return {
    id,
    customer_id: customerId,
    at,
    kind,
    account_id: accountId,
    subject_id: subjectId,
    detail: JSON.stringify(detail),
  };
}

/** What the timeline says about a change; `fields` are the names of those that differ. */
export function eventsOfChange(
  event: Omit<CustomerEvent, 'kind' | 'at' | 'detail'>,
  before: CustomerFields | undefined,
  after: CustomerFields,
  fields: (keyof CustomerFields)[],
): CustomerEvent[] {
  const events: CustomerEvent[] = [];
  if (!before) events.push({ ...event, kind: event.subjectId ? 'customers.imported' : 'customers.added' });
  const others = fields.filter((field) => field !== 'status' && field !== 'leftOn');
  if (before && others.length > 0) {
    events.push({ ...event, kind: 'customers.updated', detail: { fields: others.join(' ') } });
  }
  if (after.leftOn !== null && after.leftOn !== (before?.leftOn ?? null)) {
    events.push({ ...event, kind: 'customers.left', at: after.leftOn });
  }
  if (before?.status === 'left' && after.status === 'active') events.push({ ...event, kind: 'customers.returned' });
  return events;
}
