import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadTexts } from '../../src/i18n/index.ts';
import { leavingView } from '../../src/reports/leaving-views.ts';
import { leavingFigures, type LeaverCount } from '../../src/reports/leaving-rules.ts';
import { KNOWLEDGE, knowledgeOf, periodOf, tenureBand, trustIn, valueBand } from '../../src/reports/rules.ts';
import type { Code } from '../../src/reports/estimate.ts';

const codes: Code[] = ['price', 'quality', 'other'].map((key, position) => ({
  id: `id-${key}`,
  key,
  parentId: null,
  kind: key === 'other' ? ('other' as const) : ('reason' as const),
  position,
  retired: false,
  mergedIntoId: null,
}));
const part: Code = {
  id: 'id-fees',
  key: 'fees',
  parentId: 'id-price',
  kind: 'reason',
  position: 9,
  retired: false,
  mergedIntoId: null,
};

const count = (over: Partial<LeaverCount>): LeaverCount => ({
  knowledge: 'known',
  mainCodeId: 'id-price',
  mainSource: 'colleague',
  statedCodeId: null,
  read: false,
  silent: false,
  count: 1,
  lostMinor: 100,
  ...over,
});
const unknown = (knowledge: LeaverCount['knowledge'], n: number, lostMinor: number) =>
  count({ knowledge, mainCodeId: null, mainSource: null, count: n, lostMinor });

test('denominators are printed: 212 of 1,140 asked answered (18.6%)', () => {
  const report = {
    ...leavingFigures([count({ count: 212 }), unknown('no_answer', 928, 1000)], codes),
    period: { from: '2025-11-24', to: '2026-11-23' },
    currency: 'EUR',
    names: new Map(),
    returned: 0,
    comingInUntil: null,
    compared: null,
    changed: { changes: [], tested: 0 },
    weighted: null,
    trend: { grain: 'quarter' as const, steps: [], marks: [] },
  };
  const t = loadTexts(join(import.meta.dirname, '../../data/locales')).in('en');
  const values = { segments: [], countries: [], languages: [] };
  const { notes } = leavingView(report, { named: null, words: null }, {}, values, { role: 'manager', t });
  expect(notes).toContain('212 of 1,140 asked answered (18.6% = completed / asked).');
});

test('140 leavers worth 42,000, 60 of them asked and answered: rows and "reason unknown" add up', () => {
  const figures = leavingFigures(
    [
      count({ mainCodeId: 'id-price', statedCodeId: 'id-price', count: 35, lostMinor: 1_000_000 }),
      count({ mainCodeId: 'id-quality', statedCodeId: 'id-price', count: 5, lostMinor: 100_000 }),
      count({ mainCodeId: 'id-quality', count: 20, lostMinor: 1_000_000 }),
      unknown('no_answer', 50, 1_500_000),
      unknown('not_asked', 30, 600_000),
    ],
    codes,
  );
  expect(figures).toMatchObject({
    leavers: 140,
    lostMinor: 4_200_000,
    base: 60,
    asked: 110,
    answered: 60,
    statedBase: 40,
  });
  expect(figures.reasons.map((row) => [row.key, row.count, row.lostMinor, row.runningMinor])).toEqual([
    ['quality', 25, 1_100_000, 1_100_000],
    ['price', 35, 1_000_000, 2_100_000],
    ['other', 0, 0, 2_100_000],
  ]);
  expect(figures.unknown).toMatchObject({ count: 80, lostMinor: 2_100_000, runningMinor: 4_200_000 });
});

test('a code of the second level counts with its reason and is listed below it', () => {
  const figures = leavingFigures([count({}), count({ mainCodeId: 'id-fees', lostMinor: 250 })], [...codes, part]);
  const price = figures.reasons.find((row) => row.key === 'price');
  expect(price).toMatchObject({ count: 2, lostMinor: 350, parts: [{ key: 'fees', count: 1, lostMinor: 250 }] });
});

test('a retired reason stands in the table only while it has figures', () => {
  const retired = codes.map((code) => ({ ...code, retired: true }));
  expect(leavingFigures([], retired).reasons).toEqual([]);
  expect(leavingFigures([count({})], retired).reasons.map((row) => row.key)).toEqual(['price']);
});

test('whatever the counts, every leaver and every cent stands in exactly one row', () => {
  const rows = fc.array(
    fc.record({
      knowledge: fc.constantFrom(...KNOWLEDGE),
      code: fc.constantFrom('id-price', 'id-quality', 'id-other', 'id-fees'),
      count: fc.integer({ min: 0, max: 5000 }),
      lostMinor: fc.integer({ min: -1_000_000, max: 1_000_000_000 }),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(rows, (made) => {
      const counts = made.map(({ knowledge, code, ...rest }) =>
        knowledge === 'known' ? count({ ...rest, mainCodeId: code }) : { ...unknown(knowledge, 0, 0), ...rest },
      );
      const figures = leavingFigures(counts, [...codes, part]);
      const inRows = figures.reasons.reduce((total, row) => total + row.count, 0);
      const minor = figures.reasons.reduce((total, row) => total + row.lostMinor, 0);
      expect(inRows).toBe(figures.base);
      expect(inRows + figures.unknown.count).toBe(figures.leavers);
      expect(minor + figures.unknown.lostMinor).toBe(figures.lostMinor);
      const shares = figures.reasons.reduce((total, row) => total + row.coded.share, 0);
      if (figures.base > 0) expect(shares).toBeCloseTo(1, 9);
    }),
  );
});

test('an answer outranks what was sent or withheld', () => {
  const nothing = { mainKind: null, answered: false, withheld: false, asked: false } as const;
  expect(knowledgeOf(nothing)).toBe('not_asked');
  expect(knowledgeOf({ ...nothing, asked: true })).toBe('no_answer');
  expect(knowledgeOf({ ...nothing, withheld: true, asked: true })).toBe('withheld');
  expect(knowledgeOf({ ...nothing, withheld: true, answered: true })).toBe('not_coded');
  expect(knowledgeOf({ ...nothing, answered: true, mainKind: 'unknown' })).toBe('does_not_know');
  expect(knowledgeOf({ ...nothing, answered: true, mainKind: 'other' })).toBe('known');
});

test('bands: the day of the anniversary belongs to the next one', () => {
  expect(tenureBand('2024-02-29', '2025-02-27')).toBe('under_1');
  expect(tenureBand('2024-02-29', '2025-02-28')).toBe('1_to_5');
  expect(tenureBand('2020-05-01', '2025-05-01')).toBe('over_5');
  expect(tenureBand(null, '2025-05-01')).toBe('unknown');
  expect(tenureBand('2026-01-01', '2025-05-01')).toBe('unknown');
  expect([19_999, 20_000, 100_000, 100_001].map((minor) => valueBand(minor, 'EUR'))).toEqual([
    'under_200',
    '200_to_1000',
    '200_to_1000',
    'over_1000',
  ]);
  expect(valueBand(199, 'JPY')).toBe('under_200');
});

test('periods include both their days', () => {
  expect(periodOf('12m', '2026-11-21', {})).toEqual({ from: '2025-11-22', to: '2026-11-21' });
  expect(periodOf('12m', '2024-02-29', {})).toEqual({ from: '2023-03-01', to: '2024-02-29' });
  expect(periodOf('90d', '2026-03-31', {})).toEqual({ from: '2026-01-01', to: '2026-03-31' });
  expect(periodOf('last-year', '2026-11-21', {})).toEqual({ from: '2025-01-01', to: '2025-12-31' });
});

test('bases under 10 are too few, under 30 indicative', () => {
  expect([9, 10, 29, 30].map(trustIn)).toEqual(['too_few', 'indicative', 'indicative', 'sound']);
});
