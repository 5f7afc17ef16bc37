import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../src/shared/ids.ts';
import type { Answer, Person, TestApp } from '../support/app.ts';
import type { Answered, Answering } from '../support/coding.ts';
import { startDesk, type Desk } from '../support/desk.ts';
import { onBothEngines } from '../support/engines.ts';

const DESK = '/answers/leaving';
const THEMES = '/codebook/leaving/themes';
const COMPETITORS = '/codebook/leaving/competitors';
const CODE = '/codebook/leaving/codes/price';
const RTL = '\u202eecirp\u200f';
const VALUES = ['', '-1', '1e999', '9'.repeat(400), 'text', 'a\u0000b', RTL, '\ud800'];
/** What databases take differently; the rest never gets as far. */
const STORED = ['', '9'.repeat(400), 'a\u0000b', '\ud800'];

onBothEngines((on) => {
  const values = on.engine === 'sqlite' ? VALUES : STORED;
  let running: TestApp;
  let leaving: Answering;
  let anna: Person;
  let boss: Person;
  let close: Desk['close'];
  let one: Answered;
  let themeId: string;
  let competitorId: string;
  beforeAll(async () => {
    ({ running, leaving, anna, boss, close } = await startDesk(on.storage()));
    running.clock.advance({ minutes: 1 });
    one = await leaving.answer({ words: 'I switched to Bluewave, you put up the price.' });
    await leaving.answer({ words: { happened: 'It was too far.', now: 'At Bluewave’s' } });
    await running.app.coding.discoveries.work();
    const { id } = await on.storage().read.selectFrom('competitor').select('id').executeTakeFirstOrThrow();
    competitorId = id;
    themeId = await newTheme();
  });
  afterAll(() => close());

  async function newTheme(): Promise<string> {
    const id = newId(running.clock);
    const theme = { id, programme_id: leaving.programmeId, state: 'new' as const, size: 2, novelty: 1 };
    const phrases = JSON.stringify([{ text: 'big dog', language: 'en' }]);
    const rest = { phrases, found_at: running.clock.now().toISOString(), given: '{}' };
    await on.storage().transaction((tx) =>
      tx
        .insertInto('theme')
        .values({ ...theme, ...rest })
        .execute(),
    );
    return id;
  }

  const place = () => ({ response: one.responseId, question: 'happened' });
  const forms = (): [string, Record<string, string>][] => [
    [`${DESK}/draw`, { more: '5' }],
    [`${DESK}/settle`, { ...place(), take: 'first' }],
    [DESK, { ...place(), queue: 'second', code: 'x', main: '', another: '', expected: '0', do: 'save', only: '' }],
    [DESK, { ...place(), queue: 'settle', code: 'x', main: '', another: '', expected: '0', do: 'save' }],
    [
      DESK,
      { ...place(), queue: 'audit', code: 'x', main: '', another: 'y', expected: '0', do: 'save', suggested: '0' },
    ],
    [DESK, { ...place(), queue: 'audit', do: 'skip' }],
    [DESK, { ...place(), queue: 'second', do: 'skip' }],
    [`${THEMES}/look`, {}],
    [`${THEMES}/${themeId}`, { do: 'same', [`same-${themeId}`]: 'x' }],
    [`${THEMES}/${themeId}`, { do: 'back' }],
    [`${COMPETITORS}/${competitorId}`, { do: 'same', [`into-${competitorId}`]: 'x' }],
    [`${COMPETITORS}/${competitorId}`, { do: 'x' }],
    ['/codebook/leaving/codes', { 'name.en': 'Dogs', 'words.en': 'dog', theme: themeId, parent: 'price' }],
    [CODE, { 'name.en': 'Price', 'words.en': 'dear', 'words.de': 'teuer' }],
  ];

  test('no form falls over whatever stands in any of its fields', async () => {
    await boss.get(CODE);
    const fallen: string[] = [];
    for (const [path, fields] of forms())
      for (const field of Object.keys(fields))
        for (const value of [...values, ['a', 'b']]) {
          if (field.startsWith('words') || field.startsWith('name') || field === 'theme') continue;
          const answer = await boss.post(path, { ...fields, [field]: value });
          if (answer.status >= 500) fallen.push(`${path} ${field}=${JSON.stringify(value)}`);
        }
    expect(fallen).toEqual([]);
  });

  test('nor do the pages, whatever their address says', async () => {
    const fallen: string[] = [];
    for (const value of ['%00', '%E2%80%AE', '-1', '1e999', '%FF', 'a'.repeat(4000), '%00~' + one.responseId])
      for (const path of [
        `${DESK}/agreement?after=${value}`,
        `${DESK}/agreement?after=${value}~${one.responseId}`,
        `${DESK}?queue=mine&after=${value}`,
        `${DESK}?queue=mine&after=${value}~${one.responseId}`,
        `${DESK}?queue=${value}&code=${value}&order=${value}`,
        `${DESK}/${value}/happened?queue=second`,
        `${DESK}/${one.responseId}/${value}?queue=audit`,
        `${THEMES}/${value}`,
        `${THEMES}/${themeId}?from=${value}`,
        `${COMPETITORS}/${value}`,
        `${COMPETITORS}/${competitorId}?after=${value}`,
        `/codebook/${value}/themes`,
        `/codebook/leaving/codes/${value}`,
        `/codebook/leaving/add?theme=${value}&under=${value}`,
        `/codebook/leaving/history?after=${value}~${one.responseId}`,
      ]) {
        const { status } = await boss.get(path);
        if (status >= 500) fallen.push(path);
      }
    expect(fallen).toEqual([]);
  });

  test('words that cannot be read are shown as they were typed, whatever they are', async () => {
    await boss.get(CODE);
    const fallen: string[] = [];
    for (const typed of [...values, '(((', '***', 'x\n'.repeat(400), 'y'.repeat(500_000)])
      for (const field of ['words.en', 'name.en', 'description.en', 'theme']) {
        for (const path of [CODE, '/codebook/leaving/codes']) {
          const answer = await boss.post(path, { 'name.en': 'Price', 'words.en': '((', [field]: typed });
          if (answer.status >= 500)
            fallen.push(`${path} ${field}=${JSON.stringify(typed).slice(0, 40)} ${answer.status}`);
        }
      }
    expect(fallen).toEqual([]);
    const answer = await boss.post(CODE, { 'name.en': 'Price', 'words.en': 'sound\n(half' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('(half</textarea>');
  });

  test('ten megabytes are refused', async () => {
    for (const [path, fields] of [forms()[0]!, forms()[8]!, forms().at(-1)!]) {
      const [field = 'x'] = Object.keys(fields);
      expect((await boss.post(path, { ...fields, [field]: 'x'.repeat(10_000_000) })).status).toBe(413);
    }
  });

  test('nothing is done without the token of the form, and nothing beyond the role', async () => {
    await anna.get(DESK);
    const tries = async (person: Person, more: Record<string, string> = {}) => {
      const statuses: Answer['status'][] = [];
      for (const [path, fields] of forms()) statuses.push((await person.post(path, { ...fields, ...more })).status);
      return statuses;
    };
    expect(new Set(await tries(boss, { csrf: 'wrong' }))).toEqual(new Set([403]));
    const managers = [`${THEMES}/${themeId}`, '/codebook/leaving/codes', CODE];
    for (const path of managers) {
      const fields = { do: 'same', 'name.en': 'Mine', [`same-${themeId}`]: 'price' };
      expect([path, (await anna.post(path, fields)).status]).toEqual([path, 403]);
    }
  });

  test('what belongs to another programme is not found', async () => {
    await boss.get(DESK);
    const other = '/answers/satisfaction';
    const paths: [string, Record<string, string>][] = [
      [`${other}/settle`, { ...place(), take: 'first' }],
      [other, { ...place(), queue: 'second', do: 'save' }],
      [`/codebook/satisfaction/themes/${themeId}`, { do: 'no' }],
      [`/codebook/satisfaction/competitors/${competitorId}`, { do: 'yes' }],
      ['/codebook/satisfaction/codes', { 'name.en': 'Dogs', theme: themeId }],
    ];
    for (const [path, fields] of paths) expect([path, (await boss.post(path, fields)).status]).toEqual([path, 404]);
  });

  test('what is sent twice is done once', async () => {
    await boss.get(THEMES);
    const theme = await newTheme();
    const make = { 'name.en': 'Big dogs', 'words.en': 'dog', theme };
    const both = await Promise.all([
      boss.post('/codebook/leaving/codes', make),
      boss.post('/codebook/leaving/codes', make),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422]);
    const codes = await on.storage().read.selectFrom('code').select('key').where('key', 'like', 'big_dogs%').execute();
    expect(codes).toEqual([{ key: 'big_dogs' }]);
    const back = await Promise.all([1, 2].map(() => boss.post(`${THEMES}/${theme}`, { do: 'back' })));
    expect(back.map(({ status }) => status).sort()).toEqual([303, 409]);
  });
});
