import type { CustomerRows } from '../storage/index.ts';

const column = 'customer_id';

/** Nobody has two invitations to one wave: the other one stays, and one of them stands for both. */
export const INVITATION_ROWS: CustomerRows[] = [
  { table: 'invitation', column, once: ['wave_id'], rest: 'stays' },
  { table: 'contact', column },
  { table: 'holdout_draw', column, once: ['programme_id'], rest: 'goes' },
  { table: 'schedule_subject', column },
];
