import type { Job } from '../../scheduler/index.ts';
import type { Tx } from '../../storage/index.ts';
import { createCalm } from './calm.ts';
import { createRiskCalls } from './calls/service.ts';
import { createComputing } from './computing.ts';
import type { RiskDeps } from './deps.ts';
import { createLookingBack } from './looking-back.ts';
import { createNights } from './nights.ts';
import { createOutcomes } from './outcomes.ts';
import { createReading } from './reading.ts';
import { forgetWhy, queueCustomers } from './risk-store.ts';
import { createSetting } from './setting.ts';
import { createSigns } from './signs.ts';

export type Risk = ReturnType<typeof createRisk>;

/** Who has left, and who is about to. */
export function createRisk(deps: RiskDeps) {
  const setting = createSetting(deps);
  const signsOf = createSigns(deps.questionnaires);
  const outcomes = createOutcomes(deps);
  const computing = createComputing({ ...deps, signsOf, setting, outcomes });
  const lookingBack = createLookingBack({ ...deps, computing, outcomes, signsOf });
  const work = createNights({ ...deps, computing, outcomes, lookingBack });
  const calm = createCalm(deps, computing);
  const calls = createRiskCalls(deps);
  const jobs: Job[] = [work];
  listen(deps);
  deps.customers.onUnsubscribed(calls.onUnsubscribed);
  return {
    jobs,
    ...createReading({ ...deps, outcomes, today: computing.today }),
    setting,
    calm,
    calls,
    /** Free words go, that there were any stays. */
    async forget(tx: Tx, customerIds: string[]): Promise<void> {
      await forgetWhy(tx, customerIds);
      await calls.forget(tx, customerIds);
    },
    lookBackAgain: lookingBack.again,
  };
}

/** Whoever there is news of is looked at soon; in the transaction of the news they are only remembered. */
function listen({ customers, recovery }: RiskDeps): void {
  customers.onChanged(queueCustomers);
  const remember = async (tx: Tx, { customerId }: { customerId: string | null }) => {
    if (customerId !== null) await queueCustomers(tx, [customerId]);
  };
  recovery.cases.onOpened(remember);
  recovery.cases.onClosed(remember);
  recovery.cases.onReopened(remember);
}
