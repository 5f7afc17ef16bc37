import { afterAll } from '@jest/globals';
import Database from 'better-sqlite3';
import pg from 'pg';

const unheard = { prepare: Database.prototype.prepare, query: pg.Client.prototype.query };

// Both drivers outlive the file: what listens on would slow all later ones down, and keep all of this one in memory.
afterAll(() => {
  Database.prototype.prepare = unheard.prepare;
  pg.Client.prototype.query = unheard.query;
});

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
  'satisfaction_item',
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

/** Listens, from now on, to every text that SQLite is asked to prepare; the queries among them (or what begins so), each once. */
export function listenToQueries(beginning = /^\s*(select|with)\b/i): Set<string> {
  const heard = new Set<string>();
  const prepare = Object.getOwnPropertyDescriptor(Database.prototype, 'prepare')?.value as (sql: string) => unknown;
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    if (beginning.test(sql)) heard.add(sql);
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

/** The same for PostgreSQL: every query that any client asks from now on, each once. */
export function listenToPostgres(): Set<string> {
  const heard = new Set<string>();
  const query = Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query')?.value as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [asked] = args;
    const text = typeof asked === 'string' ? asked : ((asked as { text?: string } | null)?.text ?? '');
    if (/^\s*(select|with)\b/i.test(text)) heard.add(text);
    return query.apply(this, args);
  } as typeof pg.Client.prototype.query;
  return heard;
}

/** Without these PostgreSQL takes an index wherever one serves, also where a table has only some rows yet. */
const FORCED = ['enable_seqscan = off', 'enable_hashjoin = off', 'enable_mergejoin = off'];

/** What the queries would walk through whole in PostgreSQL, whatever they are asked with. */
export async function scansInPostgres(client: pg.Client, queries: Iterable<string>) {
  await client.query([...FORCED, 'plan_cache_mode = force_generic_plan'].map((each) => `set ${each}`).join(';'));
  const found: { step: string; query: string }[] = [];
  for (const query of queries) {
    const count = Math.max(0, ...Array.from(query.matchAll(/\$(\d+)/g), ([, number]) => Number(number)));
    const nulls = count === 0 ? '' : `(${Array.from({ length: count }, () => 'null').join(', ')})`;
    await client.query(`prepare probe as ${query}`);
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (verbose, format json) execute probe${nulls}`,
    );
    await client.query('deallocate probe');
    const ends = /\blimit\b/i.test(query);
    const hashed = new Set(Array.from(JSON.stringify(rows).matchAll(/hashed (SubPlan \d+)/g), ([, name]) => name));
    for (const node of rows.flatMap((row) => nodesOf(row['QUERY PLAN'][0].Plan, hashed)))
      if (walksThrough(node, ends)) found.push({ step: `${node['Node Type']} ${node['Relation Name']}`, query });
  }
  return found;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  Filter?: string;
  'Subplan Name'?: string;
  Plans?: PlanNode[];
}

/**
 * All steps but those of a subquery that, with few rows, is read once for all rows instead of once for each: whether an
 * index serves it with many, SQLite's plan of the same query shows.
 */
const nodesOf = (node: PlanNode, hashed: ReadonlySet<string | undefined>): PlanNode[] =>
  hashed.has(node['Subplan Name'] ?? '-') ? [] : [node, ...(node.Plans ?? []).flatMap((each) => nodesOf(each, hashed))];

function walksThrough(node: PlanNode, ends: boolean): boolean {
  const table = node['Relation Name'];
  if (table === undefined || SMALL.has(table)) return false;
  if (node['Node Type'] === 'Seq Scan') return true;
  // Of two indexes that serve, PostgreSQL takes the smaller one, and filters, as long as the table has only some rows.
  const search = nodesOf(node, new Set()).some((each) => each['Index Cond'] ?? each.Filter);
  // In the order of an index, a page of a list ends where it is full.
  return !search && !ends;
}
