import { accountOf, SYSTEM, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict, NotFound, type Result } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { localTime } from '../shared/zones.ts';
import type { Company } from '../accounts/index.ts';
import type { Version } from '../questionnaires/index.ts';
import type { Schema, Tx } from '../storage/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { draftOf, UNSTARTED } from './drafts.ts';
import { HOLD_MINUTES } from './running.ts';
import { dueRuns, momentsFor, nextRun, partOf, type DueRun } from './schedule-rules.ts';
import type { Schedule, ScheduleInput } from './schedule.ts';
import * as store from './schedule-store.ts';
import type { RunRow } from './schedule-store.ts';
import { insertWave } from './wave-store.ts';

export interface ListedSchedule {
  schedule: Schedule;
  /** When it runs next; '' while it is paused. */
  next: string;
  last: RunRow[];
}

export interface AskingRun {
  id: string;
  name: string;
  day: string;
  why: string;
  /** How many customers it is about; null for a share of all. */
  customers: number | null;
}

/** Waves that come back by themselves, each run exactly once. */
export interface Schedules {
  createSchedule(actor: Actor, input: ScheduleInput): Promise<Result<{ id: string }>>;
  /** @throws NotFound */
  changeSchedule(actor: Actor, id: string, input: ScheduleInput): Promise<Result<{ id: string }>>;
  getSchedule(id: string): Promise<Schedule>;
  listSchedules(): Promise<ListedSchedule[]>;
  /** @throws Conflict where it is paused, or runs, already */
  pauseSchedule(actor: Actor, id: string): Promise<void>;
  /** Days that passed meanwhile stay passed. */
  resumeSchedule(actor: Actor, id: string): Promise<void>;
  /** Runs that were overdue, or could not begin, and wait for a person. */
  askingRuns(): Promise<AskingRun[]>;
  /** @throws Conflict where somebody has decided, or what was missing is missing still */
  decideRun(actor: Actor, runId: string, decision: 'run' | 'skip'): Promise<void>;
}

const LEASE = 'schedules';
/** So many customers in one run; what is left comes with the next. */
const MOST_SUBJECTS = 5000;
const SHOWN_RUNS = 3;

export function createSchedules(deps: InvitationsDeps): Schedules & { runSchedules(): Promise<void> } {
  const { storage, clock, accounts } = deps;
  const { audit } = accounts;

  const existing = async (id: string) => {
    const schedule = await store.findSchedule(storage.read, id);
    if (!schedule) throw new NotFound();
    return schedule;
  };
  const today = async () => localTime((await accounts.company()).timeZone, timestamp(clock)).day;

  return {
    async createSchedule(actor, input) {
      const columns = await columnsOf(deps, input);
      if (!columns.ok) return columns;
      const [id, now, day] = [newId(clock), timestamp(clock), await today()];
      await storage.transaction(async (tx) => {
        const made = { created_by: accountOf(actor), created_at: now, changed_at: now };
        const active_from = input.startOn > day ? input.startOn : day;
        await store.insertSchedule(tx, { ...columns.value, id, active_from, state: 'on', ...made });
        await audit(tx, actor, 'schedules.created', { kind: 'schedule', id });
      });
      return { ok: true, value: { id } };
    },
    async changeSchedule(actor, id, input) {
      await existing(id);
      const columns = await columnsOf(deps, input);
      if (!columns.ok) return columns;
      const active_from = await today();
      await storage.transaction(async (tx) => {
        // What the old rule would have asked about is over; the new one begins today.
        await store.changeSchedule(tx, id, { ...columns.value, active_from, changed_at: timestamp(clock) });
        await audit(tx, actor, 'schedules.changed', { kind: 'schedule', id });
      });
      return { ok: true, value: { id } };
    },
    getSchedule: existing,
    async listSchedules() {
      const [company, now] = [await accounts.company(), timestamp(clock)];
      const all = await store.listSchedules(storage.read);
      return await Promise.all(
        all.map(async (schedule) => ({
          schedule,
          next: schedule.state === 'on' ? nextRun(schedule, company, now) : '',
          last: await store.lastRuns(storage.read, schedule.id, SHOWN_RUNS),
        })),
      );
    },
    async pauseSchedule(actor, id) {
      await storage.transaction(async (tx) => {
        if (!(await store.switchSchedule(tx, id, { state: 'paused' }))) throw new Conflict('schedules.error.moved');
        await audit(tx, actor, 'schedules.paused', { kind: 'schedule', id });
      });
    },
    async resumeSchedule(actor, id) {
      const active_from = await today();
      await storage.transaction(async (tx) => {
        const resumed = await store.switchSchedule(tx, id, { state: 'on', active_from });
        if (!resumed) throw new Conflict('schedules.error.moved');
        await audit(tx, actor, 'schedules.resumed', { kind: 'schedule', id });
      });
    },
    async askingRuns() {
      const runs = await store.askingRuns(storage.read);
      return runs.map(({ run, name, moment, subjects }) => ({
        id: run.id,
        name,
        day: run.run_on,
        why: run.asks ?? 'late',
        customers: moment === 'rolling' ? null : subjects,
      }));
    },
    async decideRun(actor, runId, decision) {
      const run = await store.findRun(storage.read, runId);
      if (!run) throw new NotFound();
      const ready = await readiness(deps, await existing(run.schedule_id));
      const decided = { decided_by: accountOf(actor), decided_at: timestamp(clock) };
      if (decision === 'run' && ready.problem !== null) throw new Conflict(`schedules.error.${ready.problem}`);
      await storage.transaction(async (tx) => {
        const state = decision === 'run' ? 'started' : 'skipped';
        if (!(await store.moveRun(tx, runId, 'asks', { state, ...decided })))
          throw new Conflict('schedules.error.decided');
        if (decision === 'run') await startRun(deps, tx, run, ready);
        await audit(tx, actor, `schedules.run.${state}`, { kind: 'schedule', id: run.schedule_id });
      });
    },
    async runSchedules() {
      const waiting = [];
      for (const schedule of await store.listSchedules(storage.read, 'on'))
        if ((await missingRuns(deps, schedule)).length > 0) waiting.push(schedule);
      if (waiting.length === 0) return;
      const lease = await deps.leases.take(LEASE);
      if (!lease) return;
      try {
        for (const schedule of waiting) if (await lease.keep()) await runMissing(deps, schedule);
      } finally {
        await lease.end();
      }
    },
  };
}

async function columnsOf(deps: InvitationsDeps, input: ScheduleInput): Promise<Result<Columns>> {
  const draft = await draftOf(deps, input);
  if (!draft.ok) return draft;
  const { name, audience, sender_account_id, reply_to, expires_days, reminder_days } = draft.value;
  const rolling = input.moment === 'rolling';
  return {
    ok: true,
    value: {
      name,
      audience,
      sender_account_id: sender_account_id ?? input.senderAccountId,
      reply_to,
      expires_days,
      reminder_days,
      moment: input.moment,
      questionnaire_id: input.questionnaireId,
      every_months: rolling ? (input.everyMonths ?? 1) : null,
      parts: rolling ? (input.parts ?? 1) : null,
      days: rolling ? null : (input.days ?? 0),
      dealing_kinds: JSON.stringify(input.dealingKinds),
      at_minutes: input.atMinutes,
      start_on: input.startOn,
    },
  };
}

type Columns = Omit<Schema['schedule'], 'id' | 'active_from' | 'state' | 'created_by' | 'created_at' | 'changed_at'>;

interface Ready {
  schedule: Schedule;
  company: Company;
  version: Version | undefined;
  senderName: string;
  /** Why it cannot begin. */
  problem: 'sender' | 'questionnaire' | null;
}

/** Whether what a run needs from elsewhere is there. */
async function readiness({ accounts, questionnaires }: InvitationsDeps, schedule: Schedule): Promise<Ready> {
  const sender = await accounts.colleague(schedule.senderAccountId);
  const questionnaire = (await questionnaires.list()).find(({ id }) => id === schedule.questionnaireId);
  const version = questionnaire?.latest ?? undefined;
  const problem = !sender?.active ? 'sender' : !version ? 'questionnaire' : null;
  return { schedule, company: await accounts.company(), version, senderName: sender?.name ?? '', problem };
}

/** What is due and has no run. */
async function missingRuns({ accounts, storage, clock }: InvitationsDeps, schedule: Schedule): Promise<DueRun[]> {
  const due = dueRuns(schedule, await accounts.company(), timestamp(clock));
  const [first] = due;
  if (!first) return [];
  const done = await store.daysRun(storage.read, schedule.id, first.day);
  return due.filter(({ day }) => !done.has(day));
}

/** Days that were missed are put to a person, as one where they are about what happened on them. */
async function runMissing(deps: InvitationsDeps, schedule: Schedule): Promise<void> {
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
  const somebody = schedule.moment === 'rolling' || (await takeUp(deps, tx, schedule, { run, since })) > 0;
  if (!somebody) return;
  await store.moveRun(tx, run.id, 'nobody', asks === null ? { state: 'started' } : { state: 'asks', asks });
  if (asks === null) await startRun(deps, tx, run, ready);
}

/** @returns how many purchases, dealings or leavings are this run's, and nobody else's ever after */
async function takeUp(
  { customers }: InvitationsDeps,
  tx: Tx,
  schedule: Schedule,
  { run, since }: { run: RunRow; since: string },
): Promise<number> {
  const query = momentsFor(schedule, run.run_on, since);
  const found = await customers.moments(tx, { ...query, audience: schedule.audience, limit: 4 * MOST_SUBJECTS });
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

/** The wave of a run, which goes its way as every wave does: enrolled in the background, held for some minutes. */
async function startRun(deps: InvitationsDeps, tx: Tx, run: RunRow, ready: Ready): Promise<void> {
  const { schedule, version, senderName } = ready;
  if (!version) return;
  const now = timestamp(deps.clock);
  const id = newId(deps.clock);
  await insertWave(tx, {
    ...UNSTARTED,
    id,
    state: 'starting',
    programme_id: version.programmeId,
    questionnaire_version_id: version.id,
    name: `${schedule.name}, ${run.run_on}`.slice(0, 100),
    audience: JSON.stringify(await audienceOf(tx, schedule, run)),
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
}

async function audienceOf(tx: Tx, schedule: Schedule, run: RunRow) {
  if (schedule.moment !== 'rolling') return { customerIds: await store.customersOf(tx, run.id) };
  const turn = turnOf(schedule, run.run_on);
  return { ...schedule.audience, turn: partOf(schedule, turn) };
}

/** Which turn of a rolling schedule a day is, from 0. */
function turnOf({ startOn, everyMonths }: Schedule, day: string): number {
  const months = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return Math.round((months(day) - months(startOn)) / Math.max(1, everyMonths ?? 1));
}
