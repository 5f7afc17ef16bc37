import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import { decidingFor } from './audience-check.ts';
import type { Background } from './background.ts';
import { INVITATION, REMINDER, TEST, type InvitationsDeps, type InvitationsHook } from './deps.ts';
import { enrolNext, type Enrolling } from './enrolment.ts';
import { createLinks } from './links.ts';
import { findReminders, isReminding, queuedRemindersOf } from './reminder-store.ts';
import { findInvitation, invitationsIn, queuedInvitationsOf, renewOverdue, revokeInvitation } from './store.ts';
import type { Tx } from '../storage/index.ts';
import { beginWave, findWave, moveWave } from './wave-store.ts';
import type { Wave } from './wave.ts';

const MINUTES_A_DAY = 24 * 60;
/** So many in one transaction. */
const DECIDED_AT_ONCE = 100;

/** So long after its start a wave can be stopped before anything has left. */
export const HOLD_MINUTES = 5;

export interface Running {
  /** Begins to enrol the audience; nothing leaves before the hold is over. @throws Conflict where it has started */
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
  /** The personal link opens nothing any more; a mail that waits is withdrawn. @throws Conflict */
  revoke(actor: Actor, waveId: string, invitationId: string): Promise<void>;
  /** The personal link, for somebody who hands it over by another way; that they asked for it is logged. @throws NotFound */
  handOverLink(actor: Actor, invitationId: string): Promise<string>;
  /** A named person's decision about an unknown mail. @throws Conflict where it is not unknown */
  decideUnknown(actor: Actor, waveId: string, invitationId: string, decision: 'sent' | 'again'): Promise<void>;
  /** The same for all of a wave that are unknown now. @returns how many */
  decideAllUnknown(actor: Actor, waveId: string, decision: 'sent' | 'again'): Promise<number>;
  /** The same for a reminder that is unknown. @throws Conflict where it is not; NotFound */
  decideReminder(actor: Actor, waveId: string, reminderId: string, decision: 'sent' | 'again'): Promise<void>;
  /** Somebody asked us to stop writing: what waits for them is withdrawn. Wired to the customers' news. */
  withdrawFor: InvitationsHook;
}

/** What people do with a wave once it is ready to start. */
export function createRunning(deps: InvitationsDeps, background: Background, enrolling: Enrolling): Running {
  const { announce } = enrolling;
  const { storage, clock, mailer, accounts } = deps;
  const audit = accounts.audit;

  const decide = async (tx: Tx, actor: Actor, id: string, decision: 'sent' | 'again') => {
    if (!(await mailer.decideUnknown(tx, INVITATION, id, decision))) return false;
    await audit(tx, actor, `waves.unknown.${decision}`, { kind: 'invitation', id });
    return true;
  };

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
      const draft = await existing(deps, id);
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
      await existing(deps, id);
      await storage.transaction(async (tx) => {
        await mailer.enqueue(tx, [{ kind: TEST, subjectId: id, detail: copy }]);
        await audit(tx, actor, 'waves.tested', { kind: 'wave', id });
      });
    },
    async revoke(actor, waveId, invitationId) {
      await storage.transaction(async (tx) => {
        await mailer.cancelQueued(tx, INVITATION, [invitationId]);
        const customerId = await revokeInvitation(tx, waveId, invitationId, timestamp(clock));
        if (customerId === undefined) throw new Conflict('waves.error.revoked');
        await audit(tx, actor, 'waves.revoked', { kind: 'invitation', id: invitationId });
        await announce(tx, [customerId]);
      });
    },
    async handOverLink(actor, invitationId) {
      return await storage.transaction(async (tx) => {
        const invitation = await findInvitation(tx, invitationId);
        if (!invitation || invitation.revokedAt !== null) throw new NotFound();
        await audit(tx, actor, 'waves.linkHandedOver', { kind: 'invitation', id: invitationId });
        return createLinks(deps.signer, deps.baseUrl).questions(invitationId);
      });
    },
    async decideUnknown(actor, waveId, invitationId, decision) {
      await storage.transaction(async (tx) => {
        if (decision === 'again') await mayGoAgain(tx, waveId);
        if (!(await decide(tx, actor, invitationId, decision))) throw new Conflict('waves.error.notUnknown');
      });
    },
    async decideAllUnknown(actor, waveId, decision) {
      let decided = 0;
      for (let some = DECIDED_AT_ONCE; some === DECIDED_AT_ONCE; decided += some) {
        some = await storage.transaction(async (tx) => {
          if (decision === 'again') await mayGoAgain(tx, waveId);
          const unknown = await invitationsIn(tx, waveId, 'unknown', DECIDED_AT_ONCE);
          for (const id of unknown) await decide(tx, actor, id, decision);
          return unknown.length;
        });
      }
      return decided;
    },
    async decideReminder(actor, waveId, reminderId, decision) {
      await storage.transaction(async (tx) => {
        const [reminder] = await findReminders(tx, [reminderId]);
        if (reminder?.wave_id !== waveId) throw new NotFound();
        const decided = await mailer.decideUnknown(tx, REMINDER, reminderId, decision);
        if (!decided) throw new Conflict('waves.error.notUnknown');
        await audit(tx, actor, `waves.unknown.${decision}`, { kind: 'invitation', id: reminder.invitation_id });
      });
    },
    async withdrawFor(tx, customerIds) {
      for (const customerId of customerIds) {
        const queued = await queuedInvitationsOf(tx, customerId);
        if (queued.length > 0) await mailer.cancelQueued(tx, INVITATION, queued);
        const reminders = await queuedRemindersOf(tx, customerId);
        if (reminders.length > 0) await mailer.cancelQueued(tx, REMINDER, reminders);
      }
    },
  };
}

/** Where a wave stands of which something may still leave: its reminders go on when it has finished. */
async function underWay(tx: Tx, id: string): Promise<'starting' | 'sending' | 'finished' | undefined> {
  const state = (await findWave(tx, id))?.state;
  if (state === 'starting' || state === 'sending') return state;
  return state === 'finished' && (await isReminding(tx, id)) ? state : undefined;
}

/** What is sent again needs a wave that sends. @throws Conflict where it was stopped */
async function mayGoAgain(tx: Tx, waveId: string): Promise<void> {
  const wave = await findWave(tx, waveId);
  if (wave?.state === 'stopped') throw new Conflict('waves.error.stopped');
  if (wave?.state === 'finished') await moveWave(tx, waveId, ['finished'], 'sending');
}

/** @throws NotFound */
export async function existing({ storage }: Pick<InvitationsDeps, 'storage'>, id: string): Promise<Wave> {
  const wave = await findWave(storage.read, id);
  if (!wave) throw new NotFound();
  return wave;
}
