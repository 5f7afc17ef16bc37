import type { Migration } from '../migration.ts';

/** Whose words are gone: nothing is written to such a response any more. Those that still have theirs, in the order they came. */
export const erasure: Migration = {
  name: '0038-erasure',
  statements: () => [
    `alter table response add column erased_at text`,
    `create index response_words on response (id) where erased_at is null`,
    // Beside the address, not in the audit log, which nothing can be taken out of.
    `alter table suppression add column reason text not null default ''`,
    // What is held on one customer, or came to one address, is found without looking through everybody's.
    `create index risk_calm_customer on risk_calm (customer_id)`,
    `create index captured_mail_to on captured_mail (lower(envelope_to))`,
  ],
};
