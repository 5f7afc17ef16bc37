import { accountOf, COMMAND, type Actor } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { Conflict, Invalid, type FieldErrors, type Result } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Storage, Tx } from '../storage/index.ts';
import { readForm, type Role } from '../web/index.ts';
import * as accounts from './account-store.ts';
import type { AccountPost } from './account-post.ts';
import type { AuditLog } from './audit-service.ts';
import { deleteLinksOf, insertLink } from './link-store.ts';
import type { Links } from './links.ts';
import { passwordProblem } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { demandAdministrator, type Change } from './people-change.ts';
import { accountForm, emailKey, type AccountForm } from './people-forms.ts';

interface NewAccount {
  email: string;
  name: string;
  role: Role;
  title?: string;
  /** The company's main language where none is said. */
  language?: string;
  /** Without one a link is made with which the person chooses their own. */
  password?: string;
}

export interface Joining {
  /** For the command line, the sample company and tests. @throws Invalid */
  createAccount(account: NewAccount, actor?: Actor): Promise<{ id: string; link: string | null }>;
  /** An account without a password, and the letter with the link to choose one. */
  invite(actor: Actor, form: AccountForm): Promise<Result<{ id: string }>>;
  inviteAgain(actor: Actor, id: string): Promise<void>;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  links: Links;
  log: AuditLog;
  post: AccountPost;
  passwords: Passwords;
  company: () => Promise<{ name: string; defaultLanguage: string }>;
  change: Change;
  onChanged: () => void;
}

const TAKEN: FieldErrors = { email: { key: 'accounts.email.taken' } };

export function createJoining(deps: Deps): Joining {
  const { storage, clock, links, log, post, passwords, company, change, onChanged } = deps;

  async function sendInvitation(tx: Tx, actor: Actor, accountId: string): Promise<void> {
    await deleteLinksOf(tx, accountId, ['invite']);
    await post.sendLink(tx, 'invite', accountId, accountOf(actor));
  }

  return {
    async createAccount({ password, ...given }, actor = COMMAND) {
      const { name, defaultLanguage } = await company();
      const form = readForm(accountForm, { ...given, language: given.language ?? defaultLanguage });
      if (!form.ok) throw new Invalid(form.errors);
      const problem = password === undefined ? undefined : passwordProblem(password, { ...form.value, company: name });
      if (problem) throw new Invalid({ password: problem });
      const row = rowOf(form.value, password === undefined ? null : await passwords.hash(password), clock);
      const { row: link, linkId } = links.make('invite', row.id);
      await storage.transaction(async (tx) => {
        if (!(await accounts.insertAccount(tx, row))) throw new Invalid(TAKEN);
        if (password === undefined) await insertLink(tx, link);
        await log.audit(tx, actor, 'accounts.created', { kind: 'account', id: row.id });
      });
      onChanged();
      return { id: row.id, link: password === undefined ? links.address('invite', linkId) : null };
    },

    async invite(actor, form) {
      const row = rowOf(form, null, clock);
      const done = await storage.transaction(async (tx) => {
        await demandAdministrator(tx, actor);
        if (!(await accounts.insertAccount(tx, row))) return false;
        await sendInvitation(tx, actor, row.id);
        await log.audit(tx, actor, 'accounts.invited', { kind: 'account', id: row.id });
        return true;
      });
      onChanged();
      return done ? { ok: true, value: { id: row.id } } : { ok: false, errors: TAKEN };
    },

    inviteAgain: (actor, id) =>
      change(actor, id, 'accounts.invited', async (tx, account) => {
        if (account.password_hash !== null) throw new Conflict('accounts.people.hasJoined');
        await accounts.updateAccount(tx, id, { deactivated_at: null });
        await sendInvitation(tx, actor, id);
      }),
  };
}

function rowOf(values: AccountForm, passwordHash: string | null, clock: Clock): accounts.AccountRow {
  return {
    id: newId(clock),
    email: values.email,
    email_key: emailKey(values.email),
    name: values.name,
    title: values.title,
    role: values.role,
    language: values.language,
    password_hash: passwordHash,
    created_at: timestamp(clock),
    deactivated_at: null,
  };
}
