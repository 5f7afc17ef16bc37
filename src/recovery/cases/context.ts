import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { createHooks, type Hooks, type Tx } from '../../storage/index.ts';
import type { RecoveryDeps } from '../deps.ts';
import { asCase, changeCase, findCase, type CaseChange, type Expected } from './case-store.ts';
import type { CaseHook, CaseLine, CaseNote, RecoveryCase, ReopenedHook } from './interface.ts';
import { insertEvent } from './thread-store.ts';

/** What stands on the thread alone, and on no timeline: the audit log names it, too. */
const ALONE = new Set(['note', 'snoozed', 'woken', 'tagged', 'untagged', 'stepUndone', 'mailAnswered', 'fileAdded']);

interface CaseHooks {
  opened: CaseHook[];
  closed: CaseHook[];
  reopened: ReopenedHook[];
  merged: CaseHook[];
  handedOver: CaseHook[];
  named: CaseHook[];
  settled: CaseHook[];
  silent: CaseHook[];
  overdue: CaseHook[];
  urgent: CaseHook[];
  line: Hooks<CaseLine>;
}

export async function runHooks(hooks: CaseHook[], tx: Tx, theCase: RecoveryCase): Promise<void> {
  for (const hook of hooks) await hook(tx, theCase);
}

/** What the use cases of cases share. */
export interface CaseContext {
  deps: RecoveryDeps;
  hooks: CaseHooks;
  now(): string;
  id(): string;
  /** @throws NotFound */
  need(tx: Tx, id: string): Promise<RecoveryCase>;
  /**
   * Adds a line to the thread without touching the case; in the audit log where nothing else puts it there. Said in the
   * name of the actor, or of the colleague of that id. @returns its id
   */
  write(tx: Tx, actor: Actor, caseId: string, note: CaseNote, accountId?: string | null): Promise<string>;
  /** @throws Conflict where the case is not as expected any more */
  change(tx: Tx, caseId: string, expected: Expected, change: CaseChange): Promise<void>;
  /** On the customer's timeline and in the audit log. */
  tell(
    tx: Tx,
    actor: Actor,
    theCase: Pick<RecoveryCase, 'id' | 'customerId' | 'number'>,
    what: string,
    accountId?: string | null,
  ): Promise<void>;
}

const noHooks = (): CaseHooks => ({
  opened: [],
  closed: [],
  reopened: [],
  merged: [],
  handedOver: [],
  named: [],
  settled: [],
  silent: [],
  overdue: [],
  urgent: [],
  line: createHooks(),
});

export function createCaseContext(deps: RecoveryDeps): CaseContext {
  const { clock, customers, accounts } = deps;
  const now = () => timestamp(clock);
  const id = () => newId(clock);
  const hooks = noHooks();
  return {
    deps,
    hooks,
    now,
    id,
    async need(tx, caseId) {
      const row = await findCase(tx, caseId);
      if (!row) throw new NotFound();
      return asCase(row);
    },
    async write(tx, actor, caseId, { kind, words = '', detail = {}, fromCustomer = false }, by = accountOf(actor)) {
      const [eventId, at] = [id(), now()];
      await insertEvent(tx, {
        id: eventId,
        case_id: caseId,
        at,
        kind,
        account_id: by,
        from_customer: fromCustomer ? 1 : 0,
        words,
        detail: JSON.stringify(detail),
      });
      if (ALONE.has(kind)) await accounts.audit(tx, actor, `recovery.${kind}`, { kind: 'case', id: caseId });
      await hooks.line.tell(tx, { id: eventId, caseId, kind, words, detail, fromCustomer, accountId: by, at });
      return eventId;
    },
    async change(tx, caseId, expected, change) {
      if (!(await changeCase(tx, caseId, expected, change, now()))) throw new Conflict('cases.error.changed');
    },
    async tell(tx, actor, { id: caseId, customerId, number }, what, accountId = accountOf(actor)) {
      await accounts.audit(tx, actor, `recovery.${what}`, { kind: 'case', id: caseId }, { number });
      if (customerId === null) return;
      const event = { customerId, kind: `recovery.${what}`, accountId, subjectId: caseId };
      await customers.recordEvents(tx, [{ ...event, detail: { number } }]);
    },
  };
}
