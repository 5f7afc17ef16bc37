import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStorage } from '../../src/storage/index.ts';

const folder = 'test/fixtures/bounces';
let work: string;
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'comeback-command-'));
});
afterAll(() => rmSync(work, { recursive: true }));

function run(args: string[], { input = Buffer.alloc(0), database = join(work, 'c.db') } = {}) {
  const environment = { DATABASE_URL: `sqlite:${database}`, SECRET_FILE: join(work, 'secret'), NODE_OPTIONS: '' };
  return spawnSync(process.execPath, ['src/cli.ts', ...args], {
    input,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
}

test('read-bounce says one line for each file that can be read, and fails for the others', () => {
  const files = [`${folder}/qmail.eml`, join(work, 'none.eml'), '-'];
  const { stdout, stderr, status } = run(['read-bounce', ...files], {
    input: readFileSync(`${folder}/gmail-over-quota.eml`),
  });
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toEqual([
    {
      file: files[0],
      recipient: 'kim.q@example.net',
      kind: 'hard',
      status: '5.1.1',
      reason: 'The address does not exist.',
    },
    { file: '-', recipient: 'kim.g3@example.net', kind: 'soft', status: '4.2.2', reason: 'The mailbox is full.' },
  ]);
  expect(stderr).toContain('none.eml');
  expect(status).toBe(1);
  expect(run(['read-bounce']).status).toBe(2);
});

test('receive-mail takes a message from a pipe; where it cannot be kept, the mail server tries again', async () => {
  const input = readFileSync(`${folder}/person-answers.eml`);
  const first = run(['receive-mail'], { input });
  expect([first.status, first.stdout, first.stderr]).toEqual([0, '', '']);
  const storage = await openStorage(`sqlite:${join(work, 'c.db')}`);
  const rows = await storage.read.selectFrom('returned_mail').select(['way', 'kind']).execute();
  await storage.close();
  expect(rows).toEqual([{ way: 'command', kind: 'other' }]);
  const failed = run(['receive-mail'], { input, database: join(work, 'secret', 'c.db') });
  expect(failed.status).toBe(75);
  expect(failed.stderr).not.toContain('example');
});
