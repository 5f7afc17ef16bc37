import type { Actor } from '../shared/actor.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import type { Tx } from '../storage/index.ts';
import { INVITATION, REMINDER, type InvitationsDeps } from './deps.ts';
import { findReminders } from './reminder-store.ts';
import { invitationsIn, wavesOf } from './store.ts';
import { findWave, findWaves, moveWave } from './wave-store.ts';

/** What people decide about mails of which nobody knows whether they arrived. */
export interface Deciding {
  /** The waves for which somebody has to decide, with how many mails of each, as far as so many are counted. */
  undecided(): Promise<{ id: string; name: string; count: number }[]>;
  /** A named person's decision about an unknown mail. @throws Conflict where it is not unknown */
  decideUnknown(actor: Actor, waveId: string, invitationId: string, decision: 'sent' | 'again'): Promise<void>;
  /** The same for all of a wave that are unknown now. @returns how many */
  decideAllUnknown(actor: Actor, waveId: string, decision: 'sent' | 'again'): Promise<number>;
  /** The same for a reminder that is unknown. @throws Conflict where it is not; NotFound */
  decideReminder(actor: Actor, waveId: string, reminderId: string, decision: 'sent' | 'again'): Promise<void>;
}

/** So many are counted. */
const MOST_COUNTED = 1000;
/** So many in one transaction. */
const DECIDED_AT_ONCE = 100;

export function createDeciding(deps: InvitationsDeps): Deciding {
  const { storage, mailer, accounts } = deps;
  return {
    async undecided() {
      const { read } = storage;
      const invitations = await mailer.unknown(read, INVITATION, MOST_COUNTED);
      const reminders = await findReminders(read, await mailer.unknown(read, REMINDER, MOST_COUNTED));
      const ids = [...(await wavesOf(read, invitations)), ...reminders.map(({ wave_id }) => wave_id)];
      const waves = await findWaves(read, [...new Set(ids)]);
      const count = (id: string) => ids.filter((each) => each === id).length;
      return [...waves.values()].map(({ id, name }) => ({ id, name, count: count(id) }));
    },
    async decideUnknown(actor, waveId, invitationId, decision) {
      await storage.transaction(async (tx) => {
        if (decision === 'again') await mayGoAgain(tx, waveId);
        if (!(await decide(deps, tx, actor, invitationId, decision))) throw new Conflict('waves.error.notUnknown');
      });
    },
    async decideAllUnknown(actor, waveId, decision) {
      let decided = 0;
      for (let some = DECIDED_AT_ONCE; some === DECIDED_AT_ONCE; decided += some) {
        some = await storage.transaction(async (tx) => {
          if (decision === 'again') await mayGoAgain(tx, waveId);
          const unknown = await invitationsIn(tx, waveId, 'unknown', DECIDED_AT_ONCE);
          for (const id of unknown) await decide(deps, tx, actor, id, decision);
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
        await accounts.audit(tx, actor, `waves.unknown.${decision}`, {
          kind: 'invitation',
          id: reminder.invitation_id,
        });
      });
    },
  };
}

/** Whether it was unknown. */
async function decide(
  { mailer, accounts }: InvitationsDeps,
  tx: Tx,
  actor: Actor,
  id: string,
  decision: 'sent' | 'again',
): Promise<boolean> {
  if (!(await mailer.decideUnknown(tx, INVITATION, id, decision))) return false;
  await accounts.audit(tx, actor, `waves.unknown.${decision}`, { kind: 'invitation', id });
  return true;
}

/** What is sent again needs a wave that sends. @throws Conflict where it was stopped */
async function mayGoAgain(tx: Tx, waveId: string): Promise<void> {
  const wave = await findWave(tx, waveId);
  if (wave?.state === 'stopped') throw new Conflict('waves.error.stopped');
  if (wave?.state === 'finished') await moveWave(tx, waveId, ['finished'], 'sending');
}
