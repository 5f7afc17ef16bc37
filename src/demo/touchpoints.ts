import type { ListedInvitation } from '../invitations/index.ts';
import { addDays, addMinutes } from '../shared/dates.ts';
import type { DemoCustomer } from './model.ts';
import { dealingRow } from './records-steps.ts';
import { randomOf, type Random } from './random.ts';
import { actorOf, need, type Stage, type Step } from './stage.ts';
import { codersFor } from './timing.ts';
import { earlierRounds } from './earlier-rounds.ts';
import { recordTouchpoint, WORDS } from './touchpoint-answers.ts';
import { loadTouchpoints, MOMENTS, type Moment, type Touchpoint, type TouchpointAnswer } from './touchpoint-content.ts';

/** After three rounds by hand, in two weeks of this autumn customers were asked what they expected of a delivery, how it was going, and then how it went. */
const WEEKS_AGO = [6, 3];
/** From Monday to Thursday. */
const DAYS = 4;
const SENDER = 'miriam';
const EXPIRES_DAYS = 21;
/** Minutes since midnight: early, so that it is done by nine. */
const AT_MINUTES = 9 * 60;
const MOMENT_OF = { before: 'before_dealing', during: 'during_dealing', after: 'after_dealing' } as const;
/** So many of those asked answer, and of their words so many are coded by now. */
const ANSWER = { before: 0.62, during: 0.66, after: 0.74 };
const CODED = 0.8;
/** How they expect it to go, how it is going, and how it went, 1 to 5. */
const SCORES = { before: [0, 0, 8, 34, 58], during: [0, 6, 26, 40, 28], after: [0, 0, 24, 38, 38] };

interface Telling {
  stage: Stage;
  random: Random;
  points: Record<Moment, Touchpoint>;
  /** By moment, once they are there. */
  schedules: Map<Moment, string>;
  questionnaires: Map<Moment, string>;
}

/** What was asked around deliveries and visits, with what came back. */
export function touchpointSteps(stage: Stage): Step[] {
  const random = randomOf(stage.company.seed, 'touchpoints');
  const telling: Telling = {
    stage,
    random,
    points: loadTouchpoints(),
    schedules: new Map(),
    questionnaires: new Map(),
  };
  const mondays = WEEKS_AGO.map((weeks) => mondayBefore(stage.company.today, weeks));
  const rounds = earlierRounds(stage, () => need(telling.questionnaires, 'after'));
  return [
    { at: addMinutes(rounds[0]?.at ?? stage.now, -60), act: () => prepare(telling) },
    ...rounds,
    ...mondays.flatMap((monday) => week(telling, monday)),
  ];
}

function mondayBefore(today: string, weeks: number): string {
  const day = addDays(today, -7 * weeks);
  const weekday = new Date(`${day}T00:00:00.000Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}

function week(telling: Telling, monday: string): Step[] {
  const days = Array.from({ length: DAYS }, (_, i) => addDays(monday, i));
  return [
    { at: `${monday}T05:30:00.000Z`, act: () => resume(telling) },
    ...days.flatMap((day): Step[] => [
      { at: `${day}T05:40:00.000Z`, act: () => bringDealings(telling, day) },
      { at: `${day}T08:10:00.000Z`, act: () => telling.stage.past.invitations.work() },
      { at: `${day}T08:20:00.000Z`, act: () => send(telling) },
      { at: `${day}T18:00:00.000Z`, act: () => answerAll(telling, day) },
    ]),
    { at: `${addDays(monday, DAYS - 1)}T19:00:00.000Z`, act: () => pause(telling) },
  ];
}

/** Three of the ready-made questionnaires in the programme of satisfaction, approved, and when they are asked. */
async function prepare(telling: Telling): Promise<void> {
  const { stage, points } = telling;
  const { questionnaires, invitations } = stage.past;
  const actor = actorOf(stage, SENDER);
  const like = (await questionnaires.list()).find(({ programme }) => programme.key === 'satisfaction');
  if (!like) throw new RangeError('no questionnaire to begin with');
  for (const moment of MOMENTS) {
    const point = points[moment];
    const languages = Object.keys(point.answers);
    const id = await questionnaires.create(actor, {
      programmeId: like.programme.id,
      name: point.name,
      from: moment,
      languages,
    });
    const { draftRevision } = await questionnaires.get(id);
    await questionnaires.publish(actor, id, draftRevision);
    for (const language of languages) await questionnaires.approve(actor, id, language);
    telling.questionnaires.set(moment, id);
    const made = await invitations.createSchedule(actor, {
      name: point.name,
      questionnaireId: id,
      audience: { status: 'active', references: audience(stage) },
      senderAccountId: need(stage.colleagues, SENDER),
      replyTo: '',
      expiresDays: EXPIRES_DAYS,
      reminderDays: [],
      moment: MOMENT_OF[moment],
      days: point.days,
      dealingKinds: ['delivery', 'visit'],
      atMinutes: AT_MINUTES,
      startOn: stage.clock.now().toISOString().slice(0, 10),
    });
    if (!made.ok) throw new RangeError(`no schedule: ${JSON.stringify(made.errors)}`);
    telling.schedules.set(moment, made.value.id);
    await invitations.pauseSchedule(actor, made.value.id);
  }
}

/** Nobody who has been asked about everything this autumn, nor whoever is asked today. */
function audience({ company, plan }: Stage): string[] {
  const recent = new Set(plan.satisfaction.waves.at(-1)?.customers);
  const isAskedToday = ({ segment, language }: DemoCustomer) =>
    segment === 'gastronomy' && (language === 'nl' || language === 'nb');
  return company.customers
    .filter((one) => one.status === 'active' && !recent.has(one.reference) && !isAskedToday(one))
    .map(({ reference }) => reference);
}

async function resume({ stage, schedules }: Telling): Promise<void> {
  for (const id of schedules.values()) await stage.past.invitations.resumeSchedule(actorOf(stage, SENDER), id);
}

async function pause({ stage, schedules }: Telling): Promise<void> {
  for (const id of schedules.values()) await stage.past.invitations.pauseSchedule(actorOf(stage, SENDER), id);
}

/** What is known that morning of deliveries and visits of these days; all of them come in again with the last records. */
async function bringDealings({ stage }: Telling, day: string): Promise<void> {
  const [from, to] = [addDays(day, -4), addDays(day, 2)];
  const some = stage.company.dealings.filter(
    ({ kind, from: begins, to: ends }) =>
      (kind === 'delivery' || kind === 'visit') && begins <= to && (ends ?? begins) >= from,
  );
  await stage.past.customers.addDealings(
    actorOf(stage, SENDER),
    some.filter(({ customer }) => stage.customers.has(customer)).map(dealingRow),
  );
}

async function send({ stage }: Telling): Promise<void> {
  await stage.past.invitations.work();
  await stage.past.mailer.sendDue();
  await stage.past.invitations.work();
}

/** That evening: of those who were written to in the morning, some have answered, and some of it is coded. */
async function answerAll(telling: Telling, day: string): Promise<void> {
  const { past } = telling.stage;
  const { rows: waves } = await past.invitations.listWaves(null, 2 * MOMENTS.length);
  for (const moment of MOMENTS) {
    const wave = waves.find(({ wave: each }) => each.name === `${telling.points[moment].name}, ${day}`)?.wave;
    if (!wave) continue;
    const { rows } = await past.invitations.listInvitations(wave.id, {}, null, 500);
    for (const row of rows) {
      if (row.delivery === 'sent' && telling.random.chance(ANSWER[moment])) await answer(telling, moment, row, day);
    }
  }
}

async function answer(
  telling: Telling,
  moment: Moment,
  { id, language }: Pick<ListedInvitation, 'id' | 'language'>,
  day: string,
): Promise<void> {
  const { stage, random, points } = telling;
  const score = random.weighted(SCORES[moment].map((weight, i) => ({ score: i + 1, weight }))).score;
  const said = random.chance(0.85) ? fitting(points[moment].answers[language] ?? [], score, random) : undefined;
  const at = `${day}T${String(random.int(10, 16)).padStart(2, '0')}:${String(random.int(10, 59))}:00.000Z`;
  const responseId = await recordTouchpoint(stage, moment, id, { score, text: said?.text, at });
  if (responseId && said && random.chance(CODED)) await code(telling, responseId, WORDS[moment], said, language);
}

function fitting(answers: TouchpointAnswer[], score: number, random: Random): TouchpointAnswer | undefined {
  const some = answers.filter(({ least = 1, most = 5 }) => score >= least && score <= most);
  return some.length > 0 ? random.pick(some) : undefined;
}

async function code(
  { stage, random }: Telling,
  responseId: string,
  questionKey: string,
  said: TouchpointAnswer,
  language: string,
) {
  const by = actorOf(stage, random.pick(codersFor(stage.company, language)));
  await stage.past.coding.codeResponse(by, { responseId, questionKey, codes: said.codes, main: null });
}
