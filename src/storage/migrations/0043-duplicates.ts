import type { Migration } from '../migration.ts';

/**
 * Which records are probably the same person. Each carries keys by which those like it are found in an index; whom it is like is
 * worked out in the background, for those who are there already from the first start on.
 */
export const duplicates: Migration = {
  name: '0043-duplicates',
  statements: () => [
    ...['telephone_key', 'name_key', 'place_key', 'street_key'].map(
      (column) => `alter table customer add column ${column} text not null default ''`,
    ),
    `create index customer_telephone on customer (telephone_key)`,
    `create index customer_name on customer (name_key, place_key)`,
    `create index customer_address on customer (place_key, street_key)`,
    // Whose name, address or number was changed since it was last compared with others.
    `create table duplicate_check (id text primary key, customer_id text not null)`,
    `insert into duplicate_check (id, customer_id) select id, id from customer where erased_at is null`,
    `create table likely_duplicate (
      id text primary key, customer_id text not null references customer (id),
      other_id text not null references customer (id), certainty integer not null, why text not null,
      unique (customer_id, other_id))`,
    `create index likely_duplicate_other on likely_duplicate (other_id)`,
    `create index likely_duplicate_certainty on likely_duplicate (certainty, id)`,
    // Both ways round, so that it is found from either.
    `create table different_person (
      customer_id text not null references customer (id), other_id text not null references customer (id),
      said_at text not null, account_id text references account (id), primary key (customer_id, other_id))`,
    `create index different_person_other on different_person (other_id)`,
    `create index different_person_said on different_person (said_at, customer_id, other_id)`,
  ],
};
