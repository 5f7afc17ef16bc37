import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Composed, Composer, MailToCompose, OnState, Screening } from '../mailer/index.ts';
import { timestamp } from '../shared/clock.ts';
import type { Letters } from './composer.ts';
import { INVITATION, type InvitationsDeps } from './deps.ts';
import { enqueueDue } from './reminder-due.ts';
import { followReminders } from './reminder-following.ts';
import { judgeReminders, type Judged } from './reminder-looking.ts';
import type { Verdict } from './reminder-rules.ts';
import { findReminders, somethingPlanned } from './reminder-store.ts';
import { holdForReading } from './wave-store.ts';

export interface Reminders {
  /** For the mailer: writes what is due, has a last look at it, and keeps each reminder equal to its mail. */
  composer: Composer;
  screening: Screening;
  onState: OnState;
  /** Puts what has come due into the outbox. */
  remindDue(shouldStop: () => boolean): Promise<void>;
}

/** Those who have not answered are reminded once or twice. Each reminder is looked at again whenever something is done with it. */
export function createReminders(deps: InvitationsDeps, letters: Pick<Letters, 'reminder'>): Reminders {
  const { storage, clock, accounts } = deps;
  return {
    async remindDue(shouldStop) {
      const company = await accounts.company();
      while (!shouldStop() && (await somethingPlanned(storage.read, timestamp(clock)))) {
        if (!(await enqueueDue(deps, company))) return;
        await nextTurn();
      }
    },
    screening: () => screen(deps),
    composer: (mails) => composeAll(deps, letters, mails),
    onState: followReminders(deps),
  };
}

async function screen(deps: InvitationsDeps): ReturnType<Screening> {
  const company = await deps.accounts.company();
  return async (tx, mails) => {
    const ids = mails.map(({ subjectId }) => subjectId);
    const rows = await findReminders(tx, ids);
    const invitationIds = rows.map((row) => row.invitation_id);
    await holdForReading(tx, deps.storage.engine, invitationIds);
    const judged = await judgeReminders(deps, tx, rows, company);
    const verdicts = new Map(judged.map(({ row, verdict }) => [row.id, verdict]));
    return new Map(
      mails.flatMap(({ mailId, subjectId }) => {
        const verdict: Verdict = verdicts.get(subjectId) ?? { cancel: 'gone' };
        return 'go' in verdict ? [] : [[mailId, verdict]];
      }),
    );
  };
}

async function composeAll(deps: InvitationsDeps, letters: Pick<Letters, 'reminder'>, mails: MailToCompose[]) {
  const { read } = deps.storage;
  const company = await deps.accounts.company();
  const ids = mails.map(({ subjectId }) => subjectId);
  const judged = await judgeReminders(deps, read, await findReminders(read, ids), company);
  const invitationIds = judged.map(({ found }) => found.id);
  const first = await deps.mailer.history(read, INVITATION, invitationIds);
  const threads = new Map(first.map(({ subjectId, messageId }) => [subjectId, messageId]));
  const composed = new Map<string, Composed>();
  for (const { mailId, subjectId } of mails) {
    const known = judged.find(({ row }) => row.id === subjectId);
    composed.set(mailId, known ? await compose(letters, known, threads.get(known.found.id)) : { cancel: 'gone' });
  }
  return composed;
}

async function compose(
  letters: Pick<Letters, 'reminder'>,
  { verdict, row, found, person, wholeWave }: Judged,
  thread: string | undefined,
): Promise<Composed> {
  if ('cancel' in verdict) return verdict;
  if (!('go' in verdict)) return { notNow: true };
  if (!person || !wholeWave) return { cancel: 'gone' };
  return await letters.reminder(wholeWave, found, person, { number: row.number, thread });
}
