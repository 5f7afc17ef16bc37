import { colleague, SYSTEM } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict, NotFound, type FieldErrors, type Result } from '../shared/errors.ts';
import { tokenHash } from '../shared/tokens.ts';
import type { Storage, Tx } from '../storage/index.ts';
import { deleteSessionsOf } from '../web/index.ts';
import * as accounts from './account-store.ts';
import type { AccountPost } from './account-post.ts';
import type { Attempts } from './attempts.ts';
import type { AuditLog } from './audit-service.ts';
import type { SignedIn } from './interface.ts';
import * as links from './link-store.ts';
import type { PersonalLink } from './links.ts';
import { passwordProblem } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { emailKey } from './people-forms.ts';
import { saveSetting } from './settings-store.ts';
import { TooManyTries } from './sign-in-service.ts';
import { signedInAs } from './stamp.ts';

export interface PasswordChanges {
  /** Sends a link where there is such an account; does not say whether there is. */
  askReset(email: string): Promise<void>;
  /** Whom an open link belongs to. @throws NotFound for a link that opens nothing, whatever the reason */
  openLink(kind: PersonalLink, token: string): Promise<{ id: string; name: string; email: string; language: string }>;
  /** Spends the link and sets the password; every session of the account ends. @throws NotFound */
  setPassword(kind: PersonalLink, token: string, password: string): Promise<Result<SignedIn>>;
  /** Every session ends, the present one too: the caller opens a new one. @throws TooManyTries */
  changePassword(accountId: string, passwordNow: string, password: string): Promise<Result<SignedIn>>;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  log: AuditLog;
  post: AccountPost;
  passwords: Passwords;
  attempts: Attempts;
  companyName: () => Promise<string>;
}

const RESETS_AN_HOUR = 3;
const GONE = 'accounts.link.gone';

export function createPasswordChanges(deps: Deps): PasswordChanges {
  const { storage, clock, log, post, passwords, attempts, companyName } = deps;
  const now = () => timestamp(clock);

  async function find(kind: PersonalLink, token: string): Promise<accounts.AccountRow> {
    const link = await links.findOpenLink(storage.read, kind, tokenHash(token), now());
    const account = link?.account_id ? await accounts.findAccount(storage.read, link.account_id) : undefined;
    if (!account || account.deactivated_at) throw new NotFound(GONE);
    return account;
  }

  /** The errors of a new password, or its hash. */
  async function hashed(password: string, account: accounts.AccountRow): Promise<Result<string>> {
    const { email, name } = account;
    const problem = passwordProblem(password, { email, name, company: await companyName() });
    if (problem) return { ok: false, errors: { password: problem } satisfies FieldErrors };
    return { ok: true, value: await passwords.hash(password) };
  }

  /** The new password, the end of every session and link, and the letter that says so to whoever had another one. */
  async function replace(tx: Tx, account: accounts.AccountRow, hash: string, action: string): Promise<void> {
    const { id } = account;
    await accounts.updateAccount(tx, id, { password_hash: hash });
    await deleteSessionsOf(tx, id);
    await links.deleteLinksOf(tx, id, ['invite', 'reset']);
    await log.audit(tx, colleague(id), action, { kind: 'account', id });
    if (account.password_hash !== null) await post.sendChanged(tx, id);
  }

  async function sendReset(tx: Tx, id: string): Promise<void> {
    await log.audit(tx, SYSTEM, 'accounts.resetAsked', { kind: 'account', id });
    await post.sendLink(tx, 'reset', id, null);
  }

  return {
    async askReset(email) {
      const account = await accounts.findByEmail(storage.read, emailKey(email));
      const since = addMinutes(now(), -60);
      await storage.transaction(async (tx) => {
        // One write either way, so that the time it takes does not tell whether there is such an account.
        await saveSetting(tx, 'last reset asked', null, now());
        if (!account || account.deactivated_at) return;
        if ((await links.countLinksSince(tx, account.id, 'reset', since)) < RESETS_AN_HOUR)
          await sendReset(tx, account.id);
      });
    },

    async openLink(kind, token) {
      const { id, name, email, language } = await find(kind, token);
      return { id, name, email, language };
    },

    async setPassword(kind, token, password): Promise<Result<SignedIn>> {
      const account = await find(kind, token);
      const hash = await hashed(password, account);
      if (!hash.ok) return hash;
      await storage.transaction(async (tx) => {
        if (!(await links.useLink(tx, kind, tokenHash(token), now()))) throw new NotFound(GONE);
        await replace(tx, account, hash.value, kind === 'invite' ? 'accounts.joined' : 'accounts.passwordReset');
      });
      attempts.forget(account.email_key);
      return { ok: true, value: signedInAs(account, hash.value) };
    },

    async changePassword(accountId, passwordNow, password): Promise<Result<SignedIn>> {
      const account = await accounts.findAccount(storage.read, accountId);
      if (!account) throw new NotFound();
      if (!attempts.take(account.email_key)) throw new TooManyTries();
      const { matches } = await passwords.verify(passwordNow, account.password_hash);
      if (!matches) return { ok: false, errors: { passwordNow: { key: 'accounts.password.notYours' } } };
      attempts.forget(account.email_key);
      const hash = await hashed(password, account);
      if (!hash.ok) return hash;
      await storage.transaction(async (tx) => {
        const current = await accounts.findAccount(tx, accountId);
        if (current?.password_hash !== account.password_hash) throw new Conflict('error.changed');
        await replace(tx, account, hash.value, 'accounts.passwordChanged');
      });
      return { ok: true, value: signedInAs(account, hash.value) };
    },
  };
}
