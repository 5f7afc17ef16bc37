import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bandsOf, fitTo, HORIZON_DAYS, outcomeOf, type Tally } from '../../src/reports/risk/calibration-rules.ts';
import { usualGap } from '../../src/customers/index.ts';
import { createTally, gapsOf, percentile, rhythmOf } from '../../src/reports/risk/rhythm-rules.ts';
import {
  judge,
  KINDS,
  levelOf,
  pointsOf,
  scoreOf,
  silenceLimit,
  UNFITTED,
  type Signs,
} from '../../src/reports/risk/rules.ts';
import { addDays } from '../../src/shared/dates.ts';

const TODAY = '2026-11-22';
const NOTHING: Signs = {
  today: TODAY,
  rhythm: undefined,
  alive: null,
  complaint: undefined,
  answer: undefined,
  overdue: undefined,
  alert: undefined,
};
const ago = (days: number) => addDays(TODAY, -days);
const CASE = '0198c0de-0000-7000-8000-000000000001';
const silent = (days: number, long = 41): Signs['rhythm'] => ({ lastOn: ago(days), usual: 30, long, own: true });

const signs: fc.Arbitrary<Signs> = fc.record({
  today: fc.constant(TODAY),
  rhythm: fc
    .option(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 200 })), { nil: undefined })
    .map((given) => given && silent(...given)),
  alive: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  complaint: fc.option(
    fc.integer({ min: 0, max: 90 }).map((days) => ({ since: ago(days), caseId: CASE })),
    { nil: undefined },
  ),
  answer: fc.option(
    fc.record({
      score: fc.integer({ min: 1, max: 10 }),
      min: fc.constant(1),
      max: fc.constant(10),
      on: fc.integer({ min: 0, max: 500 }).map(ago),
      responseId: fc.constant(CASE),
    }),
    { nil: undefined },
  ),
  overdue: fc.option(fc.record({ count: fc.integer({ min: 1, max: 9 }), since: fc.constant(ago(30)) }), {
    nil: undefined,
  }),
  alert: fc.option(
    fc.record({ count: fc.integer({ min: 1, max: 5 }), on: fc.constant(ago(3)), caseId: fc.constant(CASE) }),
    {
      nil: undefined,
    },
  ),
});

test('silence is a sign from so many times the 80th percentile of the gaps on, whatever else is known', () => {
  fc.assert(
    fc.property(
      signs,
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 1, max: 6, noNaN: true }),
      (known, long, factor) => {
        const limit = silenceLimit({ long }, factor);
        expect(judge({ ...known, rhythm: silent(limit, long) }, factor).flagged).toBe(true);
        expect(judge({ ...NOTHING, rhythm: silent(Math.floor(limit * 0.95) - 1, long) }, factor).flagged).toBe(false);
      },
    ),
  );
});

test('a worse sign never makes anybody safer, and the chance stays between 0 and 1', () => {
  const score = (known: Signs) => scoreOf(judge(known, 2).points, UNFITTED);
  fc.assert(
    fc.property(signs, (known) => {
      const all = [score(known)];
      const worse: Partial<Signs>[] = [
        { alive: Math.max(0, (known.alive ?? 1) - 0.2) },
        { complaint: { since: addDays(known.complaint?.since ?? TODAY, -5), caseId: null } },
        { overdue: { count: (known.overdue?.count ?? 0) + 1, since: ago(40) } },
        { alert: { count: (known.alert?.count ?? 0) + 1, on: TODAY, caseId: CASE } },
      ];
      if (known.rhythm) worse.push({ rhythm: { ...known.rhythm, lastOn: addDays(known.rhythm.lastOn, -10) } });
      if (known.answer) worse.push({ answer: { ...known.answer, score: Math.max(1, known.answer.score - 2) } });
      for (const more of worse) {
        all.push(score({ ...known, ...more }));
        expect(all.at(-1)).toBeGreaterThanOrEqual(all[0] ?? 0);
      }
      for (const each of all) expect(each >= 0 && each <= 1).toBe(true);
      const { flagged, points, reasons } = judge(known, 2);
      expect(levelOf(points) > 0).toBe(flagged);
      // Whoever is flagged is told why; a reason stands there once.
      if (flagged) expect(reasons.length).toBeGreaterThan(0);
      expect(new Set(reasons.map(({ kind }) => kind)).size).toBe(reasons.length);
    }),
  );
});

test('the signs of the plan, each with its reason', () => {
  expect(judge(NOTHING, 2)).toEqual({ points: 0, flagged: false, reasons: [] });
  expect(scoreOf(0, UNFITTED)).toBe(0.05);
  const late = judge({ ...NOTHING, rhythm: silent(97) }, 2);
  expect(late.flagged).toBe(true);
  expect(late.reasons).toEqual([{ kind: 'silence', since: ago(97), usual: 30, limit: 82, own: true }]);
  const complaint = { since: ago(12), caseId: CASE };
  expect(judge({ ...NOTHING, complaint }, 2).flagged).toBe(false);
  expect(judge({ ...NOTHING, complaint: { ...complaint, since: ago(14) } }, 2).flagged).toBe(true);
  const answer = { score: 3, min: 1, max: 10, on: ago(20), responseId: CASE };
  expect(judge({ ...NOTHING, answer }, 2)).toMatchObject({
    flagged: false,
    reasons: [{ kind: 'answer', score: 3, of: 10 }],
  });
  const overdue = { count: 2, since: ago(30) };
  expect(judge({ ...NOTHING, answer, overdue }, 2)).toMatchObject({ flagged: true });
  expect(judge({ ...NOTHING, answer: { ...answer, on: ago(364) } }, 2).reasons).toEqual([]);
  // Both speak of the same silence: the larger counts.
  const both = { ...NOTHING, rhythm: silent(97), alive: 0.1 };
  expect(pointsOf(both, 2).alive).toBeCloseTo(1.6);
  expect(judge(both, 2).points).toBe(late.points);
  expect(KINDS).toHaveLength(6);
});

test('a rhythm comes from three gaps or more of their own, else from their segment, else from everybody', () => {
  expect(percentile([10, 20, 30, 40, 50], 0.8)).toBe(40);
  expect(percentile([], 0.8)).toBeUndefined();
  const days = ['2026-01-01', '2026-01-11', '2026-02-10', '2026-03-02'];
  expect(gapsOf(days)).toEqual([10, 30, 20]);
  const segments = new Map([
    ['', { gapDays: 50, gaps: 400 }],
    ['shop', { gapDays: 20, gaps: 40 }],
    ['café', { gapDays: 5, gaps: 29 }],
  ]);
  expect(rhythmOf(days, 'shop', segments)).toEqual({ lastOn: '2026-03-02', usual: 20, long: 30, own: true });
  // With an even number of gaps it is the mean of the two in the middle, as on the customer's page.
  const even = ['2025-01-23', '2025-03-28', '2025-07-23', '2025-12-13', '2026-02-18'];
  expect(rhythmOf(even, 'shop', segments)).toMatchObject({ usual: 92, own: true });
  expect(usualGap(even)).toBe(92);
  expect(rhythmOf(days.slice(2), 'shop', segments)).toMatchObject({ long: 20, own: false });
  expect(rhythmOf(days.slice(3), 'café', segments)).toMatchObject({ long: 50, own: false });
  expect(rhythmOf([], 'shop', segments)).toBeUndefined();
  expect(rhythmOf(days.slice(2), 'shop', new Map())).toBeUndefined();
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 40 }), (gaps) => {
      const bought = gaps.reduce((all, gap) => [...all, addDays(all.at(-1) ?? '', gap)], ['2000-01-01']);
      const tally = createTally();
      tally.add('shop', bought);
      expect(tally.result().get('shop')).toEqual({ gapDays: percentile(gaps, 0.8), gaps: gaps.length });
      expect(tally.result().get('')).toEqual(tally.result().get('shop'));
    }),
  );
});

test('left only counts where it was said; silence is something else, and the half year ends', () => {
  const on = '2026-01-10';
  const last = addDays(on, HORIZON_DAYS);
  const of = (leftOn: string | null, boughtOn: string | null, today = TODAY) =>
    outcomeOf(on, { leftOn, boughtOn }, today).outcome;
  expect(of(null, null, last)).toBe('open');
  expect(of(null, null, addDays(last, 1))).toBe('silent');
  expect(of(null, last)).toBe('bought');
  expect(of(last, '2026-01-12')).toBe('left');
  expect(of(addDays(last, 1), addDays(last, 1))).toBe('silent');
});

test('the chances follow the record once there is one, and never fall where the points rise', () => {
  const record = fc.array(
    fc.record({
      points: fc.integer({ min: 8, max: 28 }).map((x) => x / 4),
      flags: fc.integer({ min: 1, max: 80 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(record, (rows) => {
      const tallies = rows.map(({ points, flags, share }): Tally => ({
        points,
        flags,
        left: Math.round(flags * share),
      }));
      const fit = fitTo(tallies);
      if (!fit) return;
      expect(fit.slope).toBeGreaterThanOrEqual(0);
      expect(scoreOf(6, fit)).toBeGreaterThanOrEqual(scoreOf(2, fit));
      // The chances said add up to those who left, but for Platt's small pull towards the middle.
      const said = tallies.reduce(
        (sum, { points, flags }) => sum + flags / (1 + Math.exp(-(fit.offset + fit.slope * points))),
        0,
      );
      const left = tallies.reduce((sum, each) => sum + each.left, 0);
      expect(Math.abs(said - left)).toBeLessThan(1.5);
    }),
  );
  // Far from the line at first: full steps would overshoot.
  const odd = fitTo([
    { points: 4.75, flags: 29, left: 0 },
    { points: 2, flags: 10, left: 1 },
    { points: 2.75, flags: 11, left: 11 },
  ]);
  expect(scoreOf(3, odd!)).toBeCloseTo(0.24, 1);
  expect(fitTo([{ points: 2, flags: 49, left: 20 }])).toBeUndefined();
  expect(fitTo([{ points: 2, flags: 60, left: 9 }])).toBeUndefined();
  const fit = fitTo([
    { points: 2, flags: 1000, left: 269 },
    { points: 4, flags: 1000, left: 731 },
  ]);
  expect(fit?.slope).toBeCloseTo(1, 1);
  expect(fit?.offset).toBeCloseTo(-3, 1);
});

test('bands hold every flag once and say when they are too few', () => {
  const count = fc.record({
    score: fc.integer({ min: 0, max: 100 }).map((x) => x / 100),
    outcome: fc.constantFrom('left' as const, 'bought' as const, 'silent' as const),
    flags: fc.integer({ min: 1, max: 40 }),
  });
  fc.assert(
    fc.property(fc.array(count, { maxLength: 30 }), (counts) => {
      const bands = bandsOf(counts);
      const sum = (of: (band: (typeof bands)[number]) => number) => bands.reduce((total, band) => total + of(band), 0);
      expect(sum(({ flags }) => flags)).toBe(counts.reduce((total, { flags }) => total + flags, 0));
      expect(sum((band) => band.left + band.bought + band.silent)).toBe(sum(({ flags }) => flags));
      for (const band of bands) {
        expect(band.trust === 'too_few').toBe(band.flags < 10);
        expect(band.happened.low <= band.happened.share && band.happened.share <= band.happened.high).toBe(true);
        expect(band.said * 100 >= band.from - 1e-9 && band.said * 100 <= band.to + 1e-9).toBe(true);
      }
    }),
  );
});
