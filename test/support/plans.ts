import Database from 'better-sqlite3';

/** Tables that stay small in the largest business: reading one whole costs nothing. Every other table grows. */
const SMALL = new Set([
  'access_token',
  'account',
  'account_link',
  'alert_link',
  'code',
  'codebook',
  'codebook_change',
  'colleague_absence',
  'comment_setting',
  'effect_cohort',
  'goal',
  'goal_version',
  'goal_turn',
  'holdout_share',
  'import',
  'lease',
  'summary_refusal',
  'library_answer',
  'library_text',
  'mail_hook',
  'playbook_page',
  'playbook_version',
  'policy',
  'policy_version',
  'programme',
  'questionnaire',
  'questionnaire_version',
  'risk_rhythm',
  'risk_setting',
  'risk_state',
  'schedule',
  'schedule_run',
  'satisfaction_low',
  'offer',
  'offer_limit',
  'rollup_state',
  'setting',
  'survival_group',
  'text_approval',
  'wave',
  'webhook_endpoint',
]);

/** Nearly nobody is erased: this count stops where it may. */
const ENDS_SOON = /from "customer" where erased_at is null limit \?/;

/** Listens, from now on, to every text that SQLite is asked to prepare; the queries among them, each once. */
export function listenToQueries(): Set<string> {
  const heard = new Set<string>();
  const prepare = Object.getOwnPropertyDescriptor(Database.prototype, 'prepare')?.value as (sql: string) => unknown;
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    if (/^\s*(select|with)\b/i.test(sql)) heard.add(sql);
    return prepare.call(this, sql);
  } as typeof Database.prototype.prepare;
  return heard;
}

/** The steps of a query's plan that walk through a whole table that grows: nothing on a page may. */
export function scansOf(db: Database.Database, query: string): string[] {
  const parameters = Array.from(query.matchAll(/\?/g), () => null);
  const steps = db.prepare(`explain query plan ${query}`).all(parameters) as { detail: string }[];
  const tables = tablesIn(query);
  const ends = /\blimit\b/i.test(query);
  if (ENDS_SOON.test(query)) return [];
  return steps
    .map(({ detail }) => detail)
    .filter((detail) => {
      const [, name = ''] = /^SCAN (\w+)/.exec(detail) ?? [];
      const table = tables.get(name) ?? name;
      if (!tables.has(name) || SMALL.has(table)) return false;
      // In the order of an index, a page of a list ends where it is full.
      return !(ends && /USING (COVERING )?INDEX/.test(detail));
    });
}

/** Names in a query, its own and given ones, and the tables that they stand for. */
function tablesIn(query: string): Map<string, string> {
  const named = query.matchAll(/\b(?:from|join)\s+"?(\w+)"?(?:\s+as\s+"?(\w+)"?)?/gi);
  const own = Array.from(query.matchAll(/\bwith recursive (\w+)/gi), ([, name]) => name);
  const tables = Array.from(named, ([, table = '', name = table]): [string, string] => [name, table]);
  return new Map(tables.filter(([, table]) => !own.includes(table)));
}
