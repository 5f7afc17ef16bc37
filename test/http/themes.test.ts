import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer, Person, TestApp } from '../support/app.ts';
import type { Answered } from '../support/coding.ts';
import { startDesk, type Desk } from '../support/desk.ts';
import { onBothEngines } from '../support/engines.ts';

const LIST = '/codebook/leaving/themes';
const NOT_ALLOWED = [
  'My dog sat outside in the rain',
  'You sent my dog outside',
  'A big dog and a small dog, both left outside',
  'My old dog had to stay outside the door',
];
const GERMAN = [
  'Mein Hund darf nicht mehr mit in den Laden',
  'Der Hund musste draußen bleiben',
  'Ohne Hund gehe ich nirgends hin, mein Hund bleibt bei mir',
];
const PLAIN = [
  'You put up the price three times',
  'Far too expensive',
  'It was far too expensive for me',
  'Nobody answered the phone',
];

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Desk['leaving'];
  let anna: Person;
  let boss: Person;
  let arrive: Desk['arrive'];
  let close: Desk['close'];

  beforeAll(async () => {
    ({ running, leaving, anna, boss, arrive, close } = await startDesk(on.storage()));
  });
  afterAll(() => close());

  const read = () => running.app.coding.opinions.work();
  const look = async () => {
    running.clock.advance({ minutes: 1 });
    await anna.get(LIST);
    await anna.post(`${LIST}/look`);
    await running.app.coding.discoveries.work();
    return await anna.get(LIST);
  };
  const themesOn = (page: Answer) =>
    [...page.text.matchAll(/<h2 id="theme-([^"]+)">([^<]+)<\/h2>/g)].map(([, id = '', name = '']) => ({ id, name }));
  const dogs = (page: Answer) => themesOn(page).find(({ name }) => /dog/i.test(name));
  const words = async (code: string) => {
    const page = await boss.get(`/codebook/leaving/codes/${code}`);
    return /<textarea id="words.en"[^>]*>([^<]*)</.exec(page.text)?.[1] ?? '';
  };

  test('the page says what is missing before there is a theme', async () => {
    expect((await anna.get(LIST)).text).toContain('Nobody has looked yet.');
    expect((await anna.get('/codebook/leaving')).text).toContain(`href="${LIST}"`);
    await arrive('My dog is not allowed in');
    await read();
    expect((await look()).text).toMatch(/It takes 20 answers that no reason explains; so far there (is one|are \d+)\./);
  });

  describe('sixty answers about something that no reason covers', () => {
    let all: Answered[];
    let theme: { id: string; name: string };

    beforeAll(async () => {
      all = [];
      for (let i = 0; i < 45; i++) all.push(await arrive(`${NOT_ALLOWED[i % NOT_ALLOWED.length]} ${i}`));
      for (let i = 0; i < 15; i++) all.push(await arrive(`${GERMAN[i % GERMAN.length]} ${i}`, 'de'));
      for (let i = 0; i < 30; i++) await arrive(`${PLAIN[i % PLAIN.length]} ${i}`);
      await read();
    });

    test('become a theme with phrases, its size and examples in their language; nothing is coded', async () => {
      const page = await look();
      theme = dogs(page) ?? { id: '', name: '' };
      expect(theme.id).not.toBe('');
      expect((await anna.get('/answers/leaving')).text).toMatch(/themes">Emerging themes: (one|\d+) to judge</);
      expect(page.text).toContain('Read all of them');
      expect(page.text).toMatch(/<blockquote class="voice" lang="en" dir="auto">[^<]*dog/i);
      expect(page.text).toContain('Not a theme');
      expect(page.text).toContain('Managers can make a theme a reason.');
      expect(page.text).not.toMatch(/price|expensive/i);
      const coded = await on
        .storage()
        .read.selectFrom('coding')
        .select('id')
        .where('coder_kind', '=', 'colleague')
        .execute();
      expect(coded).toEqual([]);
    });

    test('stay the same theme when they are looked through again', async () => {
      expect(dogs(await look())).toEqual(theme);
    });

    test('goes with its words as soon as an answer behind it does, and is found anew in the others', async () => {
      running.clock.advance({ minutes: 1 });
      await leaving.change(all[0]!, 'happened', '');
      expect(themesOn(await anna.get(LIST))).not.toContainEqual(theme);
      await read();
      theme = dogs(await look()) ?? { id: '', name: '' };
      expect(theme.id).not.toBe('');
    });

    test('a manager makes a reason of it, with its words; the answers then wait with the reason suggested', async () => {
      const form = await boss.get(`/codebook/leaving/add?theme=${theme.id}`);
      const offered = /<textarea id="words.en"[^>]*>([^<]*)</.exec(form.text)?.[1] ?? '';
      expect(offered).toMatch(/dog/i);
      expect(form.text).toContain(`From the theme ${theme.name}`);
      expect(form.text.match(/<blockquote class="voice"[^>]*>[^<]*dog/gi)).toHaveLength(3);
      expect(form.text).toContain(`<a href="${LIST}">Back to the themes</a>`);
      const refused = await boss.post('/codebook/leaving/codes', { theme: theme.id, 'words.en': '(dog' });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('“(dog”: a bracket is opened and not closed');
      expect(refused.text).toContain(`name="theme" value="${theme.id}"`);
      const made = await boss.post('/codebook/leaving/codes', {
        theme: theme.id,
        'name.en': 'Dogs',
        'name.de': 'Hunde',
        'description.en': 'They may not bring their dog.',
        'words.en': 'dog*\noutside',
        'words.de': 'Hund*',
      });
      expect(made.headers.location).toBe(`${LIST}/${theme.id}`);
      const page = await boss.get(made.headers.location ?? '');
      expect(page.text).toMatch(/answers wait to be coded “Dogs”, where that fits\./);
      const href = /<a href="(\/answers\/leaving\/[^"]+\/happened\?theme=[^"]+)">Code it</.exec(page.text)?.[1] ?? '';
      await read();
      expect((await anna.get(href)).text).toMatch(/<tr data-name="Dogs"(?:(?!<\/tr>)[\s\S])*?dog[\s\S]*?%/i);
      expect(await words('dogs')).toBe('dog*\noutside');
    });

    test('whoever codes an answer of the theme has its reason under the first key, and is led back to the others', async () => {
      const here = `${LIST}/${theme.id}`;
      const href = /<a href="([^"]+)">Code it</.exec((await anna.get(here)).text)?.[1] ?? '';
      const desk = await anna.get(href);
      expect(desk.text).toMatch(/<tr data-name="Dogs"[^>]* data-key="1"/);
      const hidden = Object.fromEntries(
        [...desk.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
          ([, name = '', value = '']) => [name, value],
        ),
      );
      const saved = await anna.post('/answers/leaving', { ...hidden, another: 'Dogs', do: 'save' });
      expect(saved.headers.location).toBe(here);
      expect((await anna.get(here)).text).toContain('Coded: Dogs');
      const gone = await anna.post('/answers/leaving', { ...hidden, theme: all[0]!.responseId, do: 'skip' });
      expect(gone.headers.location).toBe('/answers/leaving');
    });

    test('the history marks the date, and the theme does not come back', async () => {
      const history = await boss.get('/codebook/leaving/history');
      expect(history.text).toMatch(/“Dogs” was added<\/p><p[^>]*>Carla Dahl, \d+ November 2026/);
      const page = await look();
      expect(dogs(page)).toBeUndefined();
      expect(page.text).toContain('is the reason “Dogs” now');
    });

    test('it can be taken back: the reason is no longer offered, and the theme is there again', async () => {
      await boss.get(LIST);
      expect((await anna.post(`${LIST}/${theme.id}`, { do: 'back' })).status).toBe(403);
      expect((await boss.post(`${LIST}/${theme.id}`, { do: 'back' })).status).toBe(303);
      expect((await boss.get(LIST)).text).toContain(`id="theme-${theme.id}"`);
      expect((await boss.get('/codebook/leaving/codes/dogs')).status).toBe(404);
      expect((await boss.post(`${LIST}/${theme.id}`, { do: 'back' })).status).toBe(409);
    });

    test('it is the same as a reason: its phrases become words of that one, until that is taken back', async () => {
      await boss.get(LIST);
      const refused = await boss.post(`${LIST}/${theme.id}`, { do: 'same', [`same-${theme.id}`]: '' });
      expect([refused.status, refused.text.includes('Choose the reason that it is the same as.')]).toEqual([422, true]);
      expect((await anna.post(`${LIST}/${theme.id}`, { do: 'same', [`same-${theme.id}`]: 'quality' })).status).toBe(
        403,
      );
      await boss.post(`${LIST}/${theme.id}`, { do: 'same', [`same-${theme.id}`]: 'quality' });
      expect(await words('quality')).toMatch(/dog/i);
      expect((await boss.get('/codebook/leaving/history')).text).toMatch(/Words of “Quality”: new: [^<]*dog/i);
      await boss.get(LIST);
      await boss.post(`${LIST}/${theme.id}`, { do: 'back' });
      expect(await words('quality')).toBe('');
    });

    test('it is no theme: it does not come back, not even with more answers, and after a day that stands', async () => {
      for (const { id, name } of themesOn(await look()))
        if (/dog/i.test(name)) await anna.post(`${LIST}/${id}`, { do: 'no' });
      for (let i = 0; i < 20; i++) await arrive(`${NOT_ALLOWED[i % NOT_ALLOWED.length]}, again ${i}`);
      await read();
      const page = await look();
      expect(dogs(page)).toBeUndefined();
      expect(page.text).toContain('Take back');
      running.clock.advance({ minutes: 1 });
      await leaving.change(all[6]!, 'happened', '');
      expect((await anna.get(LIST)).text).toContain('A theme whose words are gone');
      running.clock.advance({ days: 2 });
      anna = await running.signIn('staff', 'Anna Berg');
      const later = await anna.get(LIST);
      expect(later.text).not.toContain('Take back');
      expect((await anna.post(`${LIST}/${theme.id}`, { do: 'back' })).status).toBe(409);
    });

    test('answers coded “other” are looked through too', async () => {
      const parked = ['no parking space near you', 'never a parking space', 'the parking space was always taken'];
      for (let i = 0; i < 12; i++) {
        const { responseId } = await arrive(`There was ${parked[i % 3]} ${i}`);
        const by = { kind: 'command', id: null } as const;
        await running.app.coding.codeResponse(by, { responseId, codes: ['other'], main: 'other' });
      }
      await read();
      const page = await look();
      const found = themesOn(page).find(({ name }) => /park/i.test(name));
      expect(found).toBeDefined();
      expect((await anna.get(`${LIST}/${found?.id}`)).text).toContain('Coded: Other');
    });
  });

  test('once a day they are looked through by themselves, once everything has been read', async () => {
    const looked = async () =>
      (await on.storage().read.selectFrom('theme_look').select('looked_at').executeTakeFirst())?.looked_at;
    const before = await looked();
    await running.app.coding.discoveries.work();
    expect(await looked()).toBe(before);
    running.clock.advance({ days: 1 });
    await running.app.coding.discoveries.work();
    expect(await looked()).not.toBe(before);
  });

  test('foreign and made-up addresses are not there', async () => {
    boss = await running.signIn('manager', 'Carla Dahl');
    const id = '01890000-0000-7000-8000-000000000000';
    for (const path of [
      `${LIST}/nothing`,
      `${LIST}/${id}`,
      '/codebook/nothing/themes',
      `/codebook/leaving/add?theme=${id}`,
    ])
      expect([path, (await boss.get(path)).status]).toEqual([path, 404]);
    expect((await boss.post(`${LIST}/${id}`, { do: 'no' })).status).toBe(404);
  });
});
