import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { migrate, migrations } from '../../src/storage/migrate.ts';
import { satisfactionSums } from '../../src/storage/migrations/0031-satisfaction.ts';
import { quickFolder } from '../support/quick-folder.ts';

const folder = mkdtempSync(join(quickFolder(), 'migrations-'));
const AT = '2026-11-01T08:00:00.000Z';

/** A database as it was before a migration. */
function before(name: string, file: string): Database.Database {
  const db = new Database(join(folder, file));
  db.pragma('foreign_keys = off');
  db.exec('create table migration (name text primary key, applied_at text not null)');
  const earlier = migrations.slice(
    0,
    migrations.findIndex((each) => each.name === name),
  );
  for (const { name: each, statements } of earlier) {
    for (const statement of statements('sqlite')) db.exec(statement);
    db.prepare('insert into migration values (?, ?)').run(each, AT);
  }
  return db;
}

async function migrated<T>(file: string, query: string): Promise<T[]> {
  await migrate(`sqlite:${join(folder, file)}`);
  const db = new Database(join(folder, file), { readonly: true });
  const rows = db.prepare<[], T>(query).all();
  db.close();
  return rows;
}

const insert = (db: Database.Database, table: string, row: Record<string, unknown>) => {
  const required = db.prepare<[], { name: string; notnull: number; dflt_value: unknown; type: string }>(
    `select name, "notnull", dflt_value, type from pragma_table_info('${table}')`,
  );
  const filled = Object.fromEntries(
    required
      .all()
      .filter((column) => column.notnull === 1 && column.dflt_value === null)
      .map(({ name, type }) => [name, type.toLowerCase() === 'text' ? `any ${name}` : 0]),
  );
  const all = { ...filled, ...row };
  const names = Object.keys(all);
  db.prepare(`insert into ${table} (${names.join()}) values (${names.map(() => '?').join()})`).run(Object.values(all));
};

beforeAll(() => {
  const db = before('0026-satisfaction', 'responses.db');
  db.pragma('ignore_check_constraints = on');
  for (const key of ['satisfaction', 'leaving']) insert(db, 'programme', { id: key, key });
  insert(db, 'customer', { id: 'c', segment: 'office', country: 'NL', language: 'nl' });
  const moments = { plain: null, before: 'before_dealing', during: 'during_dealing', after: 'after_dealing' };
  for (const [name, moment] of Object.entries({ ...moments, bought: 'after_purchase', rolls: 'rolling' })) {
    const run = moment && `run ${name}`;
    if (moment) insert(db, 'schedule', { id: `schedule ${name}`, moment });
    if (run) insert(db, 'schedule_run', { id: run, run_key: run, schedule_id: `schedule ${name}` });
    insert(db, 'wave', { id: `wave ${name}`, programme_id: 'satisfaction', schedule_run_id: run });
  }
  insert(db, 'wave', { id: 'wave left', programme_id: 'leaving', schedule_run_id: null });
  const answered = ['plain', 'before', 'during', 'after', 'bought', 'rolls', 'left'];
  for (const name of [...answered, 'begun']) {
    const wave_id = name === 'begun' ? 'wave plain' : `wave ${name}`;
    const programme_id = name === 'left' ? 'leaving' : 'satisfaction';
    const submitted_at = name === 'begun' ? null : AT;
    const ids = { id: name, invitation_id: name, reference: name, customer_id: 'c', wave_id, programme_id };
    insert(db, 'response', { ...ids, submitted_at });
  }
  const answer = (response_id: string, question_key: string, value: string) =>
    insert(db, 'answer', { response_id, question_key, kind: 'scale', value });
  answer('plain', 'needs', '4');
  answer('plain', 'other', '1');
  answer('after', 'needs', '7');
  db.close();

  const counted = before('0031-satisfaction', 'counted.db');
  const cell = { kind: 'code', span: 'd2026-11-01', topic: 'after p miss', country: 'NL', language: 'nl' };
  insert(counted, 'satisfaction_cell', { ...cell, item: '', segment: 'office', n: 3, coded: 1, chance: 3, rest: 2 });
  insert(counted, 'satisfaction_cell', { ...cell, item: '', segment: 'home', n: 2, coded: 2, chance: 0, rest: 0 });
  insert(counted, 'satisfaction_cell', { ...cell, item: 'a', segment: 'office', n: 1, chance: 0.7, rest: 0.25 });
  for (const statement of satisfactionSums.statements('sqlite')) counted.exec(statement);
  counted.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

test('answers from before satisfaction was counted are kept with what they are about, and their days are to be counted', async () => {
  const rows = await migrated<Record<string, unknown>>(
    'responses.db',
    'select * from satisfaction_response order by response_id',
  );
  const of = { on_day: '2026-11-01', segment: 'office', country: 'NL', language: 'nl', programme_id: 'satisfaction' };
  expect(rows).toEqual(
    [
      { response_id: 'after', part: 'after', score: null },
      { response_id: 'before', part: 'before', score: null },
      { response_id: 'bought', part: 'after', score: null },
      { response_id: 'during', part: 'during', score: null },
      { response_id: 'plain', part: 'satisfaction', score: 4 },
      { response_id: 'rolls', part: 'satisfaction', score: null },
    ].map((each) => ({ ...of, ...each, likely: null })),
  );
  const news = await migrated<{ on_day: string }>('responses.db', 'select on_day from satisfaction_news');
  expect(news).toEqual([{ on_day: '2026-11-01' }]);
});

test('what was counted already is added up by everybody and by each field', () => {
  const db = new Database(join(folder, 'counted.db'), { readonly: true });
  const read = db
    .prepare<[], { field: string; value: string; span: string; sums: string }>(
      `select * from satisfaction_span where kind = 'code' order by field, value`,
    )
    .all()
    .map(({ field, value, span, sums }) => [field, value, span, JSON.parse(sums)]);
  db.close();
  const all = { 'after p miss': { '': [5, 3, 3, 2], a: [1, 0, 0.7, 0.25] } };
  const [home, office] = [
    { 'after p miss': { '': [2, 2, 0, 0] } },
    { 'after p miss': { '': [3, 1, 3, 2], a: [1, 0, 0.7, 0.25] } },
  ];
  expect(read).toEqual([
    ['', '', 'd2026-11-01', all],
    ['country', 'NL', 'd2026-11-01', all],
    ['language', 'nl', 'd2026-11-01', all],
    ['segment', 'home', 'd2026-11-01', home],
    ['segment', 'office', 'd2026-11-01', office],
  ]);
});

test('sums from before they stood as numbers are counted anew, every day of them once', async () => {
  const db = before('0036-satisfaction', 'summed.db');
  db.pragma('ignore_check_constraints = on');
  const response = { programme_id: 'p', part: 'after', score: 4, likely: null };
  for (const [id, on_day] of [...'abc'].map((each, i) => [each, `2026-11-0${1 + (i % 2)}`] as const))
    insert(db, 'satisfaction_response', { ...response, response_id: id, on_day });
  insert(db, 'satisfaction_news', { id: 'an older note', on_day: '2026-11-01' });
  insert(db, 'satisfaction_span', { kind: 'code', field: '', value: '', span: 'd2026-11-01', sums: '{}' });
  db.close();
  const news = await migrated('summed.db', 'select on_day from satisfaction_news order by on_day');
  expect(news).toEqual([{ on_day: '2026-11-01' }, { on_day: '2026-11-02' }]);
  expect(await migrated('summed.db', 'select 1 from satisfaction_total')).toEqual([]);
});

test('sums from before there were any of several fields are counted anew, however they were written', async () => {
  const db = before('0046-satisfaction', 'fields.db');
  db.pragma('ignore_check_constraints = on');
  const response = { programme_id: 'p', part: 'after', score: 4, likely: null };
  insert(db, 'satisfaction_response', { ...response, response_id: 'a', on_day: '2026-11-01' });
  insert(db, 'satisfaction_response', { ...response, response_id: 'b', on_day: '2026-11-02' });
  insert(db, 'satisfaction_news', { id: 'an older note', on_day: '2026-11-02' });
  insert(db, 'satisfaction_sum', { kind: 'score', field: 'country', value: 'NL', span: 'm2026-11', sums: 'AAAA' });
  insert(db, 'satisfaction_state', { name: 'month 2026-11', value: '2026-11' });
  db.close();
  const news = await migrated('fields.db', 'select on_day from satisfaction_news order by on_day');
  expect(news).toEqual([{ on_day: '2026-11-01' }, { on_day: '2026-11-02' }]);
  expect(await migrated('fields.db', 'select 1 from satisfaction_total')).toEqual([]);
  expect(await migrated('fields.db', 'select 1 from satisfaction_state')).toEqual([]);
});

test('what was taken for satisfaction though it asked about a dealing stands at its moment, and its days are counted anew', async () => {
  const db = before('0051-insight', 'asked.db');
  db.pragma('ignore_check_constraints = on');
  const asks = { needs: ['why_buy', 'needs'], before: ['expected'], during: ['underway'], after: ['went'] };
  const all = { ...asks, complaint: ['put_right'], both: ['went', 'needs'], own: ['own'] };
  for (const [id, keys] of Object.entries(all)) {
    const definition = JSON.stringify({ questions: keys.map((key) => ({ key, kind: 'open' })) });
    insert(db, 'questionnaire_version', { id, questionnaire_id: id, definition });
    insert(db, 'response', { id, invitation_id: id, reference: id, customer_id: 'c', questionnaire_version_id: id });
    const on_day = `2026-11-0${1 + Object.keys(all).indexOf(id)}`;
    const response = { response_id: id, programme_id: 'p', part: 'satisfaction', on_day, score: 4, likely: 9 };
    insert(db, 'satisfaction_response', response);
  }
  db.close();
  const rows = await migrated<{ response_id: string; part: string; score: number | null }>(
    'asked.db',
    'select response_id, part, score from satisfaction_response order by on_day',
  );
  expect(rows.map((row) => [row.response_id, row.part, row.score])).toEqual([
    ['needs', 'satisfaction', 4],
    ['before', 'before', 4],
    ['during', 'during', 4],
    ['after', 'after', 4],
    ['complaint', 'after', 4],
    ['both', 'satisfaction', 4],
    ['own', 'satisfaction', null],
  ]);
  const news = await migrated<{ on_day: string }>('asked.db', 'select on_day from satisfaction_news order by on_day');
  expect(news.map((row) => row.on_day)).toEqual(['02', '03', '04', '05', '07'].map((day) => `2026-11-${day}`));
});
