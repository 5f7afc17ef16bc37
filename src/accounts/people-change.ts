import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { Conflict, Forbidden, NotFound } from '../shared/errors.ts';
import type { Storage, Tx } from '../storage/index.ts';
import { deleteSessionsOf, type Role } from '../web/index.ts';
import * as accounts from './account-store.ts';
import type { AuditLog } from './audit-service.ts';
import { deleteLinksOf } from './link-store.ts';
import { saveSetting } from './settings-store.ts';

/** Changes somebody else's account: their sessions end, and an administrator is left in any case. */
export type Change = (
  actor: Actor,
  id: string,
  action: string,
  apply: (tx: Tx, account: accounts.AccountRow) => Promise<unknown>,
) => Promise<void>;

export interface PeopleChanges {
  changeRole(actor: Actor, id: string, role: Role): Promise<void>;
  deactivate(actor: Actor, id: string): Promise<void>;
  reactivate(actor: Actor, id: string): Promise<void>;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  log: AuditLog;
  onChanged: () => void;
}

/** Whoever was demoted a moment ago does not change others any more. */
export async function demandAdministrator(tx: Tx, actor: Actor): Promise<void> {
  const id = accountOf(actor);
  if (id === null) return;
  const account = await accounts.findAccount(tx, id);
  if (account?.role !== 'administrator' || account.deactivated_at) throw new Forbidden();
}

export function createChange({ storage, clock, log, onChanged }: Deps): Change {
  return async (actor, id, action, apply) => {
    if (accountOf(actor) === id) throw new Conflict(await whyNotYourself(storage));
    await storage.transaction(async (tx) => {
      // A row that every change writes: two administrators who remove each other do so one after the other.
      await saveSetting(tx, 'last change of people', null, timestamp(clock));
      await demandAdministrator(tx, actor);
      const account = await accounts.findAccount(tx, id);
      if (!account) throw new NotFound();
      await apply(tx, account);
      await deleteSessionsOf(tx, id);
      if ((await accounts.countAdministrators(tx)) === 0) throw new Conflict('accounts.people.lastAdministrator');
      await log.audit(tx, actor, action, { kind: 'account', id });
    });
    onChanged();
  };
}

async function whyNotYourself({ read }: Storage): Promise<string> {
  const others = (await accounts.countAdministrators(read)) > 1;
  return others ? 'accounts.people.notYourself' : 'accounts.people.onlyAdministrator';
}

export function createPeopleChanges(change: Change, clock: Clock): PeopleChanges {
  return {
    changeRole: (actor, id, role) =>
      change(actor, id, `accounts.role.${role}`, (tx) => accounts.updateAccount(tx, id, { role })),
    deactivate: (actor, id) =>
      change(actor, id, 'accounts.deactivated', async (tx, account) => {
        if (account.deactivated_at) throw new Conflict('error.changed');
        await accounts.updateAccount(tx, id, { deactivated_at: timestamp(clock) });
        await deleteLinksOf(tx, id, ['invite', 'reset']);
      }),
    reactivate: (actor, id) =>
      change(actor, id, 'accounts.reactivated', async (tx, account) => {
        if (!account.deactivated_at) throw new Conflict('error.changed');
        await accounts.updateAccount(tx, id, { deactivated_at: null });
      }),
  };
}
