import { expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.ts';
import { severalCommands } from '../support/commands.ts';

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
