import type { Codebook } from '../../coding/index.ts';
import type { Customer } from '../../customers/index.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import type { Db, Tx } from '../../storage/index.ts';
import * as cases from './case-store.ts';
import { LEAVING, type WinbackDeps } from './deps.ts';
import { chanceOf, NEVER, type Chance } from './rules.ts';
import * as store from './standing-store.ts';
import type { StandingRow } from './standing-store.ts';

const AT_ONCE = 200;

/** Why somebody left, by its first-level key. */
export interface Reason {
  key: string;
  source: 'colleague' | 'stated' | 'call';
}

type ReasonHook = (tx: Tx, customerIds: string[]) => Promise<unknown>;

export interface Standings {
  /** For the news of all that it is made from; at most 500 customers a call. */
  refresh(tx: Tx, customerIds: string[]): Promise<void>;
  /** Who else is to know, in the same transaction, that the reason kept on somebody's call may be another now. */
  onReason(hook: ReasonHook): void;
  /** Tells them. */
  reasonKept(tx: Tx, customerId: string): Promise<void>;
  reasonsOf(db: Db, customerIds: string[]): Promise<Map<string, Reason>>;
  /** The first-level key of a reason's key; '' for one that says nothing. */
  topOf(db: Db, reasonKey: string): Promise<string>;
  /** The programme of those who leave; undefined before the starters are installed. */
  programme(db: Db): Promise<string | undefined>;
  /** Time alone makes a chance smaller. @returns how many it changed */
  age(): Promise<number>;
}

/** Keeps beside each customer who has left how they stand with winning them back, so that the queue only reads. */
export function createStandings(deps: WinbackDeps): Standings {
  const { storage, clock, customers, coding, invitations } = deps;
  const hooks: ReasonHook[] = [];
  let known: string | undefined;
  const programme = async (db: Db) => (known ??= await store.programmeId(db, LEAVING));

  async function reasonsOf(db: Db, ids: string[]): Promise<Map<string, Reason>> {
    const programmeId = await programme(db);
    const book = programmeId === undefined ? undefined : await coding.codebook(programmeId, db);
    const reasons = new Map<string, Reason>();
    const coded = book ? await coding.mainsOfCustomers(db, programmeId ?? '', ids) : new Map<string, never>();
    for (const [id, main] of coded) {
      const key = topKey(book, main.codeId);
      if (key !== '') reasons.set(id, { key, source: main.isStated ? 'stated' : 'colleague' });
    }
    for (const [id, row] of await cases.newestCases(db, ids)) {
      const key = topKey(book, book?.byKey.get(row.reason_key)?.id ?? '');
      if (key !== '' && !reasons.has(id)) reasons.set(id, { key, source: 'call' });
    }
    return reasons;
  }

  async function refreshSome(tx: Tx, ids: string[]): Promise<void> {
    const before = await store.standings(tx, ids);
    const outlines = await customers.outlines(tx, ids);
    const isGone = (id: string) => outlines.get(id)?.status !== 'left';
    const isErased = (id: string) => (outlines.get(id)?.erasedAt ?? null) !== null;
    await store.endStandings(tx, ids.filter(isErased));
    const over = [...before.values()].filter((row) => row.standing !== 'returned' && isGone(row.customer_id));
    await store.deleteStandings(
      tx,
      over.map((row) => row.customer_id),
    );
    const left = await customers.findMany(
      tx,
      ids.filter((id) => !isGone(id) && !isErased(id)),
    );
    if (left.size > 0) await store.saveStandings(tx, await rowsFor(tx, [...left.values()], before), before);
  }

  async function rowsFor(tx: Tx, left: Customer[], before: Map<string, StandingRow>): Promise<StandingRow[]> {
    const ids = left.map(({ id }) => id);
    const programmeId = await programme(tx);
    const held = programmeId === undefined ? NOBODY : await invitations.holdouts.isHeldOut(tx, programmeId, ids);
    const talked = programmeId === undefined ? NOBODY : await cases.answered(tx, programmeId, ids);
    const reasons = await reasonsOf(tx, ids);
    const own = await cases.newestCases(tx, ids);
    const today = dayIn('UTC', clock.now());
    return left.map((customer) => {
      const { id } = customer;
      const reason = reasons.get(id);
      const theCase = sinceLeaving(own.get(id), customer);
      const reached = talked.has(id) || (theCase?.attempted_at ?? null) !== null;
      return rowOf(customer, { reason, theCase, reached, isHeldOut: held.has(id), before: before.get(id), today });
    });
  }

  return {
    async refresh(tx, customerIds) {
      for (let from = 0; from < customerIds.length; from += AT_ONCE)
        await refreshSome(tx, customerIds.slice(from, from + AT_ONCE));
    },
    onReason: (hook) => void hooks.push(hook),
    async reasonKept(tx, customerId) {
      for (const hook of hooks) await hook(tx, [customerId]);
    },
    reasonsOf,
    async topOf(db, reasonKey) {
      const programmeId = await programme(db);
      const book = programmeId === undefined ? undefined : await coding.codebook(programmeId, db);
      return topKey(book, book?.byKey.get(reasonKey)?.id ?? '');
    },
    programme,
    async age() {
      return await storage.backgroundTransaction(async (tx) => {
        const ids = await store.dueToChange(tx, timestamp(clock).slice(0, 10), AT_ONCE);
        await refreshSome(tx, ids);
        return ids.length;
      });
    },
  };
}

const NOBODY: ReadonlySet<string> = new Set();

/** The key of a code's first level; '' for a code that says nothing, such as "does not know". */
function topKey(book: Codebook | undefined, codeId: string): string {
  const code = book?.byId.get(codeId);
  const top = code?.parentId ? book?.byId.get(code.parentId) : code;
  return !top || top.kind === 'unknown' ? '' : top.key;
}

/** A conversation that belongs to an earlier leaving is over. */
const sinceLeaving = (row: cases.CaseRow | undefined, { leftOn }: Customer) =>
  row && (row.state === 'open' || row.opened_at.slice(0, 10) >= (leftOn ?? '')) ? row : undefined;

interface Facts {
  reason: Reason | undefined;
  theCase: cases.CaseRow | undefined;
  reached: boolean;
  isHeldOut: boolean;
  before: StandingRow | undefined;
  today: string;
}

function rowOf(customer: Customer, facts: Facts): StandingRow {
  const { reason, theCase, reached, before, today } = facts;
  const leftOn = customer.leftOn ?? today;
  const since = customer.customerSince ?? customer.firstPurchaseOn;
  const { chance, changesOn } = chanceOf({ reasonKey: reason?.key ?? '', since, leftOn, reached, today });
  const why = whyBarred(customer, facts);
  const isSame = before?.left_on === leftOn;
  return {
    customer_id: customer.id,
    case_id: theCase?.case_id ?? null,
    standing: standingOf(theCase, why),
    chance: chance satisfies Chance,
    worth_minor: customer.worthMinor,
    left_on: leftOn,
    reason_key: reason?.key ?? '',
    reason_source: reason?.source ?? '',
    why,
    call_at: theCase?.state === 'open' ? theCase.call_at : null,
    changes_on: changesOn > today ? changesOn : NEVER,
    bought_until: isSame ? before.bought_until : (customer.lastPurchaseOn ?? ''),
    attempted: theCase?.attempted_at || (isSame && before.attempted === 1) ? 1 : 0,
  };
}

function standingOf(theCase: Facts['theCase'], why: string): StandingRow['standing'] {
  if (theCase && (theCase.state === 'lost' || theCase.state === 'ended')) return 'done';
  if (why !== '') return 'barred';
  if (theCase === undefined) return 'free';
  if (theCase.state === 'won') return 'done';
  return theCase.call_at === null ? 'case' : 'later';
}

/** Why nobody speaks or writes to them, as a text key's end; '' where they may. */
function whyBarred(customer: Customer, { isHeldOut }: Facts): string {
  if (isHeldOut) return 'held_out';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (customer.legalBasis === '') return 'no_legal_basis';
  return customer.telephone === '' && customer.email === '' ? 'no_way' : '';
}
