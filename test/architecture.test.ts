import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from '@jest/globals';

/** Who may write which table. Reading across features is for reports alone; that is a matter of review. */
const OWNERS: Record<string, string> = {
  setting: 'accounts',
  account: 'accounts',
  account_link: 'accounts',
  access_token: 'accounts',
  audit_entry: 'accounts',
  session: 'web',
  sent_form: 'web',
  customer: 'customers',
  customer_tag: 'customers',
  purchase: 'customers',
  invoice: 'customers',
  dealing: 'customers',
  timeline_event: 'customers',
  refusal: 'customers',
  resubscription: 'customers',
  duplicate_check: 'customers',
  likely_duplicate: 'customers',
  different_person: 'customers',
  import: 'customers',
  import_row: 'customers',
  import_file: 'customers',
  programme: 'questionnaires',
  questionnaire: 'questionnaires',
  questionnaire_version: 'questionnaires',
  text_approval: 'questionnaires',
  outgoing_mail: 'mailer',
  captured_mail: 'mailer',
  returned_mail: 'mailer',
  suppression: 'mailer',
  mail_hook: 'mailer',
  mail_hook_token: 'mailer',
  lease: 'mailer scheduler',
  wave: 'invitations',
  wave_count: 'invitations',
  invitation: 'invitations',
  response: 'responses',
  answer: 'responses',
  answer_revision: 'responses',
  codebook: 'coding',
  code: 'coding',
  codebook_change: 'coding',
  coding: 'coding',
  coding_task: 'coding',
  engine_model: 'coding',
  engine_opinion: 'coding',
  engine_memory: 'coding',
  engine_kept: 'coding',
  coding_audit: 'coding',
  double_coding: 'coding',
  main_chance: 'coding',
  main_reason: 'coding',
  code_keyword: 'coding',
  theme: 'coding',
  theme_answer: 'coding',
  theme_look: 'coding',
  competitor: 'coding',
  competitor_answer: 'coding',
  leaver: 'reports',
  leaver_span: 'reports',
  leaver_alike: 'reports',
  leaver_stale: 'reports',
  monthly_summary: 'reports',
  summary_letter: 'reports',
  summary_refusal: 'reports',
  customer_return: 'reports',
  effect_cohort: 'reports',
  survival_group: 'reports',
  rollup_state: 'reports',
  satisfaction_response: 'reports',
  satisfaction_news: 'reports',
  satisfaction_total: 'reports',
  satisfaction_item: 'reports',
  satisfaction_said: 'reports',
  satisfaction_low: 'reports',
  satisfaction_state: 'reports',
  customer_value: 'reports',
  value_model: 'reports',
  value_setting: 'reports',
  customer_risk: 'reports',
  risk_calm: 'reports',
  risk_flag: 'reports',
  risk_due: 'reports',
  risk_rhythm: 'reports',
  risk_state: 'reports',
  risk_setting: 'reports',
  risk_call: 'reports',
  library_answer: 'recovery',
  library_text: 'recovery',
  library_use: 'recovery',
  playbook_page: 'retention',
  playbook_version: 'retention',
  playbook_reading: 'retention',
  goal: 'retention',
  goal_version: 'retention',
  goal_turn: 'retention',
  policy: 'retention',
  policy_version: 'retention',
  retention_reading: 'retention',
  policy_letter: 'retention',
  policy_message: 'retention',
  webhook_endpoint: 'api',
  webhook_event: 'api',
  webhook_delivery: 'api',
  reminder: 'invitations',
  contact: 'invitations',
  contact_budget: 'invitations',
  holdout_share: 'invitations',
  holdout_draw: 'invitations',
  schedule: 'invitations',
  schedule_run: 'invitations',
  schedule_subject: 'invitations',
  letter_batch: 'post',
  letter: 'post',
  response_entry: 'responses',
  response_copy: 'responses',
  phone_call: 'telephone',
  telephone_flag: 'telephone',
  alert: 'loyalty',
  alert_link: 'loyalty',
  alert_subject: 'loyalty',
  public_comment: 'recovery',
  guarantee_claim: 'recovery',
  comment_setting: 'recovery',
  payment_setting: 'recovery',
  arrears_invoice: 'recovery',
  payment_letter: 'recovery',
  payment_wish: 'recovery',
  payment_plan: 'recovery',
  payment_instalment: 'recovery',
  anniversary_setting: 'loyalty',
  anniversary_day: 'loyalty',
  greeting: 'loyalty',
  greeting_way: 'loyalty',
  contentment: 'loyalty',
  trust_ask: 'loyalty',
  trust_refusal: 'loyalty',
  referral: 'loyalty',
  trust_reference: 'loyalty',
  trust_use: 'loyalty',
  offer: 'recovery',
  offer_limit: 'recovery',
  offer_given: 'recovery',
  winback: 'recovery',
  winback_case: 'recovery',
  winback_call: 'recovery',
  winback_letter: 'recovery',
  next_need: 'recovery',
  next_need_nudge: 'recovery',
  case_counter: 'recovery',
  recovery_case: 'recovery',
  case_step: 'recovery',
  case_event: 'recovery',
  case_remedy: 'recovery',
  case_tag: 'recovery',
  colleague_absence: 'recovery',
  case_setting: 'recovery',
  case_mail: 'recovery',
  attachment: 'recovery',
  attachment_content: 'recovery',
};

const WRITE = /\.(?:insertInto|updateTable|deleteFrom)\(\s*'(\w+)'/g;
// The storage writes none itself; its comments show how others do.
const files = globSync('src/**/*.ts', { exclude: ['src/storage/**'] }).map((file) => ({
  file,
  text: readFileSync(file, 'utf8'),
}));
const featureOf = (file: string) => file.split('/')[1] ?? '';

/** Which files write a table that is not their feature's. */
function trespasses(sources: { file: string; text: string }[]): string[] {
  return sources.flatMap(({ file, text }) =>
    [...text.matchAll(WRITE)]
      .map(([, table = '']) => table)
      .filter((table) => !(OWNERS[table] ?? '').split(' ').includes(featureOf(file)))
      .map((table) => `${file} writes ${table}`),
  );
}

test('a store writes only the tables of its own feature', () => {
  expect(trespasses(files)).toEqual([]);
  expect(trespasses([{ file: 'src/reports/store.ts', text: "tx.updateTable('customer')" }])).toHaveLength(1);
});

test('every table has an owner', () => {
  const ddl = globSync('src/storage/migrations/*.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const tables = [...ddl.matchAll(/create table (\w+)/g)].map(([, table]) => table);
  const dropped = new Set([...ddl.matchAll(/drop table (\w+)/g)].map(([, table]) => table));
  const standing = tables.filter((table) => !dropped.has(table));
  expect(standing.toSorted()).toEqual(Object.keys(OWNERS).toSorted());
});

test('only stores write SQL', () => {
  const writers = files.filter(({ text }) => [...text.matchAll(WRITE)].length > 0).map(({ file }) => file);
  expect(writers.filter((file) => !basename(file).endsWith('store.ts'))).toEqual([]);
});
