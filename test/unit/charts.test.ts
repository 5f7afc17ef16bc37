import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadTexts } from '../../src/i18n/index.ts';
import { wilson } from '../../src/shared/statistics.ts';
import { axisOf, curveChart, shareBar, topOf, trendChart, type TrendPoint } from '../../src/web/charts.ts';

const t = loadTexts(join(import.meta.dirname, '../../data/locales')).in('en');
const point = (label: string, k: number, n: number): TrendPoint => ({ label, ...wilson(k, n), n });
const NUMBER = /-?\d+(?:\.\d+)?/g;

test('a line joins only what has a base of thirty; fewer are a grey dot with its whisker, under ten nothing', () => {
  const points = [point('Q1', 10, 60), point('Q2', 20, 70), point('Q3', 5, 20), point('Q4', 4, 8), point('Q5', 9, 45)];
  const chart = trendChart(points, { title: 'Price', t, top: 0.6, marks: [{ at: 2, text: 'codebook 3' }] });
  expect(chart.line).toBe('M30 84.2L89.5 64.4');
  expect(chart.dots).toEqual([
    { x: '149', y: '70.3', fill: 'f0' },
    { x: '268', y: '78.7', fill: 'f1' },
  ]);
  expect(chart.marks).toBe('M119.3 8V112');
  expect(chart.last).toEqual({ x: 276, y: 83, text: '20%' });
  expect(chart.spoken).toBe('Price: 17% in Q1, 20% in Q5.');
  expect(chart.rows.map((row) => [row.share, row.note])).toEqual([
    ['17%', ''],
    ['29%', ''],
    ['25%', 'indicative · codebook 3'],
    ['too few', ''],
    ['20%', ''],
  ]);
});

test('the ends of an interval are written as the axis is, or with their own decimals', () => {
  const points = [{ label: 'May', share: 0.032, low: 0.019, high: 0.05, n: 600 }];
  const written = (more: object) => {
    const chart = trendChart(points, Object.assign({ title: 'Churn', t }, more));
    return chart.rows.map(({ interval }) => interval);
  };
  expect(written({})).toEqual(['(2–5)']);
  expect(written({ end: (value: number) => (value * 100).toFixed(1) })).toEqual(['(1.9–5.0)']);
});

test('nothing to draw says why', () => {
  expect(trendChart([point('Q1', 2, 4)], { title: 'Price', t }).empty).toContain('Too few yet');
  expect(trendChart([], { title: 'Price', t }).rows).toEqual([]);
});

test('whatever the figures, all that is drawn lies on the paper', () => {
  const counted = fc.nat(500).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)));
  fc.assert(
    fc.property(fc.array(counted, { maxLength: 30 }), (counts) => {
      const points = counts.map(([k, n], i) => point(`M${i}`, k, n));
      const { band, line, marks, whiskers, grid } = trendChart(points, { title: 'Price', t });
      for (const number of `${band}${line}${marks}${whiskers}${grid}`.match(NUMBER) ?? [])
        expect(Number(number) >= 0 && Number(number) <= 320).toBe(true);
      for (const p of points) if (p.n >= 10) expect(topOf(points)).toBeGreaterThanOrEqual(p.high ?? 0);
    }),
    { numRuns: 50 },
  );
});

test('a bar is none under ten and grey under thirty', () => {
  expect(shareBar({ ...wilson(2, 9), base: 9, axis: 40 })).toBeNull();
  expect(shareBar({ ...wilson(5, 20), base: 20, axis: 60 })?.fill).toBe('f0');
  expect(shareBar({ ...wilson(20, 80), base: 80, axis: 40, beside: 0.2 })).toMatchObject({
    viewBox: '0 0 40 40',
    width: '25.0',
    fill: 'f1',
    beside: '20.0',
  });
  expect([axisOf([]), axisOf([0.21]), axisOf([0.99])]).toEqual([20, 40, 100]);
});

test('a curve steps down from all of them and ends where too few remain', () => {
  const figures = { share: 0.5, low: 0.4, high: 0.6 };
  const chart = curveChart(
    [
      {
        name: 'Joined 2024',
        steps: [
          { at: 6, ...figures },
          { at: 18, ...figures, share: 0.1 },
        ],
        from: 0,
        until: 12,
        ticks: [{ share: 1, low: 1, high: 1, atRisk: 40 }, { ...figures, atRisk: 20 }, null],
      },
    ],
    {
      title: 'Still customers',
      t,
      timeName: 'Months since joining',
      ticks: [0, 12, 24].map((at) => ({ at, label: String(at) })),
    },
  );
  expect(chart.curves[0]?.path).toBe('M46 12H123V92H200');
  expect(chart.curves[0]?.band).toBe('M46 12H123V76H200V108H123V12Z');
  expect(chart.curves[0]?.ticks.map((tick) => tick.atRisk)).toEqual(['40', '20']);
  expect(chart.spoken).toBe('Still customers. Joined 2024: 50% at 12. Months since joining.');
});

test('where a curve ends, its figure lies on no other curve', () => {
  const whole = { share: 1, low: 1, high: 1, atRisk: 60 };
  const curve = (name: string, share: number, until: number) => ({
    name,
    from: 0,
    until,
    steps: [{ at: 6, share, low: share, high: share }],
    ticks: [whole, null, null],
  });
  const ticks = [0, 12, 24].map((at) => ({ at, label: String(at) }));
  const figure = (other: number) =>
    curveChart([curve('2025', 0.84, 12), curve('2024', other, 24)], {
      title: 'Still here',
      timeName: 'Months',
      ticks,
      t,
    }).curves[0]!.last!;
  const free = figure(0.2);
  for (const other of [0.84, 0.83, 0.86, 0.88]) {
    const height = 172 - other * 160;
    const { y, text } = figure(other);
    expect([text, y - 10 > height || y + 3 < height, Math.abs(y - free.y) <= 22]).toEqual(['84%', true, true]);
  }
});

test('a curve that begins late is drawn from there, and its table names the right times', () => {
  const whole = { share: 1, low: 0.9, high: 1 };
  const late = { name: 'Joined 2022', from: 12, steps: [{ at: 18, ...whole, share: 0.5 }], until: 24 };
  const { curves } = curveChart([{ ...late, ticks: [null, { ...whole, atRisk: 30 }, { ...whole, atRisk: 20 }] }], {
    title: 'Still customers',
    t,
    timeName: 'Months since joining',
    ticks: [0, 12, 24].map((at) => ({ at, label: String(at) })),
  });
  expect(curves[0]?.path).toBe('M200 12H277V92H354');
  expect(curves[0]?.ticks.map(({ label, atRisk }) => [label, atRisk])).toEqual([
    ['12', '30'],
    ['24', '20'],
  ]);
});
