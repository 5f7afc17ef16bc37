import type { Migration } from '../migration.ts';

const oneOf = (column: string, values: string[]): string =>
  values.map((value) => `${column} = '${value}'`).join(' or ');

const GREETINGS = ['queued', 'sent', 'unknown', 'failed', 'cancelled', 'to_write', 'written', 'left_out'];
const ASKS = ['waiting', 'queued', 'sent', 'unknown', 'failed', 'cancelled'];
const ANSWERS = ['declined', 'agreed'];
const OUTCOMES = ['open', 'became_customer', 'nothing'];

/** Cards on anniversaries; and trust: who is happy, whom we asked for a word, who may be asked about us. */
export const attentions: Migration = {
  name: '0017-attentions',
  statements: () => [
    `create table anniversary_setting (
      id text primary key, value text not null, changed_by text references account (id), changed_at text not null)`,
    // Since when somebody is a customer, by the day of the year.
    `create table anniversary_day (
      customer_id text primary key references customer (id) on delete cascade, month_day text not null, since text not null)`,
    `create index anniversary_day_month on anniversary_day (month_day, customer_id)`,
    `insert into anniversary_day (customer_id, month_day, since)
      select id, substr(coalesce(customer_since, first_purchase_on), 6, 5), coalesce(customer_since, first_purchase_on)
      from customer
      where coalesce(customer_since, first_purchase_on) is not null and status = 'active' and erased_at is null`,
    `create table greeting (
      id text primary key, customer_id text not null references customer (id), year integer not null,
      years integer not null, on_day text not null, way text not null check (way = 'mail' or way = 'post'),
      state text not null check (${oneOf('state', GREETINGS)}), language text not null, reward text not null,
      created_at text not null, settled_at text, account_id text references account (id), reason text not null default '',
      unique (customer_id, year))`,
    `create index greeting_pile on greeting (on_day, id) where state = 'to_write'`,
    `create index greeting_day on greeting (on_day, id)`,
    `create table greeting_way (
      customer_id text primary key references customer (id), way text not null check (way = 'post' or way = 'mail'),
      account_id text references account (id), at text not null)`,
    // What each customer said last about how well their needs are met.
    `create table contentment (
      customer_id text primary key references customer (id), response_id text not null, score integer not null,
      said_at text not null)`,
    `create index contentment_said on contentment (said_at, customer_id)`,
    `insert into contentment (customer_id, response_id, score, said_at)
      select response.customer_id, response.id, cast(answer.value as integer), response.submitted_at
      from response join answer on answer.response_id = response.id
      where answer.question_key = 'needs' and answer.kind = 'scale' and answer.value is not null
        and response.submitted_at is not null and not exists (
          select 1 from response later join answer given on given.response_id = later.id
          where later.customer_id = response.customer_id and given.question_key = 'needs' and given.kind = 'scale'
            and given.value is not null and later.submitted_at is not null
            and (later.submitted_at > response.submitted_at
              or (later.submitted_at = response.submitted_at and later.id > response.id)))`,
    `create table trust_ask (
      id text primary key, customer_id text not null references customer (id),
      kind text not null check (kind = 'word' or kind = 'vouch'), prospect text not null default '',
      way text not null check (way = 'mail' or way = 'talk'), state text not null check (${oneOf('state', ASKS)}),
      language text not null, asked_by text references account (id), asked_at text not null,
      answer text check (${oneOf('answer', ANSWERS)}), answered_at text, words text not null default '',
      settled_at text)`,
    `create index trust_ask_customer on trust_ask (customer_id, asked_at)`,
    `create index trust_ask_asked on trust_ask (asked_at, id)`,
    `create table trust_refusal (
      customer_id text primary key references customer (id), since text not null, how text not null)`,
    `create table referral (
      id text primary key, customer_id text not null references customer (id), ask_id text references trust_ask (id),
      words text not null, named_at text not null, outcome text not null check (${oneOf('outcome', OUTCOMES)}),
      outcome_by text references account (id), outcome_at text, new_customer_id text references customer (id),
      thanked_by text references account (id), thanked_at text)`,
    `create index referral_customer on referral (customer_id, id)`,
    `create index referral_open on referral (outcome, id)`,
    `create table trust_reference (
      customer_id text primary key references customer (id), a_year integer not null check (a_year between 1 and 12),
      way text not null check (way = 'telephone' or way = 'mail'), topics text not null, since text not null,
      ended_at text, noted_by text references account (id), revision integer not null default 0)`,
    `create index trust_reference_standing on trust_reference (since, customer_id) where ended_at is null`,
    `create table trust_use (
      id text primary key, customer_id text not null references customer (id), prospect text not null,
      account_id text references account (id), at text not null, thanked_at text)`,
    `create index trust_use_customer on trust_use (customer_id, at)`,
  ],
};
