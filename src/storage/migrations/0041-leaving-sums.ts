import type { Migration } from '../migration.ts';

/**
 * What "why they leave" reads of its sums was mostly strata, which one figure alone needs: they stand in a column of their own,
 * at the end. A leaver's row says itself which of the answers has its permanent number, so that those that audits drew, and the
 * answers behind a reason, are found in an index. All is summed up anew in the background. Satisfaction looks up those whom two
 * fields of a filter leave.
 */
export const leavingStrata: Migration = {
  name: '0041-leaving-sums',
  statements: () => [
    `delete from leaver_span`,
    `alter table leaver_span add column strata text not null default ''`,
    `alter table leaver add column first_question text`,
    `alter table leaver add column random_number double precision`,
    `update leaver set first_question =
      (select min(t.question_key) from coding_task as t where t.response_id = leaver.response_id)
      where response_id is not null`,
    `update leaver set random_number = (select t.random_number from coding_task as t
      where t.response_id = leaver.response_id and t.question_key = leaver.first_question)
      where first_question is not null`,
    `drop index leaver_response`,
    `create index leaver_response on leaver
      (response_id, first_question, left_on, segment, country, language, tenure_band, value_band, main_code_id,
       lost_minor, customer_id)
      where response_id is not null`,
    `create index leaver_said on leaver
      (main_code_id, random_number, left_on, segment, country, language, tenure_band, value_band, customer_id)
      where random_number is not null`,
    // Two fields in a filter are counted answer by answer: those of other customers are not looked at.
    `create index satisfaction_response_place on satisfaction_response (segment, country, on_day, response_id)`,
    `create index satisfaction_response_segment on satisfaction_response (segment, language, on_day, response_id)`,
    `create index satisfaction_response_country on satisfaction_response (country, language, on_day, response_id)`,
  ],
};
