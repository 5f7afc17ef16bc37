import type { Customer } from '../customers/index.ts';
import { addDays } from '../shared/dates.ts';
import { actorOf, need, type Stage, type Step } from './stage.ts';

const MANAGER = 'ingrid';

/** What comes with a card, more for those who have been with the roastery longer. */
const REWARDS = [
  {
    years: 1,
    text: {
      en: 'Your next parcel brings 100 g of this week’s roast along.',
      de: 'Ihrem nächsten Paket legen wir 100 g der Röstung dieser Woche bei.',
      nl: 'Bij uw volgende pakket leggen we 100 g van de branding van deze week.',
      nb: 'I neste pakke legger vi ved 100 g av ukens brenning.',
    },
  },
  {
    years: 5,
    text: {
      en: 'We have put a bag of the anniversary roast aside for you; it comes with your next order.',
      de: 'Eine Tüte der Jubiläumsröstung liegt für Sie bereit und kommt mit Ihrer nächsten Bestellung.',
      nl: 'Er ligt een zak jubileumbranding voor u klaar; die komt met uw volgende bestelling mee.',
      nb: 'Vi har lagt til side en pose jubileumsbrenning til deg; den kommer med neste bestilling.',
    },
  },
];

const HAPPENED: Record<string, string> = {
  de: 'Im Oktober war die Terrasse wegen der Bauarbeiten fünf Wochen gesperrt. Ab Dezember läuft es wieder; bis dahin ist es knapp.',
  en: 'The building works closed our terrace for five weeks in October. From December on it should be better; until then it is tight.',
  nl: 'In oktober was het terras vijf weken dicht door de verbouwing. Vanaf december gaat het weer; tot dan is het krap.',
  nb: 'I oktober var terrassen stengt i fem uker på grunn av byggearbeid. Fra desember går det bedre; til da er det trangt.',
};

/** Somebody in arrears who has found a way with us, cards of this week, and a customer whom prospects may ask. */
export function attentionSteps(stage: Stage): Step[] {
  const { today } = stage.company;
  const day = (ago: number, time: string) => `${addDays(today, -ago)}T${time}:00.000Z`;
  return [
    { at: day(6, '08:00'), act: () => switchOn(stage) },
    ...[5, 4, 3, 2, 1].map((ago) => ({ at: day(ago, '09:30'), act: () => greet(stage) })),
    { at: day(3, '10:00'), act: () => mayBeAsked(stage) },
    { at: day(1, '15:20'), act: () => agreeOnPlan(stage) },
  ];
}

async function switchOn(stage: Stage): Promise<void> {
  // What is said of five years stands in the catalogue too.
  const roast = (await stage.past.recovery.offers.list()).find(({ name }) => name.en?.startsWith('Anniversary roast'));
  const tiers = REWARDS.map((tier) => ({ ...tier, offerId: tier.years === 5 ? (roast?.id ?? null) : null }));
  const setting = { on: true, fromYear: 1, tiers };
  await stage.past.loyalty.anniversaries.settings.save(actorOf(stage, MANAGER), setting, 0);
}

async function greet({ past }: Stage): Promise<void> {
  await past.loyalty.anniversaries.greetDue();
  await past.mailer.sendDue();
}

async function mayBeAsked(stage: Stage): Promise<void> {
  const { trust } = stage.past.loyalty;
  const by = need(stage.colleagues, MANAGER);
  const { rows } = await trust.candidates(null);
  const [reference, telling, asked] = rows.filter(({ inPerson }) => inPerson).map(({ customer }) => customer.id);
  if (reference !== undefined) {
    await trust.beReference(
      reference,
      null,
      { a_year: 2, way: 'telephone', topics: 'Lieferung an Büros, Maschinenservice' },
      by,
    );
  }
  if (telling !== undefined) await trust.refer(telling, null, 'das Café nebenan', by);
  if (asked === undefined) return;
  await trust.ask(actorOf(stage, MANAGER), asked, { kind: 'word', prospect: '', way: 'talk' });
}

/** The first of those in arrears is invited, says what happened, suggests a plan; a colleague agrees. */
async function agreeOnPlan(stage: Stage): Promise<void> {
  const { past, storage } = stage;
  const { cases, payment } = past.recovery;
  const open = await cases.openOf(storage.read, [...stage.customers.values()], 'payment_difficulty');
  const [first] = [...open.values()].flat();
  const customer: Customer | undefined = first?.customerId ? await past.customers.find(first.customerId) : undefined;
  if (!first || !customer) return;
  const manager = actorOf(stage, MANAGER);
  await storage.transaction((tx) => payment.letters.invite(tx, manager, first.id));
  await past.mailer.sendDue();
  await payment.wishes.tell(first, HAPPENED[customer.language] ?? HAPPENED.en ?? '');
  const owed = await payment.arrears.owedIn(storage.read, first);
  const totalMinor = owed.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const [firstOn = ''] = await payment.plans.firstDays();
  await payment.plans.proposeAsCustomer(first, { totalMinor, instalments: 3, rhythm: 'month', firstOn });
  const [proposed] = await payment.plans.ofCase(storage.read, first.id);
  if (!proposed) return;
  await payment.plans.agree({ actor: manager, role: 'manager' }, first.id, proposed.plan.id, proposed.plan.revision);
  await past.mailer.sendDue();
}
