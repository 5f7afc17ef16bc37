import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.ts';
import { COMEBACK, severalCommands } from '../support/commands.ts';

test('everything that is wrong with the environment is said at once, in words that say what to write', () => {
  const wrong = {
    PORT: 'abc',
    TRUST_PROXY: 'maybe',
    LOG_LEVEL: 'loud',
    DATABASE_URL: 'mysql://x',
    BASE_URL: 'ftp://x',
  };
  let said = '';
  try {
    readConfig(wrong);
  } catch (error) {
    said = (error as Error).message;
  }
  for (const name of Object.keys(wrong)) expect(said).toMatch(new RegExp(`^ *${name}: must be `, 'm'));
  expect(said).not.toMatch(/invalid|NaN/i);
  expect(readConfig({ PORT: '0', TRUST_PROXY: '2' })).toMatchObject({ port: 0, trustProxy: 2 });
});

test('each command says how it is called when asked for help, and does nothing', () => {
  const [restore, user, nothing] = severalCommands([
    ['restore', '--help'],
    ['create-user', '-h'],
    ['nothing', '--help'],
  ]);
  expect(restore).toMatchObject({ status: 0, stderr: '' });
  expect(restore?.stdout).toMatch(/^comeback restore FILE\n/);
  expect(user?.stdout).toContain('comeback create-user --email E --name N --role ROLE');
  expect(nothing).toMatchObject({ status: 2 });
});

test('a language that there is not is answered with those that there are', () => {
  const person = ['--email', 'a@example.com', '--name', 'Ada', '--role', 'staff', '--language', 'fr'];
  const said = severalCommands([
    ['create-user', ...person],
    ['demo', '--language', 'fr'],
  ]);
  for (const { status, stderr } of said) {
    expect({ status, first: stderr.split('\n')[0] }).toEqual({
      status: 2,
      first: '--language is one of en, de, nl, nb',
    });
  }
});

test('a port that is taken is said with what to do', async () => {
  const other = createServer().listen(0);
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), 'comeback-port-'));
  const files = { DATABASE_URL: `sqlite:${join(folder, 'c.db')}`, SECRET_FILE: join(folder, 'secret') };
  const env = { ...process.env, ...files, PORT: String(port), LOG_LEVEL: 'silent' };
  const served = spawnSync(process.execPath, [...COMEBACK, 'serve'], { env, encoding: 'utf8' });
  other.close();
  rmSync(folder, { recursive: true });
  expect(served).toMatchObject({ status: 1, stderr: expect.stringContaining('Set PORT to another one') });
});
