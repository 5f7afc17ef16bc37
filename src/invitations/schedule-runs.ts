import { SYSTEM } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { newId } from '../shared/ids.ts';
import { localTime } from '../shared/zones.ts';
import type { Company } from '../accounts/index.ts';
import type { AudienceFilter, Moment } from '../customers/index.ts';
import type { Version } from '../questionnaires/index.ts';
import type { Tx } from '../storage/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { UNSTARTED } from './drafts.ts';
import { HOLD_MINUTES } from './running.ts';
import { dueRuns, momentsFor, partOf, stillTimely, type DueRun } from './schedule-rules.ts';
import type { Schedule } from './schedule.ts';
import * as store from './schedule-store.ts';
import type { RunRow } from './schedule-store.ts';
import { insertWave } from './wave-store.ts';

/** So many purchases, dealings or leavings in one run; what is left comes with the next. */
const MOST_SUBJECTS = 20_000;
/** So many are looked at together. */
const PART = 5000;

/** A schedule with what its runs need from elsewhere. */
interface Ready {
  schedule: Schedule;
  company: Company;
  version: Version | undefined;
  senderName: string;
  /** Why it cannot begin. */
  problem: 'sender' | 'questionnaire' | null;
}

/** Whether what a run needs from elsewhere is there. */
export async function readiness({ accounts, questionnaires }: InvitationsDeps, schedule: Schedule): Promise<Ready> {
  const sender = await accounts.colleague(schedule.senderAccountId);
  const questionnaire = (await questionnaires.list()).find(({ id }) => id === schedule.questionnaireId);
  const version = questionnaire?.latest ?? undefined;
  const problem = !sender?.active ? 'sender' : !version ? 'questionnaire' : null;
  return { schedule, company: await accounts.company(), version, senderName: sender?.name ?? '', problem };
}

/** What is due and has no run. */
export async function missingRuns(
  { accounts, storage, clock }: InvitationsDeps,
  schedule: Schedule,
): Promise<DueRun[]> {
  const due = dueRuns(schedule, await accounts.company(), timestamp(clock));
  const [first] = due;
  if (!first) return [];
  const done = await store.daysRun(storage.read, schedule.id, first.day);
  return due.filter(({ day }) => !done.has(day));
}

/** Days that were missed are put to a person, as one where they are about what happened on them. */
export async function runMissing(deps: InvitationsDeps, schedule: Schedule): Promise<void> {
  const missing = await missingRuns(deps, schedule);
  const ready = await readiness(deps, schedule);
  const begin = (run: DueRun, options: BeginOptions) =>
    deps.storage.transaction((tx) => beginRun(deps, tx, ready, run, options));
  const late = missing.filter((run) => run.late);
  if (schedule.moment === 'rolling') for (const run of late) await begin(run, { asks: 'late', since: run.day });
  else await askOnce(late, begin);
  for (const run of missing.filter((each) => !each.late)) await begin(run, { asks: ready.problem, since: run.day });
}

interface BeginOptions {
  /** Why a person has to decide; null where nobody has to. */
  asks: string | null;
  /** The first of the days that it stands for. */
  since: string;
  passed?: boolean;
}

async function askOnce(late: DueRun[], begin: (run: DueRun, options: BeginOptions) => Promise<void>): Promise<void> {
  const [first, last] = [late[0], late.at(-1)];
  if (!first || !last) return;
  for (const run of late.slice(0, -1)) await begin(run, { asks: null, since: run.day, passed: true });
  await begin(last, { asks: 'late', since: first.day });
}

/** Takes a day's run, once whoever tries: with whom it is about, and the wave for them. */
async function beginRun(
  deps: InvitationsDeps,
  tx: Tx,
  ready: Ready,
  { day }: DueRun,
  { asks, since, passed = false }: BeginOptions,
): Promise<void> {
  const { schedule } = ready;
  const run: RunRow = {
    id: newId(deps.clock),
    schedule_id: schedule.id,
    run_key: `${schedule.id} ${day}`,
    run_on: day,
    state: passed ? 'passed' : 'nobody',
    asks: null,
    decided_by: null,
    decided_at: null,
    created_at: timestamp(deps.clock),
  };
  if (!(await store.insertRun(tx, run)) || passed) return;
  const somebody = schedule.moment === 'rolling' || (await takeUp(deps, tx, ready, { run, since })) > 0;
  if (!somebody) return;
  if (asks !== null) await store.moveRun(tx, run.id, 'nobody', { state: 'asks', asks });
  else if (await startRun(deps, tx, run, ready)) await store.moveRun(tx, run.id, 'nobody', { state: 'started' });
}

/** @returns how many purchases, dealings or leavings are this run's, and nobody else's ever after */
async function takeUp(
  deps: InvitationsDeps,
  tx: Tx,
  { schedule, company }: Ready,
  { run, since }: { run: RunRow; since: string },
): Promise<number> {
  const query = momentsFor(schedule, company, run.run_on, since);
  const found = await notTakenUp(deps, tx, schedule, query);
  const isDealing = query.what === 'dealing' || query.what === 'dealingEnd';
  const rows = found.map(({ key, customerId }) => ({
    schedule_id: schedule.id,
    subject_key: key,
    customer_id: customerId,
    run_id: run.id,
    sequence_id: isDealing ? `dealing ${key}` : '',
  }));
  return await store.takeSubjects(tx, rows);
}

/** Part by part: the many that earlier runs have taken up would else leave no room for the new ones behind them. */
async function notTakenUp(
  { customers }: InvitationsDeps,
  tx: Tx,
  { id, audience }: Schedule,
  query: ReturnType<typeof momentsFor>,
): Promise<Moment[]> {
  const found: Moment[] = [];
  let after: Moment | undefined;
  do {
    const part = await customers.moments(tx, { ...query, audience, after, limit: PART });
    const keys = part.map(({ key }) => key);
    const taken = await store.takenAmong(tx, id, keys);
    found.push(...part.filter(({ key }) => !taken.has(key)));
    after = part.length === PART ? part.at(-1) : undefined;
  } while (after !== undefined && found.length < MOST_SUBJECTS);
  return found.slice(0, MOST_SUBJECTS);
}

/**
 * The wave of a run, which goes its way as every wave does: enrolled in the background, held for some minutes.
 * @returns false where it has become too late for all whom it was about
 */
export async function startRun(deps: InvitationsDeps, tx: Tx, run: RunRow, ready: Ready): Promise<boolean> {
  const { schedule, version, senderName } = ready;
  if (!version) return false;
  const audience = await audienceOf(deps, tx, ready, run);
  if (audience.customerIds?.length === 0) return false;
  const now = timestamp(deps.clock);
  const id = newId(deps.clock);
  await insertWave(tx, {
    ...UNSTARTED,
    id,
    state: 'starting',
    programme_id: version.programmeId,
    questionnaire_version_id: version.id,
    name: `${schedule.name}, ${run.run_on}`.slice(0, 100),
    audience: JSON.stringify(audience),
    sender_account_id: schedule.senderAccountId,
    sender_name: senderName,
    reply_to: schedule.replyTo,
    expires_days: schedule.expiresDays,
    reminder_days: JSON.stringify(schedule.reminderDays),
    created_by: null,
    created_at: now,
    started_by: run.decided_by,
    started_at: now,
    hold_until: addMinutes(now, HOLD_MINUTES),
    schedule_run_id: run.id,
  });
  await deps.accounts.audit(tx, SYSTEM, 'waves.scheduled', { kind: 'wave', id });
  return true;
}

async function audienceOf(deps: InvitationsDeps, tx: Tx, ready: Ready, run: RunRow): Promise<AudienceFilter> {
  const { schedule } = ready;
  if (schedule.moment !== 'rolling') return { customerIds: await concerned(deps, tx, ready, run) };
  const turn = turnOf(schedule, run.run_on);
  return { ...schedule.audience, turn: partOf(schedule, turn) };
}

/** Whom a run is about. One that begins late asks nobody of what is to come after it has begun, nor during it once it is over. */
async function concerned(deps: InvitationsDeps, tx: Tx, { schedule, company }: Ready, run: RunRow): Promise<string[]> {
  const timely = stillTimely(schedule, localTime(company.timeZone, timestamp(deps.clock)).day);
  if (timely === undefined) return await store.customersOf(tx, run.id);
  const keys = await store.subjectsOf(tx, run.id);
  const customers = new Set<string>();
  for (let i = 0; i < keys.length; i += PART) {
    const among = keys.slice(i, i + PART);
    const found = await deps.customers.moments(tx, { ...timely, audience: {}, among, limit: PART });
    for (const { customerId } of found) customers.add(customerId);
  }
  return [...customers].sort();
}

/** Which turn of a rolling schedule a day is, from 0. */
function turnOf({ startOn, everyMonths }: Schedule, day: string): number {
  const months = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return Math.round((months(day) - months(startOn)) / Math.max(1, everyMonths ?? 1));
}
