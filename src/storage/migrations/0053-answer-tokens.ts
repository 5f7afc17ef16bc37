import type { Migration } from '../migration.ts';

/** Programs propose answers of the library and decide on them: the token stands there as a colleague's name does. */
export const answerTokens: Migration = {
  name: '0053-answer-tokens',
  statements: () => [
    `alter table library_text add column proposed_token text references access_token (id)`,
    `alter table library_text add column decided_token text references access_token (id)`,
  ],
};
