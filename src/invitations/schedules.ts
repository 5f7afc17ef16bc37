import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Conflict, NotFound, type Result } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { localTime } from '../shared/zones.ts';
import type { Schema } from '../storage/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { draftOf } from './drafts.ts';
import { nextRun } from './schedule-rules.ts';
import { missingRuns, readiness, runMissing, startRun } from './schedule-runs.ts';
import type { Schedule, ScheduleInput } from './schedule.ts';
import * as store from './schedule-store.ts';
import type { RunRow } from './schedule-store.ts';

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
