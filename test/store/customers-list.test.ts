import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AudienceFilter, CustomerRow, Customers, ListFilter } from '../../src/customers/index.ts';
import { COMMAND, SYSTEM } from '../../src/shared/actor.ts';
import { testClock } from '../support/clock.ts';
import { customersOn } from '../support/customers.ts';
import { onBothEngines } from '../support/engines.ts';

const pick = <T>(from: T[], i: number): T => from[i % from.length] as T;

const PEOPLE: CustomerRow[] = Array.from({ length: 120 }, (_, i) => ({
  reference: `K${i}`,
  familyName: pick(['Müller', 'de Vries', 'Hansen', 'Øverland', ''], i),
  givenName: pick(['Anna', 'Jan', 'Kari'], i),
  organisation: i % 10 === 4 ? `Gasthof ${i}` : '',
  email: i % 7 === 0 ? '' : `k${i}@example.com`,
  telephone: `+49 431 55${1000 + i}`,
  city: pick(['Kiel', 'Oslo', 'Den Haag'], i),
  country: pick(['DE', 'NO', 'NL'], i),
  language: pick(['de', 'nb', 'nl', 'en'] as const, i),
  segment: pick(['trade', 'household'], i),
  tags: i % 5 === 0 || i === 119 ? ['vip'] : i % 5 === 1 ? ['vip', 'north'] : [],
  yearlyValueMinor: (i % 6) * 10_000,
  ...(i % 4 === 0 ? { leftOn: `2026-0${1 + (i % 9)}-15` } : {}),
  ...(i % 3 === 0 ? { legalBasis: 'consent' as const, legalBasisSource: 'form', legalBasisOn: '2024-01-01' } : {}),
}));

// Properties write to two real databases, which share the machine with everything else.
onBothEngines(({ storage }) => {
  let customers: Customers;
  beforeAll(async () => {
    customers = customersOn(storage());
    const outcomes = await customers.upsertMany(COMMAND, PEOPLE);
    await storage().transaction(async (tx) => {
      for (const { id } of outcomes.filter((_, i) => i % 11 === 0)) await customers.unsubscribe(tx, id, 'link');
      // What erasing somebody leaves.
      const erased = outcomes[119]?.id ?? '';
      await tx
        .updateTable('customer')
        .set({ erased_at: '2026-01-01', search: '', email: '' })
        .where('id', '=', erased)
        .execute();
    });
  });

  const PRESENT = PEOPLE.slice(0, 119);

  async function everything(filter: ListFilter, limit: number): Promise<string[]> {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { rows, next }: Awaited<ReturnType<Customers['list']>> = await customers.list(filter, after, limit);
      expect(rows.length).toBeLessThanOrEqual(limit);
      seen.push(...rows.map((row) => row.reference));
      after = next;
    } while (after !== null);
    return seen;
  }

  function fits(row: CustomerRow, filter: ListFilter): boolean {
    const status = row.leftOn ? 'left' : 'active';
    return (
      (filter.sort !== 'left' || status === 'left') &&
      (!filter.status || filter.status === status) &&
      (!filter.segment || filter.segment === row.segment) &&
      (!filter.language || filter.language === row.language) &&
      (!filter.country || filter.country === row.country) &&
      (!filter.tag || (row.tags ?? []).includes(filter.tag)) &&
      (row.yearlyValueMinor ?? 0) >= (filter.worthFromMinor ?? 0) &&
      (row.yearlyValueMinor ?? 0) <= (filter.worthToMinor ?? Infinity)
    );
  }

  describe('the list', () => {
    test('any filter, order and page length shows every customer that fits exactly once', async () => {
      const filter = fc.record({
        status: fc.constantFrom(undefined, 'active' as const, 'left' as const),
        segment: fc.constantFrom(undefined, 'trade', 'nowhere'),
        language: fc.constantFrom(undefined, 'de', 'nb'),
        country: fc.constantFrom(undefined, 'NO'),
        tag: fc.constantFrom(undefined, 'vip', 'north'),
        worthFromMinor: fc.constantFrom(undefined, 10_000, 20_001),
        worthToMinor: fc.constantFrom(undefined, 40_000),
        sort: fc.constantFrom('name' as const, 'worth' as const, 'left' as const),
      });
      await fc.assert(
        fc.asyncProperty(filter, fc.integer({ min: 1, max: 130 }), async (each, limit) => {
          const seen = await everything(each, limit);
          const wanted = PRESENT.filter((row) => fits(row, each)).map((row) => row.reference);
          expect(seen.toSorted()).toEqual(wanted.toSorted());
          expect(await customers.count(each, 1000)).toBe(wanted.length);
          // Of more than so many, each is looked at instead of being looked up.
          expect(await customers.count(each, 3)).toBe(Math.min(3, wanted.length));
        }),
        { numRuns: 25 },
      );
    });

    test('orders by name without accents, by worth and by the day of leaving', async () => {
      const { rows: byName } = await customers.list({ sort: 'name' }, null, 200);
      const names = byName.map(({ organisation, familyName }) => organisation || familyName).filter(Boolean);
      expect(names.indexOf('de Vries')).toBeLessThan(names.indexOf('Gasthof 4'));
      expect(names.indexOf('Hansen')).toBeLessThan(names.indexOf('Müller'));
      expect(names.lastIndexOf('Müller')).toBeLessThan(names.indexOf('Øverland'));
      const { rows: byWorth } = await customers.list({ sort: 'worth' }, null, 200);
      const worths = byWorth.map(({ worthMinor }) => worthMinor);
      expect(worths).toEqual(worths.toSorted((a, b) => b - a));
      const { rows: byLeft } = await customers.list({ sort: 'left' }, null, 200);
      const days = byLeft.map(({ leftOn }) => leftOn ?? '');
      expect(days).toEqual(days.toSorted().toReversed());
      expect(days).not.toContain('');
    });

    test.each([
      ['umlauts as typed', 'Müller', 24],
      ['without umlauts', 'muller', 24],
      ['umlauts spelled out', 'mueller', 24],
      ['parts of words, in any order', 'ann mül', 8],
      ['a plain o for an ø', 'overland', 24],
      ['an address', 'k17@example.com', 1],
      ['a reference', 'K118', 1],
      ['a telephone number with a zero for the country code', '0431 551017', 1],
      ['an underscore, which is no wildcard', 'k_7@', 0],
      ['nothing but signs as nothing', '% \\', 119],
      ['an erased customer', 'K119', 0],
      ['nothing found', 'zzz', 0],
    ])('searches %s', async (_name, q, found) => {
      expect(await customers.count({ q }, 1000)).toBe(found);
    });

    test('offers the values that there are, each once', async () => {
      expect(await customers.facets()).toEqual({
        segments: ['household', 'trade'],
        countries: ['DE', 'NL', 'NO'],
        languages: ['de', 'en', 'nb', 'nl'],
        tags: ['north', 'vip'],
      });
    });

    test('counts no further than asked', async () => {
      expect(await customers.count({}, 50)).toBe(50);
    });

    test('counts those with a tag, without those who were erased', async () => {
      const tagged = PRESENT.filter((row) => row.tags?.includes('vip')).length;
      for (const atMost of [3, tagged, tagged + 1, 1000])
        expect(await customers.count({ tag: 'vip' }, atMost)).toBe(Math.min(tagged, atMost));
      expect(await customers.count({ tag: 'nobody' }, 1000)).toBe(0);
    });

    test('a cursor of a customer who is gone ends the list instead of beginning anew', async () => {
      const page = await customers.list({}, '01970000-0000-7000-8000-00000000dead', 10);
      expect(page).toEqual({ rows: [], next: null });
    });
  });

  describe('an audience', () => {
    test('any filter: slices of any length hold each customer once', async () => {
      const filter = fc.record(
        {
          status: fc.constantFrom('active' as const, 'left' as const),
          leftFrom: fc.constantFrom('2026-03-01'),
          leftTo: fc.constantFrom('2026-06-30'),
          leftWithinMonths: fc.integer({ min: 1, max: 12 }),
          languages: fc.constantFrom<string[]>(['de'], ['nb', 'nl']),
          countries: fc.constantFrom(['DE', 'NO']),
          segments: fc.constantFrom(['trade']),
          tags: fc.constantFrom(['vip'], ['vip', 'north']),
          worthFromMinor: fc.constantFrom(10_000),
          worthToMinor: fc.constantFrom(40_000),
          references: fc.constantFrom(['K1', 'K4', 'K8', 'nobody']),
        },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(filter, fc.integer({ min: 1, max: 60 }), async (each, limit) => {
          const audience = each as AudienceFilter;
          const members = [];
          for (let after: string | null = null; ;) {
            const slice: Awaited<ReturnType<Customers['audienceSlice']>> = await customers.audienceSlice(
              storage().read,
              audience,
              after,
              limit,
            );
            if (slice.length === 0) break;
            members.push(...slice);
            after = slice.at(-1)?.id ?? null;
          }
          expect(members.map(({ id }) => id)).toEqual([...new Set(members.map(({ id }) => id))].sort());
        }),
        { numRuns: 25 },
      );
    });

    test('knows who belongs to it', async () => {
      const total = async (filter: AudienceFilter) =>
        (await customers.audienceSlice(storage().read, filter, null, 500)).length;
      const left = PRESENT.filter((row) => row.leftOn);
      expect(await total({})).toBe(119);
      expect(await total({ status: 'left' })).toBe(left.length);
      expect(await customers.leavers()).toBe(left.length);
      expect(await total({ leftWithinMonths: 5 })).toBe(
        left.filter((row) => (row.leftOn ?? '') >= '2026-06-10').length,
      );
      expect(await total({ leftFrom: '2026-05-15', leftTo: '2026-05-15' })).toBe(
        left.filter((row) => row.leftOn === '2026-05-15').length,
      );
      expect(await total({ tags: ['north'] })).toBe(PRESENT.filter((row) => row.tags?.includes('north')).length);
      expect(await total({ references: ['K119'] })).toBe(0);
    });

    test('gives what a mail needs, for known ids alone', async () => {
      const found = (await customers.findByReference('K1'))?.id ?? '';
      const mail = await customers.forMail(storage().read, [found, '01970000-0000-7000-8000-00000000dead']);
      expect([...mail.keys()]).toEqual([found]);
      expect(mail.get(found)).toMatchObject({
        givenName: 'Jan',
        familyName: 'de Vries',
        language: 'nb',
        unsubscribedAt: null,
      });
    });
  });

  test('unsubscribing counts once, and tells who listens', async () => {
    const told: string[][] = [];
    customers.onUnsubscribed(async (_tx, ids) => void told.push(ids));
    const id = (await customers.findByReference('K1'))?.id ?? '';
    const stop = () => storage().transaction((tx) => customers.unsubscribe(tx, id, 'link'));
    expect([await stop(), await stop()]).toEqual([true, false]);
    expect(told).toEqual([[id]]);
    expect(await customers.get(id)).toMatchObject({
      unsubscribedHow: 'link',
      unsubscribedAt: testClock().now().toISOString(),
    });
  });

  describe('changing one customer', () => {
    test('of two who edit the same state one wins and the other is told', async () => {
      const created = await customers.create(SYSTEM, { familyName: 'Lund', reference: 'E-1' });
      const { id, revision } = created.ok ? created.value : { id: '', revision: 0 };
      const [won, lost] = await Promise.allSettled([
        customers.update(SYSTEM, id, revision, { city: 'Bergen' }),
        customers.update(SYSTEM, id, revision, { city: 'Oslo' }),
      ]);
      expect([won.status, lost.status].toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await customers.get(id)).revision).toBe(2);
      await expect(customers.update(SYSTEM, id, 1, { city: 'Oslo' })).rejects.toMatchObject({ key: 'error.changed' });
    });

    test('a taken reference is a field error; without one a reference is made up', async () => {
      const one = await customers.create(SYSTEM, { reference: 'E-2' });
      expect(await customers.create(SYSTEM, { reference: 'E-2' })).toMatchObject({
        ok: false,
        errors: { reference: {} },
      });
      const two = await customers.create(SYSTEM, {});
      expect(two.ok && two.value.reference).toMatch(/^C-[0-9A-F]{8}$/);
      const id = one.ok ? one.value.id : '';
      expect(await customers.update(SYSTEM, id, 1, { reference: 'E-1' })).toMatchObject({ ok: false });
    });

    test('possible duplicates share the address, the telephone, or name and place', async () => {
      await customers.create(SYSTEM, {
        reference: 'D-1',
        givenName: 'Émile',
        familyName: 'Straßer',
        city: 'Köln',
        postalCode: '50667',
        email: 'emile@example.com',
        telephone: '+49 221 9876543',
      });
      const why = async (fields: Parameters<typeof customers.duplicatesOf>[0]) =>
        (await customers.duplicatesOf(fields))
          .filter(({ reference }) => reference === 'D-1')
          .flatMap((each) => each.why);
      expect(await why({ email: 'EMILE@example.com' })).toEqual(['email']);
      expect(await why({ telephone: '0221/98 76 543' })).toEqual(['telephone']);
      expect(await why({ givenName: 'Emile', familyName: 'Strasser', city: 'koln' })).toEqual(['name']);
      expect(await why({ givenName: 'Emile', familyName: 'Strasser', postalCode: '50667' })).toEqual(['name']);
      expect(await why({ givenName: 'Emile', familyName: 'Strasser', postalCode: '10115' })).toEqual([]);
      expect(await why({ givenName: 'Emile', familyName: 'Strasser' })).toEqual([]);
      expect(await why({ telephone: '123' })).toEqual([]);
      expect(await why({})).toEqual([]);
    });
  });
});
