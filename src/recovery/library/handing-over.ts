import type { Duty } from '../handing-over/looked-after.ts';
import type { LibraryDeps } from './writing.ts';
import { countAnswersOf, giveAnswers } from './library-store.ts';

/** Whoever leaves no longer looks after approved answers. */
export function answersDuty({ storage, accounts }: Pick<LibraryDeps, 'storage' | 'accounts'>): Duty {
  return {
    count: (accountId) => countAnswersOf(storage.read, accountId),
    handOver: (actor, from, to) =>
      storage.transaction(async (tx) => {
        const count = await giveAnswers(tx, from, to);
        const subject = { kind: 'account' as const, id: from };
        if (count > 0) await accounts.audit(tx, actor, 'library.handedOver', subject, { count });
        return count;
      }),
  };
}
