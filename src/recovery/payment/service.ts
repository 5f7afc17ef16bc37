import type { Db, Page } from '../../storage/index.ts';
import { createArrears, type Arrears } from './arrears.ts';
import { KIND, LETTER, type PaymentDeps } from './deps.ts';
import { composeLetters, followLetters, screenLetters } from './letter-mail.ts';
import { createLetters, type Letters } from './letters.ts';
import type { Plans, WholePlan } from './plan-interface.ts';
import { createPlanList, type PlanFilter } from './plan-list.ts';
import { createPlans } from './plans.ts';
import { createPaymentSettings, type PaymentSettings } from './settings-service.ts';
import { createWishes, type Wishes } from './wishes.ts';

/** Talking with customers who have not paid: with dignity, and never in the tone of a reminder. */
interface Payment {
  settings: PaymentSettings;
  arrears: Arrears;
  letters: Letters;
  plans: Plans;
  /** Everybody's, the newest first, before the one of that id. */
  listPlans(filter: PlanFilter, before: string | null, limit: number): Promise<Page<WholePlan>>;
  wishes: Wishes;
  /** Which of these customers are being talked with about what they owe: nobody sends them questionnaires meanwhile. */
  inConversation(db: Db, customerIds: string[]): Promise<Set<string>>;
  /** What is due without anybody asking. */
  work(): Promise<void>;
}

export function createPayment(deps: PaymentDeps): Payment {
  const { mailer, bounces, customers, cases } = deps;
  const settings = createPaymentSettings(deps);
  const letters = createLetters(deps);
  const plans = createPlans(deps, { settings, letters });
  const arrears = createArrears(deps, { settings, letters, plans });
  mailer.register(LETTER, composeLetters(deps), followLetters(deps), screenLetters(deps));
  bounces.knows(LETTER, async (db, caseId) => {
    const customerId = (await letters.find(db, caseId))?.customer_id;
    const customer = customerId === undefined ? undefined : await customers.find(customerId, db);
    return customer && { customerId: customer.id, address: customer.email };
  });
  cases.onOpened((tx, theCase) => letters.onOpened(tx, theCase));
  customers.onChanged((tx, ids) => arrears.look(tx, ids));
  return {
    settings,
    arrears,
    letters,
    plans,
    listPlans: createPlanList(deps.storage.read, plans),
    wishes: createWishes(deps),
    inConversation: async (db, ids) => new Set((await cases.openOf(db, ids, KIND)).keys()),
    async work() {
      await arrears.lookAtAll();
      await plans.lookForMissed();
    },
  };
}
