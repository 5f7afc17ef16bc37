import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Invalid } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { RetentionDeps } from '../deps.ts';
import { needsOwner } from '../owners.ts';
import type { Policy, PolicyCode, PolicyText } from './policy.ts';
import { changeStanding, insertPolicy, insertVersion, type VersionRow } from './policy-store.ts';

type Deps = Pick<RetentionDeps, 'storage' | 'clock' | 'accounts'>;

/** What somebody is told who changes a policy that a colleague has changed meanwhile. */
export const CHANGED = 'policies.error.changed';

/** @returns its id. @throws Invalid where nobody of that id works here, or the code is none that is offered */
export async function createPolicy(
  deps: Deps,
  actor: Actor,
  code: PolicyCode | undefined,
  given: PolicyText,
): Promise<string> {
  const { storage, clock, accounts } = deps;
  await needsOwner(deps, given.ownerId);
  if (!code?.offered) throw new Invalid({ code: { key: 'policies.error.code' } });
  const [id, at] = [newId(clock), timestamp(clock)];
  const standing = { number: 1, asked: 1, withdrawn_on: null, withdrawn_by: null };
  await storage.transaction(async (tx) => {
    await insertPolicy(tx, { id, code_id: code.id, ...standing, created_at: at });
    await insertVersion(tx, versionRow(id, 1, given, { actor, asks: true, at }));
    await accounts.audit(tx, actor, 'policies.created', { kind: 'policy', id });
  });
  return id;
}

/** The version after number `seen`. @throws Conflict where somebody changed it meanwhile or it is withdrawn, Invalid */
export async function writePolicy(
  deps: Deps,
  actor: Actor,
  { id, asked }: Policy,
  seen: number,
  { asks, ...given }: PolicyText & { asks: boolean },
): Promise<void> {
  const { storage, clock, accounts } = deps;
  await needsOwner(deps, given.ownerId);
  const number = seen + 1;
  await storage.transaction(async (tx) => {
    const changed = { number, asked: asks ? number : asked };
    if (!(await changeStanding(tx, id, seen, changed))) throw new Conflict(CHANGED);
    await insertVersion(tx, versionRow(id, number, given, { actor, asks, at: timestamp(clock) }));
    await accounts.audit(tx, actor, 'policies.written', { kind: 'policy', id }, { number });
  });
}

function versionRow(
  policy_id: string,
  number: number,
  { texts, ownerId, inForceOn }: PolicyText,
  { actor, asks, at }: { actor: Actor; asks: boolean; at: string },
): VersionRow {
  const written = { texts: JSON.stringify(texts), owner_id: ownerId, in_force_on: inForceOn };
  return { policy_id, number, ...written, asks: asks ? 1 : 0, account_id: accountOf(actor), created_at: at };
}
