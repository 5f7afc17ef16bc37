import { copyFileSync, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { readConfig } from '../config.ts';
import { openApp } from '../open.ts';
import { COMMAND } from '../shared/actor.ts';
import { systemClock, timestamp } from '../shared/clock.ts';
import { checkCopy, isOpenElsewhere, openStorage } from '../storage/index.ts';
import { newFile, readArguments, UsageError, type Command } from './usage.ts';

const POSTGRES = 'This is for SQLite; with PostgreSQL use pg_dump, pg_restore, and then sending-off';
const IN_USE = 'The server is running on this database and would go on writing into the old one: stop it first';

function databasePath(): string {
  const { databaseUrl } = readConfig();
  if (!databaseUrl.startsWith('sqlite:')) throw new UsageError(POSTGRES);
  return databaseUrl.slice('sqlite:'.length);
}

export const backup: Command = {
  usage: 'backup FILE',
  summary: 'write a whole, consistent copy of the SQLite database, while the server runs',
  async run(args) {
    const [word = ''] = readArguments(args, {}, 1).words;
    const path = databasePath();
    if (!existsSync(path)) throw new UsageError(`There is no database at ${path}`);
    const file = newFile(word);
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
    refuse(file, statSync(file, { throwIfNoEntry: false })?.isFile() ? sameFile(file, path) : 'there is no such file');
    const fresh = `${path}.restoring`;
    if (existsSync(path) && isOpenElsewhere(path)) throw new UsageError(IN_USE);
    // Where the disk is too small for both, the one that is there stays in its place.
    copyFileSync(file, fresh);
    const problem = checkCopy(fresh);
    if (problem !== null) rmSync(fresh);
    refuse(file, problem);
    if (existsSync(path)) setAside(path);
    renameSync(fresh, path);
    await turnSendingOff();
    console.log('Restored. Sending is off until an administrator turns it on under Settings, Mail.');
  },
};

export const sendingOff: Command = {
  usage: 'sending-off',
  summary: 'let nothing leave; first of all after a PostgreSQL database was restored',
  async run(args) {
    readArguments(args, {}, 0);
    await turnSendingOff();
    console.log('Sending is off until an administrator turns it on under Settings, Mail.');
  },
};

async function turnSendingOff(): Promise<void> {
  const { app, close } = await openApp(readConfig());
  await app.accounts.settings.turnSendingOff(COMMAND);
  await app.stop();
  await close();
}

/** @throws UsageError where there is a problem */
function refuse(file: string, problem: string | null): void {
  if (problem !== null) throw new UsageError(`${file}: ${problem}`);
}

function sameFile(file: string, path: string): string | null {
  const isSame = existsSync(path) && realpathSync(file) === realpathSync(path);
  return isSame ? 'this is the database itself, not a copy of it' : null;
}

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
