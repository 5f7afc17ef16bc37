import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { createCounts } from '../counts.ts';
import type { RetentionDeps } from '../deps.ts';
import { createReading } from '../reading/service.ts';
import { readWording } from '../wording.ts';
import { policyCodes } from './codes.ts';
import { effectOf, windowsOf, type Effect } from './effect-rules.ts';
import { aboutCode, type Policy, type PolicyCode, type PolicyText, type PolicyVersion } from './policy.ts';
import * as store from './policy-store.ts';
import { createTelling, type Telling } from './telling.ts';

export interface Policies {
  /** All of them, the newest in force first; withdrawn ones only where wanted. */
  list(options?: { withdrawn?: boolean }): Promise<Policy[]>;
  /** @throws NotFound */
  get(id: string): Promise<Policy>;
  versions(id: string): Promise<PolicyVersion[]>;
  /** Codes of every codebook, by id. */
  codes(): Promise<Map<string, PolicyCode>>;
  /** Those that stand about this code, one below it or the one above, the newest in force first. */
  ofCode(codeId: string): Promise<Policy[]>;
  /** How often the code was given before and since, up to that day; null while it is not in force. */
  effect(policy: Policy, today: string): Promise<Effect | null>;
  today(): Promise<string>;
  unread(accountId: string): Promise<number>;
  reading: ReturnType<typeof createReading>;
  /** @throws Invalid */
  create(actor: Actor, given: PolicyText & { codeId: string }): Promise<string>;
  /** The next version. @throws Conflict where somebody changed it meanwhile or it is withdrawn, Invalid */
  write(actor: Actor, id: string, seen: number, given: PolicyText & { asks: boolean }): Promise<void>;
  /** @throws Conflict */
  withdraw(actor: Actor, id: string, seen: number): Promise<void>;
  /** @throws Conflict where there is a newer version than the one that was read */
  confirm(actor: Actor, id: string, number: number): Promise<void>;
  /** "You said, we did": what is written to those who said it. */
  telling: Telling;
}

const CHANGED = 'policies.error.changed';

/** What the business does because of what customers say, and whether the reason is given less often since. */
export function createPolicies(deps: RetentionDeps): Policies {
  const { storage, clock, accounts, figures } = deps;
  const { read } = storage;
  const reading = createReading(deps);
  const counts = createCounts(() => clock.now().getTime());
  const today = async () => dayIn((await accounts.company()).timeZone, clock.now());
  const codes = () => policyCodes(deps);

  const list: Policies['list'] = async ({ withdrawn = false } = {}) =>
    (await store.allPolicies(read)).map(asPolicy).filter((each) => withdrawn || each.withdrawnOn === null);

  async function get(id: string): Promise<Policy> {
    const row = await store.findPolicy(read, id);
    if (!row) throw new NotFound();
    return asPolicy(row);
  }

  async function owned(ownerId: string): Promise<void> {
    const colleague = await accounts.colleague(ownerId);
    if (!colleague?.active) throw new Invalid({ owner: { key: 'goals.error.owner' } });
  }

  const telling = createTelling(deps, { get, codes, today });

  return {
    list,
    get,
    codes,
    today,
    reading,
    telling,
    versions: async (id) => (await store.versionsOf(read, id)).map(asVersion),
    async ofCode(codeId) {
      const standing = await list();
      return standing.length === 0 ? [] : aboutCode(standing, await codes(), codeId);
    },
    async effect({ codeId, inForceOn, withdrawnOn }, day) {
      const until = withdrawnOn !== null && withdrawnOn <= day ? addDays(withdrawnOn, -1) : day;
      const windows = windowsOf(inForceOn, until);
      if (!windows) return null;
      const share = async (window: typeof windows.after) => await figures.codeShare(codeId, window);
      const [before, after] = [await share(windows.before), await share(windows.after)];
      return effectOf(windows, before, after, windows.yearBefore && (await share(windows.yearBefore)));
    },
    unread: (accountId) => counts.of(accountId, async () => await reading.unread(accountId, await list())),
    async create(actor, { codeId, ...given }) {
      await owned(given.ownerId);
      if (!(await codes()).get(codeId)?.offered) throw new Invalid({ code: { key: 'policies.error.code' } });
      const id = newId(clock);
      await storage.transaction(async (tx) => {
        const at = timestamp(clock);
        const standing = { number: 1, asked: 1, withdrawn_on: null, withdrawn_by: null };
        await store.insertPolicy(tx, { id, code_id: codeId, ...standing, created_at: at });
        await store.insertVersion(tx, versionRow(id, 1, given, { actor, asks: true, at }));
        await accounts.audit(tx, actor, 'policies.created', { kind: 'policy', id });
      });
      counts.forget();
      return id;
    },
    async write(actor, id, seen, { asks, ...given }) {
      await owned(given.ownerId);
      const { asked } = await get(id);
      const number = seen + 1;
      await storage.transaction(async (tx) => {
        const changed = { number, asked: asks ? number : asked };
        if (!(await store.changeStanding(tx, id, seen, changed))) throw new Conflict(CHANGED);
        await store.insertVersion(tx, versionRow(id, number, given, { actor, asks, at: timestamp(clock) }));
        await accounts.audit(tx, actor, 'policies.written', { kind: 'policy', id }, { number });
      });
      counts.forget();
    },
    async withdraw(actor, id, seen) {
      await get(id);
      const withdrawn = { withdrawn_on: await today(), withdrawn_by: accountOf(actor) };
      await storage.transaction(async (tx) => {
        if (!(await store.changeStanding(tx, id, seen, withdrawn))) throw new Conflict(CHANGED);
        await telling.withdraw(tx, id);
        await accounts.audit(tx, actor, 'policies.withdrawn', { kind: 'policy', id });
      });
      counts.forget();
    },
    async confirm(actor, id, number) {
      await storage.transaction(async (tx) => {
        const policy = await store.findPolicy(tx, id);
        if (!policy) throw new NotFound();
        if (policy.withdrawn_on !== null) throw new Conflict('policies.error.withdrawn');
        if (policy.number !== number) throw new Conflict('policies.error.newer');
        if (!(await reading.confirm(tx, actor.id ?? '', { id, number }))) return;
        await accounts.audit(tx, actor, 'policies.read', { kind: 'policy', id }, { number });
      });
      counts.forget();
    },
  };
}

const asPolicy = (row: store.WholePolicy): Policy => ({
  id: row.id,
  number: row.number,
  asked: row.asked,
  codeId: row.code_id,
  texts: readWording(row.texts),
  ownerId: row.owner_id,
  inForceOn: row.in_force_on,
  withdrawnOn: row.withdrawn_on,
  createdAt: row.created_at,
});

const asVersion = (row: store.VersionRow): PolicyVersion => ({
  number: row.number,
  texts: readWording(row.texts),
  ownerId: row.owner_id,
  inForceOn: row.in_force_on,
  asks: row.asks === 1,
  accountId: row.account_id,
  createdAt: row.created_at,
});

function versionRow(
  policy_id: string,
  number: number,
  { texts, ownerId, inForceOn }: PolicyText,
  { actor, asks, at }: { actor: Actor; asks: boolean; at: string },
): store.VersionRow {
  const written = { texts: JSON.stringify(texts), owner_id: ownerId, in_force_on: inForceOn };
  return { policy_id, number, ...written, asks: asks ? 1 : 0, account_id: accountOf(actor), created_at: at };
}
