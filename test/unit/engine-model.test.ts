import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calibrate, probability } from '../../src/coding/engine/calibration.ts';
import {
  createPredictor,
  figuresOf,
  groupsOfOwn,
  kappaOf,
  readModel,
  seeded,
  train,
  worthOfAsking,
  writeModel,
  type Example,
  type Model,
} from '../../src/coding/engine/index.ts';
import { lanesOf, marginsOf, sigmoid, trainLogistic } from '../../src/coding/engine/logistic.ts';
import { mainChances } from '../../src/coding/engine/main-reason.ts';
import type { Rows } from '../../src/coding/engine/rows.ts';

/** |w|^2/2 + sum of cost * loss by plain gradient descent: slow and simple. */
function bruteForce(xs: number[][], wanted: number[], cost: number[]): number[] {
  let w = xs[0]!.map(() => 0);
  for (let step = 0; step < 20_000; step++) {
    const slope = [...w];
    xs.forEach((x, i) => {
      const over = cost[i]! * (sigmoid(x.reduce((sum, each, k) => sum + each * w[k]!, 0)) - wanted[i]!);
      x.forEach((each, k) => (slope[k]! += over * each));
    });
    w = w.map((each, k) => each - 0.05 * slope[k]!);
  }
  return w;
}

function rowsOf(xs: number[][]): Rows {
  const width = xs[0]!.length;
  return {
    start: Int32Array.from({ length: xs.length + 1 }, (_, i) => i * width),
    index: Int32Array.from(xs.flatMap((x) => x.map((_, k) => k))),
    value: Float32Array.from(xs.flat()),
    width,
  };
}

test('dual coordinate descent finds the optimum that plain gradient descent finds', () => {
  const random = seeded(3);
  const xs = Array.from({ length: 12 }, () => [random() - 0.5, random() - 0.5, 1]);
  const wanted = Array.from({ length: 12 }, (_, i) => (i < 3 ? random() : Math.round(random())));
  const cost = Array.from({ length: 12 }, (_, i) => (i % 4 === 0 ? 0.1 : 2));
  const targets = { codes: 1, wanted: Float32Array.from(wanted), cost: Float32Array.from(cost) };
  const weights = trainLogistic(rowsOf(xs), targets, { epochs: 2000, tolerance: 1e-6 });
  bruteForce(xs, wanted, cost).forEach((each, k) => expect(weights[k * lanesOf(1)]).toBeCloseTo(each, 2));
});

test('weights stay at their prior where nothing is to be learned, and large costs stay finite', () => {
  const rows = rowsOf([[1, 0.5]]);
  const prior = Float32Array.from([2, 0, 0, 0, -1, 0, 0, 0]);
  const still = { codes: 1, wanted: Float32Array.of(1), cost: Float32Array.of(0) };
  expect([...trainLogistic(rows, still, { prior })]).toEqual([...prior]);
  const margins = new Float64Array(4);
  marginsOf(rows, 0, trainLogistic(rows, { ...still, cost: Float32Array.of(1e4) }), margins);
  expect(margins[0]).toBeGreaterThan(3);
  expect(Number.isFinite(margins[0])).toBe(true);
});

describe('calibration', () => {
  const prior = { slope: 1, intercept: 0 };

  test('a higher margin is never a lower probability', () => {
    const margin = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(margin, fc.boolean()), { maxLength: 30 }), margin, margin, (seen, a, b) => {
        const fitted = calibrate(
          seen.map(([each]) => each),
          seen.map(([, truth]) => Number(truth)),
          prior,
        );
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(probability(fitted, low)).toBeLessThanOrEqual(probability(fitted, high));
      }),
    );
  });

  test('the mean probability meets the share, and without labels nothing changes', () => {
    const margins = Array.from({ length: 400 }, (_, i) => (i % 20) / 5 - 2);
    const fitted = calibrate(
      margins,
      margins.map((_, i) => (i % 10 === 0 ? 1 : 0)),
      prior,
    );
    const mean = margins.reduce((sum, each) => sum + probability(fitted, each), 0) / 400;
    expect(mean).toBeCloseTo(0.1, 1);
    expect(calibrate([], [], prior)).toEqual(prior);
  });
});

test('chances of being the main reason add up to one', () => {
  const odds = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(odds, (each) => {
      const chances = new Float64Array(each.length);
      mainChances({ scale: 1, leaning: each.map(() => 0) }, Float64Array.from(each), 0, chances);
      expect(chances.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }),
  );
});

test('figures against counting by hand', () => {
  const truth = Uint8Array.of(1, 0, 1, 1, 0, 0);
  const told = Uint8Array.of(1, 0, 0, 1, 0, 0);
  const { micro, macro, samples } = figuresOf(truth, told, 2);
  expect(micro).toBeCloseTo(0.8, 9);
  expect(macro).toBeCloseTo((2 / 3 + 1) / 2, 9);
  expect(samples).toBeCloseTo((1 + 2 / 3 + 1) / 3, 9);
  expect(kappaOf(Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 1, 1, 1))).toBeCloseTo(0.5, 9);
});

const codes = ['price', 'service'];
const groups = [
  ...groupsOfOwn({ key: 'price', keywords: { en: ['expensive', 'price'], de: ['teuer', 'preis'] } }),
  ...groupsOfOwn({ key: 'service', keywords: { en: ['rude', 'staff'], de: ['unfreundlich', 'personal'] } }),
];
const pool = [
  'too expensive for my wallet',
  'the price hurt my wallet',
  'rude people at the desk',
  'the staff at the desk',
].map((text) => ({ text, lang: 'en' }));
const many = (count: number): Example[] =>
  Array.from({ length: count }, (_, i) => ({
    text: i % 2 === 0 ? `the monthly bill number ${i} was painful` : `nobody greeted us, visit ${i}`,
    labels: [codes[i % 2]!],
    lang: 'en',
  }));

/** Labels that teach nothing about which code it is. */
const asTheKeywordsSay = (count: number): Example[] =>
  Array.from({ length: count }, (_, i) => ({
    text: i % 2 === 0 ? `expensive, ${i} euros` : `rude, visit ${i}`,
    labels: [codes[i % 2]!],
    lang: 'en',
  }));

describe('a model', () => {
  test('starts from keywords, and learns from the pool which other words go with them', () => {
    const { tell } = createPredictor(train({ codes, groups, examples: [], pool }));
    expect([...tell({ text: 'Expensive!', lang: 'en' }).decided]).toEqual([1, 0]);
    const { chances } = tell({ text: 'my wallet', lang: 'en' });
    expect(chances[0]).toBeGreaterThan(chances[1]!);
  });

  test('learns what no keyword names, and says what it gained', () => {
    const model = train({ codes, groups, examples: many(60), pool });
    expect(model.home.figures.promoted?.micro).toBeGreaterThan(model.home.figures.cold!.micro);
    const { tell } = createPredictor(model);
    expect([...tell({ text: 'the monthly bill', lang: 'en' }).decided]).toEqual([1, 0]);
    const german = tell({ text: 'sehr teuer', lang: 'de' });
    expect(german.decided[0]).toBe(1);
    expect(german.mains[0]).toBeGreaterThan(german.mains[1]!);
  });

  test('takes a single word of a phrase for a hint, but in no language without labels of its own', () => {
    const phrases = groupsOfOwn({ key: 'price', keywords: { en: ['price of wine'], de: ['preis vom wein'] } });
    const priceOf = (examples: Example[], text: string, lang: string) =>
      createPredictor(train({ codes, groups: phrases, examples, pool })).tell({ text, lang }).chances[0]!;
    expect(priceOf([], 'wine', 'en')).toBeGreaterThan(priceOf([], 'bread', 'en'));
    expect(priceOf(many(60), 'wein', 'de')).toBe(priceOf(many(60), 'brot', 'de'));
    expect(priceOf(many(60), 'preis vom wein', 'de')).toBeGreaterThan(priceOf(many(60), 'brot', 'de'));
  });

  test('hears labels before they have proved anything, and decides as it did without any', () => {
    const examples = asTheKeywordsSay(20);
    const start = train({ codes, groups, examples: [], pool: [...examples, ...pool] });
    const model = train({ codes, groups, examples, pool });
    expect(model.home.figures.promoted).toBeUndefined();
    expect(model.home.head).toEqual(start.home.head);
    const priceOf = (of: Model) => createPredictor(of).tell({ text: 'so many euros', lang: 'en' }).chances[0]!;
    expect(priceOf(model)).toBeGreaterThan(priceOf(start));
  });

  test('reads a language without labels as it did before there were any, until they have proved something', () => {
    const examples = asTheKeywordsSay(24);
    const german = ['zu teuer für meinen Geldbeutel', 'teuer: meinen Geldbeutel schmerzt es'];
    const others = [...pool, ...german.map((text) => ({ text, lang: 'de' }))];
    const priceOf = (of: Model) => createPredictor(of).tell({ text: 'meinen Geldbeutel', lang: 'de' }).chances[0]!;
    const before = priceOf(train({ codes, groups, examples: [], pool: [...examples, ...others] }));
    const model = train({ codes, groups, examples, pool: others });
    expect(model.homes).toEqual(['en']);
    expect(priceOf(model)).toBeCloseTo(before, 2);
    expect(priceOf(readModel(writeModel(model)))).toBeCloseTo(before, 2);
  });

  test('is the same twice, and after being written and read', () => {
    const model = train({ codes, groups, examples: many(30), pool });
    const bytes = writeModel(model);
    expect(writeModel(train({ codes, groups, examples: many(30), pool }))).toEqual(bytes);
    const answers = [...many(10), { text: 'teuer', lang: 'de' }];
    const [before, after] = [createPredictor(model), createPredictor(readModel(bytes))];
    for (const answer of answers) {
      const [was, is] = [before.tell(answer), after.tell(answer)];
      expect([...is.decided]).toEqual([...was.decided]);
      is.chances.forEach((chance, i) => expect(chance).toBeCloseTo(was.chances[i]!, 2));
    }
  });

  test('says which words spoke for a code', () => {
    const { explain } = createPredictor(train({ codes, groups, examples: many(30), pool }));
    const text = 'far too expensive';
    const [first] = explain({ text, lang: 'en' });
    expect(first).toMatchObject({ code: 'price', decided: true });
    const spans = first!.spans.filter(({ entry }) => entry === 'expensive');
    expect(spans.map(({ from, to }) => text.slice(from, to))).toEqual(['expensive']);
  });

  test('names no word as a reason that says nothing by itself, however often it came with one', () => {
    const { explain } = createPredictor(train({ codes, groups, examples: many(60), pool }));
    const text = 'the monthly bill was what it was';
    const said = explain({ text, lang: 'en' }).flatMap(({ spans }) =>
      spans.map(({ from, to }) => text.slice(from, to)),
    );
    expect(said).toContain('bill');
    for (const word of ['the', 'was', 'what', 'it', 'it was']) expect(said).not.toContain(word);
  });

  test('asks rather about what it does not know', () => {
    const { tell, headFor } = createPredictor(train({ codes, groups, examples: many(30), pool }));
    const { thresholds } = headFor('en').rule;
    const worth = (text: string) => worthOfAsking({ ...tell({ text, lang: 'en' }), thresholds });
    expect(worth('quite unheard-of matters')).toBeGreaterThan(worth('the monthly bill number 2 was painful'));
  });
});
