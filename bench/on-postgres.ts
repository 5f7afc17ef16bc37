import pg from 'pg';
import { migrate } from '../src/storage/index.ts';
import { openDatabase } from '../src/storage/sqlite.ts';

const ROWS_AT_ONCE = 2000;

/** Everything in a database file of ours, in a PostgreSQL database that holds nothing yet. */
export async function copied(path: string, url: string): Promise<void> {
  await migrate(url);
  const from = openDatabase(path);
  const to = new pg.Client(url);
  await to.connect();
  // Rows come table by table, not each after what it refers to.
  await to.query('set session_replication_role = replica');
  const tables = from.prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`).all();
  for (const { name } of tables as { name: string }[]) {
    if (name === 'migration') continue;
    await to.query(`truncate "${name}" cascade`);
  }
  for (const { name } of tables as { name: string }[]) if (name !== 'migration') await copyTable(from, to, name);
  await to.query('vacuum analyze');
  await to.end();
  from.close();
}

async function copyTable(from: ReturnType<typeof openDatabase>, to: pg.Client, table: string): Promise<void> {
  let rows: unknown[] = [];
  const write = async () => {
    const added = `insert into "${table}" select * from json_populate_recordset(null::"${table}", $1)`;
    if (rows.length > 0) await to.query(added, [JSON.stringify(rows)]);
    rows = [];
  };
  for (const row of from.prepare(`select * from "${table}"`).iterate()) {
    rows.push(row);
    if (rows.length === ROWS_AT_ONCE) await write();
  }
  await write();
}
