import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { App } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { openApp } from '../../src/open.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { openStorage } from '../../src/storage/index.ts';
import { COMEBACK, severalCommands } from '../support/commands.ts';
import { quickFolder } from '../support/quick-folder.ts';

const folder = 'test/fixtures/bounces';
let work: string;
beforeAll(() => {
  work = mkdtempSync(join(quickFolder(), 'comeback-command-'));
});
afterAll(() => rmSync(work, { recursive: true }));

/** A database of its own on which nothing has to be migrated. */
function migrated(name: string): string {
  const path = join(work, name);
  copyFileSync(process.env.TEST_SQLITE ?? '', path);
  return path;
}

function run(args: string[], { input = Buffer.alloc(0), database = join(work, 'c.db') } = {}) {
  const environment = { DATABASE_URL: `sqlite:${database}`, SECRET_FILE: join(work, 'secret'), NODE_OPTIONS: '' };
  return spawnSync(process.execPath, [...COMEBACK, ...args], {
    input,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
}

test('read-bounce says one line for each file that can be read, and fails for the others', () => {
  const files = [`${folder}/qmail.eml`, join(work, 'none.eml'), `${folder}/gateway-code.eml`, '-'];
  const [read, nothing] = severalCommands([['read-bounce', ...files], ['read-bounce']], {
    input: readFileSync(`${folder}/gmail-over-quota.eml`),
  });
  const { stdout, stderr, status } = read!;
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
    {
      file: files[2],
      recipient: 'kim.code@example.net',
      kind: 'hard',
      status: '550',
      reason: 'The address does not exist.',
    },
    { file: '-', recipient: 'kim.g3@example.net', kind: 'soft', status: '4.2.2', reason: 'The mailbox is full.' },
  ]);
  expect(stderr).toContain('none.eml');
  expect(status).toBe(1);
  expect(nothing!.status).toBe(2);
});

/** As a mail program keeps several messages in one file; the second says itself what it encloses. */
function mbox(): Buffer<ArrayBuffer> {
  const [first, second] = ['qmail', 'gmail-over-quota'].map((name) =>
    readFileSync(`${folder}/${name}.eml`, 'latin1').replace(/^From /gm, '>From '),
  );
  const enclosing = [
    'From: A neighbour <anna@example.org>',
    'Subject: Forwarded',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    'Look at this:',
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    'From kim@example.net Mon Nov 23 08:00:00 2026',
    'Subject: Enclosed',
    '',
    'From here on it is fine.',
    '--b--',
    '',
  ].join('\n');
  const line = 'From MAILER-DAEMON Tue Nov 24 09:00:00 2026';
  return Buffer.from([first, second, enclosing].map((each) => `${line}\n${each?.trimEnd()}\n\n`).join(''), 'latin1');
}

test('read-bounce reads every message of an mbox, and receive-mail takes every one', async () => {
  const file = join(work, 'several.mbox');
  writeFileSync(file, mbox());
  const [read] = severalCommands([['read-bounce', file]]);
  const lines = read!.stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ file, message: 1, recipient: 'kim.q@example.net', kind: 'hard', status: '5.1.1' }),
    expect.objectContaining({ file, message: 2, recipient: 'kim.g3@example.net', kind: 'soft', status: '4.2.2' }),
    expect.objectContaining({ file, message: 3, kind: 'other' }),
  ]);
  const database = migrated('several.db');
  for (const _ of ['taken', 'and taken again']) {
    expect(run(['receive-mail'], { input: mbox(), database })).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const storage = await openStorage(`sqlite:${database}`);
    const rows = await storage.read.selectFrom('returned_mail').select('kind').orderBy('id').execute();
    await storage.close();
    expect(rows.map(({ kind }) => kind)).toEqual(['hard', 'soft', 'other']);
  }
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

test('a restored older copy of the database learns again whom not to write to', async () => {
  const folder = mkdtempSync(join(work, 'restore-'));
  const [database, copy] = [join(folder, 'c.db'), join(folder, 'older.db')];
  const config = readConfig({
    DATABASE_URL: `sqlite:${database}`,
    SECRET_FILE: join(folder, 'secret'),
    LOG_LEVEL: 'silent',
  });
  const opened = async <T>(use: (app: App) => Promise<T>): Promise<T> => {
    const { app, close } = await openApp(config);
    const result = await use(app);
    await app.stop();
    await close();
    return result;
  };
  await opened(async () => {});
  const storage = await openStorage(config.databaseUrl);
  await storage.backup(copy);
  await storage.close();
  await opened((app) => app.bounces.suppressions.addByHand(COMMAND, 'kim@example.com', 'complained', null));
  for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });
  copyFileSync(copy, database);
  expect(await opened((app) => app.bounces.suppressions.find('Kim@Example.com'))).toMatchObject({ source: 'journal' });
});
