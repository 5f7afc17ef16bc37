import type { Migration } from '../migration.ts';

/** Calls to customers who may be about to leave: who waits for one, who makes it, and what was said. */
export const riskCalls: Migration = {
  name: '0032-risk',
  statements: () => [
    `create table risk_call (
      id text primary key, customer_id text not null references customer (id) on delete cascade,
      state text not null check (state in ('open', 'done')), outcome text,
      worth_minor bigint not null, worth_at_risk_minor bigint not null, reasons text not null,
      time_zone text not null, country text not null, not_before text not null,
      appointment integer not null check (appointment in (0, 1)), tries integer not null,
      claimed_by text references account (id), claimed_at text, claimed_until text,
      draft text not null, said text not null, case_id text,
      asked_by text references account (id), created_at text not null, settled_at text)`,
    // Nobody is called by two lists at once.
    `create unique index risk_call_open on risk_call (customer_id) where state = 'open'`,
    `create index risk_call_list on risk_call (state, worth_at_risk_minor, id)`,
    `create index risk_call_due on risk_call (state, appointment, not_before, id)`,
    `create index risk_call_place on risk_call (state, time_zone, country)`,
    `create index risk_call_customer on risk_call (customer_id, created_at)`,
  ],
};
