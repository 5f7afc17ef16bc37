import { createHash } from 'node:crypto';
import type { Role } from '../web/index.ts';
import type { SignedIn } from './interface.ts';

/** Sessions carry it: whoever holds one under another password or role is out, however the change was made. */
export function stampOf(passwordHash: string, role: Role): string {
  return createHash('sha256').update(`${passwordHash} ${role}`).digest('base64url').slice(0, 22);
}

export function signedInAs({ id, role }: { id: string; role: Role }, passwordHash: string): SignedIn {
  return { accountId: id, stamp: stampOf(passwordHash, role) };
}
