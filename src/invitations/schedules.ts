import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Conflict, NotFound, type Result } from '../shared/errors.ts';
import type { InvitationsDeps } from './deps.ts';
import { changeSchedule, createSchedule, pauseSchedule, resumeSchedule } from './schedule-editing.ts';
import { createScheduleHandingOver, type ScheduleHandingOver } from './schedule-handing-over.ts';
import { nextRun } from './schedule-rules.ts';
import { missingRuns, readiness, runMissing, startRun } from './schedule-runs.ts';
import type { Schedule, ScheduleInput } from './schedule.ts';
import * as store from './schedule-store.ts';
import type { ToldRun } from './schedule-store.ts';

export interface ListedSchedule {
  schedule: Schedule;
  /** When it runs next; '' while it is paused. */
  next: string;
  /** A run has come due that has not begun yet: it begins within a minute. */
  begins: boolean;
  last: ToldRun[];
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
export interface Schedules extends ScheduleHandingOver {
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
const SHOWN_RUNS = 3;

export function createSchedules(deps: InvitationsDeps): Schedules & { runSchedules(): Promise<void> } {
  return {
    ...createScheduleHandingOver(deps),
    createSchedule: (actor, input) => createSchedule(deps, actor, input),
    async changeSchedule(actor, id, input) {
      await existing(deps, id);
      return await changeSchedule(deps, actor, id, input);
    },
    getSchedule: (id) => existing(deps, id),
    listSchedules: () => listed(deps),
    pauseSchedule: (actor, id) => pauseSchedule(deps, actor, id),
    resumeSchedule: (actor, id) => resumeSchedule(deps, actor, id),
    async askingRuns() {
      const runs = await store.askingRuns(deps.storage.read);
      return runs.map(({ run, name, moment, subjects }) => ({
        id: run.id,
        name,
        day: run.run_on,
        why: run.asks ?? 'late',
        customers: moment === 'rolling' ? null : subjects,
      }));
    },
    decideRun: (actor, runId, decision) => decideRun(deps, actor, runId, decision),
    runSchedules: () => runSchedules(deps),
  };
}

/** @throws NotFound */
async function existing({ storage }: InvitationsDeps, id: string): Promise<Schedule> {
  const schedule = await store.findSchedule(storage.read, id);
  if (!schedule) throw new NotFound();
  return schedule;
}

async function listed(deps: InvitationsDeps): Promise<ListedSchedule[]> {
  const { storage, accounts, clock } = deps;
  const company = await accounts.company();
  const now = timestamp(clock);
  const all = await store.listSchedules(storage.read);
  return await Promise.all(
    all.map(async (schedule) => ({
      schedule,
      next: schedule.state === 'on' ? nextRun(schedule, company, now) : '',
      begins: schedule.state === 'on' && (await missingRuns(deps, schedule)).some(({ late }) => !late),
      last: await store.lastRuns(storage.read, schedule.id, SHOWN_RUNS),
    })),
  );
}

async function decideRun(deps: InvitationsDeps, actor: Actor, runId: string, decision: 'run' | 'skip'): Promise<void> {
  const { storage, clock, accounts } = deps;
  const run = await store.findRun(storage.read, runId);
  if (!run) throw new NotFound();
  const ready = await readiness(deps, await existing(deps, run.schedule_id));
  const decided = { decided_by: accountOf(actor), decided_at: timestamp(clock) };
  if (decision === 'run' && ready.problem !== null) throw new Conflict(`schedules.error.${ready.problem}`);
  await storage.transaction(async (tx) => {
    const state = decision === 'run' ? 'started' : 'skipped';
    if (!(await store.moveRun(tx, runId, 'asks', { state, ...decided }))) throw new Conflict('schedules.error.decided');
    if (decision === 'run' && !(await startRun(deps, tx, run, ready))) throw new Conflict('schedules.error.over');
    await accounts.audit(tx, actor, `schedules.run.${state}`, { kind: 'schedule', id: run.schedule_id });
  });
}

/** What is due, on one process at a time. */
async function runSchedules(deps: InvitationsDeps): Promise<void> {
  const waiting = [];
  for (const schedule of await store.listSchedules(deps.storage.read, 'on'))
    if ((await missingRuns(deps, schedule)).length > 0) waiting.push(schedule);
  if (waiting.length === 0) return;
  const lease = await deps.leases.take(LEASE);
  if (!lease) return;
  try {
    for (const schedule of waiting) if (await lease.keep()) await runMissing(deps, schedule);
  } finally {
    await lease.end();
  }
}
