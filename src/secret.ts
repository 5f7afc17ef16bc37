import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from './config.ts';

const BYTES = 32;

/**
 * The secret that all links and form tokens rest on. Kept outside the database, so that a stolen copy of the database
 * opens nothing; made at the first start, readable by its owner only.
 * @throws ConfigError where the file is there but holds no secret
 */
export function readOrMakeSecret(path: string): Uint8Array {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, `${randomBytes(BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      // On a full disk the file is there, and empty: it would be taken for the secret once there is room.
      rmSync(path, { force: true });
      throw error;
    }
  }
  const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (secret.length < BYTES) throw new ConfigError(`${path} holds no secret: restore it from your backup`);
  return secret;
}
