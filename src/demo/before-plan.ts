import { addDays } from '../shared/dates.ts';
import type { DemoContent, LeavingText, Reason } from './content.ts';
import { codingOf, entryFor, join } from './leaving-plan.ts';
import { bestOf, fits, type Trace } from './match.ts';
import type { DemoCompany, DemoCustomer } from './model.ts';
import type { AnswerPlan, LeavingEntry, PlannedWave, SatisfactionEntry } from './plan.ts';
import { randomOf, type Random } from './random.ts';
import { answeredAt, scaled, waveOn } from './timing.ts';

/** In the year before the last whoever had left was asked three times; all that came back has been coded. */
const WAVE_DAYS = [614, 502, 366];
const ANSWERED = 0.72;
/** Every third of them said that nobody answered: what a policy then changed. */
const THEN: { main: Reason; share: number } = { main: 'responsiveness', share: 0.34 };

/** How often the others named what, about as often as today. */
const OTHERS: { main: Reason; weight: number }[] = [
  { main: 'price', weight: 9 },
  { main: 'quality', weight: 9 },
  { main: 'complaints', weight: 15 },
  { main: 'competitor', weight: 6 },
  { main: 'promises', weight: 5 },
  { main: 'moved', weight: 2 },
  { main: 'payment', weight: 2 },
  { main: 'other', weight: 2 },
  { main: 'dissatisfaction', weight: 1 },
  { main: 'unknown', weight: 1 },
];

/** Some of the customers were asked that spring how satisfied they were, and marked no more than the scale. */
const SATISFACTION_DAYS = 545;
const [MARKED, OF_MARKED, CURRENT] = [68, 130, 560];
/** How well needs were met, 1 to 5: better than today. */
const SCORES = [1, 3, 6, 46, 44].map((weight, i) => ({ score: i + 1, weight }));

/** What was asked and answered in the year before, with none of the words that were said in the last one. */
export function planBefore(
  company: DemoCompany,
  content: DemoContent,
  spoken: readonly LeavingEntry[],
): AnswerPlan['before'] {
  const said = new Set(spoken.map(({ answer }) => answer?.text));
  const unsaid = content.leaving.filter(({ text }) => !said.has(text));
  return { leaving: leavingBefore(company, content, unsaid), satisfaction: satisfactionBefore(company) };
}

const NO_TRACE: Trace = { complained: false, owes: false };

function leavingBefore(company: DemoCompany, content: DemoContent, unsaid: LeavingText[]): AnswerPlan['leaving'] {
  const random = randomOf(company.seed, 'leaving answers before');
  const waves = WAVE_DAYS.map((days, i) => waveOn(`leaving-before-${i + 1}`, company.today, days));
  const asked = company.former.customers.filter(({ email, legal_basis }) => email !== '' && legal_basis !== '');
  const answering = random.shuffled(asked).slice(0, Math.round(asked.length * ANSWERED));
  const words = wordsFor(answering, { unsaid, all: content.leaving, random });
  const people = company.former.customers.map((customer): LeavingEntry => {
    const wave = asked.includes(customer) ? join(customer, waves) : null;
    const text = words.get(customer);
    const outcome = wave === null ? 'not_asked' : text ? 'answered' : 'no_answer';
    const give = () => text ?? need();
    const entry = entryFor(customer, { outcome, wave, give, company, random });
    return { ...entry, coding: codingOf(entry.answer, company, random) };
  });
  return { waves, people };
}

function need(): never {
  throw new RangeError('silent ones say nothing');
}

interface Words {
  unsaid: readonly LeavingText[];
  all: readonly LeavingText[];
  random: Random;
}

/** First the words of that year, to as many as it takes, then others; said once, until a language has no more that fits. */
function wordsFor(people: readonly DemoCustomer[], { unsaid, all, random }: Words): Map<DemoCustomer, LeavingText> {
  const words = new Map<DemoCustomer, LeavingText>();
  const left = new Set(unsaid);
  const give = (customer: DemoCustomer, text: LeavingText | undefined) => {
    if (!text) return;
    words.set(customer, text);
    left.delete(text);
  };
  const about = (main: Reason) => [...left].filter(({ codes }) => codes[0] === main);
  const wanted = Math.round(people.length * THEN.share);
  for (const customer of people)
    if (words.size < wanted) give(customer, bestOf(about(THEN.main), customer, NO_TRACE, random));
  for (const customer of people.filter((one) => !words.has(one))) {
    const fitting = OTHERS.map(({ main, weight }) => {
      const text = bestOf(about(main), customer, NO_TRACE, random);
      return { text, weight: text ? weight : 0 };
    });
    const chosen = fitting.some(({ weight }) => weight > 0) ? random.weighted(fitting).text : undefined;
    give(customer, chosen ?? all.find((text) => fits(text, customer)));
  }
  return words;
}

function satisfactionBefore(company: DemoCompany): AnswerPlan['satisfaction'] {
  const random = randomOf(company.seed, 'satisfaction before');
  const wave: PlannedWave = waveOn('satisfaction-before', company.today, SATISFACTION_DAYS);
  const day = wave.sent_at.slice(0, 10);
  const known = company.customers.filter(
    (one) =>
      one.status === 'active' && one.email !== '' && one.legal_basis !== '' && one.customer_since < addDays(day, -30),
  );
  const asked = random.shuffled(known).slice(0, scaled(company.customers.length, OF_MARKED, CURRENT));
  wave.customers.push(...asked.map(({ reference }) => reference));
  const marked = new Set(asked.slice(0, scaled(asked.length, MARKED, OF_MARKED)));
  const people = asked.map((customer): SatisfactionEntry => {
    const entry = { customer: customer.reference, wave: wave.key, coding: null };
    if (!marked.has(customer)) return { ...entry, outcome: 'no_answer', answer: null };
    const answered_at = answeredAt(wave.sent_at, company.today, random);
    const needs_score = random.weighted(SCORES).score;
    const { language } = customer;
    const answer = { language, mode: 'email' as const, answered_at, needs_score, texts: {}, codes: {} };
    return { ...entry, outcome: 'answered', answer };
  });
  return { waves: [wave], people };
}
