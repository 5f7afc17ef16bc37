import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { readConfig } from '../config.ts';
import { openApp } from '../open.ts';
import { COMMAND } from '../shared/actor.ts';
import { systemClock, timestamp } from '../shared/clock.ts';
import { checkCopy, openStorage } from '../storage/index.ts';
import { readArguments, UsageError, type Command } from './usage.ts';

const POSTGRES = 'This is for SQLite; with PostgreSQL use pg_dump and pg_restore';

function databasePath(): string {
  const { databaseUrl } = readConfig();
  if (!databaseUrl.startsWith('sqlite:')) throw new UsageError(POSTGRES);
  return databaseUrl.slice('sqlite:'.length);
}

export const backup: Command = {
  usage: 'backup FILE',
  summary: 'write a whole, consistent copy of the SQLite database, while the server runs',
  async run(args) {
    const [file = ''] = readArguments(args, {}, 1).words;
    const path = databasePath();
    if (!existsSync(path)) throw new UsageError(`There is no database at ${path}`);
    if (existsSync(file)) throw new UsageError(`${file} is there already`);
    const storage = await openStorage(`sqlite:${path}`);
    await storage.backup(file);
    await storage.close();
    console.log(`Written to ${file}. Keep the secret (${readConfig().secretFile}) apart from it.`);
  },
};

export const restore: Command = {
  usage: 'restore FILE',
  summary: 'put a copy in place of the database, with sending off; stop the server first',
  async run(args) {
    const [file = ''] = readArguments(args, {}, 1).words;
    const path = databasePath();
    const problem = existsSync(file) ? checkCopy(file) : 'there is no such file';
    if (problem) throw new UsageError(`${file}: ${problem}`);
    if (existsSync(path)) setAside(path);
    copyFileSync(file, path);
    const { app, close } = await openApp(readConfig());
    await app.accounts.settings.turnSendingOff(COMMAND);
    await app.stop();
    await close();
    console.log('Restored. Sending is off until an administrator turns it on under Settings, Mail.');
  },
};

/** What was there is kept beside the copy, in case it was the wrong one. */
function setAside(path: string): void {
  const kept = `${path}.replaced-${timestamp(systemClock).replace(/[:.]/g, '-')}`;
  renameSync(path, kept);
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, kept + suffix);
    rmSync(path + suffix, { force: true });
  }
  console.log(`The database that was there is now ${kept}`);
}
