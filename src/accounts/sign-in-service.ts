import { colleague } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict, NotFound, Problem, type Result } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { tokenHash } from '../shared/tokens.ts';
import type { Storage, Tx } from '../storage/index.ts';
import { deleteSessionsOf, type Role } from '../web/index.ts';
import * as accounts from './account-store.ts';
import type { AccountMailDetail } from './account-mail.ts';
import { createAttempts } from './attempts.ts';
import type { AuditLog } from './audit-service.ts';
import type { AccountMailer, SignedIn } from './interface.ts';
import * as links from './link-store.ts';
import type { Links, PersonalLink } from './links.ts';
import { passwordProblem } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { emailKey } from './people-forms.ts';
import { saveSetting } from './settings-store.ts';
import { signedInAs, stampOf } from './stamp.ts';

/** Slows down whoever tries many passwords on one account, from however many addresses. */
const TRIES = 15;
const TRIES_MINUTES = 15;
const RESETS_AN_HOUR = 3;

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

export interface Present {
  id: string;
  name: string;
  role: Role;
  language: string;
}

export interface Entry {
  /** Who a session belongs to, or undefined when it has ended. */
  present(session: Partial<SignedIn>): Promise<Present | undefined>;
  signIn(email: string, password: string): Promise<Result<SignedIn>>;
  signOut(accountId: string): Promise<void>;
  /** Sends a link where there is such an account; does not say whether there is. */
  askReset(email: string): Promise<void>;
  /** Whom an open link belongs to. @throws NotFound for a link that opens nothing, whatever the reason */
  openLink(kind: PersonalLink, token: string): Promise<{ name: string; email: string; language: string }>;
  /** Spends the link and sets the password; every session of the account ends. */
  setPassword(kind: PersonalLink, token: string, password: string): Promise<Result<SignedIn>>;
  changePassword(accountId: string, passwordNow: string, password: string): Promise<Result<SignedIn>>;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  links: Links;
  log: AuditLog;
  mailer: Pick<AccountMailer, 'enqueue'>;
  passwords: Passwords;
  companyName: () => Promise<string>;
  onChanged: () => void;
}

export function createEntry({
  storage,
  clock,
  links: linkMaker,
  log,
  mailer,
  passwords,
  companyName,
  onChanged,
}: Deps): Entry {
  const attempts = createAttempts(clock, TRIES, TRIES_MINUTES);
  const now = () => timestamp(clock);

  async function find(kind: PersonalLink, token: string) {
    const link = await links.findOpenLink(storage.read, kind, tokenHash(token), now());
    const account = link?.account_id ? await accounts.findAccount(storage.read, link.account_id) : undefined;
    if (!account || account.deactivated_at) throw new NotFound('accounts.link.gone');
    return account;
  }

  async function problemWith(password: string, { email, name }: { email: string; name: string }) {
    return passwordProblem(password, { email, name, company: await companyName() });
  }

  /** The new password, the end of every session, and the letter that says so. */
  async function replacePassword(tx: Tx, account: accounts.AccountRow, hash: string, action: string): Promise<void> {
    await accounts.updateAccount(tx, account.id, { password_hash: hash });
    await deleteSessionsOf(tx, account.id);
    await links.deleteLinksOf(tx, account.id, ['invite', 'reset']);
    await log.audit(tx, colleague(account.id), action, { kind: 'account', id: account.id });
    if (account.password_hash === null) return;
    const detail: AccountMailDetail = { what: 'changed', linkId: null, byAccountId: null };
    await mailer.enqueue(tx, [{ kind: 'account', subjectId: account.id, detail }]);
  }

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
      const hash = weak ? await passwords.hash(password) : account.password_hash;
      await storage.transaction(async (tx) => {
        if (account.password_hash && weak) await accounts.replaceHash(tx, account.id, account.password_hash, hash);
        await log.audit(tx, colleague(account.id), 'accounts.signedIn', { kind: 'account', id: account.id });
      });
      return { ok: true, value: signedInAs(account, hash) };
    },

    async signOut(accountId) {
      await storage.transaction((tx) =>
        log.audit(tx, colleague(accountId), 'accounts.signedOut', { kind: 'account', id: accountId }),
      );
    },

    async askReset(email) {
      const account = await accounts.findByEmail(storage.read, emailKey(email));
      const since = addMinutes(now(), -60);
      const asked = account ? await links.countLinksSince(storage.read, account.id, 'reset', since) : 0;
      await storage.transaction(async (tx) => {
        // One write either way, so that the time it takes does not tell whether there is such an account.
        await saveSetting(tx, 'last reset asked', null, now());
        if (!account || account.deactivated_at || asked >= RESETS_AN_HOUR) return;
        const { row, linkId } = linkMaker.make('reset', account.id);
        await links.insertLink(tx, row);
        await log.audit(tx, { kind: 'system', id: null }, 'accounts.resetAsked', { kind: 'account', id: account.id });
        const detail: AccountMailDetail = { what: 'reset', linkId, byAccountId: null };
        await mailer.enqueue(tx, [{ kind: 'account', subjectId: account.id, detail }]);
      });
    },

    async openLink(kind, token) {
      const { name, email, language } = await find(kind, token);
      return { name, email, language };
    },

    async setPassword(kind, token, password): Promise<Result<SignedIn>> {
      const account = await find(kind, token);
      const problem = await problemWith(password, account);
      if (problem) return { ok: false, errors: { password: problem } };
      const hash = await passwords.hash(password);
      await storage.transaction(async (tx) => {
        if (!(await links.useLink(tx, kind, tokenHash(token), now()))) throw new NotFound('accounts.link.gone');
        await replacePassword(tx, account, hash, kind === 'invite' ? 'accounts.joined' : 'accounts.passwordReset');
      });
      attempts.forget(account.email_key);
      onChanged();
      return { ok: true, value: signedInAs(account, hash) };
    },

    async changePassword(accountId, passwordNow, password): Promise<Result<SignedIn>> {
      const account = await accounts.findAccount(storage.read, accountId);
      if (!account) throw new NotFound();
      if (!attempts.take(account.email_key)) throw new TooManyTries();
      const { matches } = await passwords.verify(passwordNow, account.password_hash);
      if (!matches) return { ok: false, errors: { passwordNow: { key: 'accounts.password.notYours' } } };
      attempts.forget(account.email_key);
      const problem = await problemWith(password, account);
      if (problem) return { ok: false, errors: { password: problem } };
      const hash = await passwords.hash(password);
      await storage.transaction(async (tx) => {
        const current = await accounts.findAccount(tx, accountId);
        if (current?.password_hash !== account.password_hash) throw new Conflict('error.changed');
        await replacePassword(tx, account, hash, 'accounts.passwordChanged');
      });
      return { ok: true, value: signedInAs(account, hash) };
    },
  };
}
