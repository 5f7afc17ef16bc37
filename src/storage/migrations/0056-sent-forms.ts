import type { Migration } from '../migration.ts';

/** A form that is sent twice is done once, and both sendings lead to the same page. */
export const sentForms: Migration = {
  name: '0056-sent-forms',
  statements: () => [
    `create table sent_form (form_hash text primary key, sent_at text not null, led_to text)`,
    `create index sent_form_sent on sent_form (sent_at)`,
  ],
};
