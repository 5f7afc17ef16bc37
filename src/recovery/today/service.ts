import { accountOf, type Actor } from '../../shared/actor.ts';
import { endAbsence, setAbsence } from '../cases/absence-store.ts';
import type { CaseContext } from '../cases/context.ts';
import { escalate } from './escalating.ts';
import { createHooks, type Hooks } from '../../storage/index.ts';
import { ESCALATION, escalationComposer } from './escalation-mail.ts';
import { countToDo, readToday, type TodayList } from './reading.ts';
import { VIEWS, type View } from './today-store.ts';

export { VIEWS };

interface Today {
  /** What is due, as this colleague looks at it. */
  read(me: string, view: View, cursor: string | null): Promise<TodayList>;
  /** Due until the end of the business's day and past its time, over everybody; each counted up to 1,000. */
  toDo(): Promise<{ due: number; late: number }>;
  /** Away up to and with that day. */
  setAway(actor: Actor, accountId: string, untilOn: string): Promise<void>;
  endAway(actor: Actor, accountId: string): Promise<void>;
  /** Tells managers, once, of what has passed its due time. @returns how many cases */
  escalate(): Promise<number>;
  /** Runs in the same transaction when somebody is away, or back. */
  onAbsence: Hooks<Absence>['on'];
}

/** `untilOn` is null where they are back. */
export interface Absence {
  accountId: string;
  untilOn: string | null;
  at: string;
}

/** One list of what is due, for everybody. */
export function createToday(context: CaseContext): Today {
  const { deps, now } = context;
  const { storage, accounts, mailer } = deps;
  const absence = createHooks<Absence>();
  mailer.register(ESCALATION, escalationComposer(deps));
  return {
    read: (me, view, cursor) => readToday(deps, me, view, cursor),
    toDo: () => countToDo(deps),
    async setAway(actor, accountId, untilOn) {
      await storage.transaction(async (tx) => {
        await setAbsence(tx, { account_id: accountId, until_on: untilOn, set_by: accountOf(actor), set_at: now() });
        await accounts.audit(tx, actor, 'recovery.absence', { kind: 'account', id: accountId }, { untilOn });
        await absence.tell(tx, { accountId, untilOn, at: now() });
      });
    },
    async endAway(actor, accountId) {
      await storage.transaction(async (tx) => {
        const wasAway = await endAbsence(tx, accountId);
        await accounts.audit(tx, actor, 'recovery.absence', { kind: 'account', id: accountId }, { untilOn: null });
        if (wasAway) await absence.tell(tx, { accountId, untilOn: null, at: now() });
      });
    },
    escalate: () => escalate(context),
    onAbsence: absence.on,
  };
}
