import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { systemClock, timestamp, type Clock } from '../shared/clock.ts';
import { first } from './migrations/0001-first.ts';
import { smallGaps } from './migrations/0002-small-gaps.ts';
import { bounces } from './migrations/0003-bounces.ts';
import { cadence } from './migrations/0004-cadence.ts';
import { postAndTelephone } from './migrations/0005-post-and-telephone.ts';
import { refusals } from './migrations/0006-refusals.ts';
import { mailHooks } from './migrations/0007-mail-hooks.ts';
import { channelGaps } from './migrations/0008-channel-gaps.ts';
import { engine } from './migrations/0009-engine.ts';
import { audit } from './migrations/0010-audit.ts';
import { doubleCoding } from './migrations/0011-double-coding.ts';
import { themes } from './migrations/0012-themes.ts';
import { cases } from './migrations/0013-cases.ts';
import { caseMail } from './migrations/0014-case-mail.ts';
import { offers } from './migrations/0015-offers.ts';
import { payment } from './migrations/0016-payment.ts';
import { attentions } from './migrations/0017-attentions.ts';
import { alerts } from './migrations/0018-alerts.ts';
import { playbook } from './migrations/0019-playbook.ts';
import { webhooks } from './migrations/0020-webhooks.ts';
import { keptModels } from './migrations/0021-kept-models.ts';
import { leavingSums } from './migrations/0022-leaving.ts';
import { value } from './migrations/0023-value.ts';
import { risk } from './migrations/0024-risk.ts';
import { effect } from './migrations/0025-effect.ts';
import { satisfaction } from './migrations/0026-satisfaction.ts';
import { goals } from './migrations/0027-goals.ts';
import { summary } from './migrations/0028-summary.ts';
import { caseNumbers } from './migrations/0029-case-numbers.ts';
import { reasonsFromCalls } from './migrations/0030-leaving.ts';
import { satisfactionSums } from './migrations/0031-satisfaction.ts';
import { riskCalls } from './migrations/0032-risk.ts';
import { goalTurns } from './migrations/0033-goals.ts';
import { care } from './migrations/0034-care.ts';
import { covering } from './migrations/0035-covering.ts';
import { satisfactionPlaces } from './migrations/0036-satisfaction.ts';
import { erasure } from './migrations/0038-erasure.ts';
import { leavingIndex } from './migrations/0039-leaving-sums.ts';
import { leavingStrata } from './migrations/0041-leaving-sums.ts';
import { merging } from './migrations/0042-merging.ts';
import { duplicates } from './migrations/0043-duplicates.ts';
import { satisfactionFields } from './migrations/0046-satisfaction.ts';
import { leaversAlike } from './migrations/0047-leavers-alike.ts';
import { waveCounts } from './migrations/0048-wave-counts.ts';
import { counting } from './migrations/0050-counting.ts';
import { answerTokens } from './migrations/0053-answer-tokens.ts';
import { insight } from './migrations/0051-insight.ts';
import { keptCounts } from './migrations/0054-kept-counts.ts';
import { once } from './migrations/0055-once.ts';
import { sentForms } from './migrations/0056-sent-forms.ts';
import { wavesByDay } from './migrations/0057-waves-by-day.ts';
import type { Migration } from './migration.ts';
import { openDatabase } from './sqlite.ts';

/** In the order in which they run. What has landed is frozen: a change is a new migration. */
export const migrations: Migration[] = [
  first,
  smallGaps,
  bounces,
  cadence,
  postAndTelephone,
  refusals,
  mailHooks,
  channelGaps,
  engine,
  audit,
  doubleCoding,
  themes,
  cases,
  caseMail,
  offers,
  payment,
  attentions,
  alerts,
  playbook,
  webhooks,
  keptModels,
  leavingSums,
  value,
  risk,
  effect,
  satisfaction,
  goals,
  summary,
  caseNumbers,
  reasonsFromCalls,
  satisfactionSums,
  riskCalls,
  goalTurns,
  care,
  covering,
  satisfactionPlaces,
  erasure,
  leavingIndex,
  leavingStrata,
  merging,
  duplicates,
  satisfactionFields,
  leaversAlike,
  waveCounts,
  counting,
  insight,
  answerTokens,
  keptCounts,
  once,
  sentForms,
  wavesByDay,
];

const LEDGER = `create table if not exists migration (name text primary key, applied_at text not null)`;

export class NewerSchema extends Error {}

/** What a database still needs that has these. @throws NewerSchema */
export function outstanding(applied: string[]): Migration[] {
  const known = new Set(migrations.map((each) => each.name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new NewerSchema(`This database was made by a newer version (${unknown.join(', ')}): update Comeback`);
  }
  return migrations.filter((each) => !applied.includes(each.name));
}

/** Brings the database up to date in one transaction for each migration, after a copy of a SQLite file that holds data. */
export async function migrate(databaseUrl: string, clock: Clock = systemClock): Promise<string[]> {
  return databaseUrl.startsWith('sqlite:')
    ? await migrateSqlite(databaseUrl.slice('sqlite:'.length), clock)
    : await migratePostgres(databaseUrl, clock);
}

async function migrateSqlite(path: string, clock: Clock): Promise<string[]> {
  const isNew = !existsSync(path);
  const db = openDatabase(path);
  try {
    db.exec(LEDGER);
    const applied = db.prepare<[], { name: string }>('select name from migration').all();
    const due = outstanding(applied.map((row) => row.name));
    if (due.length > 0 && !isNew && applied.length > 0) await backUp(db, path, clock);
    for (const migration of due) applyToSqlite(db, migration, clock);
    return due.map((each) => each.name);
  } finally {
    db.close();
  }
}

async function backUp(db: Database.Database, path: string, clock: Clock): Promise<void> {
  const stamp = timestamp(clock).replace(/[:.]/g, '-');
  await db.backup(`${path}.before-${stamp}`);
}

function applyToSqlite(db: Database.Database, migration: Migration, clock: Clock): void {
  db.transaction(() => {
    for (const statement of migration.statements('sqlite')) db.exec(statement);
    db.prepare('insert into migration values (?, ?)').run(migration.name, timestamp(clock));
  }).immediate();
}

/** Any number that only this program uses: two processes that start together migrate one after the other. */
const ADVISORY_LOCK = 7_206_172;

async function migratePostgres(connectionString: string, clock: Clock): Promise<string[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(LEDGER);
    const { rows } = await client.query<{ name: string }>('select name from migration');
    const due = outstanding(rows.map((row) => row.name));
    for (const migration of due) {
      await client.query('begin');
      for (const statement of migration.statements('postgres')) await client.query(statement);
      await client.query('insert into migration values ($1, $2)', [migration.name, timestamp(clock)]);
      await client.query('commit');
    }
    return due.map((each) => each.name);
  } finally {
    await client.end();
  }
}
