import type { RetentionDeps } from './deps.ts';
import { goalsDuty } from './goals/handing-over.ts';
import { createGoals } from './goals/service.ts';
import { createPlaybook } from './playbook/service.ts';
import { policiesDuty } from './policies/handing-over.ts';
import { createPolicies } from './policies/service.ts';

export type Retention = ReturnType<typeof createRetention>;

export function createRetention(deps: RetentionDeps) {
  const { handingOver } = deps.recovery;
  handingOver.include('goals', goalsDuty(deps));
  handingOver.include('policies', policiesDuty(deps));
  return { playbook: createPlaybook(deps), goals: createGoals(deps), policies: createPolicies(deps) };
}
