import type { Migration } from '../migration.ts';

/**
 * Why they leave asks at each look how many responses have been searched for competitors' names, and which answers an audit
 * has drawn: read from the index alone, not from a million rows of the table.
 */
export const covering: Migration = {
  name: '0035-covering',
  statements: () => [
    `create index coding_task_names_read on coding_task (programme_id, response_id) where names_read = 1`,
    `create index coding_task_drawn on coding_task (programme_id, response_id, question_key, state, blind, inclusion)
      where inclusion is not null`,
  ],
};
