import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound, type Result } from '../../shared/errors.ts';
import { createHooks, type Hooks } from '../../storage/index.ts';
import type { Handling } from '../cases/handling.ts';
import { countOpenOwnedBy, openOwnedBy } from '../cases/owned-store.ts';
import type { RecoveryDeps } from '../deps.ts';
import { answersDuty } from '../library/handing-over.ts';
import { LOOKED_AFTER, type Duty, type LookedAfter, type What } from './looked-after.ts';
import { HANDED_OVER } from './mail.ts';

/** More than that are counted as so many. */
const MOST_COUNTED = 100_000;
const AT_ONCE = 100;

export interface HandedOver {
  from: string;
  to: string;
  given: LookedAfter;
  at: string;
}

interface HandingOver {
  lookedAfter(accountId: string): Promise<LookedAfter>;
  /**
   * Gives what one colleague looks after to another, who hears of it by mail; `word` stands on each case.
   * Whoever breaks off can begin again: what is left goes over then. @throws NotFound for an unknown colleague
   */
  handOver(actor: Actor, from: string, to: string, word: string): Promise<Result<LookedAfter>>;
  /** What later features know that somebody looks after. */
  include(what: What, duty: Duty): void;
  /** Runs in a transaction of its own when anything went over: once for all that did. */
  onHandedOver: Hooks<HandedOver>['on'];
}

type Deps = Pick<RecoveryDeps, 'storage' | 'clock' | 'accounts' | 'customers' | 'mailer' | 'invitations'> & {
  handling: Pick<Handling, 'handOver'>;
};

export function createHandingOver(deps: Deps): HandingOver {
  const { storage, accounts, customers, mailer, invitations, handling } = deps;
  const handedOver = createHooks<HandedOver>();
  const duties = new Map<What, Duty>([
    ['answers', answersDuty(deps)],
    ['schedules', { count: invitations.schedulesOf, handOver: invitations.handOverSchedules }],
  ]);

  async function ofEach(count: (duty: Duty) => Promise<number>): Promise<Omit<LookedAfter, 'customers' | 'cases'>> {
    const counts = { answers: 0, schedules: 0, goals: 0, policies: 0 };
    for (const [what, duty] of duties) Object.assign(counts, { [what]: await count(duty) });
    return counts;
  }

  async function handOverCases(actor: Actor, from: string, to: string, word: string): Promise<number> {
    const tried = new Set<string>();
    let given = 0;
    for (;;) {
      const ids = (await openOwnedBy(storage.read, from, AT_ONCE + tried.size)).filter((id) => !tried.has(id));
      if (ids.length === 0) return given;
      for (const id of ids) given += await one(actor, id, { from, to, word });
      for (const id of ids) tried.add(id);
    }
  }

  /** A case that somebody else closed or took at this moment is nobody's to hand over. */
  async function one(actor: Actor, caseId: string, { from, to, word }: { from: string; to: string; word: string }) {
    try {
      await handling.handOver(actor, caseId, from, to, word);
      return 1;
    } catch (error) {
      if (error instanceof Conflict) return 0;
      throw error;
    }
  }

  return {
    lookedAfter: async (accountId) => ({
      customers: await customers.count({ contactAccountId: accountId }, MOST_COUNTED),
      cases: await countOpenOwnedBy(storage.read, accountId),
      ...(await ofEach((duty) => duty.count(accountId))),
    }),
    async handOver(actor, from, to, word) {
      const colleagues = await accounts.colleagues();
      if (!colleagues.some(({ id }) => id === from)) throw new NotFound();
      const taker = colleagues.find(({ id, active }) => id === to && active);
      if (!taker || to === from) return { ok: false, errors: { to: { key: 'handover.error.to' } } };
      const given = {
        customers: await customers.handOver(actor, from, to),
        cases: await handOverCases(actor, from, to, word),
        ...(await ofEach((duty) => duty.handOver(actor, from, to))),
      };
      if (LOOKED_AFTER.some((what) => given[what] > 0))
        await storage.transaction(async (tx) => {
          if (to !== accountOf(actor))
            await mailer.enqueue(tx, [{ kind: HANDED_OVER, subjectId: to, detail: { ...given, from } }]);
          await handedOver.tell(tx, { from, to, given, at: timestamp(deps.clock) });
        });
      return { ok: true, value: given };
    },
    onHandedOver: handedOver.on,
    include: (what, duty) => void duties.set(what, duty),
  };
}
