import { z } from 'zod';
import type { Accounts } from '../../accounts/index.ts';
import { createSealer } from '../../accounts/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { page, type Page, type Storage, type Tx } from '../../storage/index.ts';
import { EVENT_KINDS, TEST, type EventData, type EventKind, type Happening } from './events.ts';
import { faultOf } from './guard.ts';
import { newSecret } from './signing.ts';
import * as rows from './webhook-store.ts';

export interface Endpoint {
  id: string;
  url: string;
  events: EventKind[];
  state: rows.EndpointRow['state'];
  revision: number;
  failingSince: string | null;
  createdAt: string;
}

interface NewEndpoint {
  url: string;
  events: EventKind[];
}

export type Delivery = Awaited<ReturnType<typeof rows.deliveriesOf>>[number];

export interface WebhookSettings {
  list(): Promise<Endpoint[]>;
  /** @throws NotFound */
  get(id: string): Promise<Endpoint>;
  /** The secret is handed out this once. @throws Invalid */
  create(actor: Actor, fresh: NewEndpoint): Promise<{ id: string; secret: string }>;
  /** @throws Conflict where it was changed meanwhile, Invalid */
  change(actor: Actor, id: string, seen: number, changed: NewEndpoint): Promise<void>;
  /** Turned on again it begins afresh; turned off, what happens meanwhile is not kept for it. @throws Conflict */
  turn(actor: Actor, id: string, seen: number, state: 'on' | 'off'): Promise<void>;
  /** A new secret; the one before signs nothing any more. @throws Conflict */
  renewSecret(actor: Actor, id: string, seen: number): Promise<string>;
  remove(actor: Actor, id: string, seen: number): Promise<void>;
  /** Sends one message that says nothing, to this endpoint alone. */
  test(actor: Actor, id: string): Promise<void>;
  deliveries(id: string, before: string | null, limit: number): Promise<Page<Delivery>>;
  /** Delivers again what was delivered or given up. @throws Conflict where it waits already */
  redeliver(actor: Actor, id: string, deliveryId: string): Promise<void>;
}

/** Writes down what happened for those who want to know, in the transaction in which it does. */
export type Emit = (tx: Tx, happenings: Happening[]) => Promise<void>;

export interface SettingsDeps {
  storage: Storage;
  clock: Clock;
  secret: Uint8Array;
  accounts: Pick<Accounts, 'audit'>;
  /** Endpoints may stand in one's own network, also without TLS. */
  allowsPrivate: boolean;
}

const kindsSchema = z.array(z.enum(EVENT_KINDS).or(z.string()));

export const sealerOf = (secret: Uint8Array) => createSealer(secret, 'webhooks');

export function kindsOf({ events }: Pick<rows.EndpointRow, 'events'>): EventKind[] {
  const kinds = kindsSchema.parse(JSON.parse(events));
  return EVENT_KINDS.filter((each) => kinds.includes(each));
}

export function createEmit({ clock }: Pick<SettingsDeps, 'clock'>): Emit {
  return async (tx, happenings) => {
    if (happenings.length === 0) return;
    const listening = (await rows.listening(tx, {})).rows.map((row) => ({ id: row.id, kinds: kindsOf(row) }));
    for (const { kind, cause, data } of happenings) {
      const ids = listening.filter(({ kinds }) => kinds.includes(kind)).map(({ id }) => id);
      if (ids.length > 0) await write(tx, clock, { kind, cause, data }, ids);
    }
  };
}

/** One event, and a delivery for each endpoint; nothing where it was written before. */
async function write(
  tx: Tx,
  clock: Clock,
  { kind, cause, data }: { kind: string; cause: string; data: EventData },
  endpointIds: string[],
): Promise<void> {
  const [id, now] = [newId(clock), timestamp(clock)];
  const payload = JSON.stringify({ type: kind, timestamp: now, data });
  if (!(await rows.insertEvent(tx, { id, kind, cause, payload, created_at: now }))) return;
  await rows.insertDeliveries(
    tx,
    endpointIds.map((endpointId) => deliveryRow(newId(clock), endpointId, id, now)),
  );
}

function deliveryRow(id: string, endpoint_id: string, event_id: string, due_at: string): rows.DeliveryRow {
  const untried = { tries: 0, last_tried_at: null, last_status: null, last_error: '', delivered_at: null };
  return { id, endpoint_id, event_id, state: 'waiting', due_at, ...untried };
}

/** Where programs want to be told, and what became of telling them. */
export function createWebhookSettings({
  storage,
  clock,
  secret,
  accounts,
  allowsPrivate,
}: SettingsDeps): WebhookSettings {
  const { read } = storage;
  const sealer = sealerOf(secret);
  const now = () => timestamp(clock);

  async function need(id: string): Promise<rows.EndpointRow> {
    const row = await rows.findEndpoint(read, id);
    if (!row) throw new NotFound();
    return row;
  }

  function check({ url, events }: NewEndpoint): { url: string; events: string } {
    const fault = faultOf(url, allowsPrivate);
    if (fault) throw new Invalid({ url: { key: fault } });
    if (events.length === 0) throw new Invalid({ events: { key: 'webhooks.events.missing' } });
    return { url, events: JSON.stringify(EVENT_KINDS.filter((each) => events.includes(each))) };
  }

  type Changed = Parameters<typeof rows.changeEndpoint>[3];
  async function change(actor: Actor, id: string, seen: number, changed: Changed, action: string): Promise<void> {
    await need(id);
    await storage.transaction(async (tx) => {
      if (!(await rows.changeEndpoint(tx, id, seen, changed))) throw new Conflict('error.changed');
      if (changed.removed_at || changed.state === 'off') await rows.failWaiting(tx, id);
      await accounts.audit(tx, actor, `webhooks.${action}`, { kind: 'webhook', id });
    });
  }

  return {
    list: async () => (await rows.endpoints(read)).map(asEndpoint),
    get: async (id) => asEndpoint(await need(id)),
    async create(actor, fresh) {
      const given = check(fresh);
      const [id, made] = [newId(clock), newSecret()];
      await storage.transaction(async (tx) => {
        const rest = { state: 'on' as const, revision: 1, failing_since: null, removed_at: null };
        const by = { created_by: accountOf(actor), created_at: now() };
        await rows.insertEndpoint(tx, { id, ...given, secret: sealer.seal(made), ...rest, ...by });
        await accounts.audit(tx, actor, 'webhooks.created', { kind: 'webhook', id });
      });
      return { id, secret: made };
    },
    change: async (actor, id, seen, changed) => await change(actor, id, seen, check(changed), 'changed'),
    turn: (actor, id, seen, state) =>
      change(actor, id, seen, { state, failing_since: null }, state === 'on' ? 'turnedOn' : 'turnedOff'),
    async renewSecret(actor, id, seen) {
      const made = newSecret();
      await change(actor, id, seen, { secret: sealer.seal(made) }, 'newSecret');
      return made;
    },
    remove: (actor, id, seen) => change(actor, id, seen, { removed_at: now(), state: 'off' }, 'removed'),
    async test(actor, id) {
      if ((await need(id)).state !== 'on') throw new Conflict('webhooks.isOff');
      await storage.transaction(async (tx) => {
        await write(tx, clock, { kind: TEST, cause: newId(clock), data: { endpointId: id } }, [id]);
        await accounts.audit(tx, actor, 'webhooks.tested', { kind: 'webhook', id });
      });
    },
    async deliveries(id, before, limit) {
      return page(await rows.deliveriesOf(read, id, before, limit + 1), limit, (row) => row.id);
    },
    async redeliver(actor, id, deliveryId) {
      if ((await need(id)).state !== 'on') throw new Conflict('webhooks.isOff');
      await storage.transaction(async (tx) => {
        if (!(await rows.requeue(tx, id, deliveryId, now()))) throw new Conflict('error.changed');
        await accounts.audit(tx, actor, 'webhooks.redelivered', { kind: 'webhook', id });
      });
    },
  };
}

function asEndpoint(row: rows.EndpointRow): Endpoint {
  const { id, url, state, revision, failing_since: failingSince, created_at: createdAt } = row;
  return { id, url, events: kindsOf(row), state, revision, failingSince, createdAt };
}
