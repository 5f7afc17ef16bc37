import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf, fillIn } from '../support/forms.ts';

onBothEngines(({ storage }) => {
  let running: TestApp;
  let anna: Person & { accountId: string };
  let carla: Person & { accountId: string };
  let listening: string;

  beforeAll(async () => {
    running = await startApp(storage());
    anna = await running.signIn('staff', 'Anna Berg');
    carla = await running.signIn('manager', 'Carla Dahl');
    const pages = await running.app.retention.playbook.list();
    listening = pages.find(({ texts }) => texts.en?.title === 'Listening before solving')!.id;
  });
  afterAll(() => running.close());

  const page = async (person: Person, path = `/playbook/${listening}`) => (await person.get(path)).text;
  const confirm = async (person: Person) => {
    const shown = await person.get(`/playbook/${listening}`);
    return await person.post(`/playbook/${listening}/reading`, fieldsOf(shown, `/playbook/${listening}/reading`));
  };

  test('comes with six pages in every language, once, however often it is prepared', async () => {
    await running.app.prepare();
    const pages = await running.app.retention.playbook.list();
    expect(pages.map(({ texts }) => Object.keys(texts).sort().join())).toEqual(Array(6).fill('de,en,nb,nl'));
    expect(pages[0]?.texts.de?.title).toBe('Erst zuhören, dann lösen');
  });

  test('is shown where it applies, in the language of whoever reads', async () => {
    const { playbook } = running.app.retention;
    const [apology] = await playbook.forPlace('apologise', 'nb');
    expect(apology).toMatchObject({ title: 'Slik sier du unnskyld', language: 'nb' });
    expect(apology?.blocks.map(({ kind }) => kind)).toContain('voice');
    expect((await playbook.forPlace('payment', 'de')).map(({ title }) => title)).toEqual([
      'Wenn jemand nicht zahlen kann',
    ]);
  });

  test('says on every page how much somebody has still to read, and less once they have', async () => {
    expect(await page(anna, '/customers')).toContain('(6 to read)');
    expect((await confirm(anna)).status).toBe(303);
    expect(await page(anna, '/customers')).toContain('(5 to read)');
    expect(await page(anna)).toMatch(/You confirmed on 10 November 2026/);
    const { number } = (await storage().read.selectFrom('playbook_reading').selectAll().executeTakeFirst())!;
    expect(number).toBe(1);
  });

  test('shows managers who has not read it, and nobody else', async () => {
    expect(await page(carla)).toMatch(/Read by 1 of 2[\s\S]*Not yet:[\s\S]*Carla Dahl/);
    expect(await page(anna)).not.toContain('Carla Dahl');
  });

  test('a small correction asks nobody; a new version asks those who read that language', async () => {
    // Unticked; the form suggests to ask.
    const edit = `/playbook/${listening}/edit?language=en`;
    const change = (fields: Record<string, string | string[]>) => fillIn(carla, edit, fields, `/playbook/${listening}`);
    expect((await change({ body: 'Let them **finish**.', asks: [] })).status).toBe(303);
    expect(await page(anna)).toMatch(/Let them <b>finish<\/b>[\s\S]*You confirmed on/);
    await change({ body: 'Let them finish. Then wait.', asks: '1' });
    expect(await page(anna)).toContain('This has changed since you read it.');
    expect(await page(anna, '/playbook')).toContain('new version');
    await confirm(anna);
    expect(await page(anna)).toContain('You confirmed on');
    // Whoever reads it in German has nothing new before them.
    await fillIn(
      carla,
      `/playbook/${listening}/edit?language=de`,
      { body: 'Neu.', asks: '1' },
      `/playbook/${listening}`,
    );
    expect(await page(anna)).toContain('You confirmed on');
    const versions = await page(carla, `/playbook/${listening}/versions`);
    expect(versions.match(/<h2>Version \d/g)).toEqual(['<h2>Version 3', '<h2>Version 2', '<h2>Version 1']);
  });

  test('of two who change the same version one is told, and keeps what they typed', async () => {
    const other = await running.signIn('manager');
    const answers = await Promise.all([
      fillIn(carla, `/playbook/${listening}/edit`, { body: 'Mine.', seen: '4' }, `/playbook/${listening}`),
      fillIn(other, `/playbook/${listening}/edit`, { body: 'Theirs.', seen: '4' }, `/playbook/${listening}`),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    const lost = answers.find(({ status }) => status === 409)!;
    expect(lost.text).toMatch(/(Mine|Theirs)\.<\/textarea>/);
    expect(lost.text).toContain('A colleague has changed this page meanwhile');
  });

  test('an older version than the newest cannot be confirmed', async () => {
    const answer = await anna.post(`/playbook/${listening}/reading`, { number: '1' });
    expect([answer.status, answer.text.includes('There is a newer version')]).toEqual([409, true]);
    for (const number of ['x', '', '-1', '99999999999999']) {
      expect((await anna.post(`/playbook/${listening}/reading`, { number })).status).toBe(409);
    }
  });

  test('what somebody writes stays text, whatever it holds', async () => {
    const body =
      '<script>alert(1)</script>\n\n- **bold** & *not*\n- \u202Eevil\u0000 😀\n\n> said\n\n[x](javascript:alert(1))';
    const made = await fillIn(
      carla,
      '/playbook/new',
      { title: 'Odd <b>', body, places: ['reply', 'nowhere'] },
      '/playbook',
    );
    const shown = await page(anna, made.headers.location);
    expect(shown).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(shown).toContain('<b>bold</b> &amp; *not*</li>');
    expect(shown).toContain('</span>evil 😀</li>');
    expect(shown).toContain('[x](javascript:alert(1))');
    const long = await fillIn(carla, '/playbook/new', { title: 'x', body: 'a'.repeat(8001) }, '/playbook');
    expect([long.status, long.text.includes('Keep the page within 8,000 characters')]).toEqual([422, true]);
    expect((await fillIn(carla, '/playbook/new', { title: '', body: '' }, '/playbook')).status).toBe(422);
  });

  test('is written by managers alone, and a retired page is shown nowhere', async () => {
    for (const path of ['/playbook/new', `/playbook/${listening}/edit`, `/playbook/${listening}/versions`])
      expect([path, (await anna.get(path)).status]).toEqual([path, 403]);
    for (const path of ['/playbook', `/playbook/${listening}`, `/playbook/${listening}/retirement`])
      expect([path, (await anna.post(path)).status]).toEqual([path, 403]);
    expect((await carla.get('/playbook/0198c0de-0000-7000-8000-000000000000')).status).toBe(404);
    expect((await carla.get('/playbook/x')).status).toBe(404);
    expect((await carla.get(`/playbook/${listening}`)).text).toContain('Not yet:');
    expect((await carla.post(`/playbook/${listening}/retirement`)).status).toBe(303);
    // Nobody is asked to read it any more, and nobody is said not to have.
    expect((await carla.get(`/playbook/${listening}`)).text).not.toContain('Not yet:');
    expect((await carla.get(`/playbook/${listening}`)).text).not.toContain('This has changed since you read it');
    expect(await running.app.retention.playbook.forPlace('complaint', 'en')).toEqual([]);
    expect((await carla.post(`/playbook/${listening}/retirement`)).status).toBe(409);
    expect((await anna.post(`/playbook/${listening}/reading`, { number: '5' })).status).toBe(404);
    await running.app.prepare();
    expect(await running.app.retention.playbook.forPlace('complaint', 'en')).toEqual([]);
  });
});
