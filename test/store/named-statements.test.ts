import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql, type RawBuilder } from 'kysely';
import pg from 'pg';
import { openStorage, type Storage } from '../../src/storage/index.ts';
import { onEngines } from '../support/engines.ts';

onEngines(['postgres'], (on) => {
  let storage: Storage;
  let admin: pg.Client;
  beforeAll(async () => {
    storage = await openStorage(on.url());
    admin = new pg.Client(on.url());
    await admin.connect();
    await admin.query('create table probe as select 1 as n');
  });
  afterAll(async () => {
    await storage.close();
    await admin.query('drop table probe');
    await admin.end();
  });

  const probed = (value: number): RawBuilder<unknown> => sql`select * from probe where n = ${value}`;
  // One after the other: it is always the same connection that answers.
  const ask = async <T>(query: RawBuilder<T>) =>
    await storage.transaction(async (tx) => (await query.execute(tx)).rows);
  const namedHere = async (): Promise<string[]> => {
    const query = sql<{ statement: string }>`select statement from pg_prepared_statements where name like ${'s%'}`;
    return (await ask(query)).map(({ statement }) => statement);
  };

  it('keeps what is asked again, not what is asked once', async () => {
    await ask(probed(1));
    expect(await namedHere()).not.toContain('select * from probe where n = $1');
    expect(await ask(probed(1))).toEqual([{ n: 1 }]);
    expect(await ask(probed(2))).toEqual([]);
    expect(await namedHere()).toContain('select * from probe where n = $1');
  });

  it('goes on when a table has another column since: at most the first who asks fails', async () => {
    for (let times = 0; times < 3; times++) await ask(probed(1));
    await admin.query("alter table probe add column word text default 'new'");
    await ask(probed(1)).catch(() => {});
    for (let times = 0; times < 3; times++) expect(await ask(probed(1))).toEqual([{ n: 1, word: 'new' }]);
  });

  it('keeps no more than PostgreSQL has room for, and answers all', async () => {
    for (let n = 1; n <= 450; n++) {
      const query = sql`select ${sql.lit(n)} + ${1}::int as sum`;
      await ask(query);
      expect(await ask(query)).toEqual([{ sum: n + 1 }]);
    }
    expect((await namedHere()).length).toBeLessThanOrEqual(410);
  });
});
