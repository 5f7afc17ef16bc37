import type { RetentionDeps } from './deps.ts';
import { createGoals } from './goals/service.ts';
import { createPlaybook } from './playbook/service.ts';
import { createPolicies } from './policies/service.ts';

export type Retention = ReturnType<typeof createRetention>;

export const createRetention = (deps: RetentionDeps) => ({
  playbook: createPlaybook(deps),
  goals: createGoals(deps),
  policies: createPolicies(deps),
});
