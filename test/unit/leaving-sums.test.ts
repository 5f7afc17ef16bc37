import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Code } from '../../src/reports/estimate.ts';
import { KNOWLEDGE, type Knowledge, type Period } from '../../src/reports/rules.ts';
import { figuresOf, NOTHING_DRAWN } from '../../src/reports/sums/figures.ts';
import { COLUMNS, keyOf, sumsOfGroups, written as writtenGroups } from '../../src/reports/sums/groups.ts';
import { daysOf, planOf } from '../../src/reports/sums/spans.ts';
import {
  addLeaver,
  addSums,
  chancesOf,
  noSums,
  stratumOf,
  withoutSums,
  type LeaverFacts,
  type Sums,
} from '../../src/reports/sums/sums.ts';
import { readBack, written } from '../../src/reports/sums/written.ts';
import { weightedShares } from '../../src/reports/weights/rules.ts';
import { addDays, addMonths } from '../../src/shared/dates.ts';

const IDS = ['id-price', 'id-quality', 'id-other'];
const codes: Code[] = IDS.map((id, position) => ({
  id,
  key: id.slice(3),
  parentId: null,
  kind: 'reason' as const,
  position,
  retired: false,
  mergedIntoId: null,
}));

const leavers = fc.array(
  fc
    .record({
      knowledge: fc.constantFrom(...KNOWLEDGE),
      code: fc.constantFrom(...IDS),
      stated: fc.constantFrom(null, ...IDS),
      lostMinor: fc.integer({ min: -1_000, max: 1_000_000 }),
      reading: fc.constantFrom(0, 1),
      silent: fc.boolean(),
      stratum: fc.constantFrom('under_1 under_200', 'over_5 over_1000', '1_to_5 under_200'),
    })
    .map(({ knowledge, code, stated, ...rest }): LeaverFacts => ({
      ...rest,
      knowledge,
      mainCodeId: knowledge === 'known' ? code : null,
      mainSource: knowledge === 'known' ? 'colleague' : null,
      statedCodeId: stated,
      chances: rest.reading > 0 ? [{ codeId: code, chance: 0.75 }] : [],
    })),
  { maxLength: 60 },
);

const sumsOf = (some: LeaverFacts[]): Sums => {
  const sums = noSums();
  for (const each of some) addLeaver(sums, each);
  return sums;
};
const lastOf = (month: string): string => addDays(addMonths(`${month}-01`, 1), -1);
const grounds = (sums: Sums) => ({ sums, drawn: NOTHING_DRAWN, codes, currency: 'EUR' });

test('sums of parts, written down and read back, are the sums of the whole', () => {
  fc.assert(
    fc.property(leavers, fc.nat(60), (some, cut) => {
      const parts = [some.slice(0, cut), some.slice(cut)].map((part) => readBack(written(sumsOf(part))));
      const joined = parts.reduce(addSums, noSums());
      const whole = sumsOf(some);
      expect(figuresOf(grounds(joined))).toEqual(figuresOf(grounds(whole)));
      expect(joined.squares).toBe(whole.squares);
      expect(chancesOf(joined).map(({ chance }) => chance)).toEqual(
        expect.arrayContaining(chancesOf(whole).map(({ chance }) => chance)),
      );
    }),
  );
});

test('sums without some of their leavers are those of the others', () => {
  fc.assert(
    fc.property(leavers, fc.nat(60), (some, cut) => {
      const left = withoutSums(sumsOf(some), sumsOf(some.slice(cut)));
      const others = sumsOf(some.slice(0, cut));
      expect(figuresOf(grounds(left))).toEqual(figuresOf(grounds(others)));
      expect(left.strata).toEqual(others.strata);
      expect(left.squares).toBe(others.squares);
    }),
  );
});

test('spans and stretches together hold each day of a period once', () => {
  const day = fc.integer({ min: 0, max: 200 }).map((n) => daysOf({ from: '2026-01-01', to: '2026-07-20' })[n]!);
  const months = fc.subarray(['2026-01', '2026-02', '2026-03', '2026-04', '2026-06']);
  fc.assert(
    fc.property(day, day, months, fc.array(day, { maxLength: 5 }), fc.boolean(), (a, b, known, stale, isQuiet) => {
      const period: Period = a < b ? { from: a, to: b } : { from: b, to: a };
      const changed = new Set(stale);
      const until = isQuiet ? period.to : undefined;
      const { spans, less, stretches } = planOf(period, { months: new Set(known), stale: changed, until });
      const read = spans.flatMap((span) =>
        span.length === 7 ? daysOf({ from: `${span}-01`, to: lastOf(span) }) : [span],
      );
      // After a day that nobody left after in its month there is nothing to read, nor to take away.
      const days = read.filter((each) => !less.includes(each) && !(isQuiet && each > period.to));
      expect(less.every((each) => read.includes(each))).toBe(true);
      expect(new Set(read).size).toBe(read.length);
      expect(spans.length + less.length).toBeLessThanOrEqual(daysOf(period).length);
      expect(days.filter((each) => changed.has(each))).toEqual([]);
      expect(days.every((each) => known.includes(each.slice(0, 7)))).toBe(true);
      expect([...days, ...stretches.flatMap(daysOf)].sort()).toEqual(daysOf(period));
    }),
  );
});

const answered = (stratum: string, code: string, count: number): LeaverFacts[] =>
  Array.from({ length: count }, () => ({
    knowledge: 'known' as Knowledge,
    mainCodeId: code,
    mainSource: 'colleague' as const,
    statedCodeId: null,
    lostMinor: 100,
    reading: 0,
    silent: false,
    stratum,
    chances: [],
  }));
const silent = (stratum: string, count: number): LeaverFacts[] =>
  answered(stratum, 'id-price', count).map((each) => ({
    ...each,
    knowledge: 'no_answer',
    mainCodeId: null,
    mainSource: null,
  }));

test('where every group answers alike, weighted shares are the plain ones', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 40 }),
      fc.integer({ min: 5, max: 40 }),
      fc.nat(3),
      (price, quality, times) => {
        const some = ['under_1 under_200', 'over_5 over_1000'].flatMap((stratum) => [
          ...answered(stratum, 'id-price', price),
          ...answered(stratum, 'id-quality', quality),
          ...silent(stratum, times * (price + quality)),
        ]);
        const all = grounds(sumsOf(some));
        const figures = figuresOf(all);
        const weighted = weightedShares(all, figures)!;
        expect(weighted.differing).toEqual([]);
        expect(weighted.effective).toBeCloseTo(figures.base, 6);
        for (const { codeId, coded } of figures.reasons) {
          expect(weighted.shares.get(codeId)!.share).toBeCloseTo(coded.share, 9);
          expect(weighted.shares.get(codeId)!.low!).toBeCloseTo(coded.low!, 9);
        }
      },
    ),
  );
});

test('who answers seldom counts for more: 20 of 40 new customers and 20 of 20 old ones', () => {
  const some = [
    ...answered('under_1 under_200', 'id-price', 20),
    ...silent('under_1 under_200', 20),
    ...answered('over_5 over_1000', 'id-quality', 20),
  ];
  const all = grounds(sumsOf(some));
  const weighted = weightedShares(all, figuresOf(all))!;
  expect(weighted.shares.get('id-price')!.share).toBeCloseTo(2 / 3, 9);
  expect(weighted.shares.get('id-quality')!.share).toBeCloseTo(1 / 3, 9);
  // Weights 4/3 and 2/3: (20 x 4/3 + 20 x 2/3)^2 / (20 x 16/9 + 20 x 4/9).
  expect(weighted.effective).toBeCloseTo(36, 9);
  expect(weighted.differing).toEqual(expect.arrayContaining(['id-price', 'id-quality']));
});

test('of leavers by all that a filter can ask for, written down, any narrowing has the sums of those it means', () => {
  const placed = leavers.chain((some) =>
    fc.tuple(
      ...some.map((each) =>
        fc
          .record({
            segment: fc.constantFrom('', 'Café'),
            country: fc.constantFrom('DE', 'NL'),
            language: fc.constantFrom('de', 'nl'),
            tenure_band: fc.constantFrom('under_1', 'unknown'),
            value_band: fc.constantFrom('under_200', 'over_1000'),
          })
          .map((of) => ({ ...of, ...each, stratum: stratumOf(of.tenure_band, of.value_band) })),
      ),
    ),
  );
  const among = fc.record(
    {
      segment: fc.constantFrom('', 'Café', 'nobody’s'),
      country: fc.constantFrom('DE', 'NL'),
      tenureBand: fc.constantFrom('under_1', 'unknown'),
      valueBand: fc.constantFrom('under_200', 'over_1000'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(placed, among, fc.boolean(), (some, asked, withStrata) => {
      const groups = Map.groupBy(some, (each) => keyOf(COLUMNS.map((column) => each[column])));
      const row = writtenGroups(new Map(Array.from(groups, ([key, theirs]) => [key, sumsOf(theirs)])));
      const meant = some.filter(
        (each) =>
          (asked.segment ?? each.segment) === each.segment &&
          (asked.country ?? each.country) === each.country &&
          (asked.tenureBand ?? each.tenure_band) === each.tenure_band &&
          (asked.valueBand ?? each.value_band) === each.value_band,
      );
      const read = (by: readonly (typeof COLUMNS)[number][]) => sumsOfGroups(row, { among: asked, by, withStrata });
      const told = (sums: Sums): Sums => (withStrata ? sums : { ...sums, strata: new Map() });
      expect(read([]).get('') ?? noSums()).toEqual(told(sumsOf(meant)));
      const keyed = (each: (typeof some)[number]) =>
        keyOf([...COLUMNS.map((column) => each[column]), `${each.lostMinor % 3}`]);
      const besides = Array.from(Map.groupBy(some, keyed), ([key, theirs]) => [key, sumsOf(theirs)] as const);
      expect(sumsOfGroups(writtenGroups(new Map(besides)), { among: asked, by: ['city'], withStrata })).toEqual(
        new Map(
          Array.from(
            Map.groupBy(meant, (each) => `${each.lostMinor % 3}`),
            ([city, theirs]) => [city, told(sumsOf(theirs))],
          ),
        ),
      );
      const byLanguage = Map.groupBy(meant, ({ language }) => language);
      expect(read(['language'])).toEqual(
        new Map(Array.from(byLanguage, ([language, theirs]) => [language, told(sumsOf(theirs))])),
      );
    }),
  );
});
