import { accountOf, COMMAND, type Actor } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { Conflict, Forbidden, Invalid, NotFound, type FieldErrors, type Result } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Storage, Tx } from '../storage/index.ts';
import { deleteSessionsOf, readForm, type Role } from '../web/index.ts';
import * as accounts from './account-store.ts';
import type { AccountMailDetail } from './account-mail.ts';
import type { AuditLog } from './audit-service.ts';
import { cached } from './cache.ts';
import type { AccountMailer, Colleague } from './interface.ts';
import * as links from './link-store.ts';
import type { Links } from './links.ts';
import { passwordProblem } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { accountForm, emailKey, type AccountForm } from './people-forms.ts';
import { saveSetting } from './settings-store.ts';

export type PersonState = 'active' | 'invited' | 'lapsed' | 'deactivated';

export interface Person extends Colleague {
  state: PersonState;
}

export interface NewAccount {
  email: string;
  name: string;
  role: Role;
  title?: string;
  /** The company's default language where none is said. */
  language?: string;
  /** Without one a link is made with which the person chooses their own. */
  password?: string;
}

export interface People {
  colleagues(): Promise<Colleague[]>;
  colleague(id: string): Promise<Colleague | undefined>;
  list(): Promise<Person[]>;
  find(id: string): Promise<Person>;
  /** For the command line, the sample company and tests. @throws Invalid */
  createAccount(account: NewAccount, actor?: Actor): Promise<{ id: string; link: string | null }>;
  invite(actor: Actor, form: AccountForm): Promise<Result<{ id: string }>>;
  inviteAgain(actor: Actor, id: string): Promise<void>;
  changeRole(actor: Actor, id: string, role: Role): Promise<void>;
  deactivate(actor: Actor, id: string): Promise<void>;
  reactivate(actor: Actor, id: string): Promise<void>;
  saveMe(id: string, values: { name: string; title: string; language: string }): Promise<void>;
  me(id: string): Promise<Colleague>;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  links: Links;
  log: AuditLog;
  mailer: Pick<AccountMailer, 'enqueue'>;
  passwords: Passwords;
  company: () => Promise<{ name: string; defaultLanguage: string }>;
}

const TAKEN: FieldErrors = { email: { key: 'accounts.email.taken' } };

export function createPeople(deps: Deps): People & { forget(): void } {
  const { storage, clock, links: linkMaker, log, mailer, passwords, company } = deps;
  const now = () => timestamp(clock);
  const everyone = cached(clock, async () => (await accounts.listAccounts(storage.read)).map(asColleague));

  const rowOf = (values: AccountForm, passwordHash: string | null): accounts.AccountRow => ({
    id: newId(clock),
    email: values.email,
    email_key: emailKey(values.email),
    name: values.name,
    title: values.title,
    role: values.role,
    language: values.language,
    password_hash: passwordHash,
    created_at: now(),
    deactivated_at: null,
  });

  async function sendInvitation(tx: Tx, actor: Actor, accountId: string): Promise<void> {
    const { row, linkId } = linkMaker.make('invite', accountId);
    await links.deleteLinksOf(tx, accountId, ['invite']);
    await links.insertLink(tx, row);
    const detail: AccountMailDetail = { what: 'invite', linkId, byAccountId: accountOf(actor) };
    await mailer.enqueue(tx, [{ kind: 'account', subjectId: accountId, detail }]);
  }

  /** Changes somebody else's account; one change at a time, so that two administrators cannot remove each other. */
  async function change(
    actor: Actor,
    id: string,
    action: string,
    apply: (tx: Tx, account: accounts.AccountRow) => Promise<void>,
  ): Promise<void> {
    if (accountOf(actor) === id) throw new Conflict('accounts.people.notYourself');
    await storage.transaction(async (tx) => {
      await saveSetting(tx, 'last change of people', null, now());
      await demandAdministrator(tx, actor);
      const account = await accounts.findAccount(tx, id);
      if (!account) throw new NotFound();
      await apply(tx, account);
      await deleteSessionsOf(tx, id);
      if ((await accounts.countAdministrators(tx)) === 0) throw new Conflict('accounts.people.lastAdministrator');
      await log.audit(tx, actor, action, { kind: 'account', id });
    });
    everyone.forget();
  }

  return {
    forget: () => everyone.forget(),
    colleagues: () => everyone.get(),
    colleague: async (id) => (await everyone.get()).find((each) => each.id === id),

    async list() {
      const [rows, invited] = [
        await accounts.listAccounts(storage.read),
        await links.invitedAccounts(storage.read, now()),
      ];
      return rows.map((row) => ({ ...asColleague(row), state: stateOf(row, invited) }));
    },
    async find(id) {
      const row = await accounts.findAccount(storage.read, id);
      if (!row) throw new NotFound();
      return { ...asColleague(row), state: stateOf(row, await links.invitedAccounts(storage.read, now())) };
    },

    async createAccount({ password, ...given }, actor = COMMAND) {
      const { name, defaultLanguage } = await company();
      const form = readForm(accountForm, { ...given, language: given.language ?? defaultLanguage });
      if (!form.ok) throw new Invalid(form.errors);
      const problem = password === undefined ? undefined : passwordProblem(password, { ...form.value, company: name });
      if (problem) throw new Invalid({ password: problem });
      const row = rowOf(form.value, password === undefined ? null : await passwords.hash(password));
      const { row: link, linkId } = linkMaker.make('invite', row.id);
      await storage.transaction(async (tx) => {
        if (!(await accounts.insertAccount(tx, row))) throw new Invalid(TAKEN);
        if (password === undefined) await links.insertLink(tx, link);
        await log.audit(tx, actor, 'accounts.created', { kind: 'account', id: row.id });
      });
      everyone.forget();
      return { id: row.id, link: password === undefined ? linkMaker.address('invite', linkId) : null };
    },

    async invite(actor, form) {
      const row = rowOf(form, null);
      const done = await storage.transaction(async (tx) => {
        await demandAdministrator(tx, actor);
        if (!(await accounts.insertAccount(tx, row))) return false;
        await sendInvitation(tx, actor, row.id);
        await log.audit(tx, actor, 'accounts.invited', { kind: 'account', id: row.id });
        return true;
      });
      everyone.forget();
      return done ? { ok: true, value: { id: row.id } } : { ok: false, errors: TAKEN };
    },

    async inviteAgain(actor, id) {
      await change(actor, id, 'accounts.invited', async (tx, account) => {
        if (account.password_hash !== null) throw new Conflict('accounts.people.hasJoined');
        await accounts.updateAccount(tx, id, { deactivated_at: null });
        await sendInvitation(tx, actor, id);
      });
    },

    async changeRole(actor, id, role) {
      await change(actor, id, `accounts.role.${role}`, async (tx) => {
        await accounts.updateAccount(tx, id, { role });
      });
    },

    async deactivate(actor, id) {
      await change(actor, id, 'accounts.deactivated', async (tx, account) => {
        if (account.deactivated_at) throw new Conflict('error.changed');
        await accounts.updateAccount(tx, id, { deactivated_at: now() });
        await links.deleteLinksOf(tx, id, ['invite', 'reset']);
      });
    },

    async reactivate(actor, id) {
      await change(actor, id, 'accounts.reactivated', async (tx, account) => {
        if (!account.deactivated_at) throw new Conflict('error.changed');
        await accounts.updateAccount(tx, id, { deactivated_at: null });
      });
    },

    async saveMe(id, values) {
      await storage.transaction(async (tx) => {
        if (!(await accounts.updateAccount(tx, id, values))) throw new NotFound();
      });
      everyone.forget();
    },
    async me(id) {
      const row = await accounts.findAccount(storage.read, id);
      if (!row) throw new NotFound();
      return asColleague(row);
    },
  };
}

/** Whoever was demoted a moment ago does not change others any more. */
async function demandAdministrator(tx: Tx, actor: Actor): Promise<void> {
  const id = accountOf(actor);
  if (id === null) return;
  const account = await accounts.findAccount(tx, id);
  if (account?.role !== 'administrator' || account.deactivated_at) throw new Forbidden();
}

function asColleague({ id, name, title, email, role, language, deactivated_at }: accounts.AccountRow): Colleague {
  return { id, name, title, email, role, language, active: deactivated_at === null };
}

function stateOf(row: accounts.AccountRow, invited: Map<string, string>): PersonState {
  if (row.deactivated_at) return 'deactivated';
  if (row.password_hash) return 'active';
  return invited.has(row.id) ? 'invited' : 'lapsed';
}
