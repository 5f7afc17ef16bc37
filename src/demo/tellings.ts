import { addDays } from '../shared/dates.ts';
import { weekdayOf } from '../shared/zones.ts';
import { actorOf, need, type Stage, type Step } from './stage.ts';

interface Telling {
  daysAgo: number;
  language: string;
  kind: 'problem' | 'guarantee' | 'idea' | 'praise';
  words: string;
  name?: string;
  /** The nth customer with this language says it, under the address that we know. */
  customer?: number;
  telephone?: string;
  wish?: 'phone' | 'mail' | 'no';
}

/** What people wrote on the public page, in their own languages. */
const TELLINGS: Telling[] = [
  {
    daysAgo: 24,
    language: 'de',
    kind: 'praise',
    name: 'Annelie Voss',
    words:
      'Ihr Techniker kam am selben Tag und hat mir auch gleich gezeigt, wie ich das Mahlwerk selbst reinige. Danke!',
  },
  {
    daysAgo: 17,
    language: 'nl',
    kind: 'idea',
    customer: 3,
    words: 'Zouden jullie de zakken ook in 500 gram kunnen doen? Een kilo is voor ons met z’n tweeën te veel.',
  },
  {
    daysAgo: 13,
    language: 'nb',
    kind: 'praise',
    customer: 4,
    wish: 'no',
    words: 'Kaffen kom dagen etter, og det lå en håndskrevet hilsen i pakken. Slikt legger man merke til.',
  },
  {
    daysAgo: 9,
    language: 'en',
    kind: 'idea',
    name: 'Priya',
    words: 'A reminder two weeks before the filter has to be changed would save me looking it up every time.',
  },
  {
    daysAgo: 6,
    language: 'de',
    kind: 'guarantee',
    customer: 8,
    wish: 'mail',
    words: 'Die Reisemühle ist nach drei Wochen stehen geblieben. Ich würde sie gern zurückgeben.',
  },
  {
    daysAgo: 2,
    language: 'nl',
    kind: 'problem',
    customer: 6,
    wish: 'mail',
    words: 'Het pakket stond in de regen en de helft van de bonen is nat geworden. De bezorger had niet aangebeld.',
  },
  {
    daysAgo: 1,
    language: 'nb',
    kind: 'problem',
    name: 'Sigrid Moen',
    telephone: '+47 22 00 01 41',
    wish: 'phone',
    words: 'Jeg har ringt tre ganger om en faktura som er betalt, og hver gang må jeg begynne forfra.',
  },
];

interface Reporting {
  daysAgo: number;
  by: string;
  what: string;
  language: string;
  customer: number;
  /** What was done so that the customer says it is settled. */
  settled?: string;
}

/** What colleagues noticed on their way. */
const REPORTINGS: Reporting[] = [
  {
    daysAgo: 29,
    by: 'tobias',
    language: 'de',
    customer: 11,
    what: 'Beim Ausliefern gesagt: zwei Wochen auf die Dichtung gewartet, keiner hat Bescheid gegeben.',
    settled: 'Dichtung eingebaut, Entschuldigung am Telefon, nächste Wartung geschenkt.',
  },
  {
    daysAgo: 18,
    by: 'hanneke',
    language: 'nl',
    customer: 9,
    what: 'Klonk kortaf aan de telefoon: dit was de derde keer dat de bestelling niet klopte.',
    settled: 'Bestelling dezelfde dag nagestuurd en de vaste bestelling samen nagelopen.',
  },
  {
    daysAgo: 3,
    by: 'tobias',
    language: 'de',
    customer: 14,
    what: 'Die Küche war nicht begeistert, die neue Röstung ist ihnen zu dunkel.',
  },
  {
    daysAgo: 2,
    by: 'jonas',
    language: 'de',
    customer: 14,
    what: 'Hat auch bei mir am Telefon nach der alten Röstung gefragt.',
  },
];

const STEPS = ['apologise', 'act', 'empathy', 'make_good', 'follow_up'] as const;
type At = (daysAgo: number, time: string) => string;

/** The public page, and what colleagues reported: some of it put right, some of it of yesterday. */
export function tellingSteps(stage: Stage): Step[] {
  const { today } = stage.company;
  const at = (daysAgo: number, time: string) => `${workday(addDays(today, -daysAgo))}T${time}:00.000Z`;
  return [
    { at: at(60, '09:00'), act: () => openPage(stage) },
    ...TELLINGS.map((each, i) => ({ at: at(each.daysAgo, `10:1${i}`), act: () => tell(stage, each) })),
    { at: at(12, '03:30'), act: () => programSends(stage) },
    ...REPORTINGS.flatMap((each) => reportSteps(stage, each, at)),
    { at: at(20, '14:00'), act: () => shopLink(stage) },
  ];
}

/** The last day from Monday to Friday. */
function workday(day: string): string {
  let found = day;
  while (weekdayOf(found) === 0 || weekdayOf(found) === 6) found = addDays(found, -1);
  return found;
}

async function openPage(stage: Stage): Promise<void> {
  const { comments } = stage.past.recovery;
  const approved = ['de', 'nl', 'nb', 'en'];
  const promise = { on: true, texts: {}, approved };
  const { revision, ...settings } = await comments.settings();
  const token = (await stage.past.recovery.offers.list()).find(({ kind }) => kind === 'token');
  const own = { ownerId: need(stage.colleagues, 'miriam'), guarantee: promise, gift: promise };
  const giftOfferId = token?.id ?? null;
  await comments.saveSettings(actorOf(stage, 'ingrid'), { ...settings, ...own, giftOfferId }, revision);
}

/** Fills in the page's form, as whoever it is would, in a minute. */
async function send(stage: Stage, language: string, fields: Record<string, string>, seconds = 60): Promise<void> {
  const { comments } = stage.past.recovery;
  const body = { stamp: comments.stamp(), ...fields };
  stage.clock.moveTo(new Date(stage.clock.now().getTime() + seconds * 1000).toISOString());
  await comments.receive({ body, upload: 'none', language });
}

async function tell(stage: Stage, { language, kind, words, name = '', telephone = '', wish, customer }: Telling) {
  const known = customer === undefined ? undefined : nth(stage, language, customer);
  const who = known ? { name: `${known.given_name} ${known.family_name}`, email: known.email } : { name, email: '' };
  const asked: Record<string, string> = wish === undefined ? {} : { wish };
  await send(stage, language, { kind, words, telephone, ...who, ...asked });
}

async function programSends(stage: Stage): Promise<void> {
  const words = 'Best prices https://example.com/a https://example.com/b https://example.com/c';
  await send(stage, 'en', { kind: 'praise', words, name: 'Promo' }, 1);
}

/** A report, and where it was put right: step by step within some days, until the customer says that it is settled. */
function reportSteps(stage: Stage, told: Reporting, at: At): Step[] {
  const { caseWork, cases } = stage.past.recovery;
  const miriam = () => actorOf(stage, 'miriam');
  const { daysAgo, settled } = told;
  let caseId = '';
  const first = { at: at(daysAgo, '12:20'), act: async () => void (caseId = await report(stage, told)) };
  if (settled === undefined) return [first];
  const signed = STEPS.map((step, i) => ({
    at: at(daysAgo - 1 - i, `13:${String(10 + i)}`),
    act: () => caseWork.steps.sign(miriam(), caseId, step, { said: settled, channel: 'telephone' as const }),
  }));
  const closing = { rootCause: 'delay', action: settled, outcome: 'settled' };
  const close = async () => {
    await stage.storage.transaction((tx) => cases.close(tx, miriam(), caseId, closing));
    // What is asked is written as it was then, not as it is once they have answered.
    await stage.past.mailer.sendDue();
  };
  const after = daysAgo - 1 - STEPS.length;
  const confirm = () => caseWork.settling.confirm(caseId);
  return [first, ...signed, { at: at(after, '14:30'), act: close }, { at: at(after - 1, '15:40'), act: confirm }];
}

async function report(stage: Stage, { by, what, language, customer }: Reporting): Promise<string> {
  const known = nth(stage, language, customer);
  if (!known) throw new RangeError(`The sample company has no such customer: ${language} ${customer}`);
  const customerId = need(stage.customers, known.reference);
  const who = known.organisation || `${known.given_name} ${known.family_name}`;
  const reporter = { accountId: need(stage.colleagues, by) };
  return (await stage.past.loyalty.alerts.report(reporter, { who, what, customerId, language })).caseId;
}

const shopLink = (stage: Stage) =>
  stage.past.loyalty.alerts.makeLink(actorOf(stage, 'miriam'), 'Laden Kiel, Pausenraum');

/** Those who are customers still. */
function nth({ company }: Stage, language: string, n: number) {
  return company.customers.filter((one) => one.language === language && one.left_on === null && one.email !== '')[n];
}
