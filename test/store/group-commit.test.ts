import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSqlite, type SqliteStorage } from '../../src/storage/sqlite.ts';
import { programmeRow } from '../support/rows.ts';

let directory: string;
let storage: SqliteStorage;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'comeback-'));
  const path = join(directory, 'a.db');
  copyFileSync(process.env.TEST_SQLITE ?? '', path);
  storage = openSqlite(path);
});
afterEach(async () => {
  await storage.close();
  rmSync(directory, { recursive: true });
});

const rows = async () => (await storage.read.selectFrom('programme').select('id').execute()).length;
const add = (row = programmeRow()) =>
  storage.transaction(async (tx) => {
    await tx.insertInto('programme').values(row).execute();
    return row.id;
  });

test('a body that waits for anything but its database is refused, its neighbours are kept', async () => {
  const after = Promise.withResolvers<string>();
  const results = await Promise.allSettled([
    add(),
    storage.transaction(async (tx) => {
      await tx.insertInto('programme').values(programmeRow()).execute();
      await new Promise((resolve) => setTimeout(resolve, 10));
      await tx
        .insertInto('programme')
        .values(programmeRow())
        .execute()
        .catch((error: Error) => {
          after.resolve(error.message);
          throw error;
        });
    }),
    add(),
  ]);
  expect(results.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await after.promise).toBe('This transaction has ended');
  expect(await rows()).toBe(2);
});

test.each([
  ['the first', [false, true, true]],
  ['the last', [true, true, false]],
  ['the first two', [false, false, true]],
  ['the only one', [false]],
  ['nobody but the middle one', [true, false, true]],
])('whoever fails takes along what they wrote, and nothing of their neighbours: %s', async (_who, plan) => {
  const ids = plan.map(() => programmeRow());
  const results = await Promise.allSettled(
    plan.map((succeeds, i) =>
      storage.transaction(async (tx) => {
        await tx.insertInto('programme').values(ids[i]!).execute();
        if (!succeeds) throw new Error('no');
      }),
    ),
  );
  expect(results.map((each) => each.status === 'fulfilled')).toEqual(plan);
  const found = await storage.read.selectFrom('programme').select('id').execute();
  expect(found.map(({ id }) => id).sort()).toEqual(
    ids
      .filter((_row, i) => plan[i])
      .map(({ id }) => id)
      .sort(),
  );
  await add();
});

const fill = () => {
  storage.writer.pragma(`max_page_count = ${Number(storage.writer.pragma('page_count', { simple: true })) + 3}`);
};
const makeRoom = () => {
  storage.writer.pragma('max_page_count = 1000000');
};
const tooMuch = () => programmeRow('x'.repeat(50_000));

test('a full disk fails every caller whose rows it took, and no later one', async () => {
  fill();
  const results = await Promise.allSettled([add(), add(tooMuch()), add()]);
  expect(results.map((each) => each.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(await rows()).toBe(1);
  await expect(add(tooMuch())).rejects.toThrow();
  makeRoom();
  await add();
  expect(await rows()).toBe(2);
});

test('a body that swallows a full disk cannot go on outside its transaction', async () => {
  fill();
  const swallowing = () =>
    storage.transaction(async (tx) => {
      for (const row of [tooMuch(), programmeRow()]) {
        await tx
          .insertInto('programme')
          .values(row)
          .execute()
          .catch(() => {});
      }
    });
  const results = await Promise.allSettled([add(), swallowing()]);
  expect(results.map((each) => each.status)).toEqual(['rejected', 'rejected']);
  expect(await rows()).toBe(0);
});

test('a COMMIT that fails answers nobody with success', async () => {
  storage.writer.exec('create table late (id text references programme (id) deferrable initially deferred)');
  const broken = () =>
    storage.transaction(async () => {
      storage.writer.exec("insert into late values ('none')");
    });
  const results = await Promise.allSettled([add(), broken(), add()]);
  expect(results.map((each) => each.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await rows()).toBe(0);
  await add();
  expect(await rows()).toBe(1);
});

test('a failed body is answered only after the commit that holds what it saw', async () => {
  const row = programmeRow();
  const order: string[] = [];
  await Promise.allSettled([
    add(row).then(() => order.push('ok')),
    add(row).catch(() => order.push(`refused, in transaction: ${storage.writer.inTransaction}`)),
  ]);
  expect(order).toEqual(['ok', 'refused, in transaction: false']);
});

test('callers of one turn share one commit; readers do not wait', async () => {
  const before = storage.group.commits;
  const [, , seen] = await Promise.all([add(), add(), rows(), add()]);
  expect(storage.group.commits - before).toBe(1);
  expect(seen).toBe(0);
});

test('a body that throws at once harms nobody after it', async () => {
  const throwing = () =>
    storage.transaction(() => {
      throw new Error('at once');
    });
  const results = await Promise.allSettled([add(), throwing(), add()]);
  expect(results.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

const NORMAL = 1;
const FULL = 2;
/** What a commit waits for. */
const waitsFor = () => Number(storage.writer.pragma('synchronous', { simple: true }));

test.each([
  ['work in the background alone', ['background', 'background'], [NORMAL, NORMAL], 1],
  ['an answer that comes behind it', ['background', 'answer', 'answer'], [NORMAL, FULL, FULL], 2],
  ['an answer that it comes behind', ['answer', 'background', 'background'], [FULL, FULL, FULL], 1],
  ['all in turn', ['background', 'answer', 'background'], [NORMAL, FULL, FULL], 2],
] as const)(
  'what may be lost waits for no disk, whatever is answered for does: %s',
  async (_name, kinds, waited, commits) => {
    const before = storage.group.commits;
    const seen: number[] = [];
    const write = { answer: storage.transaction, background: storage.backgroundTransaction };
    await Promise.all(
      kinds.map((kind) =>
        write[kind](async (tx) => {
          await tx.insertInto('programme').values(programmeRow()).execute();
          seen.push(waitsFor());
        }),
      ),
    );
    expect([seen, storage.group.commits - before, await rows(), waitsFor()]).toEqual([
      waited,
      commits,
      kinds.length,
      FULL,
    ]);
  },
);

test.each([
  ['a body that fails', async () => Promise.reject(new Error('no'))],
  ['a row that is refused', async () => void storage.writer.exec('insert into programme (id) values (null)')],
  ['a COMMIT that fails', async () => void storage.writer.exec("insert into late values ('none')")],
])('after %s in the background, answers wait for the disk as ever', async (_name, body) => {
  storage.writer.exec('create table late (id text references programme (id) deferrable initially deferred)');
  const failing = storage.backgroundTransaction(async (tx) => {
    await tx.insertInto('programme').values(programmeRow()).execute();
    await body();
  });
  const [background, answer] = await Promise.allSettled([failing, add()]);
  expect([background.status, answer.status, waitsFor()]).toEqual(['rejected', 'fulfilled', FULL]);
  expect(await rows()).toBe(1);
});
