import { timestamp, type Clock } from '../shared/clock.ts';
import { NotFound } from '../shared/errors.ts';
import type { Storage } from '../storage/index.ts';
import * as accounts from './account-store.ts';
import { cached } from './cache.ts';
import type { Colleague } from './interface.ts';
import { invitedAccounts } from './link-store.ts';

export type PersonState = 'active' | 'invited' | 'lapsed' | 'deactivated';

export interface Person extends Colleague {
  state: PersonState;
}

export interface People {
  /** Everybody who has or had an account, by name; kept for five seconds. */
  colleagues(): Promise<Colleague[]>;
  colleague(id: string): Promise<Colleague | undefined>;
  list(): Promise<Person[]>;
  find(id: string): Promise<Person & { isOnlyAdministrator: boolean }>;
  me(id: string): Promise<Colleague>;
  saveMe(id: string, values: { name: string; title: string; language: string }): Promise<void>;
  /** After an account has changed. */
  forget(): void;
}

export function createPeople(storage: Storage, clock: Clock): People {
  const everyone = cached(clock, async () => (await accounts.listAccounts(storage.read)).map(asColleague));
  const invited = () => invitedAccounts(storage.read, timestamp(clock));

  async function found(id: string): Promise<accounts.AccountRow> {
    const row = await accounts.findAccount(storage.read, id);
    if (!row) throw new NotFound();
    return row;
  }

  return {
    forget: everyone.forget,
    colleagues: () => everyone.get(),
    colleague: async (id) => (await everyone.get()).find((each) => each.id === id),
    async list() {
      const rows = await accounts.listAccounts(storage.read);
      const open = await invited();
      return rows.map((row) => ({ ...asColleague(row), state: stateOf(row, open) }));
    },
    async find(id) {
      const row = await found(id);
      const state = stateOf(row, await invited());
      const isAdministrator = row.role === 'administrator' && state === 'active';
      const isOnlyAdministrator = isAdministrator && (await accounts.countAdministrators(storage.read)) === 1;
      return { ...asColleague(row), state, isOnlyAdministrator };
    },
    me: async (id) => asColleague(await found(id)),
    async saveMe(id, values) {
      await storage.transaction(async (tx) => {
        if (!(await accounts.updateAccount(tx, id, values))) throw new NotFound();
      });
      everyone.forget();
    },
  };
}

function asColleague({ id, name, title, email, role, language, deactivated_at }: accounts.AccountRow): Colleague {
  return { id, name, title, email, role, language, active: deactivated_at === null };
}

function stateOf(row: accounts.AccountRow, invited: Map<string, string>): PersonState {
  if (row.deactivated_at) return 'deactivated';
  if (row.password_hash) return 'active';
  return invited.has(row.id) ? 'invited' : 'lapsed';
}
