import { accountOf } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import type { Duty } from '../../recovery/index.ts';
import type { RetentionDeps } from '../deps.ts';
import { allGoals, changeGoal, insertVersion } from './goal-store.ts';

/** Goals under way of somebody who leaves: a version with another name, which nobody is asked to read again. */
export function goalsDuty({ storage, clock, accounts }: Pick<RetentionDeps, 'storage' | 'clock' | 'accounts'>): Duty {
  const theirs = async (accountId: string) =>
    (await allGoals(storage.read)).filter((goal) => goal.state === 'open' && goal.owner_id === accountId);
  return {
    count: async (accountId) => (await theirs(accountId)).length,
    async handOver(actor, from, to) {
      let count = 0;
      for (const { id, number: seen, texts, due_on, target } of await theirs(from)) {
        await storage.transaction(async (tx) => {
          const number = seen + 1;
          // Whoever has just changed it has also said who answers for it.
          if (!(await changeGoal(tx, { id, seen, state: 'open' }, { number }))) return;
          const written = { asks: 0 as const, account_id: accountOf(actor), created_at: timestamp(clock) };
          await insertVersion(tx, { goal_id: id, number, texts, owner_id: to, due_on, target, ...written });
          await accounts.audit(tx, actor, 'goals.written', { kind: 'goal', id }, { number });
          count++;
        });
      }
      return count;
    },
  };
}
