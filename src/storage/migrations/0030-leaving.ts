import type { Migration } from '../migration.ts';

/** The reason that a colleague kept on the newest call about this leaving, of those who never answered. */
const SAID_ON_CALLS = `
  select w.customer_id, k.id as code_id, k.kind
  from winback_case as w
  join leaver as l on l.customer_id = w.customer_id
  join code as k on k.key = w.reason_key
  join codebook as b on b.id = k.codebook_id
  join programme as p on p.id = b.programme_id
  where p.key = 'leaving' and l.response_id is null and w.case_id = (
    select x.case_id from winback_case as x
    where x.customer_id = w.customer_id and x.reason_key <> ''
      and (x.state = 'open' or substr(x.opened_at, 1, 10) >= l.left_on)
    order by x.opened_at desc, x.case_id desc limit 1)`;

/** Reasons from calls count like others, and sums know how many leavers they are of: all is counted anew in the background. */
export const reasonsFromCalls: Migration = {
  name: '0030-leaving',
  statements: () => [
    `alter table leaver add column from_call integer not null default 0`,
    `alter table leaver add column silent integer not null default 0`,
    `update leaver set
      main_code_id = said.code_id, main_source = 'colleague', from_call = 1,
      silent = case when leaver.knowledge = 'no_answer' then 1 else 0 end,
      knowledge = case when said.kind = 'unknown' then 'does_not_know' else 'known' end
     from (${SAID_ON_CALLS}) as said where said.customer_id = leaver.customer_id`,
    `delete from leaver_span`,
    `alter table leaver_span add column leavers integer not null default 0`,
  ],
};
