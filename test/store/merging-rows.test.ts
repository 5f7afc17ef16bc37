import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { ALL_ROWS } from '../../src/merging/index.ts';
import { onBothEngines } from '../support/engines.ts';

/**
 * Another name of a customer, a key that holds a customer's id among others, and the second of two: no columns that a name could
 * tell.
 */
const KEYS = ['alert_subject.subject_key', 'likely_duplicate.other_id', 'different_person.other_id'];

onBothEngines((on) => {
  const columns = async (): Promise<string[]> => {
    const query =
      on.engine === 'sqlite'
        ? sql<{ place: string }>`select m.name || '.' || c.name as place
            from sqlite_master as m join pragma_table_info(m.name) as c where m.type = 'table'`
        : sql<{ place: string }>`select table_name || '.' || column_name as place
            from information_schema.columns where table_schema = current_schema()`;
    const { rows } = await on.storage().transaction((tx) => query.execute(tx));
    return rows.map(({ place }) => place);
  };

  test('whatever table comes to hold something of customers, merging two records takes care of it', async () => {
    const theirs = (await columns()).filter((place) => place.endsWith('customer_id'));
    const handled = ALL_ROWS.map(({ table, column }) => `${table}.${column}`);
    expect(theirs.length).toBeGreaterThan(40);
    expect([...handled].sort()).toEqual([...theirs, ...KEYS].sort());
  });

  test('nothing that may stand once a customer is moved without looking', async () => {
    if (on.engine !== 'sqlite') return;
    const query = sql<{ place: string; columns: string }>`
      select m.name || '.' || (select name from pragma_index_info(i.name) where name like '%customer_id') as place,
        (select group_concat(name) from (select name from pragma_index_info(i.name) where name not like '%customer_id')) as columns
      from sqlite_master as m join pragma_index_list(m.name) as i
      where m.type = 'table' and i."unique" = 1 and i."partial" = 0`;
    const { rows } = await on.storage().transaction((tx) => query.execute(tx));
    for (const { place, columns: others } of rows.filter((row) => row.place !== null)) {
      const rule = ALL_ROWS.find(({ table, column }) => `${table}.${column}` === place);
      if (rule?.derived) continue;
      expect([place, (rule?.once ?? ['unguarded']).toSorted()]).toEqual([
        place,
        (others ?? '').split(',').filter(Boolean).sort(),
      ]);
    }
  });
});
