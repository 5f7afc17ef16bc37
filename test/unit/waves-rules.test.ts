import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accountsOf, decide, languageFor } from '../../src/invitations/rules.ts';
import { DELIVERIES, PROGRESSES } from '../../src/invitations/index.ts';

const customer = {
  id: 'c',
  language: 'de',
  country: 'DE',
  email: 'a@example.com',
  legalBasis: 'consent' as const,
  unsubscribedAt: null,
  worthMinor: 0,
};
const now = '2026-11-10T08:00:00.000Z';
const fine = { offered: ['en', 'de'], defaultLanguage: 'en', overBudgetUntil: undefined };

describe('Who is written to', () => {
  test('somebody with an address, a legal basis and nothing against it, in their language', () => {
    expect(decide(customer, fine)).toEqual({ write: true, language: 'de' });
  });

  test('one reason counts, the weightiest', () => {
    const nothing = { ...customer, email: '', legalBasis: '' as const };
    expect(decide({ ...nothing, unsubscribedAt: now }, fine)).toMatchObject({ reason: 'unsubscribed' });
    expect(decide(nothing, fine)).toMatchObject({ reason: 'no_address' });
    expect(decide({ ...customer, email: 'a@example.com, b@example.com' }, fine)).toMatchObject({
      reason: 'no_address',
    });
    expect(decide({ ...customer, legalBasis: '' }, fine)).toMatchObject({ reason: 'no_legal_basis' });
    expect(decide(customer, { ...fine, offered: [] })).toMatchObject({ reason: 'language', until: null });
  });

  test('somebody over the contact budget is skipped until it is free again', () => {
    const overBudgetUntil = '2026-11-10T08:01:00.000Z';
    expect(decide(customer, { ...fine, overBudgetUntil })).toEqual({
      write: false,
      reason: 'recently_invited',
      until: overBudgetUntil,
    });
  });

  test('a language that is not offered gives way to the business’s, and that to any that is', () => {
    expect(languageFor('nl', { offered: ['de', 'en'], defaultLanguage: 'en' })).toBe('en');
    expect(languageFor('nl', { offered: ['de'], defaultLanguage: 'en' })).toBe('de');
    expect(languageFor('', { offered: ['en'], defaultLanguage: 'en' })).toBe('en');
    expect(languageFor('en', { offered: [], defaultLanguage: 'en' })).toBeUndefined();
  });
});

describe('Every recipient accounted for', () => {
  const counts = fc.record({
    delivery: fc.uniqueArray(
      fc.record({
        delivery: fc.constantFrom(...DELIVERIES),
        count: fc.integer({ min: 1, max: 10_000 }),
        bounced: fc.constant(0),
        reached: fc.constant(0),
      }),
      { selector: ({ delivery }) => delivery },
    ),
    progress: fc.uniqueArray(
      fc.record({ progress: fc.constantFrom(...PROGRESSES), count: fc.integer({ min: 1, max: 10_000 }) }),
      { selector: ({ progress }) => progress },
    ),
  });

  test('sent, unknown, failed, cancelled, skipped, withheld and waiting add up to the recipients', () => {
    fc.assert(
      fc.property(counts, (each) => {
        const all = accountsOf(each);
        const { sent, unknown, failed, cancelled, skipped, withheld, queued, sending } = all;
        expect(sent + unknown + failed + cancelled + skipped + withheld + queued + sending).toBe(all.recipients);
        for (const { share, low, high } of [all.responseRate, all.completionRate, all.optOutRate]) {
          expect(low).toBeLessThanOrEqual(share + 1e-9);
          expect(high).toBeGreaterThanOrEqual(share - 1e-9);
        }
      }),
    );
  });

  test('bounced ones are sent but not delivered', () => {
    const all = accountsOf({
      delivery: [{ delivery: 'sent', count: 846, bounced: 11, reached: 0 }],
      progress: [{ progress: 'completed', count: 132 }],
    });
    expect(all).toMatchObject({ sent: 846, bounced: 11, delivered: 835, completed: 132, started: 132 });
    expect(
      [all.responseRate.share, all.responseRate.low, all.responseRate.high].map((each) => (each * 100).toFixed(1)),
    ).toEqual(['15.8', '13.5', '18.4']);
  });

  test('whoever was reached by another way after that is delivered to after all', () => {
    const all = accountsOf({
      delivery: [{ delivery: 'sent', count: 846, bounced: 11, reached: 4 }],
      progress: [{ progress: 'completed', count: 132 }],
    });
    expect(all).toMatchObject({ sent: 846, bounced: 11, reached: 4, delivered: 839 });
    expect(all.responseRate.share).toBeCloseTo(132 / 839, 10);
  });
});
