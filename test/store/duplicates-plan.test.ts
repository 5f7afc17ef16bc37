import { expect, test } from '@jest/globals';
import pg from 'pg';
import { createDuplicates, type CustomerRow } from '../../src/customers/index.ts';
import { createLeases } from '../../src/scheduler/index.ts';
import { SYSTEM } from '../../src/shared/actor.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { testClock } from '../support/clock.ts';
import { customersOn } from '../support/customers.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToPostgres, listenToQueries, scansInPostgres, scansOf } from '../support/plans.ts';

onBothEngines((on) => {
  const setting = () => {
    const [storage, clock] = [on.storage(), testClock()];
    const audit = async () => {};
    const logger = { error: (problem: unknown) => expect(problem).toBeUndefined() };
    const leases = createLeases({ storage, clock });
    const duplicates = createDuplicates({ storage, clock, audit, leases, logger: logger as never });
    return { storage, duplicates, customers: customersOn(storage, { clock }) };
  };
  const anna = {
    givenName: 'Anna',
    familyName: 'Kahl',
    email: 'anna@example.com',
    telephone: '0431 555019',
    street: 'Seeweg 1',
    postalCode: '24103',
    city: 'Kiel',
  };

  test('whoever is compared is found in indexes, and so is each page of the list, however many customers there are', async () => {
    const heard = on.engine === 'sqlite' ? listenToQueries() : listenToPostgres();
    const { storage, duplicates, customers } = setting();
    await customers.upsertMany(SYSTEM, [
      { ...anna, reference: '1' },
      { ...anna, reference: '2', postalCode: '' },
    ] as CustomerRow[]);
    await duplicates.work();
    expect(await customers.duplicatesOf(anna)).toHaveLength(2);
    expect(await customers.resembling([anna, { ...anna, postalCode: '' }])).toEqual([true, true]);
    const { rows } = await duplicates.list(null, 1);
    expect(rows).toHaveLength(1);
    await duplicates.different(SYSTEM, rows[0]?.customer.id ?? '', rows[0]?.other.id ?? '');
    for (const after of [null, `3 ${rows[0]?.id}`]) await duplicates.list(after, 25);
    const { customer, other } = (await duplicates.listDifferent(null, 1)).rows[0] ?? {};
    await duplicates.listDifferent(`2026-11-10T08:05:00.000Z ${customer?.id} ${other?.id}`, 1);
    await duplicates.count(1000);
    const asked = [...heard].filter((query) => /likely_duplicate|different_person|duplicate_check|_key/.test(query));
    expect(asked.length).toBeGreaterThan(8);
    if (on.engine === 'sqlite') {
      const { writer } = storage as SqliteStorage;
      expect(asked.flatMap((query) => scansOf(writer, query).map((step) => ({ step, query })))).toEqual([]);
      return;
    }
    const client = new pg.Client(on.url());
    await client.connect();
    try {
      expect(await scansInPostgres(client, asked)).toEqual([]);
    } finally {
      await client.end();
    }
  });

  test('customers from before there were keys get theirs, and are compared', async () => {
    const { storage, duplicates, customers } = setting();
    const { rows } = await duplicates.list(null, 100);
    const added = await customers.upsertMany(SYSTEM, [
      { ...anna, reference: '11', familyName: 'Vossloh', email: '', telephone: '' },
      { ...anna, reference: '12', familyName: 'Vosloh', email: '', telephone: '' },
    ] as CustomerRow[]);
    await duplicates.work();
    const ids = added.map(({ id }) => id);
    // As the migration leaves those who were there.
    await storage.transaction(async (tx) => {
      await tx.deleteFrom('likely_duplicate').execute();
      const none = { telephone_key: '', name_key: '', place_key: '', street_key: '' };
      await tx.updateTable('customer').set(none).where('id', 'in', ids).execute();
      await tx
        .insertInto('duplicate_check')
        .values(ids.map((id) => ({ id, customer_id: id })))
        .execute();
    });
    expect(await duplicates.isComparing()).toBe(true);
    await duplicates.work();
    expect(await duplicates.isComparing()).toBe(false);
    const found = (await duplicates.list(null, 100)).rows;
    expect(found.map((pair) => [pair.customer.id, pair.other.id])).toEqual(expect.arrayContaining([ids]));
    expect(rows).toEqual([]);
  });
});
