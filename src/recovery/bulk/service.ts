import type { Customer, ListFilter } from '../../customers/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Db } from '../../storage/index.ts';
import type { Cases, RecoveryCase } from '../cases/interface.ts';
import type { RecoveryDeps } from '../deps.ts';
import type { Winback } from '../winback/service.ts';
import { leftOutOf, type BulkKind, type LeftOut } from './rules.ts';

/** So many customers get cases at a time. */
export const MOST_AT_ONCE = 500;
const IN_ONE_TRANSACTION = 25;
const MOST_COUNTED = 10_000;

/** Customers picked by hand, or everybody whom a filter finds. */
export type Choice = { ids: string[] } | { filter: ListFilter };

export interface BulkCheck {
  /** How many were chosen, counted up to 10,000. */
  chosen: number;
  fit: Customer[];
  leftOut: Map<LeftOut, Customer[]>;
  /** Chosen by an id that no customer has. */
  unknown: number;
  /** Beyond what is done at a time. */
  beyond: number;
}

interface BulkOrder {
  kind: BulkKind;
  customerIds: string[];
  /** What staff see as one line: why. */
  summary: string;
  /** Undefined: the colleague whom each customer knows. Null: nobody yet. */
  ownerId: string | null | undefined;
  /** The same order sent twice opens the cases once. */
  once: string;
}

interface Bulk {
  /** Who of a list would get a case of that kind, and who not and why; changes nothing. */
  check(choice: Choice, kind: BulkKind): Promise<BulkCheck>;
  /** Opens a case for everybody who may have one now. @returns how many of them have one, and how many were left out */
  open(actor: Actor, order: BulkOrder): Promise<{ open: number; leftOut: number }>;
}

/** Cases for many customers at once. */
export function createBulk(deps: RecoveryDeps & { cases: Cases; winback: Pick<Winback, 'openFor'> }): Bulk {
  const { storage, customers, cases, winback } = deps;

  async function sorted(db: Db, kind: BulkKind, ids: string[], isOurs: (theCase: RecoveryCase) => boolean) {
    const known = await customers.findMany(db, ids);
    const open = await cases.openOf(db, ids);
    const people = ids.flatMap((id) => known.get(id) ?? []);
    return people.map((customer) => {
      const others = (open.get(customer.id) ?? []).filter((each) => !isOurs(each));
      return { customer, why: leftOutOf(kind, customer, others) };
    });
  }

  async function chosenOf(choice: Choice): Promise<{ ids: string[]; chosen: number }> {
    if ('ids' in choice) return { ids: choice.ids.slice(0, MOST_AT_ONCE), chosen: choice.ids.length };
    const { rows } = await customers.list(choice.filter, null, MOST_AT_ONCE);
    return { ids: rows.map(({ id }) => id), chosen: await customers.count(choice.filter, MOST_COUNTED) };
  }

  async function openCases(actor: Actor, { kind, summary, ownerId, once }: BulkOrder, ids: string[]): Promise<number> {
    const causeOf = (customerId: string) => `${once} ${customerId}`;
    return await storage.transaction(async (tx) => {
      const all = await sorted(tx, kind, ids, ({ customerId, originId }) => originId === causeOf(customerId ?? ''));
      const fit = all.filter(({ why }) => why === null).map(({ customer }) => customer);
      for (const { id: customerId, language } of fit) {
        const cause = { origin: 'list' as const, originId: causeOf(customerId) };
        const said = { words: '', language, summary, ...(ownerId !== undefined && { ownerId }) };
        await cases.open(tx, actor, { kind, customerId, ...cause, ...said });
      }
      return fit.length;
    });
  }

  /** By the rules of winning back, which may leave out more: the holdout, and who was contacted lately. */
  async function openWinBacks(actor: Actor, { kind, summary, ownerId }: BulkOrder, ids: string[]): Promise<number> {
    const mine = ({ origin, openedBy }: RecoveryCase) => origin === 'list' && openedBy === accountOf(actor);
    let open = 0;
    for (const { customer, why } of await sorted(storage.read, kind, ids, mine)) {
      if (why !== null) continue;
      const owner = ownerId === undefined ? customer.contactAccountId : ownerId;
      try {
        await winback.openFor(actor, customer.id, { ownerId: owner, summary });
        open += 1;
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    }
    return open;
  }

  return {
    async check(choice, kind) {
      const { ids, chosen } = await chosenOf(choice);
      const all = await sorted(storage.read, kind, ids, () => false);
      const leftOut = new Map<LeftOut, Customer[]>();
      for (const { customer, why } of all) if (why !== null) leftOut.set(why, [...(leftOut.get(why) ?? []), customer]);
      const fit = all.filter(({ why }) => why === null).map(({ customer }) => customer);
      return { chosen, fit, leftOut, unknown: ids.length - all.length, beyond: chosen - ids.length };
    },
    async open(actor, order) {
      const ids = [...new Set(order.customerIds)].slice(0, MOST_AT_ONCE);
      const openPart = order.kind === 'win_back' ? openWinBacks : openCases;
      let open = 0;
      for (let i = 0; i < ids.length; i += IN_ONE_TRANSACTION)
        open += await openPart(actor, order, ids.slice(i, i + IN_ONE_TRANSACTION));
      return { open, leftOut: ids.length - open };
    },
  };
}
