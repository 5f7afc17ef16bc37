import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { once } from '../../src/storage/migrations/0055-once.ts';
import { onBothEngines } from '../support/engines.ts';

const AT = '2026-11-01T08:00:00.000Z';
const KEPT = ['payment_setting', 'anniversary_setting', 'value_setting', 'risk_setting'] as const;

class Enough extends Error {}

onBothEngines((on) => {
  test('settings that were saved before revisions were counted are counted in their order', async () => {
    const trying = on.storage().transaction(async (tx) => {
      const run = (statement: string) => sql.raw(statement).execute(tx);
      for (const table of KEPT) {
        await run(`drop index ${table}_revision`);
        await run(`alter table ${table} drop column revision`);
        for (const id of ['b', 'a', 'c'])
          await run(`insert into ${table} (id, value, changed_at) values ('${id}', '{}', '${AT}')`);
      }
      await run('alter table case_setting drop column revision');
      await run('drop index next_need_unnoticed');
      await run('alter table next_need drop column noticed');
      await run(`insert into case_setting (key, value, updated_at) values ('cases', '{}', '${AT}')`);

      for (const statement of once.statements(on.storage().engine)) await run(statement);

      for (const table of KEPT) {
        const rows = await tx.selectFrom(table).select(['id', 'revision']).orderBy('revision').execute();
        expect(rows.map(({ id, revision }) => [id, Number(revision)])).toEqual([
          ['a', 1],
          ['b', 2],
          ['c', 3],
        ]);
      }
      const cases = await tx.selectFrom('case_setting').select('revision').executeTakeFirstOrThrow();
      expect(cases.revision).toBe(1);
      // The database stays as it was for what is tested next.
      throw new Enough();
    });
    await expect(trying).rejects.toThrow(Enough);
  });
});
