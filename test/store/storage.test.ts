import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { WrongHandle } from '../../src/storage/scope.ts';
import { onBothEngines } from '../support/engines.ts';
import { programmeRow, questionnaireRow } from '../support/rows.ts';
import { prepared, preparedList, preparedRow, preparedRows, type Schema, type Tx } from '../../src/storage/index.ts';

const microtasks = async (count: number) => {
  for (let i = 0; i < count; i++) await null;
};
class Chosen extends Error {}

const writer = fc.record({
  children: fc.integer({ min: 1, max: 7 }),
  pause: fc.integer({ min: 0, max: 30 }),
  end: fc.constantFrom('ok', 'ok', 'ok', 'throws', 'unique', 'foreign'),
});

onBothEngines(({ storage, engine }) => {
  const count = async (table: 'programme' | 'questionnaire') =>
    (
      await storage()
        .read.selectFrom(table)
        .select(sql<number>`count(*)`.as('n'))
        .executeTakeFirstOrThrow()
    ).n;
  const childrenOf = async (id: string) =>
    (await storage().read.selectFrom('questionnaire').select('id').where('programme_id', '=', id).execute()).length;
  const add = (tx: Tx, row: Schema['programme']) => tx.insertInto('programme').values(row).execute();
  const addChild = (tx: Tx, id: string, number: number) =>
    tx.insertInto('questionnaire').values(questionnaireRow(id, number)).execute();

  test('a thousand writers with random failures: every total is exact, nobody is answered early', async () => {
    const thousand = fc.array(writer, { minLength: 1000, maxLength: 1000, size: 'max' });
    await fc.assert(
      fc.asyncProperty(thousand, async (writers) => {
        const before = { parents: await count('programme'), children: await count('questionnaire') };
        let parents = 0;
        let children = 0;
        await Promise.all(
          writers.map(async (each, i) => {
            if (i % 7 === 0) await new Promise(setImmediate);
            const row = programmeRow();
            const outcome = await storage()
              .transaction(async (tx) => {
                await add(tx, row);
                await microtasks(each.pause);
                for (let number = 0; number < each.children; number++) await addChild(tx, row.id, number);
                if (each.end === 'throws') throw new Chosen();
                if (each.end === 'unique') await add(tx, row);
                if (each.end === 'foreign') await addChild(tx, 'nobody', 1);
              })
              .then(
                () => 'ok',
                (error) => (error instanceof Chosen ? 'throws' : 'refused'),
              );
            expect(outcome).toBe(each.end === 'ok' || each.end === 'throws' ? each.end : 'refused');
            expect(await childrenOf(row.id)).toBe(outcome === 'ok' ? each.children : 0);
            if (outcome !== 'ok') return;
            parents++;
            children += each.children;
          }),
        );
        expect(await count('programme')).toBe(before.parents + parents);
        expect(await count('questionnaire')).toBe(before.children + children);
      }),
      { numRuns: engine === 'sqlite' ? 3 : 1 },
    );
  });

  test('the root handles are refused inside a transaction, compiled queries and nesting included', async () => {
    const inside = (use: (tx: Tx) => Promise<unknown>) =>
      storage()
        .transaction(use)
        .then(
          () => 'ok',
          (error) => error,
        );
    expect(await inside(() => count('programme'))).toBeInstanceOf(WrongHandle);
    expect(await inside(() => sql`select 1`.execute(storage().read as never))).toBeInstanceOf(WrongHandle);
    const compiled = () => storage().read.selectFrom('programme').selectAll().compile();
    expect(await inside(() => (storage().read as never as Tx).executeQuery(compiled()))).toBeInstanceOf(WrongHandle);
    expect(await inside(() => storage().transaction(async () => 1))).toBeInstanceOf(WrongHandle);
    const late = async () => {
      await microtasks(3);
      await Promise.all([null, count('programme')]);
    };
    expect(await inside(late)).toBeInstanceOf(WrongHandle);
    expect(await count('programme')).toBeGreaterThanOrEqual(0);
  });

  test('work that a body leaves behind may use the reader, never the ended transaction', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    let later: Promise<unknown>[] = [];
    let kept: Tx | undefined;
    await storage().transaction(async (tx) => {
      kept = tx;
      later = [ended.then(() => count('programme')), ended.then(() => add(tx, programmeRow()))];
    });
    end();
    const [read, write] = await Promise.allSettled(later);
    expect(read?.status).toBe('fulfilled');
    expect(write?.status).toBe('rejected');
    await expect(add(kept as Tx, programmeRow())).rejects.toThrow();
  });

  test('each body runs in the async context of its own caller', async () => {
    const request = new AsyncLocalStorage<number>();
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    const seen = await Promise.all(
      numbers.map((number) =>
        request.run(number, async () => {
          const inBody = await storage().transaction(async (tx) => {
            await tx.selectFrom('programme').selectAll().limit(1).execute();
            return request.getStore();
          });
          return [inBody, request.getStore()];
        }),
      ),
    );
    expect(seen).toEqual(numbers.map((number) => [number, number]));
  });

  test('ON CONFLICT DO NOTHING tells by its count what happened, and the transaction goes on', async () => {
    const row = programmeRow();
    const counts = await storage().transaction(async (tx) => {
      const insert = (id: string) =>
        tx
          .insertInto('programme')
          .values({ ...row, id })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
      const [one, two] = [await insert(row.id), await insert(`${row.id}x`)];
      await addChild(tx, row.id, 1);
      return [one.numInsertedOrUpdatedRows, two.numInsertedOrUpdatedRows];
    });
    expect(counts).toEqual([1n, 0n]);
    expect(await childrenOf(row.id)).toBe(1);
  });

  test('a prepared query binds its values anew at each call', async () => {
    const byKey = prepared<{ key: string }>()((db, p) =>
      db.selectFrom('programme').select('id').where('key', '=', p.key),
    );
    const rows = [programmeRow(), programmeRow()];
    await storage().transaction(async (tx) => {
      for (const row of rows) await add(tx, row);
    });
    for (const row of rows) expect((await byKey(storage().read, { key: row.key })).rows).toEqual([{ id: row.id }]);
  });

  test('a prepared query about a list asks for these and no others, however many they are', async () => {
    const among = preparedList<{ key: string }>()((db, ids, p) =>
      db.selectFrom('programme').select('id').where('id', 'in', ids).where('key', '<>', p.key),
    );
    const rows = Array.from({ length: 7 }, () => programmeRow()).sort((a, b) => (a.id < b.id ? -1 : 1));
    await storage().transaction(async (tx) => {
      for (const row of rows) await add(tx, row);
    });
    for (let length = 0; length <= rows.length; length++) {
      const some = rows.slice(rows.length - length);
      const key = some.at(-1)?.key ?? '';
      const found = await among(
        storage().read,
        some.map(({ id }) => id),
        { key },
      );
      expect(found.rows.map(({ id }) => id).sort()).toEqual(some.slice(0, -1).map(({ id }) => id));
    }
  });

  test('prepared rows are written as they come, however many they are and whatever columns they have', async () => {
    const insert = preparedRows<Schema['questionnaire']>()((db, rows) => db.insertInto('questionnaire').values(rows));
    const parent = programmeRow();
    const rows = Array.from({ length: 41 }, (_, i) => questionnaireRow(parent.id, i));
    await storage().transaction(async (tx) => {
      await add(tx, parent);
      await insert(tx, []);
      for (const part of [rows.slice(0, 1), rows.slice(1, 3), rows.slice(3, 5), rows.slice(5)]) await insert(tx, part);
    });
    const read = storage().read.selectFrom('questionnaire').selectAll().where('programme_id', '=', parent.id);
    expect(await read.orderBy('draft_revision').execute()).toEqual(rows);

    const stale = preparedRows<{ id: string; day?: string }>()((db, some) =>
      db.insertInto('leaver_stale').values(some.map(({ id, day = '2026-01-01' }) => ({ id, day }))),
    );
    await storage().transaction(async (tx) => void (await stale(tx, [{ id: 's1', day: '2026-02-02' }, { id: 's2' }])));
    const days = storage().read.selectFrom('leaver_stale').selectAll().where('id', 'in', ['s1', 's2']);
    expect(await days.orderBy('id').execute()).toEqual([
      { id: 's1', day: '2026-02-02' },
      { id: 's2', day: '2026-01-01' },
    ]);
  });

  test('a prepared query writes the columns that come, and only those', async () => {
    const change = preparedRow<Partial<Schema['questionnaire']> & { id: string }>()((db, { id, ...row }) =>
      db.updateTable('questionnaire').set(row).where('id', '=', id),
    );
    const parent = programmeRow();
    const [one, other] = [questionnaireRow(parent.id, 1), questionnaireRow(parent.id, 2)];
    await storage().transaction(async (tx) => {
      await add(tx, parent);
      await tx.insertInto('questionnaire').values([one, other]).execute();
      expect((await change(tx, { id: one.id, name: 'another' })).numAffectedRows).toBe(1n);
      await change(tx, { id: other.id, updated_at: '2020-01-01T00:00:00.000Z' });
      await change(tx, { id: other.id, name: 'a third' });
    });
    const read = storage().read.selectFrom('questionnaire').selectAll().where('programme_id', '=', parent.id);
    expect(await read.orderBy('draft_revision').execute()).toEqual([
      { ...one, name: 'another' },
      { ...other, name: 'a third', updated_at: '2020-01-01T00:00:00.000Z' },
    ]);
  });

  test('what was published and who did what can be neither changed nor deleted', async () => {
    await storage().transaction(async (tx) => {
      const entry = { id: 'a1', at: '2026-01-01T00:00:00.000Z', actor_kind: 'system' as const, actor_id: null };
      await tx
        .insertInto('audit_entry')
        .values({ ...entry, action: 'x', subject_kind: 'y', subject_id: null, detail: '{}' })
        .execute();
    });
    const change = storage().transaction(async (tx) => {
      await tx.updateTable('audit_entry').set({ action: 'z' }).execute();
    });
    await expect(change).rejects.toThrow(/never change/);
    const removal = storage().transaction(async (tx) => {
      await tx.deleteFrom('audit_entry').execute();
    });
    await expect(removal).rejects.toThrow(/never change/);
  });
});
