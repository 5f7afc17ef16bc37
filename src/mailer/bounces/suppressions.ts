import type { Logger } from 'pino';
import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Audit } from '../../shared/audit.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Signer } from '../../shared/tokens.ts';
import { page, type Db, type Page, type Storage, type Tx } from '../../storage/index.ts';
import { addressKeyOf } from './address-key.ts';
import type { Journal, JournalLine } from './journal.ts';
import * as store from './suppression-store.ts';
import type { SuppressionRow } from './suppression-store.ts';

type SuppressionKind = SuppressionRow['kind'];

interface NewSuppression {
  addressKey: string;
  kind: SuppressionKind;
  /** The cause in a word. */
  how: string;
  /** 'returned ID', 'account ID'. */
  source: string;
  customerId: string | null;
  /** In a colleague's words. */
  reason?: string;
}

/** Addresses to which nothing is sent, whoever they belong to. */
export interface Suppressions {
  keyOf(address: string): string;
  /** Of these addresses, those to which nothing may be sent. */
  among(db: Db, addresses: string[]): Promise<Set<string>>;
  /** @returns whether it is new */
  add(tx: Tx, suppression: NewSuppression): Promise<boolean>;
  find(address: string): Promise<SuppressionRow | undefined>;
  /** @throws NotFound */
  get(id: string): Promise<SuppressionRow>;
  /** By a person's decision. @throws Conflict where it is suppressed already */
  addByHand(actor: Actor, address: string, reason: string, customerId: string | null): Promise<void>;
  /** A named person's decision, with a reason; `by` where a program says whose. @throws Conflict where it is not in force */
  lift(actor: Actor, id: string, reason: string, by?: string | null): Promise<void>;
  /** Of all; of one address; or of one customer, and of the address that they have now. */
  list(
    of: { address?: string | undefined; customerId?: string | undefined },
    before: string | null,
  ): Promise<Page<SuppressionRow>>;
  /** Writes down what the journal does not know yet. */
  note(): Promise<void>;
  /** Makes database and journal agree: the later word on an address counts. For the start, and after a restore. */
  reconcile(): Promise<{ learned: number; noted: number }>;
}

export interface SuppressionsDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  signer: Signer;
  journal: Journal;
  audit: Audit<Tx>;
  /** Runs in the transaction in which somebody lifts one. */
  onLifted(tx: Tx, customerId: string, accountId: string | null): Promise<void>;
}

const ROWS_A_PAGE = 50;
const ROWS_AT_ONCE = 500;

export function createSuppressions(deps: SuppressionsDeps): Suppressions {
  const { storage, clock, signer, journal } = deps;
  const keyOf = (address: string) => addressKeyOf(signer, address);

  const add = async (tx: Tx, { addressKey, kind, how, source, customerId, reason = '' }: NewSuppression) =>
    await store.insertSuppression(tx, {
      ...blank(newId(clock), addressKey, timestamp(clock)),
      kind,
      how,
      source,
      customer_id: customerId,
      reason,
    });

  const note = async () => {
    for (;;) {
      const rows = await store.suppressionsToNote(storage.read, ROWS_AT_ONCE);
      if (rows.length === 0) return;
      journal.append(rows.flatMap(linesOf));
      await storage.transaction(async (tx) => {
        for (const row of rows) await store.markNoted(tx, row);
      });
      if (rows.length < ROWS_AT_ONCE) return;
    }
  };

  return {
    keyOf,
    async among(db, addresses) {
      const keys = new Map(addresses.filter(Boolean).map((address) => [address, keyOf(address)]));
      const suppressed = await store.suppressedKeys(db, [...keys.values()]);
      return new Set([...keys].filter(([, key]) => suppressed.has(key)).map(([address]) => address));
    },
    add,
    find: (address) => store.activeSuppression(storage.read, keyOf(address)),
    async get(id) {
      const row = await store.findSuppression(storage.read, id);
      if (!row) throw new NotFound();
      return row;
    },
    async addByHand(actor, address, reason, customerId) {
      const source = `account ${accountOf(actor) ?? ''}`.trim();
      await storage.transaction(async (tx) => {
        const row: NewSuppression = { addressKey: keyOf(address), kind: 'person', how: 'person', source, customerId };
        if (!(await add(tx, { ...row, reason }))) throw new Conflict('bounces.error.suppressed');
        await deps.audit(tx, actor, 'bounces.suppressed', { kind: 'suppression', id: customerId });
      });
      await note();
    },
    async lift(actor, id, reason, by = accountOf(actor)) {
      await storage.transaction(async (tx) => {
        const row = await store.findSuppression(tx, id);
        const lift = { at: timestamp(clock), by, reason, noted: 0 };
        if (!row || !(await store.liftSuppression(tx, id, lift))) throw new Conflict('bounces.error.lifted');
        await deps.audit(tx, actor, 'bounces.lifted', { kind: 'suppression', id });
        if (row.customer_id !== null) await deps.onLifted(tx, row.customer_id, by);
      });
      await note();
    },
    async list({ address, customerId }, before) {
      const of = { addressKey: address === undefined ? undefined : keyOf(address), customerId };
      const rows = await store.listSuppressions(storage.read, { ...of, before, limit: ROWS_A_PAGE + 1 });
      return page(rows, ROWS_A_PAGE, (row) => row.id);
    },
    note,
    async reconcile() {
      await note();
      const known = journal.last();
      const own = await lastWords(storage);
      const toLearn = [...known.values()].filter(({ key, at, did }) => isNews(own.get(key), at, did));
      for (let from = 0; from < toLearn.length; from += ROWS_AT_ONCE) {
        const part = toLearn.slice(from, from + ROWS_AT_ONCE);
        await storage.transaction(async (tx) => {
          for (const line of part) await learn(tx, line, own.get(line.key), newId(clock));
        });
      }
      const missing = [...own]
        .filter(([key, row]) => isMissing(known.get(key), row))
        .flatMap(([, row]) => linesOf(row));
      journal.append(missing);
      return { learned: toLearn.length, noted: missing.length };
    },
  };
}

const blank = (id: string, addressKey: string, since: string): SuppressionRow => ({
  id,
  address_key: addressKey,
  kind: 'person',
  since,
  how: '',
  source: 'journal',
  customer_id: null,
  reason: '',
  lifted_at: null,
  lifted_by: null,
  lift_reason: '',
  noted: 0,
});

function linesOf({ address_key: key, kind, how, since, lifted_at }: SuppressionRow): JournalLine[] {
  const suppressed: JournalLine = { at: since, key, did: 'suppress', kind, how };
  return lifted_at === null ? [suppressed] : [suppressed, { at: lifted_at, key, did: 'lift', kind, how }];
}

const momentOf = ({ since, lifted_at }: SuppressionRow) => lifted_at ?? since;

/** For each address the row that holds the last word on it. */
async function lastWords({ read }: Storage): Promise<Map<string, SuppressionRow>> {
  const last = new Map<string, SuppressionRow>();
  for (let after = ''; ;) {
    const rows = await store.allSuppressions(read, after, ROWS_AT_ONCE);
    for (const row of rows) {
      const known = last.get(row.address_key);
      if (!known || momentOf(row) >= momentOf(known)) last.set(row.address_key, row);
    }
    after = rows.at(-1)?.id ?? '';
    if (rows.length < ROWS_AT_ONCE) return last;
  }
}

function isNews(row: SuppressionRow | undefined, at: string, did: JournalLine['did']): boolean {
  if (!row) return did === 'suppress';
  return at >= momentOf(row) && (did === 'lift') === (row.lifted_at === null);
}

const isMissing = (line: JournalLine | undefined, row: SuppressionRow) => line === undefined || momentOf(row) > line.at;

async function learn(tx: Tx, line: JournalLine, row: SuppressionRow | undefined, id: string): Promise<void> {
  const { at, key, did, kind, how } = line;
  if (did === 'suppress') {
    await store.insertSuppression(tx, { ...blank(id, key, at), kind, how, noted: 1 });
  } else if (row) {
    await store.liftSuppression(tx, row.id, { at, by: null, reason: '', noted: 1 });
  }
}
