import { prepared, type Db, type Schema, type Tx } from '../../storage/index.ts';

export type EndpointRow = Schema['webhook_endpoint'];
export type EventRow = Schema['webhook_event'];
export type DeliveryRow = Schema['webhook_delivery'];

/** Those that are told something; a business has a handful. Asked whenever somebody completes a response. */
export const listening = prepared<Record<never, never>>()((db) =>
  db.selectFrom('webhook_endpoint').select(['id', 'events']).where('state', '=', 'on').where('removed_at', 'is', null),
);

export async function endpoints(db: Db): Promise<EndpointRow[]> {
  return await db
    .selectFrom('webhook_endpoint')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('id', 'desc')
    .execute();
}

export async function findEndpoint(db: Db, id: string): Promise<EndpointRow | undefined> {
  return await db
    .selectFrom('webhook_endpoint')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
}

export async function insertEndpoint(tx: Tx, row: EndpointRow): Promise<void> {
  await tx.insertInto('webhook_endpoint').values(row).execute();
}

/** Whether it still stood at that revision. */
export async function changeEndpoint(
  tx: Tx,
  id: string,
  seen: number,
  changed: Partial<Pick<EndpointRow, 'url' | 'events' | 'secret' | 'state' | 'failing_since' | 'removed_at'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('webhook_endpoint')
    .set({ ...changed, revision: seen + 1 })
    .where('id', '=', id)
    .where('revision', '=', seen)
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Of a success nothing stays; of a failure the first moment since the last success. */
export async function noteHealth(tx: Tx, id: string, failingSince: string | null): Promise<void> {
  const update = tx.updateTable('webhook_endpoint').set({ failing_since: failingSince }).where('id', '=', id);
  await update.where('failing_since', failingSince === null ? 'is not' : 'is', null).execute();
}

/** Whether it was on until now. */
export async function giveUp(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('webhook_endpoint')
    .set((eb) => ({ state: 'failed', revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'on')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Whether it is written for the first time. */
export async function insertEvent(tx: Tx, row: EventRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('webhook_event')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function insertDeliveries(tx: Tx, rows: DeliveryRow[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('webhook_delivery').values(rows).execute();
}

export interface DueDelivery {
  id: string;
  endpoint_id: string;
  event_id: string;
  tries: number;
  url: string;
  secret: string;
  failing_since: string | null;
  payload: string | null;
}

/** What is to be delivered by now to endpoints that are on, the oldest first. */
export async function dueDeliveries(db: Db, now: string, limit: number): Promise<DueDelivery[]> {
  return await db
    .selectFrom('webhook_delivery as delivery')
    .innerJoin('webhook_endpoint as endpoint', 'endpoint.id', 'delivery.endpoint_id')
    .innerJoin('webhook_event as event', 'event.id', 'delivery.event_id')
    .select([
      'delivery.id',
      'delivery.endpoint_id',
      'delivery.event_id',
      'delivery.tries',
      'endpoint.url',
      'endpoint.secret',
      'endpoint.failing_since',
      'event.payload',
    ])
    .where('delivery.state', '=', 'waiting')
    .where('delivery.due_at', '<=', now)
    .where('endpoint.state', '=', 'on')
    .where('endpoint.removed_at', 'is', null)
    .orderBy('delivery.due_at')
    .orderBy('delivery.id')
    .limit(limit)
    .execute();
}

/** What should have been delivered by now, counted up to `most`. */
export async function countDue(db: Db, now: string, most: number): Promise<number> {
  const due = db.selectFrom('webhook_delivery').select('id').where('due_at', '<=', now).orderBy('due_at').limit(most);
  const query = (db as Tx).selectFrom(due.as('due')).select((is) => is.fn.countAll<number>().as('count'));
  return (await query.executeTakeFirstOrThrow()).count;
}

/** Whether the attempt is ours: it counts before it is made, so that nobody makes it too. */
export async function claim(tx: Tx, { id, tries }: DueDelivery, now: string, dueAt: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('webhook_delivery')
    .set({ tries: tries + 1, last_tried_at: now, due_at: dueAt })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('tries', '=', tries)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** What came of the attempt of that number. */
export async function settle(
  tx: Tx,
  id: string,
  attempt: number,
  outcome: Partial<Pick<DeliveryRow, 'state' | 'due_at' | 'last_status' | 'last_error' | 'delivered_at'>>,
): Promise<void> {
  await tx
    .updateTable('webhook_delivery')
    .set(outcome)
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('tries', '=', attempt)
    .execute();
}

/** What waits for an endpoint that is gone or given up will not be sent. */
export async function failWaiting(tx: Tx, endpointId: string): Promise<void> {
  await tx
    .updateTable('webhook_delivery')
    .set({ state: 'failed', due_at: null })
    .where('endpoint_id', '=', endpointId)
    .where('state', '=', 'waiting')
    .execute();
}

/** Deliveries to an endpoint, the newest first, after the one named. */
export async function deliveriesOf(db: Db, endpointId: string, before: string | null, limit: number) {
  const query = db
    .selectFrom('webhook_delivery as delivery')
    .innerJoin('webhook_event as event', 'event.id', 'delivery.event_id')
    .selectAll('delivery')
    .select(['event.kind', 'event.created_at'])
    .where('delivery.endpoint_id', '=', endpointId);
  return await (before === null ? query : query.where('delivery.id', '<', before))
    .orderBy('delivery.id', 'desc')
    .limit(limit)
    .execute();
}

/** Whether it had been settled, and now waits again. */
export async function requeue(tx: Tx, endpointId: string, id: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('webhook_delivery')
    .set({ state: 'waiting', tries: 0, due_at: now, delivered_at: null })
    .where('id', '=', id)
    .where('endpoint_id', '=', endpointId)
    .where('state', '<>', 'waiting')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Forgets up to so many messages from before that moment of which nothing waits, but not that they were told. How many. */
export async function forgetOld(tx: Tx, before: string, limit: number): Promise<number> {
  const old = await tx
    .selectFrom('webhook_event')
    .select('id')
    .where('payload', 'is not', null)
    .where('created_at', '<', before)
    .where(({ not, exists, selectFrom, ref }) =>
      not(
        exists(
          selectFrom('webhook_delivery')
            .select('webhook_delivery.id')
            .where('webhook_delivery.event_id', '=', ref('webhook_event.id'))
            .where('webhook_delivery.due_at', 'is not', null),
        ),
      ),
    )
    .orderBy('created_at')
    .limit(limit)
    .execute();
  const ids = old.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await tx.deleteFrom('webhook_delivery').where('event_id', 'in', ids).execute();
  await tx.updateTable('webhook_event').set({ payload: null }).where('id', 'in', ids).execute();
  return ids.length;
}
