import type { Migration } from '../migration.ts';

/** Where programs are told what happened, what happened, and which of it has been delivered. */
export const webhooks: Migration = {
  name: '0020-webhooks',
  statements: () => [
    `create table webhook_endpoint (
      id text primary key, url text not null, events text not null, secret text not null,
      state text not null check (state in ('on', 'off', 'failed')), revision integer not null default 1,
      failing_since text, created_by text references account (id), created_at text not null, removed_at text)`,
    `create table webhook_event (
      id text primary key, kind text not null, cause text not null, payload text, created_at text not null,
      unique (kind, cause))`,
    `create table webhook_delivery (
      id text primary key, endpoint_id text not null references webhook_endpoint (id),
      event_id text not null references webhook_event (id),
      state text not null check (state in ('waiting', 'delivered', 'failed')), tries integer not null default 0,
      due_at text, last_tried_at text, last_status integer, last_error text not null default '', delivered_at text,
      unique (endpoint_id, event_id), check ((state = 'waiting') = (due_at is not null)))`,
    `create index webhook_delivery_due on webhook_delivery (due_at) where due_at is not null`,
    `create index webhook_delivery_endpoint on webhook_delivery (endpoint_id, id)`,
    `create index webhook_delivery_event on webhook_delivery (event_id)`,
    // What was told long ago is forgotten, but not that it was told.
    `create index webhook_event_age on webhook_event (created_at) where payload is not null`,
  ],
};
