import type { OfferInput } from '../recovery/index.ts';
import { Conflict } from '../shared/errors.ts';
import { addDays } from '../shared/dates.ts';
import { weekdayOf } from '../shared/zones.ts';
import { actorOf, need, type Stage, type Step } from './stage.ts';

/** Kept in the catalogue, with what they cost: a roastery thanks with coffee, time and care more than with money. */
const OFFERS: Partial<OfferInput>[] = [
  {
    name: {
      de: 'Karte von Hand und 100 g Röstung der Woche',
      en: 'Handwritten card and 100 g of this week’s roast',
      nl: 'Handgeschreven kaart en 100 g van deze week',
      nb: 'Håndskrevet kort og 100 g av ukens brenning',
    },
    kind: 'token',
    costMinor: 480,
    perCustomer: 1,
  },
  {
    name: {
      de: 'Jubiläumsröstung 500 g',
      en: 'Anniversary roast, 500 g',
      nl: 'Jubileumbranding 500 g',
      nb: 'Jubileumsbrenning 500 g',
    },
    kind: 'gift',
    costMinor: 1450,
    forWhom: 'loyal',
    codeKind: 'generated',
    perCustomer: 1,
    most: 200,
  },
  {
    name: {
      de: 'Maschine entkalken und Mühle einstellen',
      en: 'Machine descaled and grinder set, at your place',
      nl: 'Machine ontkalken en molen afstellen',
      nb: 'Avkalking av maskinen og justering av kvernen',
    },
    kind: 'service',
    costMinor: 3500,
    reasons: ['quality', 'responsiveness', 'promises', 'complaints'],
    perYear: 60,
  },
  {
    name: {
      de: 'Ein Jahr lang Lieferung am nächsten Tag',
      en: 'Next-day delivery for a year',
      nl: 'Een jaar lang levering de volgende dag',
      nb: 'Levering neste dag i ett år',
    },
    kind: 'upgrade',
    costMinor: 2400,
    reasons: ['promises', 'responsiveness', 'quality'],
    perYear: 30,
  },
  {
    name: {
      de: '10 % auf die nächste Bestellung',
      en: '10% off the next order',
      nl: '10% op de volgende bestelling',
      nb: '10 % på neste bestilling',
    },
    kind: 'discount_percent',
    amount: 10,
    costMinor: 900,
    forWhom: 'left',
    reasons: ['price', 'competitor'],
    codeKind: 'generated',
    perCustomer: 1,
  },
];

const PLAIN: Omit<OfferInput, 'name' | 'kind' | 'costMinor'> = {
  amount: null,
  forWhom: 'everyone',
  reasons: [],
  leastWorthMinor: 0,
  leastRole: 'staff',
  perCustomer: null,
  perYear: null,
  most: null,
  codeKind: 'none',
  code: '',
  validDays: 60,
  endsOn: null,
};

interface ToldCall {
  by: string;
  said: string;
  promised?: string;
  outcome: string;
}

/** How the calls of the last days ended, one of each kind. */
const CALLS: ToldCall[] = [
  {
    by: 'jonas',
    outcome: 'won_back',
    said: 'Die neue Bohne will ich gern noch einmal versuchen. Mir hat gefehlt, dass jemand fragt.',
    promised: 'Liefertermin rufe ich am Vortag persönlich an.',
  },
  {
    by: 'hanneke',
    outcome: 'thinking',
    said: 'Ich habe gerade anderswo bestellt. Fragen Sie in zwei Wochen noch einmal, dann sehe ich klarer.',
  },
  { by: 'jonas', outcome: 'call_again', said: 'War im Laden, keine Zeit. Übermorgen am Vormittag passt es.' },
  { by: 'tobias', outcome: 'not_reached', said: '' },
  {
    by: 'hanneke',
    outcome: 'lost',
    said: 'Wir sind jetzt bei der Rösterei im Nachbarort und zufrieden. Danke, dass Sie gefragt haben.',
  },
  { by: 'tobias', outcome: 'moved', said: 'Das Büro ist aufgelöst, alle arbeiten von zu Hause.' },
];

/** Days before today on which somebody called, with the calls at ten by the clocks there. */
const FIRST_DAY = 9;

/** The catalogue, what was given of it, and the conversations with those who had left. */
export function winningBackSteps(stage: Stage): Step[] {
  const { today } = stage.company;
  const leavers = stage.plan.leaving.people.filter(
    ({ coding, answer }) => answer?.language === 'de' && coding !== null && !/^(unknown|moved)/.test(coding.main),
  );
  const called = leavers.filter(({ customer }) => hasTelephone(stage, customer)).slice(0, CALLS.length);
  return [
    { at: `${addDays(today, -350)}T09:00:00.000Z`, act: () => fillCatalogue(stage) },
    { at: `${workday(today, 30)}T10:00:00.000Z`, act: () => thankLoyal(stage) },
    ...called.flatMap(({ customer }, i) => {
      const call = CALLS[i];
      const at = `${workday(today, FIRST_DAY - i)}T10:${10 + i}:00.000Z`;
      return call ? [{ at, act: () => talk(stage, customer, call) }] : [];
    }),
  ];
}

const hasTelephone = ({ company }: Stage, reference: string): boolean =>
  (company.customers.find((one) => one.reference === reference)?.telephone ?? '') !== '';

/** The last day from Monday to Friday, so many days ago or before. */
function workday(today: string, ago: number): string {
  let day = addDays(today, -ago);
  while (weekdayOf(day) === 0 || weekdayOf(day) === 6) day = addDays(day, -1);
  return day;
}

async function fillCatalogue(stage: Stage): Promise<void> {
  for (const offer of OFFERS)
    await stage.past.recovery.offers.create(actorOf(stage, 'miriam'), { ...PLAIN, ...offer } as OfferInput);
}

/** Some who have bought for years got the anniversary roast, and used it; one asked for the service. */
async function thankLoyal(stage: Stage): Promise<void> {
  const { offers } = stage.past.recovery;
  const [, roast] = (await offers.list()).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const day = (await stage.clock.now()).toISOString().slice(0, 10);
  const loyal = stage.company.customers.filter(
    (one) => one.left_on === null && (one.customer_since ?? '9') < addDays(day, -1200),
  );
  const giver = { actor: actorOf(stage, 'miriam'), role: 'manager' as const };
  for (const [i, one] of loyal.slice(0, 4).entries()) {
    if (!roast) return;
    const what = { offerId: roast.id, customerId: need(stage.customers, one.reference), caseId: null };
    const given = await offers.give(giver, what);
    if (given.state === 'given' && i < 2) await offers.redeem(giver.actor, given.id, day);
  }
}

async function talk(stage: Stage, reference: string, { by, outcome, said, promised = '' }: ToldCall): Promise<void> {
  const { winback, offers } = stage.past.recovery;
  const actor = actorOf(stage, by);
  const customerId = need(stage.customers, reference);
  try {
    const caseId = await winback.openFor(actor, customerId);
    if (!(await winback.claim(actor.id ?? '', caseId)).mine) return;
    const back = { 'back-day': addDays(stage.company.today, 2), 'back-time': '10:30' };
    await winback.finish(actor.id ?? '', await winback.sheet(caseId), { outcome, said, promised, ...back });
    if (outcome !== 'won_back' && outcome !== 'thinking') return;
    const customer = await stage.past.customers.get(customerId);
    const may = (await offers.choices(customer, 'staff')).find(({ why }) => why === null);
    if (may) await offers.give({ actor, role: 'staff' }, { offerId: may.offer.id, customerId, caseId });
  } catch (error) {
    // On a holiday nobody is called.
    if (!(error instanceof Conflict)) throw error;
  }
}
