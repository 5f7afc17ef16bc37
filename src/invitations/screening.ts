import type { MailToCompose, Screening } from '../mailer/index.ts';
import { SYSTEM } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import type { Tx } from '../storage/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { overdueAmong } from './overdue-store.ts';
import { holdForReading, moveWave, pausedAmong } from './wave-store.ts';

/**
 * The last look at invitations, in the transaction that claims them. Of a paused wave nothing is taken up. One whose
 * invitations have waited until their links ran out (the server stood still for months, or the clock has jumped) is
 * paused, and a person asked. Whatever else has changed is looked at when the letter is composed.
 */
export function screenInvitations(deps: InvitationsDeps): Screening {
  const { storage, clock, accounts } = deps;

  async function pauseOverdue(tx: Tx, ids: string[]): Promise<void> {
    for (const { waveId, state } of await overdueAmong(tx, ids, timestamp(clock))) {
      if (!(await moveWave(tx, waveId, [state], 'paused', { paused_from: state }))) continue;
      await accounts.audit(tx, SYSTEM, 'waves.overdue', { kind: 'wave', id: waveId });
    }
  }

  return () =>
    Promise.resolve(async (tx: Tx, mails: MailToCompose[]) => {
      const ids = mails.map(({ subjectId }) => subjectId);
      await pauseOverdue(tx, ids);
      // Until this transaction ends nobody pauses: what was claimed was claimed before.
      await holdForReading(tx, storage.engine, ids);
      const paused = await pausedAmong(tx, ids);
      return new Map(
        mails.flatMap(({ mailId, subjectId }) => {
          const parkedFor = paused.get(subjectId);
          return parkedFor === undefined ? [] : [[mailId, { parkedFor }]];
        }),
      );
    });
}
