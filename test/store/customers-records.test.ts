import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PurchaseRow } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { addMonths } from '../../src/shared/dates.ts';
import { customersOn } from '../support/customers.ts';
import { onBothEngines } from '../support/engines.ts';

const bought = (customerReference: string, purchasedOn: string, amountMinor: number, reference = ''): PurchaseRow => ({
  customerReference,
  purchasedOn,
  amountMinor,
  item: '',
  reference,
});

// Properties write to two real databases, which share the machine with everything else.
onBothEngines(({ storage }) => {
  let made = 0;
  async function customerWith(purchases: [day: string, amountMinor: number][], yearlyValueMinor: number | null = null) {
    const customers = customersOn(storage());
    const reference = `W-${++made}`;
    await customers.upsertMany(COMMAND, [{ reference, yearlyValueMinor }]);
    await customers.addPurchases(
      COMMAND,
      purchases.map(([on, amount]) => bought(reference, on, amount)),
    );
    return await customers.findByReference(reference);
  }

  describe('what a customer is worth', () => {
    test.each<[name: string, purchases: [string, number][], typed: number | null, worth: number]>([
      ['no purchases and no typed value', [], null, 0],
      ['the typed value without purchases', [], 30_000, 30_000],
      ['purchases before the typed value', [['2026-01-01', 500]], 30_000, 500],
      [
        'the day a year before the last purchase is outside',
        [
          ['2025-06-15', 100],
          ['2026-06-15', 7],
        ],
        null,
        7,
      ],
      [
        'the day after it is inside',
        [
          ['2025-06-16', 100],
          ['2026-06-15', 7],
        ],
        null,
        107,
      ],
      [
        'several on the last day',
        [
          ['2026-06-15', 5],
          ['2026-06-15', 7],
        ],
        null,
        12,
      ],
      [
        '29 February: 28 February of the year before is outside',
        [
          ['2023-02-28', 100],
          ['2024-02-29', 7],
        ],
        null,
        7,
      ],
      [
        '29 February: 1 March of the year before is inside',
        [
          ['2023-03-01', 100],
          ['2024-02-29', 7],
        ],
        null,
        107,
      ],
      [
        '28 February after a leap day',
        [
          ['2024-02-29', 100],
          ['2025-02-28', 7],
        ],
        null,
        107,
      ],
      [
        'credits count as such',
        [
          ['2026-01-01', 1000],
          ['2026-02-01', -1500],
        ],
        null,
        -500,
      ],
      [
        'a credit may be the last',
        [
          ['2025-01-01', 1000],
          ['2026-02-01', -20],
        ],
        null,
        -20,
      ],
      [
        'worth nothing any more is not the typed value',
        [
          ['2026-01-01', 20],
          ['2026-01-02', -20],
        ],
        30_000,
        0,
      ],
    ])('%s', async (_name, purchases, typed, worth) => {
      expect((await customerWith(purchases, typed))?.worthMinor).toBe(worth);
    });

    test('equals the sum over the window for any purchases', async () => {
      const day = fc.date({ min: new Date('2022-01-01'), max: new Date('2026-06-01'), noInvalidDate: true });
      const purchase = fc.tuple(
        day.map((date) => date.toISOString().slice(0, 10)),
        fc.integer({ min: -5000, max: 50_000 }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(purchase, { minLength: 1, maxLength: 20 }), async (purchases) => {
          const customer = await customerWith(purchases);
          const days = purchases.map(([on]) => on).sort();
          const last = days.at(-1) ?? '';
          const inside = purchases.filter(([on]) => on > addMonths(last, -12));
          expect(customer).toMatchObject({
            worthMinor: inside.reduce((sum, [, amount]) => sum + amount, 0),
            firstPurchaseOn: days[0],
            lastPurchaseOn: last,
          });
        }),
        { numRuns: 25 },
      );
    });

    test('a new typed value counts only while there are no purchases', async () => {
      const customers = customersOn(storage());
      const worthAfter = async (yearlyValueMinor: number | null) => {
        await customers.upsertMany(COMMAND, [{ reference: 'W-typed', yearlyValueMinor }]);
        return (await customers.findByReference('W-typed'))?.worthMinor;
      };
      expect(await worthAfter(100)).toBe(100);
      expect(await worthAfter(250)).toBe(250);
      expect(await worthAfter(null)).toBe(0);
      await customers.addPurchases(COMMAND, [bought('W-typed', '2026-01-01', 7)]);
      expect(await worthAfter(999)).toBe(7);
    });
  });

  describe('purchases, invoices and dealings', () => {
    test('the same reference of the same customer is the same purchase', async () => {
      const customers = customersOn(storage());
      await customers.upsertMany(COMMAND, [{ reference: 'R-1' }, { reference: 'R-2' }]);
      const rows = [
        bought('R-1', '2026-01-01', 100, 'o1'),
        bought('R-2', '2026-01-01', 200, 'o1'),
        bought('R-9', '2026-01-01', 1),
      ];
      const outcomes = async (each: PurchaseRow[]) =>
        (await customers.addPurchases(COMMAND, each)).map(({ outcome }) => outcome);
      expect(await outcomes(rows)).toEqual(['added', 'added', 'unknownCustomer']);
      expect(await outcomes(rows)).toEqual(['same', 'same', 'unknownCustomer']);
      const [changed] = await customers.addPurchases(COMMAND, [bought('R-1', '2026-01-02', 150, 'o1')]);
      expect(changed).toMatchObject({ outcome: 'updated', before: { purchasedOn: '2026-01-01', amountMinor: 100 } });
      expect((await customers.findByReference('R-1'))?.worthMinor).toBe(150);
    });

    test('without a reference each row is a purchase of its own', async () => {
      const customer = await customerWith([
        ['2026-01-01', 300],
        ['2026-01-01', 300],
      ]);
      expect(customer?.worthMinor).toBe(600);
    });

    test('any rows applied twice change nothing, and customers hear of purchases once', async () => {
      const customers = customersOn(storage());
      await customers.upsertMany(COMMAND, [{ reference: 'R-3' }, { reference: 'R-4' }]);
      const purchase = fc.record({
        customerReference: fc.constantFrom('R-3', 'R-4'),
        purchasedOn: fc.constantFrom('2025-12-31', '2026-02-28'),
        amountMinor: fc.integer({ min: -100, max: 1000 }),
        item: fc.constantFrom('', 'beans'),
        reference: fc.constantFrom('a', 'b', 'c', 'd'),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(purchase, { minLength: 1, maxLength: 8 }), async (rows) => {
          const lasting = [
            ...new Map(rows.map((each) => [`${each.customerReference} ${each.reference}`, each])).values(),
          ];
          await customers.addPurchases(COMMAND, lasting);
          const stored = () => storage().read.selectFrom('purchase').selectAll().orderBy('id').execute();
          const before = await stored();
          const again = await customers.addPurchases(COMMAND, lasting);
          expect(again.map(({ outcome }) => outcome)).toEqual(lasting.map(() => 'same'));
          expect(await stored()).toEqual(before);
        }),
        { numRuns: 15 },
      );
    });

    test('invoices go by number, dealings by kind and reference', async () => {
      const customers = customersOn(storage());
      await customers.upsertMany(COMMAND, [{ reference: 'R-5' }]);
      const invoice = {
        customerReference: 'R-5',
        number: '17',
        issuedOn: '2026-01-01',
        amountMinor: 100,
        dueOn: '2026-02-01',
        paidOn: null,
      };
      const invoices = await customers.addInvoices(COMMAND, [invoice, { ...invoice, paidOn: '2026-01-20' }]);
      expect(invoices.map(({ outcome }) => outcome)).toEqual(['added', 'updated']);
      const dealing = {
        customerReference: 'R-5',
        kind: 'visit' as const,
        fromOn: '2026-01-01',
        toOn: null,
        reference: '9',
        note: '',
      };
      const dealings = await customers.addDealings(COMMAND, [dealing, { ...dealing, kind: 'order' }, dealing]);
      expect(dealings.map(({ outcome }) => outcome)).toEqual(['added', 'added', 'same']);
    });

    test('what an import brought goes again, unless somebody changed it', async () => {
      const customers = customersOn(storage());
      await customers.upsertMany(COMMAND, [{ reference: 'R-6' }]);
      await customers.addPurchases(COMMAND, [bought('R-6', '2026-01-01', 100, 'old')]);
      const rows = [
        bought('R-6', '2026-02-01', 5, 'old'),
        bought('R-6', '2026-03-01', 7, 'new'),
        bought('R-6', '2026-04-01', 9, 'x'),
      ];
      const outcomes = await customers.addPurchases(COMMAND, rows, { importId: 'i' });
      await customers.addPurchases(COMMAND, [bought('R-6', '2026-04-01', 11, 'x')]);
      const entries = outcomes.map(({ id, before }, i) => {
        const { customerReference: _, ...after } = rows[i] as PurchaseRow;
        return { id: id ?? '', before, after };
      });
      expect(await customers.revertRecords(COMMAND, 'purchases', entries)).toEqual(['undone', 'undone', 'kept']);
      const id = (await customers.findByReference('R-6'))?.id ?? '';
      const left = await customers.records('purchases', id, null, 10);
      expect(left.rows.map(({ reference, amountMinor }) => [reference, amountMinor])).toEqual([
        ['x', 11],
        ['old', 100],
      ]);
      expect((await customers.get(id)).worthMinor).toBe(111);
    });

    test('the timeline shows every event and record once, newest first, whatever the length of its pages', async () => {
      const customers = customersOn(storage());
      const [added] = await customers.upsertMany(COMMAND, [{ reference: 'R-7' }]);
      const id = added?.id ?? '';
      const days = Array.from({ length: 9 }, (_, i) => `2026-0${i + 1}-01`);
      await customers.addPurchases(
        COMMAND,
        days.map((on) => bought('R-7', on, 100)),
      );
      await customers.addDealings(
        COMMAND,
        days.map((fromOn) => ({
          customerReference: 'R-7',
          kind: 'visit',
          fromOn,
          toOn: null,
          reference: '',
          note: '',
        })),
      );
      await storage().transaction((tx) =>
        customers.recordEvents(
          tx,
          days.map((on) => ({ customerId: id, kind: 'customers.test', at: `${on}T10:00:00.000Z` })),
        ),
      );
      for (const limit of [1, 4, 28, 50]) {
        const seen = [];
        let after: string | null = null;
        do {
          const { rows, next }: Awaited<ReturnType<typeof customers.timeline>> = await customers.timeline(
            id,
            after,
            limit,
          );
          seen.push(...rows);
          after = next;
        } while (after !== null);
        expect(new Set(seen.map((item) => item.id)).size).toBe(28);
        expect(seen).toHaveLength(28);
        expect(seen.map(({ at }) => at)).toEqual(
          seen
            .map(({ at }) => at)
            .toSorted()
            .toReversed(),
        );
      }
    });
  });
});
