import type { Migration } from '../migration.ts';

/** What a customer asked not to get any more, short of everything. */
export const refusals: Migration = {
  name: '0006-refusals',
  statements: () => [
    `create table refusal (
      customer_id text not null references customer (id),
      topic text not null check (topic = 'surveys' or topic = 'greetings'), since text not null, how text not null,
      primary key (customer_id, topic))`,
  ],
};
