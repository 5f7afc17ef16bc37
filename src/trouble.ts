import { dirname } from 'node:path';
import { readConfig } from './config.ts';

/** What an error of the disk or the database tells of itself. */
interface Told {
  code?: unknown;
  path?: unknown;
  dest?: unknown;
  message?: string;
}

const FULL = /^(ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR_(WRITE|SHMSIZE|FSYNC))$/;
const CLOSED = /^(EACCES|EPERM|EROFS|SQLITE_CANTOPEN.*|SQLITE_READONLY.*)$/;
const DAMAGED = /^(SQLITE_NOTADB|SQLITE_CORRUPT.*)$/;
const AWAY = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|57P03)$/;
const REFUSED = /^(28...|3D000)$/;

/** In a sentence, what a person can mend so that the database can be worked with; undefined where that is not it. */
export function troubleInWords(error: unknown): string | undefined {
  const { code, path, dest, message = '' } = (error ?? {}) as Told;
  if (typeof code !== 'string') return undefined;
  const place = [dest, path].find((each) => typeof each === 'string') ?? databasePath();
  if (FULL.test(code)) return `The disk is full: nothing more can be written into ${dirname(place)}`;
  if (/^SQLITE_BUSY/.test(code))
    return `Another process keeps the database ${place} locked: end it, or try again later`;
  if (CLOSED.test(code)) return `${place} cannot be opened or written by this user`;
  if (DAMAGED.test(code)) return `${place} is damaged, or no SQLite database: restore a copy`;
  if (AWAY.test(code)) return `The PostgreSQL server that DATABASE_URL names does not answer (${code})`;
  return REFUSED.test(code) ? `The PostgreSQL server that DATABASE_URL names refuses: ${message}` : undefined;
}

/** Never the address of a PostgreSQL server, which holds a password. */
function databasePath(): string {
  const { databaseUrl } = readConfig();
  return databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : 'the database';
}
