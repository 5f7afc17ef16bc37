import type { Migration } from '../migration.ts';

const TOUCHPOINT = `case schedule.moment when 'before_dealing' then 'before' when 'during_dealing' then 'during'
  when 'after_dealing' then 'after' when 'after_purchase' then 'after' else
    case when programme.key = 'satisfaction' then 'satisfaction' end end`;

const NEEDS = `(select cast(answer.value as integer) from answer
  where answer.response_id = response.id and answer.question_key = 'needs' and answer.kind = 'scale'
    and answer.value is not null and cast(answer.value as integer) between 1 and 5)`;

/** What customers said about how they are served, ready to be counted by day and by month. */
export const satisfaction: Migration = {
  name: '0026-satisfaction',
  statements: (engine) => [
    // The customer's segment, country and language as they were when they answered.
    `create table satisfaction_response (
      response_id text primary key references response (id) on delete cascade, part text not null
        check (part = 'satisfaction' or part = 'before' or part = 'during' or part = 'after'),
      programme_id text not null references programme (id), on_day text not null, segment text not null,
      country text not null, language text not null, score integer check (score between 1 and 5),
      likely integer check (likely between 0 and 10))`,
    `create index satisfaction_response_day on satisfaction_response (on_day, response_id)`,
    `create index satisfaction_response_programme on satisfaction_response (programme_id, on_day)`,
    // Days whose counts are to be made anew.
    `create table satisfaction_news (id text primary key, on_day text not null)`,
    `create index satisfaction_news_day on satisfaction_news (on_day, id)`,
    `create table satisfaction_cell (
      kind text not null check (kind = 'score' or kind = 'code'), span text not null, topic text not null,
      item text not null, segment text not null, country text not null, language text not null, n integer not null,
      coded integer not null, chance double precision not null, rest double precision not null,
      primary key (kind, span, topic, item, segment, country, language))${engine === 'sqlite' ? ' without rowid' : ''}`,
    `create table satisfaction_tally (
      on_day text not null, question_key text not null, code_id text not null, score integer not null, n integer not null,
      primary key (on_day, question_key, code_id, score))${engine === 'sqlite' ? ' without rowid' : ''}`,
    `create table satisfaction_theme (
      response_id text not null references response (id) on delete cascade, question_key text not null,
      code_id text not null references code (id), part text not null, by_engine double precision,
      random_number double precision not null, primary key (response_id, question_key, code_id))`,
    `create index satisfaction_theme_code on satisfaction_theme (code_id, part, question_key, random_number)`,
    // Which codes go with low scores, as last worked out.
    `create table satisfaction_low (
      question_key text not null, code_id text not null, from_day text not null, to_day text not null,
      carrying integer not null, others integer not null, difference double precision not null,
      low double precision not null, high double precision not null, p double precision not null,
      told integer not null check (told in (0, 1)), primary key (question_key, code_id))`,
    `create table satisfaction_state (name text primary key, value text not null)`,
    `create index wave_schedule_run on wave (schedule_run_id) where schedule_run_id is not null`,
    `insert into satisfaction_response (response_id, part, programme_id, on_day, segment, country, language, score, likely)
      select response.id, ${TOUCHPOINT}, response.programme_id, substr(response.submitted_at, 1, 10), customer.segment,
        customer.country, customer.language, ${NEEDS}, null
      from response join customer on customer.id = response.customer_id
        join programme on programme.id = response.programme_id join wave on wave.id = response.wave_id
        left join schedule_run on schedule_run.id = wave.schedule_run_id
        left join schedule on schedule.id = schedule_run.schedule_id
      where response.submitted_at is not null and ${TOUCHPOINT} is not null`,
    `insert into satisfaction_news (id, on_day)
      select distinct 'first ' || on_day, on_day from satisfaction_response`,
  ],
};
