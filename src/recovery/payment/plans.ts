import { createHooks } from '../../storage/index.ts';
import { accept, agree, decline, end } from './agreeing.ts';
import type { PaymentDeps } from './deps.ts';
import { notePaid, settle, takePaidBack } from './instalments.ts';
import type { Letters } from './letters.ts';
import { lookForMissed } from './missed.ts';
import type { PlanNews, Plans } from './plan-interface.ts';
import { firstDays, wholePlans } from './plan-reading.ts';
import type { PlanWork } from './plan-work.ts';
import { proposeAsColleague, proposeAsCustomer, withdraw } from './proposing.ts';
import type { PaymentSettings } from './settings-service.ts';

interface Parts {
  settings: PaymentSettings;
  letters: Pick<Letters, 'sayAgreed' | 'drop'>;
}

/** Paying what is owed in instalments: suggested by either side, agreed, and paid. */
export function createPlans(deps: PaymentDeps, { settings, letters }: Parts): Plans {
  const news = createHooks<PlanNews>();
  const work: PlanWork = { ...deps, settings, letters, news };
  return {
    onNews: news.on,
    ofCase: wholePlans,
    firstDays: () => firstDays(deps),
    proposeAsCustomer: (...given) => proposeAsCustomer(work, ...given),
    withdraw: (theCase) => withdraw(work, theCase),
    accept: (...given) => accept(work, ...given),
    propose: (...given) => proposeAsColleague(work, ...given),
    agree: (...given) => agree(work, ...given),
    decline: (...given) => decline(work, ...given),
    end: (...given) => end(work, ...given),
    notePaid: (...given) => notePaid(work, ...given),
    takePaidBack: (...given) => takePaidBack(work, ...given),
    settle: (...given) => settle(work, ...given),
    lookForMissed: () => lookForMissed(work),
  };
}
