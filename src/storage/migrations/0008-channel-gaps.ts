import type { Migration } from '../migration.ts';

/** Who was reached by letter or telephone after their e-mail had come back, and where the people live who are called. */
export const channelGaps: Migration = {
  name: '0008-channel-gaps',
  statements: () => [
    `alter table invitation add column reached_at text`,
    `drop index invitation_delivery`,
    `create index invitation_delivery on invitation (wave_id, delivery, customer_id, bounced_at, reached_at)`,
    `alter table phone_call add column country text not null default ''`,
    `update phone_call set country = (select country from customer where customer.id = phone_call.customer_id)`,
    `drop index phone_call_zone`,
    `create index phone_call_zone on phone_call (wave_id, time_zone, country) where state = 'open'`,
  ],
};
