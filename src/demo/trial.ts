import { isHoliday } from '../invitations/index.ts';
import { addDays, addMinutes } from '../shared/dates.ts';
import { Conflict } from '../shared/errors.ts';
import { weekdayOf } from '../shared/zones.ts';
import type { DemoCustomer } from './model.ts';
import { actorOf, need, type Stage, type Step } from './stage.ts';

/** In percent: of those who left between two waves, one half was rung up and the other left alone. */
const SHARE = 50;
const MANAGER = 'miriam';
/** The records of a wave come in at noon; the calls are made after them, on the day before it. */
const [CALLS_AT, CALL_MINUTES] = ['12:30', 4];

interface Said {
  by: string;
  reason: string;
  said: string;
}

const SAID: Said[] = [
  { by: 'jonas', reason: 'price', said: 'Trinkt jetzt weniger Kaffee und kauft im Supermarkt. Freundliches Gespräch.' },
  {
    by: 'hanneke',
    reason: 'competitor',
    said: 'Holt den Kaffee bei der Rösterei um die Ecke, auf dem Weg zur Arbeit.',
  },
  { by: 'tobias', reason: 'quality', said: 'Die letzten beiden Sorten haben nicht geschmeckt. Will vorerst nichts.' },
  { by: 'jonas', reason: 'promises', said: 'Hat nach der dritten verspäteten Lieferung aufgegeben.' },
  { by: 'hanneke', reason: 'price', said: 'Die Frachtkosten haben den Ausschlag gegeben.' },
];

/** Of those who are asked how satisfied they are, one in ten is not, since this morning: of that nothing can be said yet. */
const NEW_SHARE = 10;
const SINCE_MINUTES = 60;

/** A year of trying whether a call brings anybody back, and calls to those who had told us why they left. */
export function trialSteps(stage: Stage): Step[] {
  const { waves } = stage.plan.leaving;
  const rounds = waves.slice(0, -1).flatMap((wave, i) => roundSteps(stage, i, wave.sent_at));
  const begin = () => setShare(stage, 'satisfaction', NEW_SHARE);
  return [...rounds, ...followUps(stage), { at: addMinutes(stage.now, -SINCE_MINUTES), act: begin }];
}

/** From the day after one wave to the morning of the next: whoever leaves in between and is rung up is drawn first. */
function roundSteps(stage: Stage, i: number, sentAt: string): Step[] {
  const before = stage.plan.leaving.waves[i - 1]?.sent_at ?? addMinutes(sentAt, -14 * 24 * 60);
  const day = addDays(sentAt.slice(0, 10), -1);
  const set = (share: number) => () => setShare(stage, 'leaving', share);
  return [
    { at: addMinutes(before, 24 * 60), act: set(SHARE) },
    ...leftBefore(stage, i).map((customer, n) => ({
      at: addMinutes(`${day}T${CALLS_AT}:00.000Z`, CALL_MINUTES * n),
      act: () => ring(stage, customer, SAID[(i + n) % SAID.length]),
    })),
    { at: addMinutes(sentAt, -60), act: set(0) },
  ];
}

async function setShare(stage: Stage, programme: string, share: number): Promise<void> {
  const { invitations, questionnaires } = stage.past;
  const found = (await questionnaires.programmes()).find(({ key }) => key === programme);
  if (found) await invitations.holdouts.setShare(actorOf(stage, MANAGER), found.id, share);
}

/** Those whom no wave asks although they may be contacted, by the wave that would have been theirs. */
function leftBefore({ company, plan }: Stage, i: number): DemoCustomer[] {
  const days = plan.leaving.waves.map(({ sent_at }) => sent_at.slice(0, 10));
  const unasked = new Set(plan.leaving.people.filter(({ wave }) => wave === null).map(({ customer }) => customer));
  return company.customers.filter(
    ({ reference, telephone, legal_basis, left_on }) =>
      unasked.has(reference) &&
      telephone !== '' &&
      legal_basis !== '' &&
      days.findIndex((day) => day >= addDays(left_on ?? '', 2)) === i,
  );
}

/** So many of those who answered were rung up a week after colleagues had read what they wrote. */
const FOLLOWED_UP = 20;
/** The first of them are called in the last days. */
const SKIPPED = 16;

function followUps(stage: Stage): Step[] {
  const { people } = stage.plan.leaving;
  const known = people.filter(({ coding }) => coding !== null && !/^(unknown|moved)/.test(coding.main));
  const chosen = known.slice(SKIPPED).flatMap(({ customer, coding }) => {
    const one = stage.company.customers.find(({ reference }) => reference === customer);
    const day = coding && workdayFrom(addDays(coding.at.slice(0, 10), 7));
    return one && day && one.telephone !== '' && day < addDays(stage.company.today, -10) ? [{ one, day }] : [];
  });
  return chosen.slice(0, FOLLOWED_UP).map(({ one, day }, i) => ({
    at: addMinutes(`${day}T09:10:00.000Z`, i),
    act: () => ring(stage, one, SAID[i % SAID.length]),
  }));
}

/** That day, or the next one from Monday to Friday. */
function workdayFrom(day: string): string {
  const weekday = weekdayOf(day);
  return weekday === 6 ? addDays(day, 2) : weekday === 0 ? addDays(day, 1) : day;
}

async function ring(stage: Stage, { reference, country }: DemoCustomer, told: Said | undefined): Promise<void> {
  const day = stage.clock.now().toISOString().slice(0, 10);
  // A case that nobody may call about on that day would stand there, due, ever after.
  const isFree = [country, stage.company.profile.country].some((each) => isHoliday(each, day));
  if (!told || isFree || workdayFrom(day) !== day) return;
  const { winback } = stage.past.recovery;
  const actor = actorOf(stage, told.by);
  try {
    const caseId = await winback.openFor(actor, need(stage.customers, reference));
    if (!(await winback.claim(actor.id ?? '', caseId)).mine) return;
    const { reason, said } = told;
    await winback.finish(actor.id ?? '', await winback.sheet(caseId), { outcome: 'lost', reason, said, promised: '' });
  } catch (error) {
    // Whoever is held out is never called.
    if (!(error instanceof Conflict)) throw error;
  }
}
