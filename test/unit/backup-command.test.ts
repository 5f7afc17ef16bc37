import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { severalCommands } from '../support/commands.ts';

jest.setTimeout(60_000);

describe('copies of the database, and files about customers', () => {
  let folder: string;
  let environment: Record<string, string>;
  const inside = (name: string) => join(folder, name);
  const run = (...lists: string[][]) => severalCommands(lists, { environment });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'comeback-copies-'));
    environment = { DATABASE_URL: `sqlite:${inside('c.db')}`, SECRET_FILE: inside('secret'), LOG_LEVEL: 'silent' };
    writeFileSync(inside('people.csv'), 'Number;Name\nC-1;Anna Berg\n');
    writeFileSync(inside('strange.csv'), 'foo;bar\n1;2\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const files = () => readdirSync(folder).sort();
  const customers = () => {
    const db = new Database(inside('c.db'), { readonly: true });
    const found = db.prepare('select reference from customer').pluck().all();
    db.close();
    return found;
  };

  test('what cannot be written or put in place is said in a line, and changes nothing', () => {
    mkdirSync(inside('taken'));
    const copy = inside('copy.db');
    run(['import-customers', inside('people.csv')], ['backup', copy]);
    const newer = new Database(copy);
    newer.prepare("insert into migration values ('9999-from-tomorrow', '2030-01-01')").run();
    newer.close();
    writeFileSync(inside('text.db'), 'no database');
    const before = files();
    const said = run(
      ['backup', inside('nowhere/copy.db')],
      ['backup', inside('taken')],
      ['backup', inside('c.db')],
      ['restore', inside('c.db')],
      ['restore', inside('missing.db')],
      ['restore', inside('taken')],
      ['restore', inside('text.db')],
      ['restore', copy],
      ['export-customer', 'C-1', '--output', inside('nowhere/c1.json')],
      ['export-customer', 'C-1', '--output', ''],
      ['export-customer', 'C-1', '--output', inside('people.csv')],
    );
    expect(said.map(({ status }) => status)).toEqual(said.map(() => 2));
    expect(said.map(({ stdout }) => stdout).join('')).toBe('');
    expect(said.map(({ stderr }) => stderr.split('\n')[0])).toEqual([
      `Nothing can be written into ${inside('nowhere')}`,
      `${inside('taken')} is there already`,
      `${inside('c.db')} is there already`,
      `${inside('c.db')}: this is the database itself, not a copy of it`,
      `${inside('missing.db')}: there is no such file`,
      `${inside('taken')}: there is no such file`,
      `${inside('text.db')}: this is no SQLite database`,
      `${copy}: This database was made by a newer version (9999-from-tomorrow): update Comeback`,
      `Nothing can be written into ${inside('nowhere')}`,
      `${process.cwd()} is there already`,
      `${inside('people.csv')} is there already`,
    ]);
    expect(files()).toEqual(before);
    expect(customers()).toEqual(['C-1']);
  });

  test('what holds personal data can be read by its owner only, also what an earlier version has made', () => {
    const mode = (name: string) => (statSync(inside(name)).mode & 0o777).toString(8);
    const old = { DATABASE_URL: `sqlite:${inside('deep/er/old.db')}`, SECRET_FILE: inside('deep/secret') };
    const here = (...lists: string[][]) => severalCommands(lists, { environment: { ...environment, ...old } });
    here(['import-customers', inside('people.csv')]);
    expect([mode('deep'), mode('deep/er')]).toEqual(['700', '700']);
    chmodSync(inside('deep/er/old.db'), 0o644);
    // Open until the end, so that what SQLite keeps beside it stays.
    const open = new Database(inside('deep/er/old.db'));
    open.pragma('journal_mode = wal');
    open.prepare('select count(*) from customer').get();
    here(['backup', inside('copied.db')], ['export-customer', 'C-1', '--output', inside('c1.json')]);
    const modes = ['deep/er/old.db', 'deep/er/old.db-wal', 'deep/er/old.db-shm', 'copied.db', 'c1.json'].map(mode);
    open.close();
    expect(modes).toEqual(modes.map(() => '600'));
    chmodSync(inside('copied.db'), 0o644);
    here(['restore', inside('copied.db')]);
    expect(mode('deep/er/old.db')).toBe('600');
    rmSync(inside('deep'), { recursive: true });
  });

  test('as long as the database is open elsewhere, no copy goes into its place', () => {
    run(['import-customers', inside('people.csv')], ['backup', inside('while-open.db')]);
    const server = new Database(inside('c.db'));
    server.prepare('select count(*) from customer').get();
    const [restored] = run(['restore', inside('while-open.db')]);
    server.close();
    expect(restored).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('stop it first') });
    expect(files().filter((name) => /replaced|restoring/.test(name))).toEqual([]);
  });

  test('a copy goes into place whole, and what was there is kept beside it', () => {
    const [, , restored] = run(
      ['backup', inside('first.db')],
      ['erase-customer', 'C-1'],
      ['restore', inside('first.db')],
    );
    expect(restored).toMatchObject({ status: 0, stdout: expect.stringContaining('Restored. Sending is off') });
    expect(readdirSync(folder).filter((name) => name.startsWith('c.db.replaced-')).length).toBeGreaterThan(0);
    expect(existsSync(inside('c.db.restoring'))).toBe(false);
  });

  test('a copy that other tools put in place sends nothing either, once it was told', () => {
    const other = { DATABASE_URL: `sqlite:${inside('other.db')}`, SECRET_FILE: inside('secret') };
    const said = severalCommands([['sending-off']], { environment: { ...environment, ...other } });
    expect(said).toMatchObject([{ status: 0, stdout: expect.stringContaining('Sending is off') }]);
    const db = new Database(inside('other.db'));
    expect(db.prepare("select count(*) from setting where key = 'sending-off'").pluck().get()).toBe(1);
    db.close();
  });

  test('a file that a command could not take keeps nobody from being erased', () => {
    writeFileSync(inside('more.csv'), 'Number;Name\nC-2;Bo Dahl\n');
    const [taken, strange, again, erased] = run(
      ['import-customers', inside('more.csv')],
      ['import-customers', inside('strange.csv')],
      ['import-customers', inside('more.csv')],
      ['erase-customer', 'C-2'],
    );
    expect([taken?.status, strange?.status, again?.status]).toEqual([0, 1, 0]);
    expect(erased).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(inside('more.csv'), 'utf8')).toContain('Bo Dahl');
  });
});
