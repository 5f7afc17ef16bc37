import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CustomerRow, CustomerFields } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { customersOn } from '../support/customers.ts';
import { onBothEngines } from '../support/engines.ts';
import { seenText } from '../support/any-text.ts';

const text = seenText({ maxLength: 12 }).map((each) => each.replaceAll('\0', '').toWellFormed());
const day = fc.constantFrom('2020-02-29', '2024-12-31', '2025-01-01');
const optional = <T>(each: fc.Arbitrary<T>) => fc.option(each, { nil: undefined });

const basis = fc.constantFrom<Partial<CustomerRow>>(
  {},
  { legalBasis: '' },
  { legalBasis: 'consent', legalBasisSource: 'form', legalBasisOn: '2024-01-01' },
);
const row = fc
  .tuple(
    fc.record({
      reference: fc.constantFrom('P1', 'P2', 'P3', 'P4', 'P5'),
      givenName: optional(text),
      familyName: optional(text),
      email: optional(fc.constantFrom('', 'anna@example.com', 'Kari@Example.com')),
      tags: optional(fc.uniqueArray(fc.constantFrom('vip', 'North', 'trade'), { maxLength: 3 })),
      status: optional(fc.constantFrom('active' as const, 'left' as const)),
      leftOn: optional(fc.option(day)),
      yearlyValueMinor: optional(fc.option(fc.integer({ min: 0, max: 1_000_000 }))),
      customerSince: optional(fc.option(day)),
      notes: optional(text),
    }),
    basis,
  )
  .map(([fields, legal]) => ({ ...fields, ...legal }) as CustomerRow);

// Properties write to two real databases, which share the machine with everything else.
onBothEngines(({ storage }) => {
  const all = async () => await storage().read.selectFrom('customer').selectAll().orderBy('id').execute();
  const events = async () => (await storage().read.selectFrom('timeline_event').select('id').execute()).length;

  describe('bringing customers in', () => {
    test('the same rows a second time change nothing, and fire no hook', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
          const customers = customersOn(storage());
          // The last row of each reference decides; the ones before it would be undone and done again.
          const lasting = [...new Map(rows.map((each) => [each.reference, each])).values()];
          await customers.upsertMany(COMMAND, lasting);
          const before = { rows: await all(), events: await events() };
          let fired = 0;
          customers.onChanged(async () => void fired++);
          const outcomes = await customers.upsertMany(COMMAND, lasting);
          expect(outcomes.map(({ outcome }) => outcome)).toEqual(lasting.map(() => 'same'));
          expect({ rows: await all(), events: await events() }).toEqual(before);
          expect(fired).toBe(0);
        }),
        { numRuns: 20 },
      );
    });

    test('absent fields stay, empty ones are emptied, and the outcome says how the customer was', async () => {
      const customers = customersOn(storage());
      const [first] = await customers.upsertMany(COMMAND, [
        { reference: 'A-1', familyName: 'Brandes', city: 'Kiel', tags: ['vip'], email: 'anna@example.com' },
      ]);
      expect(first).toMatchObject({ outcome: 'added', before: null, revisionAfter: 1 });
      const [second] = await customers.upsertMany(COMMAND, [{ reference: 'A-1', city: '', givenName: 'Anna' }]);
      expect(second).toMatchObject({ outcome: 'updated', id: first?.id, revisionAfter: 2 });
      expect(second?.before).toMatchObject({ city: 'Kiel', givenName: '', familyName: 'Brandes', tags: ['vip'] });
      expect(await customers.findByReference('A-1')).toMatchObject({
        familyName: 'Brandes',
        givenName: 'Anna',
        city: '',
        tags: ['vip'],
        email: 'anna@example.com',
        language: 'de',
        revision: 2,
      });
    });

    test('a reference that stands twice is applied twice, in order', async () => {
      const customers = customersOn(storage());
      const outcomes = await customers.upsertMany(COMMAND, [
        { reference: 'A-2', city: 'Kiel' },
        { reference: 'A-2', city: 'Bergen' },
        { reference: 'A-2', city: 'Bergen' },
      ]);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['added', 'updated', 'same']);
      expect(await customers.findByReference('A-2')).toMatchObject({ city: 'Bergen' });
    });

    test('leaving and coming back keep status and day together', async () => {
      const customers = customersOn(storage());
      const statusAfter = async (change: Partial<CustomerRow>) => {
        await customers.upsertMany(COMMAND, [{ reference: 'A-3', ...change }]);
        const { status, leftOn } = (await customers.findByReference('A-3')) as CustomerFields;
        return [status, leftOn];
      };
      expect(await statusAfter({})).toEqual(['active', null]);
      expect(await statusAfter({ leftOn: '2026-03-01' })).toEqual(['left', '2026-03-01']);
      expect(await statusAfter({ status: 'left' })).toEqual(['left', '2026-03-01']);
      expect(await statusAfter({ city: 'Oslo' })).toEqual(['left', '2026-03-01']);
      expect(await statusAfter({ status: 'active' })).toEqual(['active', null]);
      expect(await statusAfter({ status: 'left' })).toEqual(['left', '2026-11-10']);
      expect(await statusAfter({ leftOn: null })).toEqual(['active', null]);
    });

    test('hooks run in the same transaction: one that fails takes the rows of its part back', async () => {
      const customers = customersOn(storage());
      customers.onChanged(async () => {
        throw new Error('no');
      });
      await expect(customers.upsertMany(COMMAND, [{ reference: 'A-4' }])).rejects.toThrow('no');
      expect(await customers.findByReference('A-4')).toBeUndefined();
    });

    test('two callers with the same rows at once add each customer once', async () => {
      const customers = customersOn(storage());
      const rows = Array.from({ length: 150 }, (_, i) => ({ reference: `B-${i}`, city: 'Kiel' }));
      const both = await Promise.all([customers.upsertMany(COMMAND, rows), customers.upsertMany(COMMAND, rows)]);
      const outcomes = both.flat().map(({ outcome }) => outcome);
      expect(outcomes.filter((each) => each === 'added')).toHaveLength(150);
      expect(outcomes.filter((each) => each === 'same')).toHaveLength(150);
    });

    test('a contact person is found by address; an unknown address changes nothing', async () => {
      const colleague = {
        id: '01970000-0000-7000-8000-000000000001',
        name: 'Ingrid Solheim',
        email: 'ingrid@example.com',
      };
      await storage().transaction(async (tx) => {
        const now = '2026-01-01T00:00:00.000Z';
        const { id, name, email } = colleague;
        await tx
          .insertInto('account')
          .values({
            id,
            name,
            email,
            email_key: email,
            title: '',
            role: 'staff',
            language: 'en',
            password_hash: null,
            created_at: now,
            deactivated_at: null,
          })
          .execute();
      });
      const customers = customersOn(storage(), { colleagues: async () => [{ ...colleague, active: true }] });
      const contactAfter = async (contactEmail: string) => {
        await customers.upsertMany(COMMAND, [{ reference: 'A-5', contactEmail }]);
        return (await customers.findByReference('A-5'))?.contactAccountId;
      };
      expect(await contactAfter('Ingrid@example.com')).toBe(colleague.id);
      expect(await contactAfter('nobody@example.com')).toBe(colleague.id);
      expect(await contactAfter('')).toBeNull();
    });
  });

  describe('taking an import back', () => {
    test('restores what nobody has changed since, removes what it added, and keeps the rest', async () => {
      const customers = customersOn(storage());
      await customers.upsertMany(COMMAND, [
        { reference: 'U-1', city: 'Kiel', tags: ['a'] },
        { reference: 'U-2', city: 'Kiel' },
      ]);
      const rows = ['U-1', 'U-2', 'U-3', 'U-4', 'U-5'].map((reference) => ({ reference, city: 'Bergen', tags: ['b'] }));
      const outcomes = await customers.upsertMany(COMMAND, rows, { importId: 'i' });
      await customers.upsertMany(COMMAND, [{ reference: 'U-2', notes: 'called' }]);
      await customers.addPurchases(COMMAND, [
        { customerReference: 'U-4', purchasedOn: '2026-01-01', amountMinor: 100, item: '', reference: '' },
      ]);
      const invited = outcomes[4]?.id ?? '';
      customers.onRemoving(async (_tx, ids) => ids.filter((id) => id === invited));
      expect(await customers.revertMany(COMMAND, outcomes)).toEqual(['undone', 'kept', 'undone', 'kept', 'kept']);
      expect(await customers.findByReference('U-1')).toMatchObject({ city: 'Kiel', tags: ['a'] });
      expect(await customers.findByReference('U-2')).toMatchObject({ city: 'Bergen', notes: 'called' });
      expect(await customers.findByReference('U-3')).toBeUndefined();
      expect(await customers.findByReference('U-4')).toBeDefined();
      expect(await customers.findByReference('U-5')).toBeDefined();
      expect(await customers.revertMany(COMMAND, outcomes.slice(0, 3))).toEqual(['kept', 'kept', 'kept']);
    });
  });
});
