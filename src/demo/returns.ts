import { addDays, daysBetween } from '../shared/dates.ts';
import { Conflict } from '../shared/errors.ts';
import { SYSTEM } from '../shared/actor.ts';
import type { DemoCustomer } from './model.ts';
import { actorOf, need, type Stage, type Step } from './stage.ts';

/** Somebody who stopped for some weeks, and bought again. */
interface Pause {
  customer: DemoCustomer;
  leftOn: string;
  /** The purchase with which they came back: it is among their purchases, and came in with the next ones. */
  backOn: string;
}

interface Told {
  by: string;
  outcome: 'won_back' | 'thinking';
  reason: string;
  said: string;
  gives: boolean;
}

const TOLD: Told[] = [
  {
    by: 'jonas',
    outcome: 'won_back',
    reason: 'promises',
    said: 'Zweimal zu spät geliefert. Mit fester Zusage will sie es wieder versuchen.',
    gives: true,
  },
  {
    by: 'hanneke',
    outcome: 'thinking',
    reason: 'price',
    said: 'Beim Discounter gibt es gerade eine Aktion. Er überlegt es sich.',
    gives: true,
  },
  {
    by: 'jonas',
    outcome: 'won_back',
    reason: 'quality',
    said: 'Die letzte Tüte war zu dunkel geröstet. Neue Charge schicken, dann bestellt er wieder.',
    gives: true,
  },
  {
    by: 'tobias',
    outcome: 'thinking',
    reason: 'competitor',
    said: 'Probiert gerade eine andere Rösterei aus und meldet sich.',
    gives: false,
  },
  {
    by: 'hanneke',
    outcome: 'won_back',
    reason: 'responsiveness',
    said: 'Auf zwei Mails keine Antwort. Freut sich über den Anruf.',
    gives: false,
  },
  {
    by: 'jonas',
    outcome: 'won_back',
    reason: 'promises',
    said: 'Die Abholung war nicht vorbereitet. Wir legen ab jetzt zurück.',
    gives: false,
  },
];

/** They have been customers for longer than that. */
const KNOWN_DAYS = 366;
/** So many are told of; of four, three were called unless they were held out, and one came back unnoticed. */
const TOLD_OF = 14;
/** Days after the last purchase on which somebody noted that they had left, and after that on which somebody called. */
const [SILENT_DAYS, CALL_AFTER] = [12, 5];
const LEAST_GAP = 30;

/** Customers who had left for some weeks between two waves and are back: nobody asked them in between. */
export function returnSteps(stage: Stage): Step[] {
  const pauses = pausesOf(stage).slice(0, TOLD_OF);
  return pauses.flatMap(({ customer, leftOn, backOn }, i) => {
    const told = i % 4 === 3 ? undefined : TOLD[i % TOLD.length];
    const id = () => need(stage.customers, customer.reference);
    const left = {
      at: `${leftOn}T15:30:00.000Z`,
      act: () => stage.past.customers.markLeft(actorOf(stage, 'ingrid'), id(), leftOn),
    };
    const called = { at: `${addDays(leftOn, CALL_AFTER)}T10:20:00.000Z`, act: () => call(stage, id(), told, backOn) };
    return told ? [left, called] : [left];
  });
}

/** Purchases far enough apart, both between the same two waves to those who left. */
function pausesOf({ company, plan }: Stage): Pause[] {
  const { today } = company;
  const waves = plan.leaving.waves.map(({ sent_at }) => sent_at.slice(0, 10));
  const asked = new Set(plan.satisfaction.waves.flatMap(({ customers }) => customers));
  const bought = Map.groupBy(company.purchases, ({ customer }) => customer);
  const known = company.customers.filter(
    (one) =>
      one.status === 'active' &&
      one.language === 'de' &&
      one.telephone !== '' &&
      one.legal_basis !== '' &&
      one.customer_since < addDays(today, -KNOWN_DAYS) &&
      !asked.has(one.reference),
  );
  return known.flatMap((customer) => {
    const days = (bought.get(customer.reference) ?? []).map(({ date }) => date);
    const found = days.flatMap((day, i): Pause[] => {
      const [leftOn, backOn] = [addDays(day, SILENT_DAYS), days[i + 1] ?? ''];
      const between = waves.findIndex((wave, k) => leftOn > wave && backOn < addDays(waves[k + 1] ?? '0001-01-03', -2));
      const fits = backOn !== '' && daysBetween(day, backOn) >= LEAST_GAP && between >= 0 && onWeekday(leftOn);
      return fits ? [{ customer, leftOn, backOn }] : [];
    });
    return found.slice(0, 1);
  });
}

/** Calls are made from Monday to Friday. */
const onWeekday = (leftOn: string): boolean => ![0, 6].includes(new Date(addDays(leftOn, CALL_AFTER)).getUTCDay());

async function call(stage: Stage, customerId: string, told: Told | undefined, backOn: string): Promise<void> {
  if (!told) return;
  const { winback, offers } = stage.past.recovery;
  const actor = actorOf(stage, told.by);
  try {
    const caseId = await winback.openFor(actor, customerId);
    if (!(await winback.claim(actor.id ?? '', caseId)).mine) return;
    const { outcome, reason, said } = told;
    await winback.finish(actor.id ?? '', await winback.sheet(caseId), { outcome, reason, said, promised: '' });
    if (!told.gives) return;
    const customer = await stage.past.customers.get(customerId);
    const may = (await offers.choices(customer, 'staff')).find(({ why }) => why === null);
    if (!may) return;
    const given = await offers.give({ actor, role: 'staff' }, { offerId: may.offer.id, customerId, caseId });
    if (given.state === 'given') await offers.redeem(SYSTEM, given.id, backOn);
  } catch (error) {
    // On a holiday nobody is called, and whoever is held out never.
    if (!(error instanceof Conflict)) throw error;
  }
}
