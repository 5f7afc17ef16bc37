import { addDays } from '../shared/dates.ts';
import { randomOf, type Random } from './random.ts';
import { placeOf, type Stage, type Step } from './stage.ts';
import { scaled, waveOn } from './timing.ts';
import { recordTouchpoint } from './touchpoint-answers.ts';
import { monthOf, sendWave } from './waves-steps.ts';

/** Before it went by itself, customers were asked by hand once a quarter how what they had ordered last had come. */
const WEEKS_AGO = [44, 32, 20];
const BOUGHT_WITHIN_DAYS = 28;
const [ASKED, CUSTOMERS] = [57, 700];
const ANSWER = 0.76;
/** How it went, 1 to 5. */
const SCORES = [0, 2, 26, 38, 34].map((weight, i) => ({ score: i + 1, weight }));
const ANSWERING_DAYS = 3;

/** Nobody in two of them, nor whoever is asked about everything that year: the contact budget would leave them out. */
export function earlierRounds(stage: Stage, questionnaire: () => string): Step[] {
  const random = randomOf(stage.company.seed, 'earlier rounds');
  const taken = new Set(stage.plan.satisfaction.waves.flatMap(({ customers }) => customers));
  return WEEKS_AGO.flatMap((weeks, i): Step[] => {
    const { key, sent_at } = waveOn(`went-${i + 1}`, stage.company.today, 7 * weeks);
    const references = drawn(stage, sent_at.slice(0, 10), taken, random);
    for (const reference of references) taken.add(reference);
    const ask = async () => {
      const named = { name: `Wie war es? ${monthOf(sent_at)}`, questionnaireId: questionnaire() };
      await sendWave(stage, key, { ...named, audience: { references } });
    };
    const answering = references.filter(() => random.chance(ANSWER));
    const day = addDays(sent_at.slice(0, 10), ANSWERING_DAYS);
    return [
      { at: sent_at, act: ask },
      { at: `${day}T18:00:00.000Z`, act: () => answerAll(stage, key, answering, random) },
    ];
  });
}

/** Some of those who had bought something lately. */
function drawn({ company }: Stage, day: string, taken: ReadonlySet<string>, random: Random): string[] {
  const since = addDays(day, -BOUGHT_WITHIN_DAYS);
  const buyers = new Set(
    company.purchases.filter(({ date }) => date >= since && date < day).map((one) => one.customer),
  );
  const free = company.customers.filter(
    ({ reference, status, email, legal_basis }) =>
      buyers.has(reference) && !taken.has(reference) && status === 'active' && email !== '' && legal_basis !== '',
  );
  const most = scaled(company.customers.length, ASKED, CUSTOMERS);
  return random.shuffled(free.map(({ reference }) => reference)).slice(0, most);
}

/** They marked the scale and wrote no words. Whoever was too new to be on record was not asked. */
async function answerAll(stage: Stage, key: string, answering: readonly string[], random: Random): Promise<void> {
  const invitations = answering.flatMap((reference) => stage.invitations.get(placeOf(key, reference)) ?? []);
  const sheets = invitations.map((invitation) => ({
    invitation,
    score: random.weighted(SCORES).score,
    at: stage.clock.now().toISOString(),
  }));
  await Promise.all(sheets.map(({ invitation, ...sheet }) => recordTouchpoint(stage, 'after', invitation, sheet)));
}
