import type { RetentionDeps } from './deps.ts';
import { createPlaybook } from './playbook/service.ts';

export type Retention = ReturnType<typeof createRetention>;

export const createRetention = (deps: RetentionDeps) => ({ playbook: createPlaybook(deps) });
