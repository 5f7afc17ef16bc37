import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { estimateShares, sharesOfSums } from '../../src/coding/index.ts';
import type { Questionnaire } from '../../src/questionnaires/index.ts';
import { coveredBy, coversOf, neededFor, standings } from '../../src/reports/satisfaction/audit-rules.ts';
import { addAudited, auditedSums, type Ultimate } from '../../src/reports/satisfaction/audited.ts';
import { askedQuestions } from '../../src/reports/satisfaction/asked.ts';
import { changesBetween, withChanges } from '../../src/reports/satisfaction/comparing-rules.ts';
import { FEWEST, goesWith, toldApart, type ByScore } from '../../src/reports/satisfaction/low-rules.ts';
import type { Chances } from '../../src/reports/satisfaction/parts.ts';
import { createPlaces, type Places } from '../../src/reports/satisfaction/places.ts';
import type { MeasureReport, QuestionReport } from '../../src/reports/satisfaction/report.ts';
import { spansOf } from '../../src/reports/satisfaction/spans.ts';
import { addWritten, written } from '../../src/reports/satisfaction/packed.ts';
import { countsAt, listOf, type Sums } from '../../src/reports/satisfaction/sums.ts';
import { ENOUGH, monthsUpTo, trendOf, type MonthScore } from '../../src/reports/satisfaction/trend-rules.ts';
import { addDays, daysBetween } from '../../src/shared/dates.ts';
import { newcombeOf, wilson } from '../../src/shared/statistics.ts';
import { randomOf } from '../support/random.ts';

const aDay = fc.integer({ min: 0, max: 1500 }).map((days) => addDays('2023-01-01', days));
const aPeriod = fc.tuple(aDay, aDay).map((both) => {
  const [from, to] = both.toSorted() as [string, string];
  return { from, to };
});

describe('spans', () => {
  const daysIn = (span: string): string[] => {
    if (span.startsWith('d')) return [span.slice(1)];
    const month = span.slice(1);
    return Array.from({ length: 31 }, (_, i) => addDays(`${month}-01`, i)).filter((day) => day.startsWith(month));
  };

  test('a period is cut into whole months and days that cover each of its days once', () => {
    fc.assert(
      fc.property(aPeriod, (period) => {
        const found: string[] = [];
        for (const { from, to } of spansOf(period)) {
          expect(from[0]).toBe(to[0]);
          for (let span = from; span <= to;) {
            found.push(...daysIn(span));
            const last = daysIn(span).at(-1)!;
            span = span.startsWith('d') ? `d${addDays(last, 1)}` : `m${addDays(last, 1).slice(0, 7)}`;
          }
        }
        const days = Array.from({ length: daysBetween(period.from, period.to) + 1 }, (_, i) => addDays(period.from, i));
        expect(found).toEqual(days);
      }),
    );
  });

  test('it takes three ranges at most, however long the period is; one that ends before it begins takes none', () => {
    fc.assert(fc.property(aPeriod, (period) => expect(spansOf(period).length).toBeLessThanOrEqual(3)));
    expect(spansOf({ from: '2026-02-01', to: '2026-01-31' })).toEqual([]);
  });
});

describe('sums', () => {
  const some = fc.array(
    fc.record({ topic: fc.constantFrom('a b', 'c'), item: fc.constantFrom('', '1', 'x'), n: fc.nat(9) }),
  );
  const places = createPlaces([{ place: 7, topic: 'c', item: 'x' }]);
  const sumsOf = (rows: { topic: string; item: string; n: number }[]): Sums => {
    const sums: Sums = new Map();
    for (const { topic, item, n } of rows) countsAt(sums, places.of(topic)(item))[0] += n;
    return sums;
  };
  const byName = (sums: Sums) => new Map(listOf(sums, places.itemAt).map((sum) => [`${sum.topic}/${sum.item}`, sum]));

  test('what was written of two parts adds up to the whole', () => {
    fc.assert(
      fc.property(some, some, (one, other) => {
        const sums: Sums = new Map();
        for (const part of [one, other]) addWritten(sums, written(sumsOf(part)));
        expect(byName(sums)).toEqual(byName(sumsOf([...one, ...other])));
      }),
    );
  });

  test('whatever was counted is read as it was written, chances to their last digit', () => {
    const counts = fc.oneof(
      fc.nat(),
      fc.nat({ max: 10_000 }).map((parts) => parts / 10_000),
      fc.nat({ max: 10_000 }).map((parts) => (parts / 10_000) ** 2),
      fc.double({ min: -1e9, max: 1e15, noNaN: true }),
      fc.maxSafeInteger(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.tuple(counts, counts, counts, counts)), { maxLength: 30 }), (rows) => {
        const [sums, found] = [new Map(rows), new Map()];
        addWritten(found, written(sums));
        expect([...found.keys()]).toEqual([...sums.keys()]);
        for (const [place, each] of sums)
          for (const [i, count] of each.entries()) expect(found.get(place)![i]).toBeCloseTo(count, 9);
      }),
      { numRuns: 300 },
    );
    const [once, thrice]: Sums[] = [new Map([[1, [1, 0, 0.1, 0.2]]]), new Map()];
    for (let i = 0; i < 3; i++) addWritten(thrice!, written(once!));
    const again: Sums = new Map();
    addWritten(again, written(thrice!));
    expect(again.get(1)).toEqual([3, 0, 0.3, 0.6]);
  });

  test('an item keeps its place, and one that is new gets a place of its own', () => {
    const own = createPlaces([{ place: 7, topic: 'c', item: 'x' }]);
    expect([own.of('c')('x'), own.of('c')('y'), own.of('d')('x'), own.of('c')('y')]).toEqual([7, 8, 9, 8]);
    expect(own.itemAt(9)).toEqual({ topic: 'd', item: 'x' });
    expect(own.added()).toEqual([
      { place: 8, topic: 'c', item: 'y' },
      { place: 9, topic: 'd', item: 'x' },
    ]);
  });
});

describe('questions', () => {
  const asking = (name: string, en: string) =>
    ({
      name,
      programme: { id: 'p', key: 'satisfaction' },
      latest: { definition: { questions: [{ key: 'miss', kind: 'open', text: { en } }] } },
    }) as unknown as Questionnaire;

  test('a question that another questionnaire asks in other words stands with both, and with the name of the other', async () => {
    const list = () => Promise.resolve([asking('Main', 'What do you miss?'), asking('Copy', 'What do you miss?')]);
    const archived = () => Promise.resolve([asking('Old', 'What was missing?'), asking('Older', 'What was missing?')]);
    const asked = await askedQuestions({ list, archived });
    expect([...asked.values()]).toEqual([
      {
        programmeId: 'p',
        programmeKey: 'satisfaction',
        questionKey: 'miss',
        text: { en: 'What do you miss?' },
        elsewhere: [{ questionnaire: 'Old', text: { en: 'What was missing?' } }],
      },
    ]);
  });
});

describe('audited answers in sums', () => {
  const CODES = ['a', 'b', 'c'];
  const chance = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
  const audited = fc.record({
    inclusion: fc.constantFrom(0.2, 0.5),
    codes: fc.subarray(CODES),
    chances: fc.tuple(chance, chance, chance).map((all) => CODES.map((code, i) => [code, all[i]!] as const)),
  });
  const becomes = fc.record({ b: fc.constantFrom('b', 'a'), c: fc.constantFrom('c', 'a') });

  const likely = (a: number, b: number, c: number): [string, number][] => [
    ['a', a],
    ['b', b],
    ['c', c],
  ];
  /** What the predictions leave unsaid is nothing, but for what rounding leaves of it. */
  const onOneLine: [{ inclusion: number; codes: string[]; chances: Chances }[], { b: string; c: string }, number] = [
    [
      { inclusion: 0.2, codes: ['c'], chances: likely(0.8, 0.2, 0.1) },
      { inclusion: 0.2, codes: [], chances: likely(0, 0.05, 0) },
    ],
    { b: 'a', c: 'a' },
    2,
  ];

  /** One row for each answer, as an estimate without sums takes them. */
  const rowsOf = (all: { inclusion: number; codes: string[]; chances: Chances }[], ultimate: Ultimate) =>
    all.map(({ inclusion, codes, chances }) => ({
      inclusion,
      labels: CODES.map((code) => (codes.some((each) => ultimate(each) === code) ? 1 : 0)),
      predictions: CODES.map((code) =>
        chances.reduce((sum, [each, likely]) => (ultimate(each) === code ? sum + likely : sum), 0),
      ),
    }));

  test('they give the very shares and intervals that the answers themselves give, merged codes too', () => {
    fc.assert(
      fc.property(fc.array(audited, { minLength: 1, maxLength: 80 }), becomes, fc.nat(300), (all, into, more) => {
        const ultimate: Ultimate = (code) => into[code as 'b'] ?? code;
        const [sums, places]: [Sums, Places] = [new Map(), createPlaces()];
        for (const each of all) addAudited(sums, places.of('q'), { ...each, questionKey: 'q', random: 0 }, ultimate);
        const everyone = { count: all.length + more, amount: 1, predicted: Float64Array.of(0.4, 0.2, 0.1) };
        const found = sharesOfSums(everyone, auditedSums(listOf(sums, places.itemAt), CODES, ultimate));
        const expected = estimateShares(everyone, rowsOf(all, ultimate), 'each');
        for (const [i, { share, low, high, needed, ...each }] of expected.entries()) {
          expect(found[i]!.share).toBeCloseTo(share, 9);
          // Where all carry the code, weights that do not quite add up to one leave the other with something that varies.
          if (each.cases === all.length) continue;
          expect([found[i]!.low!, found[i]!.high!].map((value) => value.toFixed(6))).toEqual(
            [low!, high!].map((value) => value.toFixed(6)),
          );
          expect(Math.abs(found[i]!.needed - needed)).toBeLessThanOrEqual(1);
          expect([found[i]!.basis, found[i]!.audited, found[i]!.cases]).toEqual([each.basis, each.audited, each.cases]);
        }
      }),
      { examples: [onOneLine] },
    );
  });
});

describe('trends', () => {
  const scoresIn = (month: string, n: number): MonthScore[] => [
    { month, topic: 'score after', item: '5', n: Math.ceil(n / 2) },
    { month, topic: 'score after', item: '2', n: Math.floor(n / 2) },
  ];

  test('two years are looked back on, of whole quarters, the latest with the day in it', () => {
    fc.assert(
      fc.property(aDay, (day) => {
        const months = monthsUpTo(day);
        expect(months).toHaveLength(24);
        expect(months).toContain(day.slice(0, 7));
        expect(months).toEqual([...new Set(months)].toSorted());
        expect(Number(months[0]!.slice(5)) % 3).toBe(1);
      }),
    );
  });

  test('it is drawn by month where more than half of the months from the first answer to the last have 30, else by quarter; nothing is lost', () => {
    const counts = fc.array(fc.nat(60), { minLength: 20, maxLength: 24 });
    fc.assert(
      fc.property(counts, (numbers) => {
        const months = monthsUpTo('2026-11-22').filter((month) => month <= '2026-11');
        const scores = months.flatMap((month, i) => scoresIn(month, numbers[i] ?? 0));
        const { grain, points } = trendOf(scores, 'after', '2026-11-22');
        const asked = months.map((_, i) => numbers[i] ?? 0);
        const span = asked.slice(
          asked.findIndex((n) => n > 0),
          asked.findLastIndex((n) => n > 0) + 1,
        );
        expect(grain === 'month').toBe(span.filter((n) => n >= ENOUGH).length * 2 > span.length);
        expect(points.reduce((sum, { base }) => sum + base, 0)).toBe(asked.reduce((sum, n) => sum + n, 0));
        for (const { share, base } of points) expect(share === null).toBe(base === 0);
      }),
    );
  });

  test('whoever asks once a quarter sees quarters that join, not months with nothing between them', () => {
    const scores = ['2026-01', '2026-04', '2026-07'].flatMap((month) => scoresIn(month, 32));
    const { grain, points } = trendOf(scores, 'after', '2026-11-22');
    expect(grain).toBe('quarter');
    expect(points.slice(-4).map(({ base }) => base)).toEqual([32, 32, 32, 0]);
  });
});

describe('what goes with low scores', () => {
  const counts = fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40));
  const sum = (all: ByScore) => all.reduce((total, n) => total + n, 0);

  test('nothing is said of a group under ten; else the interval holds the difference, and turns round with the groups', () => {
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        const found = goesWith(one, other, randomOf(3));
        expect(found === null).toBe(sum(one) < FEWEST || sum(other) < FEWEST);
        if (!found) return;
        expect(found.low).toBeLessThanOrEqual(found.difference + 1e-9);
        expect(found.high).toBeGreaterThanOrEqual(found.difference - 1e-9);
        expect(goesWith(other, one, randomOf(5))!.difference).toBeCloseTo(-found.difference, 9);
        expect(found.p > 0 && found.p <= 1).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  test('of many themes without any difference hardly one is told; a clear one is', () => {
    const random = randomOf(11);
    const group = (n: number): ByScore => {
      const drawn: [number, number, number, number, number] = [0, 0, 0, 0, 0];
      for (let i = 0; i < n; i++) drawn[Math.floor(random() * 5)]!++;
      return drawn;
    };
    const none = Array.from({ length: 20 }, () => goesWith(group(40), group(60), random)!);
    const clear = goesWith([30, 10, 5, 0, 0], [0, 5, 10, 30, 60], random)!;
    const told = toldApart([...none, clear]);
    expect(told.at(-1)!.told).toBe(true);
    expect(told.slice(0, -1).filter(({ told: is }) => is).length).toBeLessThanOrEqual(1);
  });

  // 1,500 draws of two groups: where the truth is 95 %, one in a thousand such samples lies outside 93 to 97 %.
  test('the bootstrap interval of a known difference covers it in 93 to 97 % of 1,500 samples', () => {
    const random = randomOf(20_261_122);
    const shares = [
      [0.12, 0.18, 0.3, 0.25, 0.15],
      [0.04, 0.08, 0.18, 0.4, 0.3],
    ];
    const mean = (of: number[]) => of.reduce((total, share, i) => total + share * (i + 1), 0);
    const truth = mean(shares[0]!) - mean(shares[1]!);
    const sample = (of: number[], n: number): ByScore => {
      const drawn: [number, number, number, number, number] = [0, 0, 0, 0, 0];
      for (let i = 0; i < n; i++) {
        let point = random();
        const score = of.findIndex((share) => (point -= share) < 0);
        drawn[score < 0 ? 4 : score]!++;
      }
      return drawn;
    };
    const samples = 1500;
    let covered = 0;
    for (let i = 0; i < samples; i++) {
      const { low, high } = goesWith(sample(shares[0]!, 60), sample(shares[1]!, 140), random, 600)!;
      if (low <= truth && truth <= high) covered++;
    }
    expect(covered / samples).toBeGreaterThan(0.93);
    expect(covered / samples).toBeLessThan(0.97);
  });
});

const measure = (good: number, base: number, before: [number, number] | null): MeasureReport => ({
  measure: 'service',
  base,
  share: wilson(good, base),
  before: before && { base: before[1], share: wilson(...before) },
  change: before && newcombeOf(wilson(good, base), wilson(...before)),
  trend: { grain: 'month', points: [] },
});

const question = (n: number, base: number, basis: QuestionReport['basis'] = 'counted'): QuestionReport => ({
  part: 'satisfaction',
  programme: 'satisfaction',
  questionKey: 'miss',
  text: {},
  elsewhere: [],
  written: base,
  coded: base,
  unread: 0,
  base,
  basis,
  audited: 0,
  needed: 0,
  themes: [{ codeId: 'a', key: 'hours', name: { en: 'Hours' }, count: n, ...wilson(n, base), change: null }],
});

describe('compared with another period', () => {
  const none = { moments: [], questions: [] };

  test('a change is told where it is more than chance, and none where nothing changed', () => {
    const rose = changesBetween({ ...none, measures: [measure(56, 70, [48, 80])] }, none);
    expect(rose.tested).toBe(1);
    expect(rose.changes).toMatchObject([{ measure: 'service', now: 0.8, before: 0.6 }]);
    expect(rose.changes[0]!.difference).toBeCloseTo(0.2, 10);
    expect(changesBetween({ ...none, measures: [measure(40, 80, [41, 80])] }, none)).toEqual({
      changes: [],
      tested: 1,
    });
  });

  test('themes are compared from 30 answers on, unless the engine’s word on them is unverified', () => {
    const changeOf = (now: QuestionReport, before: QuestionReport) => withChanges(now, [before]).themes[0]!.change;
    expect(changeOf(question(56, 70), question(48, 80))).toEqual(newcombeOf(wilson(56, 70), wilson(48, 80)));
    expect(changeOf(question(20, 29), question(48, 80))).toBeNull();
    expect(changeOf(question(56, 70), question(20, 29))).toBeNull();
    expect(changeOf(question(56, 70, 'unverified'), question(48, 80))).toBeNull();
    expect(changeOf(question(56, 70), { ...question(48, 80), part: 'after' })).toBeNull();
  });

  test('without any change it cries wolf in hardly more than one of twenty comparisons', () => {
    const random = randomOf(7);
    const drawn = (share: number, n: number) =>
      Array.from({ length: n }, random).filter((point) => point < share).length;
    let wolves = 0;
    for (let i = 0; i < 400; i++) {
      const now = question(drawn(0.3, 90), 90);
      const before = question(drawn(0.3, 80), 80);
      const said = withChanges(now, [before]);
      const measures = [measure(drawn(0.8, 120), 120, [drawn(0.8, 100), 100])];
      const found = changesBetween({ moments: [], measures, questions: [said] }, { moments: [], questions: [before] });
      if (found.changes.length > 0) wolves++;
    }
    expect(wolves / 400).toBeLessThan(0.08);
  });
});

describe('audits', () => {
  test('what an audit covers is just what its filter shows', () => {
    const value = fc.constantFrom('x', 'y');
    const of = fc.record({
      segment: fc.option(value, { nil: undefined }),
      country: fc.option(value, { nil: undefined }),
    });
    const part = fc.constantFrom('after' as const, 'satisfaction' as const);
    fc.assert(
      fc.property(aPeriod, of, part, aDay, part, value, value, (period, filter, drawn, day, own, segment, country) => {
        const covers = coversOf({ period, of: filter }, drawn);
        const isIn = period.from <= day && day <= period.to && drawn === own;
        const fits = (filter.segment ?? segment) === segment && (filter.country ?? country) === country;
        expect(coveredBy(covers, { part: own, day, segment, country, language: 'en' })).toBe(isIn && fits);
      }),
    );
    const nobody = { part: null, day: null, segment: null, country: null, language: null };
    expect(coveredBy({}, nobody)).toBe(false);
  });

  test('nothing is missing where all is counted or checked; at least 50 are before that, but never more than there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, share) => {
        const needed = neededFor([{ share, needed: 0 }], count, 0);
        expect(needed).toBeGreaterThanOrEqual(Math.min(50, count));
        expect(needed).toBeLessThanOrEqual(count);
        expect(neededFor([{ share, needed: 0 }], count, count)).toBe(0);
      }),
    );
  });

  test('each part stands by itself; where few answer a question, as many more are drawn', () => {
    const asked = (part: 'after' | 'satisfaction', base: number, needed: number, basis: QuestionReport['basis']) => {
      return { part, programme: 'p', base, basis, needed };
    };
    const questions = [
      asked('satisfaction', 400, 100, 'unverified'),
      asked('satisfaction', 200, 100, 'unverified'),
      asked('after', 300, 0, 'counted'),
    ];
    expect(standings(questions, () => ({ drawn: 30, waiting: 20 }))).toEqual([
      { part: 'satisfaction', programme: 'p', checked: 10, waiting: 20, needed: 200 },
    ]);
  });
});
