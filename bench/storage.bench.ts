/**
 * Durable writes a second on SQLite: one submission and its seven answers, eight rows in one durable transaction.
 * Bare: the driver alone, prepared statements, each transaction with a commit of its own, and all of a turn in one commit.
 */
import type Database from 'better-sqlite3';
import { migrate, prepared, type Schema, type Tx } from '../src/storage/index.ts';
import { openDatabase, openSqlite } from '../src/storage/sqlite.ts';
import { median, rate, temporary } from './measure.ts';

const ROUNDS = 3;
const MILLISECONDS = 1200;
const CALLERS = [1, 8, 32];
const AT = '2026-01-01T00:00:00.000Z';

let made = 0;
const newKey = () => `${(made++).toString(36).padStart(10, '0')}-bench`;
const parent = (): Schema['programme'] => ({ id: newKey(), key: newKey(), name: 'bench', created_at: AT });
const children = (id: string): Schema['questionnaire'][] =>
  Array.from({ length: 7 }, (_, i) => ({
    id: `${id}-${i}`,
    programme_id: id,
    name: 'They changed the delivery day and nobody told us',
    draft: '{}',
    draft_revision: i,
    created_at: AT,
    updated_at: AT,
    archived_at: null,
  }));

interface Variant {
  once(): Promise<unknown>;
  close(): unknown;
}

function bareStatements(db: Database.Database): () => void {
  const addParent = db.prepare('insert into programme values (?, ?, ?, ?)');
  const addChild = db.prepare('insert into questionnaire values (?, ?, ?, ?, ?, ?, ?, ?)');
  return () => {
    const row = parent();
    addParent.run(row.id, row.key, row.name, row.created_at);
    for (const each of children(row.id)) addChild.run(...Object.values(each));
  };
}

function bareOwnCommit(path: string): Variant {
  const db = openDatabase(path);
  const write = db.transaction(bareStatements(db)).immediate;
  const turn = () => new Promise(setImmediate);
  return {
    once: async () => {
      write();
      await turn();
    },
    close: () => db.close(),
  };
}

function bareSharedCommit(path: string): Variant {
  const db = openDatabase(path);
  const write = bareStatements(db);
  const [begin, commit] = [db.prepare('begin immediate'), db.prepare('commit')];
  let waiting: (() => void)[] = [];
  const endTurn = () => {
    commit.run();
    for (const answer of waiting.splice(0)) answer();
  };
  return {
    once: () =>
      new Promise<void>((resolve) => {
        if (waiting.length === 0) {
          begin.run();
          setImmediate(endTurn);
        }
        write();
        waiting.push(resolve);
      }),
    close: () => db.close(),
  };
}

const addParent = prepared<Schema['programme']>()((db, p) =>
  db.insertInto('programme').values({ id: p.id, key: p.key, name: p.name, created_at: p.created_at }),
);

async function twoStatements(tx: Tx): Promise<void> {
  const row = parent();
  await addParent(tx, row);
  await tx.insertInto('questionnaire').values(children(row.id)).execute();
}

function oursShared(path: string): Variant {
  const storage = openSqlite(path);
  return { once: () => storage.transaction(twoStatements), close: () => storage.close() };
}

/** The same code, one caller after the other, so that every transaction has its own commit. */
function oursOwnCommit(path: string): Variant {
  const storage = openSqlite(path);
  let last: Promise<unknown> = Promise.resolve();
  return {
    once: () => (last = last.then(() => storage.transaction(twoStatements))),
    close: () => storage.close(),
  };
}

const variants: Record<string, (path: string) => Variant> = {
  'bare, own commit': bareOwnCommit,
  'bare, shared commits': bareSharedCommit,
  'ours without shared commits': oursOwnCommit,
  'ours with shared commits': oursShared,
};

const rates = new Map<string, Map<number, number[]>>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, make] of Object.entries(variants)) {
    for (const callers of CALLERS) {
      const files = temporary();
      await migrate(`sqlite:${files.path('bench.db')}`);
      const variant = make(files.path('bench.db'));
      const found = await rate(() => variant.once(), callers, MILLISECONDS);
      await variant.close();
      files.remove();
      const byCallers = rates.get(name) ?? rates.set(name, new Map()).get(name);
      byCallers?.set(callers, [...(byCallers.get(callers) ?? []), found]);
    }
  }
}

const of = (name: string, callers: number) => median(rates.get(name)?.get(callers) ?? []);
const shown = (name: string) =>
  Object.fromEntries(
    CALLERS.map((callers) => {
      const share = of(name, callers) / of('bare, shared commits', callers);
      return [`${callers} at a time`, `${Math.round(of(name, callers))} a second, ${Math.round(share * 100)} %`];
    }),
  );
console.log(
  `Durable transactions of eight rows, median of ${ROUNDS} rounds; per cent of the bare limit with shared commits`,
);
console.table(Object.fromEntries(Object.keys(variants).map((name) => [name, shown(name)])));
