import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadTexts } from '../../src/i18n/index.ts';
import { coveredBy, coversOf } from '../../src/reports/covers-rules.ts';
import { estimateReasons } from '../../src/reports/estimate-rules.ts';
import { coveredNotes } from '../../src/reports/estimate-views.ts';
import { leavingFigures, type LeaverCount } from '../../src/reports/leaving-rules.ts';
import type { Schema } from '../../src/storage/index.ts';
import type { AuditedAnswer, Code, ReadAnswers } from '../../src/reports/estimate.ts';

const texts = loadTexts('data/locales');

const code = (key: string, more: Partial<Code> = {}): Code => ({
  id: key,
  key,
  parentId: null,
  kind: 'reason',
  position: 0,
  retired: false,
  mergedIntoId: null,
  ...more,
});
const codes = [
  code('price'),
  code('quality'),
  code('other', { kind: 'other' }),
  code('dont_know', { kind: 'unknown' }),
  code('fees', { parentId: 'price' }),
  code('dear', { mergedIntoId: 'fees', retired: true }),
];
const KEYS = ['price', 'quality', 'other', 'dont_know'];

/** One who left; read with the chances of each of the keys, and maybe coded and audited. */
interface Leaver {
  chances: number[] | null;
  mainId: string | null;
  source: LeaverCount['mainSource'];
  audited: boolean;
  lostMinor: number;
}

const knowledgeOf = ({ mainId }: Leaver): LeaverCount['knowledge'] =>
  mainId === null ? 'not_coded' : mainId === 'dont_know' ? 'does_not_know' : 'known';

const countOf = (leaver: Leaver): LeaverCount => ({
  knowledge: knowledgeOf(leaver),
  mainCodeId: leaver.mainId,
  mainSource: leaver.source,
  statedCodeId: null,
  read: leaver.chances !== null,
  silent: false,
  count: 1,
  lostMinor: leaver.lostMinor,
});

function readOf(leavers: Leaver[]): ReadAnswers {
  const read = leavers.filter(({ chances }) => chances !== null);
  const sum = (of: (each: Leaver) => number) => read.reduce((total, each) => total + of(each), 0);
  const chancesOf = ({ chances }: Leaver) => KEYS.map((codeId, i) => ({ codeId, chance: chances![i]! }));
  return {
    count: read.length,
    lostMinor: sum(({ lostMinor }) => lostMinor),
    chances: KEYS.map((codeId, i) => ({
      codeId,
      chance: sum(({ chances }) => chances![i]!),
      minor: sum(({ chances, lostMinor }) => chances![i]! * lostMinor),
    })),
    audited: read
      .filter(({ audited }) => audited)
      .map((each): AuditedAnswer => ({
        codeId: each.mainId!,
        chances: chancesOf(each),
        inclusion: 0.5,
        lostMinor: each.lostMinor,
      })),
    waiting: 0,
  };
}

const figuresOf = (leavers: Leaver[], unit = 1, more: LeaverCount[] = []) =>
  leavingFigures([...leavers.map(countOf), ...more], codes, estimateReasons(readOf(leavers), codes, unit));

const read = (chances: number[], lostMinor: number, mainId: string | null = null): Leaver => ({
  chances,
  mainId,
  source: mainId === null ? null : 'colleague',
  audited: mainId !== null,
  lostMinor,
});

describe('140 leavers worth 42,000, 60 of them asked and answered', () => {
  const unanswered: LeaverCount = {
    ...countOf(read([], 0)),
    knowledge: 'no_answer',
    read: false,
    silent: false,
    count: 80,
    lostMinor: 2_100_000,
  };
  const answered = (audited: number) =>
    Array.from({ length: 60 }, (_, i) => {
      const main = i % 3 === 0 ? 'quality' : 'price';
      const sure = i % 3 === 0 ? [0.2, 0.6, 0.1, 0.1] : [0.7, 0.1, 0.1, 0.1];
      return read(sure, 35_000, i < audited ? main : null);
    });

  test('before any audit: the sum of chances, no interval, and rows and unknown add up', () => {
    const figures = figuresOf(answered(0), 100, [unanswered]);
    expect(figures).toMatchObject({ basis: 'unverified', leavers: 140, lostMinor: 4_200_000, base: 54, asked: 140 });
    expect(figures.reasons.map((row) => [row.key, row.count, row.lostMinor, row.coded, row.lost])).toEqual([
      ['price', 32, 1_120_000, { share: expect.closeTo(32 / 54, 9), low: null, high: null }, null],
      ['quality', 16, 560_000, { share: expect.closeTo(16 / 54, 9), low: null, high: null }, null],
      ['other', 6, 210_000, { share: expect.closeTo(6 / 54, 9), low: null, high: null }, null],
    ]);
    expect(figures.unknown).toMatchObject({ count: 86, lostMinor: 2_310_000, runningMinor: 4_200_000 });
    expect(figures.unknown.parts.at(-1)).toEqual({ knowledge: 'does_not_know', count: 6, lostMinor: 210_000 });
  });

  test.each([
    [30, 'few'],
    [54, 'estimated'],
  ])('%i audited: %s', (audited, basis) => {
    const figures = figuresOf(answered(audited), 100, [unanswered]);
    expect(figures).toMatchObject({ basis, leavers: 140, lostMinor: 4_200_000, audit: { audited, read: 60 } });
    const inRows = figures.reasons.reduce((sum, row) => sum + row.lostMinor, 0);
    expect(inRows + figures.unknown.lostMinor).toBe(4_200_000);
    for (const { coded, lost, lostMinor } of figures.reasons) {
      expect(coded.low! <= coded.share && coded.share <= coded.high!).toBe(true);
      expect(lost!.lowMinor <= lostMinor && lostMinor <= lost!.highMinor).toBe(true);
      expect(lostMinor % 100).toBe(0);
    }
  });

  test('a reason cost no less than was found in the audit, and no more than was not found elsewhere', () => {
    const worth = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(worth, fc.integer({ min: 1, max: 29 }), (amounts, audited) => {
        const people = amounts.map((lostMinor, i) => ({ ...answered(audited)[i]!, lostMinor }));
        const total = amounts.reduce((sum, each) => sum + each, 0);
        const found = (of: (mainId: string) => boolean) =>
          people.reduce((sum, { mainId, lostMinor }) => sum + (mainId && of(mainId) ? lostMinor : 0), 0);
        for (const { key, lostMinor, lost } of figuresOf(people).reasons) {
          if (!lost) continue;
          expect(lost.lowMinor).toBeGreaterThanOrEqual(
            Math.min(
              lostMinor,
              found((id) => id === key),
            ),
          );
          expect(lost.highMinor).toBeLessThanOrEqual(Math.max(lostMinor, total - found((id) => id !== key)));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('who ticked a reason without words is counted, and the interval is that of the estimated part of the base', () => {
    const ticked = { ...read([], 35_000, 'price'), chances: null, source: 'respondent' as const, audited: false };
    const alone = figuresOf(answered(54)).reasons.find(({ key }) => key === 'price')!;
    const figures = figuresOf([...answered(54), ...Array<Leaver>(60).fill(ticked)]);
    const both = figures.reasons.find(({ key }) => key === 'price')!;
    expect(both.count).toBe(alone.count + 60);
    expect(both.coded.share).toBeCloseTo((1 + alone.coded.share) / 2, 2);
    expect(both.coded.high! - both.coded.low!).toBeCloseTo((alone.coded.high! - alone.coded.low!) / 2, 2);
    expect(figures.bySource).toEqual({ colleague: 54, doesNotKnow: 0, engine: 6, respondent: 60, call: 0 });
  });
});

test('codes of the second level and merged ones count as the reason above them', () => {
  const leavers = [
    ...Array.from({ length: 60 }, () => read([1, 0, 0, 0], 100, 'fees')),
    ...Array.from({ length: 60 }, () => read([1, 0, 0, 0], 100)),
  ];
  const answers = { ...readOf(leavers), chances: [{ codeId: 'dear', chance: 120, minor: 12_000 }] };
  const figures = leavingFigures(leavers.map(countOf), codes, estimateReasons(answers, codes, 1));
  expect(figures.reasons[0]).toMatchObject({ key: 'price', count: 120, parts: [{ key: 'fees', count: 60 }] });
});

describe('those who do not know', () => {
  /** Half of all; of the others three in four name the price. Predictions that say nothing. */
  const plain = (n: number, audited: number) =>
    Array.from({ length: n }, (_, i) => {
      const main = i % 2 === 0 ? 'dont_know' : i % 8 === 1 ? 'quality' : 'price';
      return read([0.25, 0.25, 0.25, 0.25], 100, i < audited ? main : null);
    });

  test('are no base of the shares, whose interval is about that of those audited who know', () => {
    const figures = figuresOf(plain(20_000, 400));
    const price = figures.reasons.find(({ key }) => key === 'price')!;
    expect(figures.base).toBe(10_000);
    expect(price.coded.share).toBeCloseTo(0.75, 9);
    expect(price.coded.high! - price.coded.low!).toBeCloseTo(2 * 1.96 * Math.sqrt((0.75 * 0.25) / 200), 2);
  });

  test('are named beside those with a reason, so that colleagues and engine add up to all that was written', () => {
    const figures = figuresOf(plain(2000, 104));
    expect(figures.bySource).toEqual({ colleague: 52, doesNotKnow: 52, engine: 1896, respondent: 0, call: 0 });
    const period = { from: '2026-01-01', to: '2026-12-31' };
    const report = { ...figures, period, currency: 'EUR', names: new Map<string, Record<string, string>>() };
    expect(coveredNotes(report, texts.in('en'))[1]).toBe(
      'Of the answers in words, colleagues have coded 104; 52 of them do not know why. For 1,896 there is only the engine’s word.',
    );
  });

  test('as many more audited as needed, and every interval reaches 5 points', () => {
    const { audit } = figuresOf(plain(2000, 104));
    const after = figuresOf(plain(2000, 104 + audit!.needed));
    const widest = Math.max(...after.reasons.map(({ coded }) => (coded.high! - coded.low!) / 2));
    expect(audit!.needed).toBeGreaterThan(100);
    expect(widest).toBeLessThanOrEqual(0.0505);
    expect(widest).toBeGreaterThan(0.049);
  });

  test('nobody knows: no shares, all unknown', () => {
    const figures = figuresOf(
      Array.from({ length: 80 }, (_, i) => read([0, 0, 0, 1], 100, i < 60 ? 'dont_know' : null)),
    );
    expect(figures).toMatchObject({ base: 0, unknown: { count: 80, lostMinor: 8000 } });
  });
});

describe('how many are still needed', () => {
  const some = (n: number, audited: number) =>
    Array.from({ length: n }, (_, i) => read([0.5, 0.5, 0, 0], 100, i < audited ? KEYS[i % 2]! : null));
  const needed = (n: number, audited: number) => figuresOf(some(n, audited)).audit!.needed;

  test('before any audit as many as without an engine, and never more than there are', () => {
    expect(needed(100_000, 0)).toBeGreaterThan(370);
    expect(needed(100_000, 0)).toBeLessThan(390);
    expect([needed(1, 0), needed(30, 0), needed(30, 29)]).toEqual([1, expect.any(Number), 1]);
    expect(needed(30, 0)).toBeLessThanOrEqual(30);
  });

  test('never fewer than make it more than a few', () => {
    const alike = Array.from({ length: 1000 }, (_, i) => read([1, 0, 0, 0], 100, i < 20 ? 'price' : null));
    expect(figuresOf(alike)).toMatchObject({ basis: 'few', audit: { audited: 20 } });
    expect(figuresOf(alike).audit!.needed).toBeGreaterThanOrEqual(30);
  });
});

describe('whatever the mix of colleagues, engine, ticks and unread', () => {
  const chances = fc
    .array(fc.integer({ min: 0, max: 20 }), { minLength: 4, maxLength: 4 })
    .map((parts) => parts.map((each, i) => (each + Number(i === 0)) / parts.reduce((a, b) => a + b, 1)));
  const main = fc.constantFrom(...KEYS, 'fees');
  const leaver = (lostMinor: fc.Arbitrary<number>) =>
    fc.oneof(
      fc.record({ chances, mainId: main, source: fc.constant('colleague' as const), audited: fc.boolean(), lostMinor }),
      fc.record({
        chances: fc.constant(null),
        mainId: main,
        source: fc.constantFrom('colleague' as const, 'respondent' as const),
        audited: fc.constant(false),
        lostMinor,
      }),
      fc.record({
        chances: fc.option(chances),
        mainId: fc.constant(null),
        source: fc.constant(null),
        audited: fc.constant(false),
        lostMinor,
      }),
    );
  const worth = fc.oneof(fc.constant(0), fc.integer({ min: -50_000, max: 3_000_000 }));
  const all = fc.array(leaver(worth), { minLength: 1, maxLength: 120 });
  const uncoded = read([0.25, 0.25, 0.25, 0.25], 4200);

  test('every leaver and every cent stands in exactly one row, and shares add up to one within their intervals', () => {
    fc.assert(
      fc.property(all, fc.constantFrom(1, 100), (leavers, unit) => {
        const figures = figuresOf([...leavers, uncoded], unit);
        const rows = figures.reasons;
        const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
        expect(sum(({ count }) => count)).toBe(figures.base);
        expect(figures.base + figures.unknown.count).toBe(leavers.length + 1);
        expect(sum(({ lostMinor }) => lostMinor) + figures.unknown.lostMinor).toBe(figures.lostMinor);
        if (figures.base > 0) expect(sum(({ coded }) => coded.share)).toBeCloseTo(1, 6);
        for (const { count, lostMinor, coded, lost } of rows) {
          expect(Number.isInteger(count) && count >= 0 && Number.isInteger(lostMinor)).toBe(true);
          expect(coded.share >= 0 && coded.share <= 1 + 1e-9).toBe(true);
          if (coded.low !== null) {
            expect(coded.low <= coded.share + 1e-9 && coded.share <= coded.high! + 1e-9).toBe(true);
          }
          if (lost) expect(Number.isInteger(lost.lowMinor) && lost.lowMinor <= lost.highMinor).toBe(true);
        }
        const { needed, read: of, audited } = figures.audit!;
        expect(Number.isInteger(needed) && needed >= 0 && needed <= of - audited).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

test('an audit covers whom its days and fields name, and keeps the days that it had', () => {
  const covers = coversOf({ from: '2026-01-01', to: '2026-06-30', segment: 'Büro', valueBand: 'under_200' });
  expect(covers).toEqual({ from: '2026-01-01', to: '2026-06-30', segment: 'Büro', valueBand: 'under_200' });
  const leaver = { left_on: '2026-06-30', segment: 'Büro', value_band: 'under_200' } as Schema['leaver'];
  expect(coveredBy(covers, leaver)).toBe(true);
  expect(coveredBy(covers, { ...leaver, left_on: '2026-07-01' })).toBe(false);
  expect(coveredBy(covers, { ...leaver, segment: 'Café' })).toBe(false);
  expect(coveredBy({ ...covers, weather: 'fine' }, leaver)).toBe(false);
  expect(coveredBy({}, leaver)).toBe(true);
});
