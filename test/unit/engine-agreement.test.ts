import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agreementByCode, interpret, krippendorffAlpha } from '../../src/coding/engine/agreement.ts';
import { kappaOf } from '../../src/coding/engine/figures.ts';

/** One line a coder, one column an answer, a point where nothing was said. */
function units(...coders: string[]): (string | undefined)[][] {
  const lines = coders.map((line) => line.split(' '));
  return lines[0]!.map((_, i) => lines.map((line) => (line[i] === '.' ? undefined : line[i])));
}

describe("Krippendorff's alpha, the paper's examples", () => {
  test('two coders, yes or no: 0.095', () => {
    const found = krippendorffAlpha(units('0 1 0 0 0 0 0 0 1 0', '1 1 1 0 0 1 0 0 0 0'));
    expect(found.alpha).toBeCloseTo(0.095, 3);
  });

  test('two coders, five codes: 0.692', () => {
    const found = krippendorffAlpha(units('a a b b d c c c e d d a', 'b a b b b c c c e d d d'));
    expect(found.alpha).toBeCloseTo(0.692, 3);
  });

  test('four coders, gaps: 0.743; an answer that one alone coded says nothing', () => {
    const found = krippendorffAlpha(
      units('1 2 3 3 2 1 4 1 2 . . .', '1 2 3 3 2 2 4 1 2 5 . 3', '. 3 3 3 2 3 4 2 2 5 1 .', '1 2 3 3 2 4 4 1 2 5 1 .'),
    );
    expect(found.alpha).toBeCloseTo(0.743, 3);
    expect(found).toMatchObject({ units: 11, values: 40 });
  });
});

describe('alpha', () => {
  const unit = fc.array(fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }), { maxLength: 5 });

  test('does not ask who said what, and is never above 1', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 30 }), (given) => {
        const { alpha } = krippendorffAlpha(given);
        if (alpha === undefined) return;
        expect(alpha).toBeLessThanOrEqual(1);
        expect(krippendorffAlpha(given.map((each) => [...each].reverse())).alpha).toBeCloseTo(alpha, 12);
      }),
    );
  });

  test('is 1 where all agree, and unknown where nothing varies or nobody coded twice', () => {
    expect(krippendorffAlpha(units('a b b', 'a b b')).alpha).toBe(1);
    expect(krippendorffAlpha(units('a a a', 'a a a')).alpha).toBeUndefined();
    expect(krippendorffAlpha(units('a b . .', '. . a b'))).toEqual({ alpha: undefined, units: 0, values: 0 });
    expect(krippendorffAlpha([])).toEqual({ alpha: undefined, units: 0, values: 0 });
  });

  test('for each code: given or not, no code being a coding too', () => {
    const answers = [
      [['price'], ['price', 'service']],
      [['service'], ['service']],
      [[], []],
      [['price'], undefined],
      [['price'], ['price']],
    ];
    const [price, service] = agreementByCode(answers, ['price', 'service']);
    expect(price).toEqual({ code: 'price', alpha: 1, agreement: 'good', units: 4, values: 8 });
    // One of four answers differs; 3 of 8 codings carry the code: 1 - 2 / (2 x 3 x 5 / 7).
    expect(service!.alpha).toBeCloseTo(1 - 2 / (30 / 7), 12);
    expect(service!.agreement).toBe('poor');
  });

  test('thresholds', () => {
    expect([0.8, 0.799, 0.67, 0.669, -0.2].map(interpret)).toEqual(['good', 'tentative', 'tentative', 'poor', 'poor']);
  });
});

describe("Cohen's kappa", () => {
  test('by hand: 20 and 15 of 50 agreed, 0.4', () => {
    const pairs = [
      ...Array(20).fill('yy'),
      ...Array(5).fill('yn'),
      ...Array(10).fill('ny'),
      ...Array(15).fill('nn'),
    ] as string[];
    const said = (person: number) => Int32Array.from(pairs, (each) => (each[person] === 'y' ? 1 : 0));
    expect(kappaOf(said(0), said(1))).toBeCloseTo(0.4, 12);
  });
});
