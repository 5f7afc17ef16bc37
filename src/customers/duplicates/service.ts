import type { Logger } from 'pino';
import { repeating, underLease, type Leases } from '../../scheduler/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { othersFirst } from '../../shared/others-first.ts';
import { page, type Page, type Storage, type Tx } from '../../storage/index.ts';
import type { Customer } from '../customer.ts';
import { findCustomers } from '../customer-store.ts';
import type { CustomersDeps } from '../interface.ts';
import { presentCustomer } from '../present-customer.ts';
import { compareSome } from './comparing.ts';
import * as rows from './pair-store.ts';
import { WHYS, type Certainty, type Why } from './rules.ts';

/** Two records that are probably one person, the older one first. */
export interface LikelyPair {
  id: string;
  customer: Customer;
  other: Customer;
  certainty: Exclude<Certainty, 0>;
  why: Why[];
}

/** Two who somebody said are two people. */
export interface DifferentPair {
  customer: Customer;
  other: Customer;
  at: string;
  /** Null where no colleague said it. */
  accountId: string | null;
}

export interface Duplicates {
  /** The surest first, then the latest found. */
  list(after: string | null, limit: number): Promise<Page<LikelyPair>>;
  /** Counted up to `atMost` only. */
  count(atMost: number): Promise<number>;
  /** Whether some have still to be compared with others. */
  isComparing(): Promise<boolean>;
  /** They are two people: never listed again. @throws NotFound, Conflict where it is one record */
  different(actor: Actor, id: string, otherId: string): Promise<void>;
  /** Nobody knows, after all. @throws NotFound; Conflict where nobody had said so */
  takeBack(actor: Actor, id: string, otherId: string): Promise<void>;
  /** Who is not who, the latest first. */
  listDifferent(after: string | null, limit: number): Promise<Page<DifferentPair>>;
  /** Compares all who wait for it. */
  work(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

interface DuplicatesDeps extends Pick<CustomersDeps, 'storage' | 'clock' | 'audit'> {
  leases: Leases;
  logger: Logger;
}

const EVERY_MS = 5000;
const LEASE = 'likely duplicates';

export function createDuplicates(deps: DuplicatesDeps): Duplicates {
  const { storage, leases, logger } = deps;
  let stopping = false;

  async function work(): Promise<void> {
    stopping = false;
    if (!(await isComparing(storage))) return;
    await underLease(leases, LEASE, async (lease) => {
      while (!stopping && (await lease.keep()) && (await compareSome(deps))) await othersFirst();
    });
  }

  const background = repeating(EVERY_MS, logger, 'looking for likely duplicates failed', work);
  return {
    ...createLooking(storage),
    ...createDeciding(deps),
    work,
    start: background.start,
    async stop() {
      stopping = true;
      await background.stop();
    },
  };
}

const isComparing = async ({ read }: Storage) => (await rows.waitingChecks(read, 1)).length > 0;

function createLooking(storage: Storage): Pick<Duplicates, 'list' | 'count' | 'isComparing' | 'listDifferent'> {
  const { read } = storage;
  return {
    count: (atMost) => rows.countPairs(read, atMost),
    isComparing: () => isComparing(storage),
    async list(after, limit) {
      const listed = page(
        await rows.listPairs(read, placeIn(after), limit + 1),
        limit,
        (row) => `${row.certainty} ${row.id}`,
      );
      return { rows: await withPeople(storage, listed.rows, pairOf), next: listed.next };
    },
    async listDifferent(after, limit) {
      const [, at = '', customerId = '', otherId = ''] = /^(\S{24}) (\S{36}) (\S{36})$/.exec(after ?? '') ?? [];
      const found = await rows.listDifferent(read, at ? { at, customerId, otherId } : null, limit + 1);
      const listed = page(found, limit, (row) => `${row.said_at} ${row.customer_id} ${row.other_id}`);
      const different = await withPeople(storage, listed.rows, ({ said_at: at, account_id: accountId }, both) => ({
        ...both,
        at,
        accountId,
      }));
      return { rows: different, next: listed.next };
    },
  };
}

function placeIn(cursor: string | null): { certainty: number; id: string } | null {
  const [, certainty, id] = /^([123]) (\S{36})$/.exec(cursor ?? '') ?? [];
  return id === undefined ? null : { certainty: Number(certainty), id };
}

interface Both {
  customer: Customer;
  other: Customer;
}

/** Without those of whom one was erased or merged just now. */
async function withPeople<Row extends { customer_id: string; other_id: string }, Shown>(
  { read }: Storage,
  found: Row[],
  shownOf: (row: Row, both: Both) => Shown,
): Promise<Shown[]> {
  const ids = [...new Set(found.flatMap((row) => [row.customer_id, row.other_id]))];
  const people = new Map((await findCustomers(read, 'id', ids)).map((each) => [each.id, each]));
  return found.flatMap((row) => {
    const [customer, other] = [people.get(row.customer_id), people.get(row.other_id)];
    return customer?.erasedAt === null && other?.erasedAt === null ? [shownOf(row, { customer, other })] : [];
  });
}

function pairOf(row: Awaited<ReturnType<typeof rows.listPairs>>[number], both: Both): LikelyPair {
  const said = row.why.split(' ');
  const why = WHYS.filter((each) => said.includes(each));
  return { id: row.id, ...both, certainty: row.certainty as LikelyPair['certainty'], why };
}

function createDeciding({ storage, clock, audit }: DuplicatesDeps): Pick<Duplicates, 'different' | 'takeBack'> {
  const both = async (tx: Tx, id: string, otherId: string) => {
    if (id === otherId) throw new Conflict('merging.error.same');
    await presentCustomer(tx, id);
    await presentCustomer(tx, otherId);
  };
  const subject = (id: string) => ({ kind: 'customer', id });
  return {
    async different(actor, id, otherId) {
      await storage.transaction(async (tx) => {
        await both(tx, id, otherId);
        const decision = { customerId: id, otherId, at: timestamp(clock), accountId: accountOf(actor) };
        await rows.deletePair(tx, id, otherId);
        if (await rows.insertDifferent(tx, decision))
          await audit(tx, actor, 'customers.saidDifferent', subject(id), { otherId });
      });
    },
    async takeBack(actor, id, otherId) {
      await storage.transaction(async (tx) => {
        await both(tx, id, otherId);
        if (!(await rows.deleteDifferent(tx, id, otherId))) throw new Conflict('customers.duplicates.error.notSaid');
        const checks = [id, otherId].map((each) => ({ id: newId(clock), customer_id: each }));
        await rows.markChanged(tx, checks);
        await audit(tx, actor, 'customers.differentTakenBack', subject(id), { otherId });
      });
    },
  };
}
