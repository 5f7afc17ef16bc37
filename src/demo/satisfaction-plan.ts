import {
  SATISFACTION_QUESTIONS,
  type DemoContent,
  type SatisfactionQuestion,
  type SatisfactionText,
} from './content.ts';
import { addDays } from '../shared/dates.ts';
import { fits } from './match.ts';
import type { DemoCompany, DemoCustomer } from './model.ts';
import type { AnswerPlan, PlannedWave, SatisfactionAnswer, SatisfactionEntry } from './plan.ts';
import { randomOf, type Random } from './random.ts';
import { answeredAt, codedAt, codersFor, scaled, waveOn } from './timing.ts';

/** Twice a year a part of the current customers is asked: 340 of 560, of whom 130 answer. */
const WAVE_DAYS = [215, 33];
const CURRENT = 560;
const ASKED = 340;
const ANSWERED = 130;
/** How well needs are met, 1 to 5. */
const SCORES = [3, 7, 17, 40, 33].map((weight, i) => ({ score: i + 1, weight }));
/** Colleagues have coded all but a few of the first wave, and half of what came back from the second. */
const CODED = [0.96, 0.5];
/** Somebody who has told us this much leaves the rest empty. */
const MOST_TEXTS = 5;

export function planSatisfaction(company: DemoCompany, content: DemoContent): AnswerPlan['satisfaction'] {
  const random = randomOf(company.seed, 'satisfaction answers');
  const waves = WAVE_DAYS.map((days, i) => waveOn(`satisfaction-${i + 1}`, company.today, days));
  const owing = owingIn(company);
  const asked = askedIn(waves, company, owing, random);
  const drawn = random.shuffled(asked).slice(0, scaled(asked.length, ANSWERED, ASKED));
  const unhappy = asked.filter(({ customer, wave }) => owing.has(customer.reference) && wave === waves.at(-1));
  const answering = instead(drawn, unhappy, 1);
  const answers = answersOf(answering, company.today, random);
  unhappy.forEach(({ customer }, i) => {
    const answer = answers.get(customer);
    if (answer) answer.needs_score = LOW[i % LOW.length] ?? 2;
  });
  handOut(answers, content, random);
  const people = asked.map(({ customer, wave }): SatisfactionEntry => {
    const answer = answers.get(customer) ?? null;
    return {
      customer: customer.reference,
      wave: wave.key,
      outcome: answer ? 'answered' : 'no_answer',
      answer,
      coding: null,
    };
  });
  return { waves, people: coded(people, waves, company) };
}

/** What those say who have not paid for a while, so that a low answer and an open bill stand beside each other. */
const LOW = [2, 1];
const OVERDUE_DAYS = 7;

/** Customers of today with two bills or more that should have been paid more than a week ago, by reference. */
function owingIn({ invoices, customers, today }: DemoCompany): Set<string> {
  const late = invoices.filter(({ paid_on, due_on }) => paid_on === null && due_on < addDays(today, -OVERDUE_DAYS));
  const times = Map.groupBy(late, ({ customer }) => customer);
  const current = customers.filter(({ status }) => status === 'active');
  return new Set(current.map(({ reference }) => reference).filter((one) => (times.get(one)?.length ?? 0) > 1));
}

/** The list with these in the places of others, from the end and so many places apart. */
function instead<T>(list: readonly T[], wanted: readonly T[], apart: number): T[] {
  const result = [...list];
  const missing = wanted.filter((one) => !list.includes(one));
  missing.forEach((one, i) => {
    const place = result.length - 1 - i * apart;
    const other = result[place];
    if (other !== undefined && !wanted.includes(other)) result[place] = one;
  });
  return result;
}

/** From draws of their own, so that the answers stay as they are. */
function coded(people: SatisfactionEntry[], waves: readonly PlannedWave[], company: DemoCompany): SatisfactionEntry[] {
  const random = randomOf(company.seed, 'satisfaction codings');
  const share = new Map(waves.map(({ key }, i) => [key, CODED[i] ?? 0]));
  return people.map((entry) => {
    if (!entry.answer || !random.chance(share.get(entry.wave) ?? 0)) return entry;
    const at = codedAt(entry.answer.answered_at, company.today, random);
    return { ...entry, coding: at ? { by: random.pick(codersFor(company, entry.answer.language)), at } : null };
  });
}

interface Asked {
  customer: DemoCustomer;
  wave: PlannedWave;
}

/** Everybody at most once, and nobody before they were a customer. By reference. */
function askedIn(
  waves: readonly PlannedWave[],
  company: DemoCompany,
  owing: ReadonlySet<string>,
  random: Random,
): Asked[] {
  const current = company.customers.filter(({ status }) => status === 'active');
  const reachable = current.filter(({ email, legal_basis }) => email !== '' && legal_basis !== '');
  const first = random.shuffled(reachable).slice(0, scaled(current.length, ASKED, CURRENT));
  const wanted = reachable.filter(({ reference }) => owing.has(reference));
  // They take places of the same, the last wave.
  const drawn = instead(first, wanted, waves.length);
  const asked = drawn.flatMap((customer, i) => {
    const known = waves.filter(({ sent_at }) => customer.customer_since < sent_at.slice(0, 10));
    const wave = known[i % Math.max(1, known.length)];
    return wave ? [{ customer, wave }] : [];
  });
  asked.sort((a, b) => (a.customer.reference < b.customer.reference ? -1 : 1));
  for (const { customer, wave } of asked) wave.customers.push(customer.reference);
  return asked;
}

function answersOf(answering: readonly Asked[], today: string, random: Random): Map<DemoCustomer, SatisfactionAnswer> {
  return new Map(
    answering.map(({ customer, wave }) => [
      customer,
      {
        language: customer.language,
        mode: 'email',
        answered_at: answeredAt(wave.sent_at, today, random),
        needs_score: random.weighted(SCORES).score,
        texts: {},
        codes: {},
      },
    ]),
  );
}

/** Gives each text to one person whom it fits; whoever finds none left keeps the question empty. */
function handOut(answers: Map<DemoCustomer, SatisfactionAnswer>, content: DemoContent, random: Random): void {
  const about = Map.groupBy(random.shuffled(content.satisfaction), ({ question }) => question);
  for (const question of SATISFACTION_QUESTIONS) {
    const takers = random.shuffled([...answers]);
    for (const text of about.get(question) ?? []) give(text, question, takers);
  }
}

/** To the one who has said least so far, so that nobody stays silent while others write six times. */
function give(
  text: SatisfactionText,
  question: SatisfactionQuestion,
  takers: readonly [DemoCustomer, SatisfactionAnswer][],
): void {
  let chosen: SatisfactionAnswer | undefined;
  let fewest = MOST_TEXTS;
  for (const [customer, answer] of takers) {
    if (answer.texts[question] !== undefined || !fits({ ...text, years: 0 }, customer)) continue;
    if (text.score !== undefined && text.score !== answer.needs_score) continue;
    const said = Object.keys(answer.texts).length;
    if (said < fewest) [chosen, fewest] = [answer, said];
  }
  if (!chosen) return;
  chosen.texts[question] = text.text;
  chosen.codes[question] = text.codes;
}
