import { SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { asCase, changeCase } from '../cases/case-store.ts';
import { runHooks, type CaseContext } from '../cases/context.ts';
import { ESCALATION } from './escalation-mail.ts';
import { overdueUntold } from './today-store.ts';

const MOST_AT_ONCE = 50;

/**
 * Tells managers of what has passed its due time, once: what was late already when they were told is not told again
 * as the steps before it are done. @returns how many cases
 */
export async function escalate({ deps, hooks, now, write, tell }: CaseContext): Promise<number> {
  const { storage, accounts, clock, mailer } = deps;
  // Read first, so that a pass with nothing to tell writes nothing.
  if ((await overdueUntold(storage.read, timestamp(clock), 1)).length === 0) return 0;
  const managers = (await accounts.colleagues()).filter((each) => each.active && each.role === 'manager');
  return await storage.transaction(async (tx) => {
    const caseIds: string[] = [];
    for (const theCase of (await overdueUntold(tx, now(), MOST_AT_ONCE)).map(asCase)) {
      const { id, revision } = theCase;
      if (!(await changeCase(tx, id, { open: true, revision }, { escalated_for: now() }, now()))) continue;
      await write(tx, SYSTEM, id, { kind: 'escalated' });
      await tell(tx, SYSTEM, theCase, 'caseEscalated');
      await runHooks(hooks.overdue, tx, theCase);
      caseIds.push(id);
    }
    const mails = managers.map(({ id }) => ({ kind: ESCALATION, subjectId: id, detail: { caseIds } }));
    if (caseIds.length > 0) await mailer.enqueue(tx, mails);
    return caseIds.length;
  });
}
