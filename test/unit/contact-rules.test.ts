import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allowanceOf, countsSince, freeAfter, freeFrom } from '../../src/invitations/contact-rules.ts';

const moments = fc
  .integer({ min: 0, max: 1_000_000 })
  .map((minutes) => new Date(1.7e12 + minutes * 60_000).toISOString());
const days = fc.integer({ min: 1, max: 365 });

describe('The contact budget', () => {
  test('what counts is what would keep somebody from being contacted', () => {
    fc.assert(
      fc.property(moments, moments, days, (at, now, budget) => {
        expect(at > countsSince(now, budget)).toBe(freeAfter(at, budget) > now);
      }),
    );
  });

  test('the last contact decides, in whatever order they are told; the sequence that goes on is left out', () => {
    const contacts = fc.array(fc.record({ sequenceId: fc.constantFrom('a', 'b', 'c'), at: moments }), { maxLength: 6 });
    fc.assert(
      fc.property(contacts, days, fc.constantFrom('a', undefined), (counted, budget, going) => {
        const others = counted.filter(({ sequenceId }) => sequenceId !== going).map(({ at }) => freeAfter(at, budget));
        expect(freeFrom(counted, budget, going)).toBe(others.toSorted().at(-1));
        expect(freeFrom(counted.toReversed(), budget, going)).toBe(freeFrom(counted, budget, going));
      }),
    );
  });

  test('surveys and win-backs share one allowance, each greeting has its own, service has none', () => {
    expect(allowanceOf('survey')).toBe(allowanceOf('winback'));
    expect(allowanceOf('greeting.card')).not.toBe(allowanceOf('greeting.anniversary'));
    expect(allowanceOf('service')).toBeNull();
  });
});
