import type { Migration } from '../migration.ts';

const asks = (key: string): string => `version.definition like '%"key":"${key}"%'`;

/** Responses taken for satisfaction although nobody was asked how well their needs are met. */
const MISTAKEN = `part = 'satisfaction' and response_id in (
  select response.id from response where response.questionnaire_version_id in (
    select version.id from questionnaire_version version where not (${asks('needs')})))`;

const DEALING = `(select case when ${asks('went')} or ${asks('complaint')} or ${asks('put_right')} then 'after'
    when ${asks('expected')} then 'before' when ${asks('underway')} then 'during' else 'satisfaction' end
  from response join questionnaire_version version on version.id = response.questionnaire_version_id
  where response.id = satisfaction_response.response_id)`;

/**
 * What was sent by hand counted as satisfaction whatever it asked: questions about a dealing are about its moment, and without
 * "needs met" there is no number that says how satisfied somebody is. Those who left are counted by their reason in the order
 * of an index; they were sorted for it.
 */
export const insight: Migration = {
  name: '0051-insight',
  statements: () => [
    `insert into satisfaction_news (id, on_day)
      select 'asked ' || on_day, on_day from satisfaction_response where ${MISTAKEN} group by on_day`,
    `update satisfaction_response set part = ${DEALING},
      score = case when ${DEALING} = 'satisfaction' then null else score end where ${MISTAKEN}`,
    `drop index winback_reason`,
    `create index winback_told on winback (reason_key, attempted, standing, left_on)`,
  ],
};
