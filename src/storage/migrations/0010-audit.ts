import type { Migration } from '../migration.ts';

/** Which answers a random audit drew, how probable that was, and how likely each reason is the main one of a response. */
export const audit: Migration = {
  name: '0010-audit',
  statements: (engine) => [
    `alter table coding_task add column inclusion double precision check (inclusion > 0 and inclusion <= 1)`,
    `alter table coding_task add column blind integer not null default 0 check (blind in (0, 1))`,
    `alter table coding_task add column worth_asking double precision not null default 0`,
    `create table coding_audit (
      id text primary key, programme_id text not null references programme (id), covers text not null,
      wanted integer not null check (wanted > 0), threshold double precision not null check (threshold > 0 and threshold <= 1),
      account_id text references account (id), created_at text not null)`,
    `create index coding_audit_programme on coding_audit (programme_id, created_at)`,
    `create index coding_task_audit on coding_task (programme_id, random_number) where inclusion is not null`,
    `create index coding_task_learn on coding_task (programme_id, worth_asking) where state = 'open'`,
    `create table main_chance (
      response_id text not null references response (id) on delete cascade, code_id text not null references code (id),
      chance double precision not null check (chance > 0 and chance <= 1), primary key (response_id, code_id))${engine === 'sqlite' ? ' without rowid' : ''}`,
    // The report asks for each leaver whether their answer has been read.
    `drop index leaver_report`,
    `create index leaver_report on leaver
      (left_on, knowledge, main_code_id, main_source, stated_code_id, segment, country, language, tenure_band,
       value_band, lost_minor, response_id)`,
    // Answers read before have neither chances of a main reason nor a worth of asking: they are read again.
    `update coding_task set engine_turn = 0`,
  ],
};
