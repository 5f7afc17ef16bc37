import { addDays } from '../shared/dates.ts';
import type { DemoContent, LeavingText, Reason } from './content.ts';
import { emergingFor } from './emerging.ts';
import { bestOf, tracesOf } from './match.ts';
import type { DemoCompany, DemoCustomer } from './model.ts';
import type { AnswerPlan, LeavingAnswer, LeavingEntry, Outcome, PlannedCoding, PlannedWave } from './plan.ts';
import { randomOf, type Random } from './random.ts';
import { answeredAt, codedAt, codersFor, scaled, waveOn } from './timing.ts';

/** Every two months whoever has left since is asked; the last wave is nine to fifteen days old. */
const WAVE_DAYS = [314, 253, 192, 131, 70, 9];
/** Of 132 asked 90 answer, four only begin, three want no more mail; of 90 answers 70 are coded. */
const ASKED = 132;
const ANSWERED = 90;
const OTHERS: { outcome: Outcome; count: number }[] = [
  { outcome: 'started', count: 4 },
  { outcome: 'opted_out', count: 3 },
];
const CODED = 70;
/** Before each wave but the last so many of those who would have kept silent are rung up, or held out, instead. */
const CALLED_A_WAVE = 6;

export function planLeaving(company: DemoCompany, content: DemoContent): AnswerPlan['leaving'] {
  const random = randomOf(company.seed, 'leaving answers');
  const waves = WAVE_DAYS.map((days, i) => waveOn(`leaving-${i + 1}`, company.today, days));
  const lost = company.customers.filter((customer) => customer.status === 'left');
  const asked = lost.filter((customer) => customer.email !== '' && customer.legal_basis !== '');
  const outcomes = outcomesOf(asked, random);
  const answering = asked.filter((customer) => outcomes.get(customer) === 'answered');
  const emerging = emergingFor(answering, company, content);
  const give = texts(company, content, { emerging, random });
  const people = businessFirst(lost).map((customer) => {
    const outcome = outcomes.get(customer) ?? 'not_asked';
    return entryFor(customer, {
      outcome,
      wave: outcome === 'not_asked' ? null : join(customer, waves),
      give,
      company,
      random,
    });
  });
  const order = new Map(lost.map((customer, i) => [customer.reference, i]));
  people.sort((a, b) => (order.get(a.customer) ?? 0) - (order.get(b.customer) ?? 0));
  const rung = calledInstead(people, waves, company);
  return { waves, people: coded(rung, company, random) };
}

function outcomesOf(asked: readonly DemoCustomer[], random: Random): Map<DemoCustomer, Outcome> {
  const drawn = random.shuffled(asked);
  const outcomes = new Map(drawn.map((customer) => [customer, 'no_answer' as Outcome]));
  let next = 0;
  for (const { outcome, count } of [{ outcome: 'answered' as const, count: ANSWERED }, ...OTHERS]) {
    const until = next + scaled(asked.length, count, ASKED);
    for (const customer of drawn.slice(next, until)) outcomes.set(customer, outcome);
    next = until;
  }
  return outcomes;
}

/** Nobody asks whom somebody has just spoken to. */
function calledInstead(people: LeavingEntry[], waves: PlannedWave[], company: DemoCompany): LeavingEntry[] {
  const telephones = new Map(company.customers.map(({ reference, telephone }) => [reference, telephone]));
  const silent = people.filter(({ outcome, customer }) => outcome === 'no_answer' && telephones.get(customer) !== '');
  const called = new Set<string>();
  for (const wave of waves.slice(0, -1)) {
    const chosen = silent.filter((entry) => entry.wave === wave.key).slice(0, CALLED_A_WAVE);
    for (const { customer } of chosen) called.add(customer);
    wave.customers = wave.customers.filter((customer) => !called.has(customer));
  }
  return people.map((entry) =>
    called.has(entry.customer) ? { ...entry, wave: null, outcome: 'not_asked', not_asked: 'called' } : entry,
  );
}

/** Texts about an office or a restaurant fit few people, so these choose before the others. */
function businessFirst(lost: readonly DemoCustomer[]): DemoCustomer[] {
  const rank = (customer: DemoCustomer) => (customer.segment === 'household' ? 1 : 0);
  return lost.toSorted((a, b) => rank(a) - rank(b));
}

export function join(customer: DemoCustomer, waves: readonly PlannedWave[]): PlannedWave {
  const since = addDays(customer.left_on ?? '', 2);
  const wave = waves.find(({ sent_at }) => sent_at.slice(0, 10) >= since);
  if (!wave) throw new RangeError('left after the last wave');
  wave.customers.push(customer.reference);
  return wave;
}

type Give = (customer: DemoCustomer, begun: boolean) => LeavingText;

interface Telling {
  /** Who says what no reason covers. */
  emerging: ReadonlyMap<DemoCustomer, LeavingText>;
  random: Random;
}

/** Each text is given once, until a language has no more that fits. */
function texts(company: DemoCompany, content: DemoContent, { emerging, random }: Telling): Give {
  const traceOf = tracesOf(company);
  const own = content.leaving.filter(({ before, theme }) => !before && !theme);
  const left = new Set(own);
  return (customer, begun) => {
    const told = emerging.get(customer);
    if (told) return told;
    const open = begun ? [...left].filter((text) => text.mode === undefined) : [...left];
    const text = bestOf(open, customer, traceOf(customer), random) ?? bestOf(own, customer, traceOf(customer), random);
    if (!text) throw new RangeError(`no answer fits ${customer.language}`);
    left.delete(text);
    return text;
  };
}

interface Made {
  outcome: Outcome;
  wave: PlannedWave | null;
  give: Give;
  company: DemoCompany;
  random: Random;
}

export function entryFor(customer: DemoCustomer, made: Made): LeavingEntry {
  const { outcome, wave } = made;
  const writes = wave !== null && (outcome === 'answered' || outcome === 'started');
  return {
    customer: customer.reference,
    wave: wave?.key ?? null,
    outcome,
    not_asked: outcome !== 'not_asked' ? '' : customer.email === '' ? 'no_address' : 'no_basis',
    answer: writes ? answerOf(customer, wave, made) : null,
    coding: null,
  };
}

function answerOf(customer: DemoCustomer, wave: PlannedWave, { outcome, give, company, random }: Made): LeavingAnswer {
  const begun = outcome === 'started';
  const text = give(customer, begun);
  const mode = text.mode ?? 'email';
  const rest = begun
    ? { probe: '', keep: '', now: '', ticked: [], ticked_main: null, may_contact: null }
    : {
        probe: text.probe ?? '',
        keep: text.keep ?? '',
        now: text.now ?? '',
        ...ticksOf(text, random),
        may_contact: random.pick([true, true, false, null]),
      };
  return {
    language: customer.language,
    mode,
    answered_at: cameBackAt(mode, wave, company, random),
    entered_by: mode === 'email' ? null : random.pick(codersFor(company, customer.language)),
    text: text.text,
    ...rest,
    codes: text.codes,
    detail: text.detail ?? '',
  };
}

/** What is said on the telephone or comes by post is written down in working hours. */
function cameBackAt(mode: LeavingAnswer['mode'], wave: PlannedWave, company: DemoCompany, random: Random): string {
  const written = mode === 'email' ? null : codedAt(wave.sent_at, company.today, random);
  return written ?? answeredAt(wave.sent_at, company.today, random);
}

/** People tick the price more readily than they write about it, and many tick nothing at all. */
function ticksOf(text: LeavingText, random: Random): Pick<LeavingAnswer, 'ticked' | 'ticked_main'> {
  if (text.ticked) return { ticked: text.ticked, ticked_main: text.ticked[0] ?? null };
  if (random.chance(0.1)) return { ticked: [], ticked_main: null };
  if (random.chance(0.04)) return { ticked: ['withheld'], ticked_main: null };
  const said = text.codes.filter((code) => code !== 'unknown');
  const ticked = new Set<Reason>(said.filter((_, i) => random.chance(i === 0 ? 0.93 : 0.6)));
  if (random.chance(0.22)) ticked.add('price');
  const list = [...ticked];
  return { ticked: list, ticked_main: list.length > 0 && random.chance(0.9) ? random.pick(list.slice(0, 2)) : null };
}

/** Colleagues code them in no order, as a random audit hands them out. */
function coded(people: LeavingEntry[], company: DemoCompany, random: Random): LeavingEntry[] {
  const answered = people.filter((entry) => entry.outcome === 'answered');
  const ready = answered.flatMap((entry) => {
    const coding = codingOf(entry.answer, company, random);
    return coding ? [{ entry, coding }] : [];
  });
  const drawn = randomOf(company.seed, 'leaving codings').shuffled(ready);
  const done = new Map(
    drawn.slice(0, scaled(answered.length, CODED, ANSWERED)).map(({ entry, coding }) => [entry, coding]),
  );
  return people.map((entry) => ({ ...entry, coding: done.get(entry) ?? null }));
}

export function codingOf(answer: LeavingAnswer | null, company: DemoCompany, random: Random): PlannedCoding | null {
  const at = answer && codedAt(answer.answered_at, company.today, random);
  if (!answer || !at) return null;
  const [main = 'unknown', ...contributing] = answer.codes;
  return { by: random.pick(codersFor(company, answer.language)), at, main, contributing };
}
