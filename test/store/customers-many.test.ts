import { beforeAll, expect, test } from '@jest/globals';
import type { CustomerRow, Customers, ListFilter } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { customersOn } from '../support/customers.ts';
import { onBothEngines } from '../support/engines.ts';

/** More than are looked up and sorted: a page of them is filled in the list's order. */
const MANY: CustomerRow[] = Array.from({ length: 1200 }, (_, i) => ({
  reference: `K${1000 + i}`,
  familyName: `Nummer ${1000 + ((i * 7) % 1200)}`,
  country: i % 12 === 0 ? 'NO' : 'DE',
  tags: [...(i % 12 === 1 ? [] : ['many']), ...(i % 100 === 0 ? ['few'] : [])],
  yearlyValueMinor: 1000 + ((i * 11) % 1200),
  ...(i % 100 < 2 ? { leftOn: `2026-0${1 + (i % 9)}-15` } : {}),
}));

const nameOf = (row: CustomerRow) => row.familyName ?? '';
const valueOf = (row: CustomerRow) => row.yearlyValueMinor ?? 0;

onBothEngines(({ storage }) => {
  let customers: Customers;
  beforeAll(async () => {
    customers = customersOn(storage());
    await customers.upsertMany(COMMAND, MANY);
  });

  const has = (tag: string) => (row: CustomerRow) => row.tags?.includes(tag) ?? false;
  const isGerman = ({ country }: CustomerRow) => country === 'DE';

  test.each<[string, ListFilter, (row: CustomerRow) => boolean]>([
    ['many by a tag', { tag: 'many' }, has('many')],
    ['many of a tag by worth', { tag: 'many', sort: 'worth' }, has('many')],
    ['few of a country', { country: 'NO' }, (row) => !isGerman(row)],
    ['many by country and tag', { country: 'DE', tag: 'many' }, (row) => isGerman(row) && has('many')(row)],
    ['few by country and tag', { country: 'DE', tag: 'few' }, (row) => isGerman(row) && has('few')(row)],
    ['who is there', { status: 'active', sort: 'worth' }, ({ leftOn }) => !leftOn],
    ['few of many', { status: 'active', worthFromMinor: 2100 }, (row) => !row.leftOn && valueOf(row) >= 2100],
    ['many by worth', { worthFromMinor: 1100, sort: 'worth' }, (row) => valueOf(row) >= 1100],
  ])('lists %s in its order', async (_whom, filter, fits) => {
    const wanted = MANY.filter(fits);
    const inOrder =
      filter.sort === 'worth'
        ? wanted.toSorted((a, b) => valueOf(b) - valueOf(a))
        : wanted.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    const first = await customers.list(filter, null, 20);
    const second = await customers.list(filter, first.next, 20);
    const seen = [...first.rows, ...(first.next === null ? [] : second.rows)].map(({ reference }) => reference);
    expect(seen).toEqual(inOrder.slice(0, 40).map(({ reference }) => reference));
    expect(await customers.count(filter, 1100)).toBe(Math.min(1100, wanted.length));
  });

  test('lists who left by the day, of many with a tag', async () => {
    const { rows } = await customers.list({ tag: 'many', sort: 'left' }, null, 50);
    const days = rows.map(({ leftOn }) => leftOn ?? '');
    expect(days).toEqual(
      MANY.filter(has('many'))
        .flatMap(({ leftOn }) => leftOn ?? [])
        .toSorted()
        .toReversed(),
    );
    expect(await customers.leavers()).toBe(MANY.filter(({ leftOn }) => leftOn).length);
  });
});
