import { background } from '../scheduler/index.ts';
import { createAlerts } from './alerts/service.ts';
import { createAnniversaries } from './anniversaries/service.ts';
import type { LoyaltyDeps } from './deps.ts';
import { timestamp } from '../shared/clock.ts';
import type { Tx } from '../storage/index.ts';
import * as forgetting from './forget-store.ts';
import { createTrust } from './trust/service.ts';

export type Loyalty = ReturnType<typeof createLoyalty>;

export function createLoyalty(deps: LoyaltyDeps) {
  const alerts = createAlerts({ ...deps, cases: deps.recovery.cases });
  const anniversaries = createAnniversaries(deps);
  const trust = createTrust(deps);
  const jobs = [anniversaries.greetDue];

  return {
    alerts,
    anniversaries,
    trust,
    /** For erasing: no words about up to 500 customers stand here any more; what happened still counts. */
    async forget(tx: Tx, customerIds: string[]): Promise<void> {
      if (customerIds.length === 0) return;
      await forgetting.forgetAlerts(tx, customerIds);
      await forgetting.forgetGreetings(tx, customerIds);
      await forgetting.forgetTrust(tx, customerIds, timestamp(deps.clock));
    },
    ...background(jobs, deps, 'background work of loyalty failed'),
  };
}
