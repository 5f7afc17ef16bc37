import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict } from '../shared/errors.ts';
import { decidingFor } from './audience-check.ts';
import type { Background } from './background.ts';
import { TEST, type InvitationsDeps } from './deps.ts';
import { enrolNext, type Enrolling } from './enrolment.ts';
import { existingWave } from './existing-wave.ts';
import { renewOverdue } from './overdue-store.ts';
import { isReminding } from './reminder-store.ts';
import type { Tx } from '../storage/index.ts';
import { beginWave, findWave, moveWave } from './wave-store.ts';
import type { Wave } from './wave.ts';

const MINUTES_A_DAY = 24 * 60;
/** So long after its start a wave can be stopped before anything has left. */
export const HOLD_MINUTES = 5;

export interface Running {
  /**
   * Begins to enrol the audience; nothing leaves before the hold is over, which is `HOLD_MINUTES` long unless said
   * otherwise. @throws Conflict where it has started
   */
  startWave(actor: Actor, id: string, options?: { holdMinutes?: number }): Promise<void>;
  /**
   * Starts a wave and enrols its whole audience in one transaction, so that nobody else ever finds it half done: for a
   * small one that belongs to the past. @throws Conflict where it has started
   */
  startWaveAtOnce(actor: Actor, id: string): Promise<void>;
  /** Whatever has not left yet never will. @throws Conflict where there is nothing to stop */
  stopWave(actor: Actor, id: string): Promise<void>;
  /** Nothing more is taken up until somebody resumes it. @throws Conflict where there is nothing to pause */
  pauseWave(actor: Actor, id: string): Promise<void>;
  /** @throws Conflict where it is not paused */
  resumeWave(actor: Actor, id: string): Promise<void>;
  /** Sends a copy to a colleague; its links keep no answers. */
  sendTest(
    actor: Actor,
    id: string,
    copy: { language: string; accountId: string; customerId: string | null },
  ): Promise<void>;
}

/** What people do with a wave once it is ready to start. */
export function createRunning(deps: InvitationsDeps, background: Background, enrolling: Enrolling): Running {
  const { storage, clock, mailer, accounts } = deps;
  const audit = accounts.audit;

  return {
    async startWave(actor, id, { holdMinutes = HOLD_MINUTES } = {}) {
      const now = timestamp(clock);
      const start = { started_by: accountOf(actor), started_at: now, hold_until: addMinutes(now, holdMinutes) };
      await storage.transaction(async (tx) => {
        if (!(await beginWave(tx, id, start))) throw new Conflict('waves.error.started');
        await audit(tx, actor, 'waves.started', { kind: 'wave', id }, { holdMinutes });
      });
      background.wake();
    },
    async startWaveAtOnce(actor, id) {
      const now = timestamp(clock);
      // Reminders of what belongs to the past would come today.
      const start = { started_by: accountOf(actor), started_at: now, hold_until: now, reminder_days: '[]' };
      const draft = await existingWave(deps, id);
      const options = { deciding: await decidingFor(deps, draft.versionId), ...enrolling };
      await storage.transaction(async (tx) => {
        if (!(await beginWave(tx, id, start))) throw new Conflict('waves.error.started');
        await audit(tx, actor, 'waves.started', { kind: 'wave', id }, { holdMinutes: 0 });
        const wave: Wave = { ...draft, state: 'starting', startedAt: now, holdUntil: now, reminderDays: [] };
        while ((await enrolNext(tx, deps, wave, options)) === 'more');
      });
    },
    async stopWave(actor, id) {
      const stopped = { stopped_at: timestamp(clock) };
      await storage.transaction(async (tx) => {
        const from = (await underWay(tx, id)) ?? 'paused';
        if (!(await moveWave(tx, id, [from], 'stopped', stopped))) throw new Conflict('waves.error.notRunning');
        await audit(tx, actor, 'waves.stopped', { kind: 'wave', id });
      });
      background.wake();
    },
    async pauseWave(actor, id) {
      await storage.transaction(async (tx) => {
        const from = await underWay(tx, id);
        if (from === undefined) throw new Conflict('waves.error.notRunning');
        if (!(await moveWave(tx, id, [from], 'paused', { paused_from: from }))) throw new Conflict('waves.error.moved');
        await audit(tx, actor, 'waves.paused', { kind: 'wave', id });
      });
    },
    async resumeWave(actor, id) {
      await storage.transaction(async (tx) => {
        const wave = await findWave(tx, id);
        if (!(await moveWave(tx, id, ['paused'], wave?.pausedFrom ?? 'sending', { paused_from: null })))
          throw new Conflict('waves.error.notPaused');
        const now = timestamp(clock);
        // Whoever resumes a wave that has waited too long says that it goes out now.
        if (wave) await renewOverdue(tx, id, { now, until: addMinutes(now, wave.expiresDays * MINUTES_A_DAY) });
        await audit(tx, actor, 'waves.resumed', { kind: 'wave', id });
      });
      background.wake();
    },
    async sendTest(actor, id, copy) {
      await existingWave(deps, id);
      await storage.transaction(async (tx) => {
        await mailer.enqueue(tx, [{ kind: TEST, subjectId: id, detail: copy }]);
        await audit(tx, actor, 'waves.tested', { kind: 'wave', id });
      });
    },
  };
}

/** Where a wave stands of which something may still leave: its reminders go on when it has finished. */
async function underWay(tx: Tx, id: string): Promise<'starting' | 'sending' | 'finished' | undefined> {
  const state = (await findWave(tx, id))?.state;
  if (state === 'starting' || state === 'sending') return state;
  return state === 'finished' && (await isReminding(tx, id)) ? state : undefined;
}
