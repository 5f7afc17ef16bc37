import { describe, expect, test } from '@jest/globals';
import { logOddsZ } from '../../src/coding/engine/log-odds.ts';
import { seeded } from '../../src/coding/engine/random.ts';
import { RowWriter, type Rows } from '../../src/coding/engine/rows.ts';
import { sphericalMeans } from '../../src/coding/engine/spherical-means.ts';
import { findThemes, type Theme, type ThemeAnswer } from '../../src/coding/engine/themes.ts';

const random = seeded(4);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

const PATTERNS = {
  parking: [
    'There is no {0} near the shop',
    'Could never find a {0}, {1}',
    'The {0} was always full',
    'Hopeless {0} {1}',
  ],
  app: ['The {2} after the last update', 'Your {2} all the time, {1}', 'Since the update the {2}'],
  ladestation: ['Es gibt keine {3} am Markt', 'Die {3} war wieder kaputt', 'An der {3} stand ich ewig, {4}'],
  price: ['Far too expensive for {5}', 'The price went up again, {1}', 'Cheaper for {5} and that decides it'],
  service: ['Nobody answered my {5}, {1}', 'The staff were rude about {5}', 'Waited weeks for {5}'],
};
const WORDS = [
  ['parking space', 'parking space nearby', 'parking'],
  ['really annoying', 'so I gave up', 'every single week', 'sorry'],
  ['app crashes', 'app keeps crashing', 'app freezes'],
  ['Ladestation', 'Ladestation für mein Auto'],
  ['schade eigentlich', 'leider'],
  ['the refund', 'an invoice', 'my order', 'what it is', 'a contract', 'the delivery'],
];
type Topic = keyof typeof PATTERNS;

const say = (topic: Topic) => pick(PATTERNS[topic]).replace(/\{(\d)\}/g, (_, i) => pick(WORDS[Number(i)]!));
const answers = (topic: Topic, count: number): ThemeAnswer[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${topic}-${i}`, text: say(topic) }));

const unexplained = [...answers('parking', 25), ...answers('app', 18), ...answers('ladestation', 14)];
const explained = [...answers('price', 80), ...answers('service', 80)];
const topicOf = (id: string) => id.split('-')[0]!;

/** The topic most of a theme's answers are about, and how many of them. */
function mainTopic({ answers: ids }: Theme): [topic: string, share: number] {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(topicOf(id), (counts.get(topicOf(id)) ?? 0) + 1);
  const [topic, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  return [topic, count / ids.length];
}

describe('themes', () => {
  const themes = findThemes(unexplained, explained);

  test('each is about one thing, and everything is found, in whatever language', () => {
    for (const theme of themes) expect(mainTopic(theme)[1]).toBeGreaterThanOrEqual(0.9);
    expect(new Set(themes.map((theme) => mainTopic(theme)[0]))).toEqual(new Set(['parking', 'app', 'ladestation']));
  });

  test('phrases name it, as people wrote them, in one to three words', () => {
    const phrases = (topic: string) =>
      themes.filter((theme) => mainTopic(theme)[0] === topic).flatMap((theme) => theme.phrases);
    expect(phrases('parking').some((phrase) => /^parking/.test(phrase))).toBe(true);
    expect(phrases('ladestation').some((phrase) => phrase.startsWith('Ladestation'))).toBe(true);
    expect(phrases('app').some((phrase) => /crash|freez|update/.test(phrase))).toBe(true);
    for (const theme of themes)
      for (const phrase of theme.phrases) expect(phrase.split(' ').length).toBeLessThanOrEqual(3);
  });

  test('examples are the nearest answers, none twice', () => {
    for (const { examples, answers: ids } of themes) {
      expect(examples[0]!.id).toBe(ids[0]);
      expect(new Set(examples.map(({ text }) => text)).size).toBe(examples.length);
    }
  });

  test('what is said of explained answers too is less novel', () => {
    const mixed = findThemes(
      [...answers('app', 30), ...answers('price', 30)],
      [...explained, ...answers('price', 200)],
    );
    expect(mainTopic(mixed[0]!)[0]).toBe('app');
  });

  test('the same answers, the same themes; few answers, none', () => {
    expect(findThemes(unexplained, explained)).toEqual(themes);
    expect(findThemes(unexplained.slice(0, 3), explained)).toEqual([]);
    expect(findThemes([], [])).toEqual([]);
  });

  test('answers without a word in common are no theme', () => {
    const strangers = ['Yes', 'No idea', '…', '???', 'Because', '12', 'Hm', '😡'].map((text, i) => ({
      id: `${i}`,
      text,
    }));
    expect(findThemes(strangers, explained)).toEqual([]);
  });

  test('what is left over when the others have found their like is no theme', () => {
    const things =
      'kettle ladder violin carpet turnip garage bishop candle drawer engine falcon gutter hammer island jigsaw';
    const words = things.split(' ');
    // Each has a word in common with the next one, none with many.
    const chain = words.map((word, i) => ({
      id: `left-${i}`,
      text: `The ${word} and the ${words[(i + 1) % words.length]}`,
    }));
    const found = findThemes([...answers('parking', 25), ...chain], explained);
    expect(found.map((theme) => mainTopic(theme)[0])).toEqual(found.map(() => 'parking'));
    expect(found.length).toBeGreaterThan(0);
  });

  test('2,000 answers have their themes too', () => {
    const many = [...answers('parking', 700), ...answers('app', 600), ...answers('ladestation', 700)];
    expect(findThemes(many, explained).length).toBeGreaterThan(2);
  });

  test('no phrase says again what another says, in one number or the other', () => {
    const bags = [
      'A plastic bag',
      'The bag again',
      'Plastic bags',
      'Your bags',
      'Bags and a bag',
      'A bag, bags, plastic',
    ];
    const about = bags.map((text, i) => ({ id: `bag-${i}`, text }));
    const phrases = findThemes([...about, ...answers('parking', 20)], explained)
      .filter((theme) => mainTopic(theme)[0] === 'bag')
      .flatMap((theme) => theme.phrases);
    expect(phrases.filter((phrase) => /^bags?$/i.test(phrase)).length).toBeLessThanOrEqual(1);
    expect(phrases.join(' ')).toMatch(/bag/i);
  });
});

describe('spherical k-means', () => {
  function rowsOf(vectors: number[][]): Rows {
    const writer = new RowWriter();
    for (const vector of vectors) {
      const from = writer.length;
      vector.forEach((value, i) => value !== 0 && writer.add(i, value));
      writer.normalise(from, 1);
      writer.endRow();
    }
    return writer.rows(vectors[0]!.length);
  }

  test('goes by direction, not by length; nearness is the cosine with the centre', () => {
    const { of, nearness } = sphericalMeans(
      rowsOf([
        [1, 0.1, 0],
        [50, 5, 0],
        [0, 0.1, 1],
        [0, 7, 70],
      ]),
      2,
    );
    expect(of[0]).toBe(of[1]);
    expect(of[2]).toBe(of[3]);
    expect(of[0]).not.toBe(of[2]);
    for (const each of nearness) expect(each).toBeCloseTo(1, 5);
  });

  test('more clusters than rows, and rows of nothing, do no harm', () => {
    const { of, nearness } = sphericalMeans(
      rowsOf([
        [1, 0],
        [0, 0],
      ]),
      4,
    );
    expect(of).toHaveLength(2);
    expect(nearness[1]).toBe(0);
  });
});

describe('log-odds with an informative prior', () => {
  test('by hand', () => {
    // Prior 500 x 50 / 1000 = 25: ln(55 / 545) - ln(45 / 1355), over sqrt(1/55 + 1/45).
    const z = (Math.log(55 / 545) - Math.log(45 / 1355)) / Math.sqrt(1 / 55 + 1 / 45);
    expect(logOddsZ({ inside: 30, ofInside: 100, outside: 20, ofOutside: 900 })).toBeCloseTo(z, 12);
  });

  test('a word used equally everywhere is 0; a rare one cannot win by chance', () => {
    expect(logOddsZ({ inside: 10, ofInside: 100, outside: 90, ofOutside: 900 })).toBeCloseTo(0, 1);
    const rare = logOddsZ({ inside: 1, ofInside: 100, outside: 0, ofOutside: 900 });
    expect(rare).toBeLessThan(logOddsZ({ inside: 40, ofInside: 100, outside: 60, ofOutside: 900 }));
  });
});
