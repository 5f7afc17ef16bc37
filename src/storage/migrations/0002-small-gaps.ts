import type { Migration } from '../migration.ts';

const CUSTOMERS = [
  `create table resubscription (
    id text primary key, customer_id text not null references customer (id), at text not null,
    account_id text references account (id), how text not null, reason text not null)`,
  `create index resubscription_customer on resubscription (customer_id, id)`,
];

// What an answer's customer is worth stands beside its task: the most valuable of 100,000 must be found at once.
const CODING = [
  `alter table coding_task add column worth_minor bigint not null default 0`,
  `update coding_task set worth_minor = coalesce((
    select c.worth_minor from main_reason m join customer c on c.id = m.customer_id
    where m.response_id = coding_task.response_id), 0)`,
  `create index coding_task_worth on coding_task (programme_id, worth_minor desc, created_at, response_id, question_key)
    where state = 'open' and skipped_at is null`,
];

/** Why somebody is written to again; the desk's queue by worth. */
export const smallGaps: Migration = { name: '0002-small-gaps', statements: () => [...CUSTOMERS, ...CODING] };
