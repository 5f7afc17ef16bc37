import { colleague } from '../shared/actor.ts';
import { Problem, type Result } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import type { Storage } from '../storage/index.ts';
import type { Role } from '../web/index.ts';
import * as accounts from './account-store.ts';
import type { Attempts } from './attempts.ts';
import type { AuditLog } from './audit-service.ts';
import type { SignedIn } from './interface.ts';
import type { Passwords } from './passwords.ts';
import { emailKey } from './people-forms.ts';
import { signedInAs, stampOf } from './stamp.ts';

/** Too many tries at one account; said alike whether or not there is one. */
export class TooManyTries extends Problem {
  readonly status = 429;
  constructor() {
    super('accounts.signIn.tooMany');
  }
}

/** Nobody is signed in, or not any more. */
export class SignedOut extends Problem {
  readonly status = 401;
  constructor() {
    super('accounts.signedOut');
  }
}

interface Present {
  id: string;
  name: string;
  role: Role;
  language: string;
}

export interface SignIn {
  /** Who a session belongs to, or undefined when it has ended. */
  present(session: Partial<SignedIn>): Promise<Present | undefined>;
  /** Takes as long and says the same for an address that nobody has. @throws TooManyTries */
  signIn(email: string, password: string): Promise<Result<SignedIn>>;
  signOut(accountId: string): Promise<void>;
}

interface Deps {
  storage: Storage;
  log: AuditLog;
  passwords: Passwords;
  attempts: Attempts;
}

export function createSignIn({ storage, log, passwords, attempts }: Deps): SignIn {
  return {
    async present({ accountId, stamp }) {
      if (!isId(accountId)) return undefined;
      const [account] = (await accounts.findSignedIn(storage.read, { id: accountId })).rows;
      if (!account?.password_hash || account.deactivated_at) return undefined;
      const { id, name, role, language } = account;
      return stamp === stampOf(account.password_hash, role) ? { id, name, role, language } : undefined;
    },

    async signIn(email, password): Promise<Result<SignedIn>> {
      const key = emailKey(email);
      if (!attempts.take(key)) throw new TooManyTries();
      const account = await accounts.findByEmail(storage.read, key);
      const { matches, weak } = await passwords.verify(password, account?.password_hash);
      if (!account?.password_hash || !matches || account.deactivated_at) {
        return { ok: false, errors: { email: { key: 'accounts.signIn.wrong' } } };
      }
      attempts.forget(key);
      const { id, password_hash: old } = account;
      const hash = weak ? await passwords.hash(password) : old;
      await storage.transaction(async (tx) => {
        if (weak) await accounts.replaceHash(tx, id, old, hash);
        await log.audit(tx, colleague(id), 'accounts.signedIn', { kind: 'account', id });
      });
      return { ok: true, value: signedInAs(account, hash) };
    },

    async signOut(accountId) {
      await storage.transaction((tx) =>
        log.audit(tx, colleague(accountId), 'accounts.signedOut', { kind: 'account', id: accountId }),
      );
    },
  };
}
