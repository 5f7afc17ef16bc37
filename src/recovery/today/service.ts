import { accountOf, type Actor } from '../../shared/actor.ts';
import { endAbsence, setAbsence } from '../cases/absence-store.ts';
import type { CaseContext } from '../cases/context.ts';
import { escalate } from './escalating.ts';
import { ESCALATION, escalationComposer } from './escalation-mail.ts';
import { countToDo, readToday, type TodayList } from './reading.ts';
import { VIEWS, type View } from './today-store.ts';

export { VIEWS };

export interface Today {
  /** What is due, as this colleague looks at it. */
  read(me: string, view: View, cursor: string | null): Promise<TodayList>;
  /** Due until the end of the business's day and past its time, over everybody; each counted up to 1,000. */
  toDo(): Promise<{ due: number; late: number }>;
  /** Away up to and with that day. */
  setAway(actor: Actor, accountId: string, untilOn: string): Promise<void>;
  endAway(actor: Actor, accountId: string): Promise<void>;
  /** Tells managers, once, of what has passed its due time. @returns how many cases */
  escalate(): Promise<number>;
}

/** One list of what is due, for everybody. */
export function createToday(context: CaseContext): Today {
  const { deps, now } = context;
  const { storage, accounts, mailer } = deps;
  mailer.register(ESCALATION, escalationComposer(deps));
  return {
    read: (me, view, cursor) => readToday(deps, me, view, cursor),
    toDo: () => countToDo(deps),
    async setAway(actor, accountId, untilOn) {
      await storage.transaction(async (tx) => {
        await setAbsence(tx, { account_id: accountId, until_on: untilOn, set_by: accountOf(actor), set_at: now() });
        await accounts.audit(tx, actor, 'recovery.absence', { kind: 'account', id: accountId }, { untilOn });
      });
    },
    async endAway(actor, accountId) {
      await storage.transaction(async (tx) => {
        await endAbsence(tx, accountId);
        await accounts.audit(tx, actor, 'recovery.absence', { kind: 'account', id: accountId }, { untilOn: null });
      });
    },
    escalate: () => escalate(context),
  };
}
