import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp } from '../support/app.ts';
import { customersOn } from '../support/customers.ts';
import { onBothEngines } from '../support/engines.ts';
import { COMEBACK, severalCommands } from '../support/commands.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Several transactions more than can be written before it is killed. */
const ROWS = 3000;

onBothEngines(({ engine, storage, url }) => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'comeback-import-'));
    await customersOn(storage()).upsertMany(COMMAND, [{ reference: 'K-1' }, { reference: 'K-2' }]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const environment = () => ({ DATABASE_URL: url(), SECRET_FILE: join(folder, 'secret'), LOG_LEVEL: 'silent' });

  function command(...args: string[]) {
    const child = spawn(process.execPath, [...COMEBACK, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment() },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
    return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, said })) };
  }

  function fileOf(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  const theImport = async () =>
    await storage()
      .read.selectFrom('import')
      .select(['id', 'state', 'rows_done'])
      .orderBy('id', 'desc')
      .executeTakeFirst();

  describe('a process that is killed in the middle of an import', () => {
    test('loses nothing and doubles nothing: the next one goes on', async () => {
      const lines = Array.from({ length: ROWS }, (_, at) => `K-${(at % 2) + 1};2026-01-01;${at + 1}.00`);
      const path = fileOf('purchases.csv', `Customer;Date;Amount\n${lines.join('\n')}\n`);
      const { child, ended } = command('import-purchases', path);
      for (;;) {
        const now = await theImport();
        if (now?.state === 'importing' && now.rows_done > 0) break;
        if (child.exitCode !== null) throw new Error((await ended).said);
        await setTimeout(5);
      }
      child.kill('SIGKILL');
      await ended;
      const left = await theImport();
      expect(left?.state).toBe('importing');
      expect(left?.rows_done).toBeLessThan(ROWS);

      const app = await startApp(storage());
      try {
        await app.app.imports.runDue();
        expect(await app.app.imports.get(left?.id ?? '')).toMatchObject({
          state: 'done',
          rows: { new: ROWS, done: ROWS },
        });
      } finally {
        await app.close();
      }
      const amounts = await storage().read.selectFrom('purchase').select('amount_minor').execute();
      expect(amounts.map((each) => each.amount_minor / 100).sort((a, b) => a - b)).toEqual(
        Array.from({ length: ROWS }, (_, at) => at + 1),
      );
    });
  });

  describe('the command', () => {
    test('prints counts and the rows to mend, and brings the others in with one legal basis', async () => {
      const path = fileOf('kunden.csv', 'Kundennummer;E-Mail\nC-1;c1@example.com\nC-2;c2@example,com\n');
      const basis = ['--legal-basis', 'contract', '--legal-basis-source', 'orders', '--legal-basis-on', '2026-01-01'];
      const { code, said } = await command('import-customers', path, ...basis).ended;
      expect(said).toContain('kunden.csv has 2 rows. Read as UTF-8, separated by semicolons.');
      expect(said).toContain('1 added, 0 updated, 1 skipped');
      expect(said).toContain('Row 3: E-Mail: A comma in the address');
      expect(code).toBe(0);
      expect(await customersOn(storage()).findByReference('C-1')).toMatchObject({
        legalBasis: 'contract',
        legalBasisSource: 'orders',
        legalBasisOn: '2026-01-01',
      });
    });

    // Nothing of it reaches the database's engine, and each command is a process that starts.
    if (engine !== 'sqlite') return;

    test('ends with 1 where nothing could be brought in, and with 2 where it was called wrongly', () => {
      const [missing, empty, half, nowhere] = severalCommands(
        [
          ['import-purchases', fileOf('foo.csv', 'foo;bar\n1;2\n')],
          ['import-customers', fileOf('pdf.csv', '%PDF-1.7')],
          ['import-customers', fileOf('one.csv', 'Number\nH-1\n'), '--legal-basis', 'consent'],
          ['import-customers', join(folder, 'nowhere.csv')],
        ],
        { environment: environment() },
      );
      expect(missing).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('These columns are missing: customer number, date, amount'),
      });
      expect(empty).toMatchObject({ status: 1, stderr: expect.stringContaining('This is a PDF') });
      expect(half).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('--legal-basis-source: Please fill this in'),
      });
      expect(nowhere).toMatchObject({ status: 2, stderr: expect.stringContaining('There is no file') });
    });
  });
});
