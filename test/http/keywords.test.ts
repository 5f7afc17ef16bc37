import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Answer, Person, TestApp } from '../support/app.ts';
import type { Answered } from '../support/coding.ts';
import { startDesk, type Desk } from '../support/desk.ts';
import { onBothEngines } from '../support/engines.ts';

const LIST = '/codebook/leaving';
const CODE = `${LIST}/codes/quality`;

onBothEngines((on) => {
  let running: TestApp;
  let anna: Person;
  let boss: Person;
  let arrive: Desk['arrive'];
  let close: Desk['close'];
  beforeAll(async () => {
    ({ running, anna, boss, arrive, close } = await startDesk(on.storage()));
  });
  afterAll(() => close());

  const words = (page: Answer, language = 'en') =>
    new RegExp(`<textarea id="words.${language}"[^>]*>([^<]*)<`).exec(page.text)?.[1];
  const code = (answered: Answered, main: string) =>
    running.app.coding.codeResponse(COMMAND, { responseId: answered.responseId, codes: [main], main });
  const suggested = async ({ responseId }: Answered) => {
    const page = await anna.get(`/answers/leaving/${responseId}/happened`);
    return /<tr data-name="([^"]+)"(?:(?!<\/tr>)[\s\S])*?(\d+)\s*%/.exec(page.text)?.[1];
  };

  test('a reason takes words in each language, one entry a line, and the history names them', async () => {
    const page = await boss.get(CODE);
    expect(page.text).toMatch(/\d+ entries for this reason come with Comeback/);
    expect(words(page)).toBe('');
    const form = {
      'name.en': 'Quality',
      'name.de': 'Qualität',
      'words.en': ' splod* \n\nfell   apart\nsplod*',
      'words.de': 'platsch',
    };
    expect((await boss.post(CODE, form)).headers.location).toBe(LIST);
    const again = await boss.get(CODE);
    expect([words(again), words(again, 'de')]).toEqual(['splod*\nfell apart', 'platsch']);
    const history = await boss.get(`${LIST}/history`);
    expect(history.text).toMatch(/Words of “Quality”: new: [^<]*splod\*, fell apart/);
    await boss.get(CODE);
    await boss.post(CODE, { ...form, 'words.en': 'splod*', 'words.de': '' });
    expect((await boss.get(`${LIST}/history`)).text).toMatch(/Words of “Quality”: gone: [^<]*fell apart/);
    const audit = await on.storage().read.selectFrom('audit_entry').select('action').execute();
    expect(audit.filter(({ action }) => action === 'coding.code_words')).toHaveLength(2);
  });

  test('a line that cannot be read is explained where it stands, and what was typed stays', async () => {
    await boss.get(CODE);
    const typed = 'splod*\n(drip|leak\nother';
    const refused = await boss.post(CODE, { 'name.en': 'Quality', 'words.en': typed });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('id="words.en-error">“(drip|leak”: a bracket is opened and not closed');
    expect(words(refused)).toBe(typed);
    expect(words(await boss.get(CODE))).toBe('splod*');
  });

  test('the engine learns them at once: an answer with such a word is suggested the reason', async () => {
    const answered = await arrive('It sploddered over everything.');
    await running.app.coding.opinions.work();
    expect(await suggested(answered)).toBe('Quality');
  });

  test('lines that stand in answers coded otherwise are shown, with what those mostly are', async () => {
    await boss.get(CODE);
    await boss.post(CODE, { 'name.en': 'Quality', 'words.en': 'splod*\nkettle' });
    for (let i = 0; i < 3; i++) await code(await arrive(`The kettle cost ${i} too much`), 'price');
    await code(await arrive('The kettle broke, all splodded'), 'quality');
    await boss.get(CODE);
    await boss.post(CODE, { 'name.en': 'Quality', 'words.en': 'splod*\nkettle', 'description.en': 'Broken things.' });
    let page = await boss.get(CODE);
    for (let i = 0; page.text.includes('This is being counted') && i < 50; i++) page = await boss.get(CODE);
    expect(page.text).toContain('<code>kettle</code>');
    expect(page.text).toMatch(/<code>kettle<\/code>[\s\S]*3 of 4[\s\S]*Price/);
    expect(page.text).not.toContain('<code>splod*</code>');
  });

  test('the list says which reasons the engine does not know yet', async () => {
    const isUnknown = async (name: string) =>
      new RegExp(`${name}</a></th><td[^>]*><span class="tag late">The engine does not know it yet`).test(
        (await boss.get(LIST)).text,
      );
    await boss.get(`${LIST}/add`);
    await boss.post(`${LIST}/codes`, { 'name.en': 'Weather' });
    await boss.get(`${LIST}/add`);
    await boss.post(`${LIST}/codes`, { 'name.en': 'Dogs', 'words.en': 'dog*' });
    expect([await isUnknown('Weather'), await isUnknown('Dogs'), await isUnknown('Price')]).toEqual([
      true,
      false,
      false,
    ]);
    await code(await arrive('Rain again'), 'weather');
    expect(await isUnknown('Weather')).toBe(false);
  });

  test('a merge takes the words along', async () => {
    await boss.get(`${LIST}/codes/dogs`);
    await boss.post(`${LIST}/codes/dogs/merger`, { into: 'weather' });
    expect(words(await boss.get(`${LIST}/codes/weather`))).toBe('dog*');
  });
});
