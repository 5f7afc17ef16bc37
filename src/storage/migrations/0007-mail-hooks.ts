import type { Migration } from '../migration.ts';

/** What mail services report by themselves: when they were last heard, and which one-time tokens have been spent. */
export const mailHooks: Migration = {
  name: '0007-mail-hooks',
  statements: () => [
    `create table mail_hook (
      provider text primary key check (provider = 'ses' or provider = 'postmark' or provider = 'mailgun'),
      heard_at text, confirmed_at text, ended_at text)`,
    `create table mail_hook_token (
      token_hash text primary key, fingerprint text not null, taken_at text not null)`,
    `create index mail_hook_token_taken on mail_hook_token (taken_at)`,
  ],
};
