import { accountOf, type Actor } from '../../shared/actor.ts';
import { Conflict, NotFound, type Result } from '../../shared/errors.ts';
import type { Handling } from '../cases/handling.ts';
import { countOpenOwnedBy, openOwnedBy } from '../cases/owned-store.ts';
import type { RecoveryDeps } from '../deps.ts';
import { HANDED_OVER } from './mail.ts';

/** More than that are counted as so many. */
export const MOST_COUNTED = 100_000;
const AT_ONCE = 100;

/** What customers lose when a colleague leaves: somebody whom they know, and somebody who works on what they said. */
export interface LookedAfter {
  customers: number;
  cases: number;
}

export interface HandingOver {
  lookedAfter(accountId: string): Promise<LookedAfter>;
  /**
   * Gives the customers and open cases of one colleague to another, who hears of it by mail; `word` stands on each case.
   * Whoever breaks off can begin again: what is left goes over then. @throws NotFound for an unknown colleague
   */
  handOver(actor: Actor, from: string, to: string, word: string): Promise<Result<LookedAfter>>;
}

type Deps = Pick<RecoveryDeps, 'storage' | 'accounts' | 'customers' | 'mailer'> & {
  handling: Pick<Handling, 'handOver'>;
};

export function createHandingOver({ storage, accounts, customers, mailer, handling }: Deps): HandingOver {
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
    }),
    async handOver(actor, from, to, word) {
      const colleagues = await accounts.colleagues();
      if (!colleagues.some(({ id }) => id === from)) throw new NotFound();
      const taker = colleagues.find(({ id, active }) => id === to && active);
      if (!taker || to === from) return { ok: false, errors: { to: { key: 'handover.error.to' } } };
      const given = {
        customers: await customers.handOver(actor, from, to),
        cases: await handOverCases(actor, from, to, word),
      };
      if (given.customers + given.cases > 0 && to !== accountOf(actor))
        await storage.transaction((tx) =>
          mailer.enqueue(tx, [{ kind: HANDED_OVER, subjectId: to, detail: { ...given, from } }]),
        );
      return { ok: true, value: given };
    },
  };
}
