import { accountOf, type Actor } from '../../shared/actor.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { createCounts } from '../counts.ts';
import type { RetentionDeps } from '../deps.ts';
import { createReading, type Reading } from '../reading/service.ts';
import { policyCodes } from './codes.ts';
import { effectOf, windowsOf, type Effect } from './effect-rules.ts';
import { aboutCode, type Policy, type PolicyCode, type PolicyText, type PolicyVersion } from './policy.ts';
import { asPolicy, asVersion } from './policy-row.ts';
import * as store from './policy-store.ts';
import { createTelling, type Telling } from './telling.ts';
import { CHANGED, createPolicy, writePolicy } from './writing.ts';

interface Policies {
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
  reading: Reading;
  /** @returns its id. @throws Invalid where the code is none that is offered, or nobody of that id works here */
  create(actor: Actor, given: PolicyText & { codeId: string }): Promise<string>;
  /** The version after number `seen`. @throws Conflict where somebody changed it meanwhile or it is withdrawn, Invalid */
  write(actor: Actor, id: string, seen: number, given: PolicyText & { asks: boolean }): Promise<void>;
  /** What is told because of it is called back. @throws NotFound, Conflict where somebody changed it meanwhile */
  withdraw(actor: Actor, id: string, seen: number): Promise<void>;
  /** @throws Conflict where there is a newer version than the one that was read */
  confirm(actor: Actor, id: string, number: number): Promise<void>;
  /** "You said, we did": what is written to those who said it. */
  telling: Telling;
}

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
    effect: (policy, day) => effectUntil(figures, policy, day),
    unread: (accountId) => counts.of(accountId, async () => await reading.unread(accountId, await list())),
    async create(actor, { codeId, ...given }) {
      const id = await createPolicy(deps, actor, (await codes()).get(codeId), given);
      counts.forget();
      return id;
    },
    async write(actor, id, seen, given) {
      await writePolicy(deps, actor, await get(id), seen, given);
      counts.forget();
    },
    async withdraw(actor, id, seen) {
      await get(id);
      await withdraw(deps, telling, actor, id, seen, await today());
      counts.forget();
    },
    async confirm(actor, id, number) {
      await confirm(deps, reading, actor, id, number);
      counts.forget();
    },
  };
}

/** How often the code was given before and since, up to that day; null while the policy is not in force. */
async function effectUntil(
  figures: RetentionDeps['figures'],
  { codeId, inForceOn, withdrawnOn }: Policy,
  day: string,
): Promise<Effect | null> {
  const until = withdrawnOn !== null && withdrawnOn <= day ? addDays(withdrawnOn, -1) : day;
  const windows = windowsOf(inForceOn, until);
  if (!windows) return null;
  const share = async (window: typeof windows.after) => await figures.codeShare(codeId, window);
  const before = await share(windows.before);
  const after = await share(windows.after);
  return effectOf(windows, before, after, windows.yearBefore && (await share(windows.yearBefore)));
}

async function withdraw(
  { storage, accounts }: RetentionDeps,
  telling: Telling,
  actor: Actor,
  id: string,
  seen: number,
  day: string,
): Promise<void> {
  const withdrawn = { withdrawn_on: day, withdrawn_by: accountOf(actor) };
  await storage.transaction(async (tx) => {
    if (!(await store.changeStanding(tx, id, seen, withdrawn))) throw new Conflict(CHANGED);
    await telling.withdraw(tx, id);
    await accounts.audit(tx, actor, 'policies.withdrawn', { kind: 'policy', id });
  });
}

async function confirm(
  { storage, accounts }: RetentionDeps,
  reading: Reading,
  actor: Actor,
  id: string,
  number: number,
): Promise<void> {
  await storage.transaction(async (tx) => {
    const policy = await store.findPolicy(tx, id);
    if (!policy) throw new NotFound();
    if (policy.withdrawn_on !== null) throw new Conflict('policies.error.withdrawn');
    if (policy.number !== number) throw new Conflict('policies.error.newer');
    if (!(await reading.confirm(tx, actor.id ?? '', { id, number }))) return;
    await accounts.audit(tx, actor, 'policies.read', { kind: 'policy', id }, { number });
  });
}
