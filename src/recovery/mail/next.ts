import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import type { Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { CLOSING, dueAfter, hasSteps, nextOf } from '../cases/rules.ts';
import { stepsOf } from '../cases/thread-store.ts';
import { workingMinutesLater } from '../cases/working-time.ts';
import type { CaseMailDeps } from './deps.ts';
import { ANSWER_MAIL, ANSWER_MINUTES } from './rules.ts';

const A_WEEK = 7 * 24 * 60;

/** What is due from us because of mail, and what when it is done. */
export function createNext({ clock, accounts, cases }: CaseMailDeps) {
  return {
    /** Due within a few working hours, unless something else is due sooner. */
    async soon(tx: Tx, { id, nextDueAt, awaiting, snoozedUntil }: RecoveryCase, step: string): Promise<void> {
      const dueAt = workingMinutesLater(await accounts.companyIn(tx), timestamp(clock), ANSWER_MINUTES);
      const isSooner = nextDueAt !== null && nextDueAt < dueAt && !awaiting && snoozedUntil === null;
      if (!isSooner) await cases.setNext(tx, id, { step, dueAt });
    },
    /** They have been answered: the step that was to come before, or their turn. */
    async answered(tx: Tx, { id, nextStep, kind, round }: RecoveryCase): Promise<void> {
      if (nextStep !== ANSWER_MAIL) return;
      const now = timestamp(clock);
      if (!hasSteps(kind)) return await cases.awaitCustomer(tx, id, addMinutes(now, A_WEEK));
      const open = (await stepsOf(tx, id)).filter((each) => each.round === round && each.state === 'open');
      const next = nextOf(open.map(({ step, position, due_at }) => ({ step, position, dueAt: due_at })));
      await cases.setNext(
        tx,
        id,
        next
          ? { step: next.step, dueAt: next.dueAt }
          : { step: 'close', dueAt: dueAfter(await accounts.companyIn(tx), now, CLOSING) },
      );
    },
  };
}

export type Next = ReturnType<typeof createNext>;
