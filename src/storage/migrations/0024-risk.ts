import type { Migration } from '../migration.ts';

const KINDS = ['silence', 'alive', 'complaint', 'answer', 'overdue', 'alert'];

/** Who may be about to leave and why; what was said of them before, and what then happened. */
export const risk: Migration = {
  name: '0024-risk',
  statements: () => [
    `create table customer_risk (
      customer_id text primary key references customer (id) on delete cascade,
      standing text not null check (standing in ('flagged', 'calm', 'low')),
      points double precision not null, score double precision not null check (score between 0 and 1),
      level integer not null, reasons text not null,
      ${KINDS.map((kind) => `${kind} integer not null check (${kind} in (0, 1))`).join(', ')},
      worth_minor bigint not null, worth_at_risk_minor bigint not null,
      segment text not null, contact_account_id text references account (id),
      flagged_at text, computed_at text not null)`,
    `create index customer_risk_list on customer_risk (standing, worth_at_risk_minor, customer_id, worth_minor)`,
    `create index customer_risk_segment on customer_risk (standing, segment, worth_at_risk_minor, customer_id, worth_minor)`,
    `create index customer_risk_contact
      on customer_risk (standing, contact_account_id, worth_at_risk_minor, customer_id, worth_minor)`,
    ...KINDS.map(
      (kind) =>
        `create index customer_risk_${kind}
          on customer_risk (standing, worth_at_risk_minor, customer_id, worth_minor) where ${kind} = 1`,
    ),
    `create table risk_calm (
      id text primary key, customer_id text not null references customer (id) on delete cascade,
      until_on text not null, why text not null, kinds text not null,
      set_by text references account (id), set_at text not null,
      ended_by text references account (id), ended_at text)`,
    `create unique index risk_calm_standing on risk_calm (customer_id) where ended_at is null`,
    `create index risk_calm_list on risk_calm (until_on, id) where ended_at is null`,
    `create table risk_flag (
      id text primary key, customer_id text not null references customer (id) on delete cascade,
      flagged_on text not null, first integer not null check (first in (0, 1)),
      looked_back integer not null check (looked_back in (0, 1)),
      points double precision not null, score double precision not null,
      outcome text not null check (outcome in ('open', 'left', 'bought', 'silent')), decided_on text,
      check ((outcome = 'open') = (decided_on is null)), unique (customer_id, flagged_on, looked_back))`,
    `create index risk_flag_record on risk_flag (flagged_on, outcome, first, looked_back, points, score)`,
    `create index risk_flag_open on risk_flag (outcome, flagged_on, id)`,
    `create table risk_due (customer_id text primary key references customer (id) on delete cascade)`,
    `create table risk_rhythm (segment text primary key, gap_days integer not null, gaps integer not null)`,
    `create table risk_state (key text primary key, value text not null)`,
    `create table risk_setting (
      id text primary key, value text not null, changed_by text references account (id), changed_at text not null)`,
  ],
};
