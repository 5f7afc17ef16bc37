import { accountOf } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import type { Duty } from '../../recovery/index.ts';
import type { RetentionDeps } from '../deps.ts';
import { allPolicies, changeStanding, insertVersion } from './policy-store.ts';

/** Policies of somebody who leaves: a version with another name, which nobody is asked to read again. */
export function policiesDuty(deps: Pick<RetentionDeps, 'storage' | 'clock' | 'accounts'>): Duty {
  const { storage, clock, accounts } = deps;
  const theirs = async (accountId: string) =>
    (await allPolicies(storage.read)).filter((each) => each.withdrawn_on === null && each.owner_id === accountId);
  return {
    count: async (accountId) => (await theirs(accountId)).length,
    async handOver(actor, from, to) {
      let count = 0;
      for (const { id, number: seen, texts, in_force_on } of await theirs(from)) {
        await storage.transaction(async (tx) => {
          const number = seen + 1;
          if (!(await changeStanding(tx, id, seen, { number }))) return;
          const written = { asks: 0 as const, account_id: accountOf(actor), created_at: timestamp(clock) };
          await insertVersion(tx, { policy_id: id, number, texts, owner_id: to, in_force_on, ...written });
          await accounts.audit(tx, actor, 'policies.written', { kind: 'policy', id }, { number });
          count++;
        });
      }
      return count;
    },
  };
}
