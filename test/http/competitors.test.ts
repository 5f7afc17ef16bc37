import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { ExpressionBuilder } from 'kysely';
import type { Schema } from '../../src/storage/index.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answered, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';

const LIST = '/codebook/leaving/competitors';

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let anna: Person;

  beforeAll(async () => {
    running = await startApp(on.storage());
    leaving = await startAnswering(on.storage(), running.app, running.clock);
    anna = await running.signIn('staff', 'Anna Berg');
  });
  afterAll(() => running.close());
  /** Whatever was gathered, judged and written anew: the count beside each name is what counting says. */
  afterEach(async () => {
    const counted = (select: ExpressionBuilder<Schema, 'competitor'>) =>
      select
        .selectFrom('competitor as m')
        .innerJoin('competitor_answer as a', 'a.competitor_id', 'm.id')
        .select(({ fn }) => fn.count<number>('a.response_id').distinct().as('n'))
        .whereRef('m.root_id', '=', 'competitor.id');
    const all = on.storage().read.selectFrom('competitor').select(['id', 'responses as kept']);
    const rows = await all.select((select) => counted(select).as('counted')).execute();
    for (const { id, kept, counted } of rows) expect([id, Number(kept)]).toEqual([id, Number(counted)]);
  });

  const arrive = async (words: string | Record<string, string>, language = 'en'): Promise<Answered> => {
    running.clock.advance({ minutes: 1 });
    return await leaving.answer({ words, language });
  };
  const work = () => running.app.coding.discoveries.work();
  const named = async (sent = {}) => {
    const { base, rows } = await running.app.coding.competitorsNamed(sent);
    return { base, rows: rows.map(({ name, responses }) => [name, responses]) };
  };
  /** The names that wait to be judged, with their ids and where they are named. */
  const open = (page: Answer) =>
    new Map(
      [...page.text.matchAll(/<h3 id="name-([^"]+)">([^<]+)<\/h3>\s*<p[^>]*><a[^>]*>([^<]+)</g)].map(
        ([, id = '', name = '', count = '']) => [name, { id, count }] as const,
      ),
    );
  const judge = async (name: string, form: Record<string, string>) => {
    const { id = '' } = open(await anna.get(LIST)).get(name) ?? {};
    return await anna.post(`${LIST}/${id}`, form);
  };

  test('before the first answer the page says what will fill it', async () => {
    await work();
    expect((await anna.get(LIST)).text).toContain('No answer has been read yet.');
    expect((await anna.get('/codebook/leaving')).text).toContain(`href="${LIST}"`);
    expect((await anna.get('/codebook/satisfaction')).text).not.toContain('/competitors"');
    expect((await anna.get('/codebook/satisfaction/competitors')).status).toBe(404);
  });

  test('names are gathered from what is written anywhere in a response, with examples; nothing is counted yet', async () => {
    await arrive('I switched to Bluewave last month.');
    await arrive('Bin zu Bluewave gewechselt, die sind günstiger.', 'de');
    await arrive({ happened: 'It was too far.', now: 'At Kestrel’s' });
    await arrive({ happened: 'Nobody called.', now: 'Kestrel' });
    await arrive('The machine leaked.');
    await work();
    const page = await anna.get(LIST);
    expect([...open(page)].map(([name, { count }]) => [name, count])).toEqual([
      ['Bluewave', 'in 2 responses'],
      ['Kestrel', 'in 2 responses'],
    ]);
    expect(page.text).toContain('<blockquote class="voice" lang="de" dir="auto">Bin zu Bluewave gewechselt');
    expect((await anna.get('/answers/leaving')).text).toContain(`<a href="${LIST}">Competitors named: 2 to judge</a>`);
    expect(await named()).toEqual({ base: 5, rows: [] });
  });

  test('what a person confirms is counted with its base, and the answers stand behind it', async () => {
    expect((await judge('Bluewave', { do: 'yes' })).status).toBe(303);
    await judge('Kestrel', { do: 'yes' });
    for (let i = 0; i < 6; i++) await arrive(`Your price went up ${i}.`);
    await arrive('bluewave is cheaper');
    await work();
    expect(await named()).toEqual({
      base: 12,
      rows: [
        ['Bluewave', 3],
        ['Kestrel', 2],
      ],
    });
    expect((await anna.get('/answers/leaving')).text).toContain(`<a href="${LIST}">Competitors named</a>`);
    const page = await anna.get(LIST);
    expect(page.text).toContain('3 of 12');
    expect(page.text).toMatch(/25\s*% \(9–53\) indicative/);
    const href = new RegExp(`<a href="(${LIST}/[^"]+)">Bluewave</a>`).exec(page.text)?.[1] ?? '';
    const answers = await anna.get(href);
    expect(answers.text).toContain('3 responses name Bluewave.');
    expect(answers.text).toContain('bluewave is cheaper');
    expect(answers.text).toMatch(/href="\/responses\/[^"]+">The whole response/);
  });

  test('the file and the interface of why they leave name the same competitors, with base and interval', async () => {
    const boss = await running.signIn('manager', 'Carla Dahl');
    const file = parse((await boss.get('/leaving.csv')).text, { columns: true, bom: true }) as Record<string, string>[];
    expect(file.filter(({ row }) => row === 'competitor').map((each) => [each.reason, each.n, each.base])).toEqual([
      ['Bluewave', '3', '12'],
      ['Kestrel', '2', '12'],
    ]);
    expect((await boss.get('/leaving.csv?segment=B%C3%BCro')).text).not.toContain('competitor,,');
    const { token } = await running.app.accounts.createToken({ name: 'Figures', role: 'manager' });
    const headers = { authorization: `Bearer ${token}` };
    const told = (await (await fetch(`${running.baseUrl}/api/v1/reports/leaving`, { headers })).json()) as {
      competitors: { base: number; rows: { name: string; responses: number; share: { low: number } }[] };
    };
    expect(told.competitors).toMatchObject({
      base: 12,
      rows: [{ name: 'Bluewave', responses: 3 }, { name: 'Kestrel' }],
    });
    expect(file.find(({ reason }) => reason === 'Bluewave')?.share_low).toBe(
      told.competitors.rows[0]?.share.low.toFixed(4),
    );
  });

  describe('spellings', () => {
    test('a slip of the pen counts by itself; another name when a person says so, until they say otherwise', async () => {
      await arrive('Moved to Bleuwave in the end.');
      await arrive('I switched to Big Blue.');
      await work();
      expect((await named()).rows[0]).toEqual(['Bluewave', 4]);
      const refused = await judge('Big Blue', { do: 'same' });
      expect([refused.status, refused.text.includes('Choose the name that it is the same as.')]).toEqual([422, true]);
      const { id = '' } = open(await anna.get(LIST)).get('Big Blue') ?? {};
      await anna.post(`${LIST}/${id}`, { do: 'same', [`into-${id}`]: 'bluewave' });
      expect((await named()).rows[0]).toEqual(['Bluewave', 5]);
      expect((await anna.get(LIST)).text).toContain('also written Big Blue, Bleuwave');
      await arrive('Over to Big Blue for good, switched to Big Blue.');
      await work();
      expect((await named()).rows[0]).toEqual(['Bluewave', 6]);
      await anna.get(LIST);
      await anna.post(`${LIST}/${id}`, { do: 'back' });
      expect((await named()).rows[0]).toEqual(['Bluewave', 4]);
      expect(open(await anna.get(LIST)).get('Big Blue')?.count).toBe('in 2 responses');
    });

    test('what is no competitor does not come back', async () => {
      await judge('Big Blue', { do: 'no' });
      await arrive('I switched to Big Blue as well.');
      await work();
      const page = await anna.get(LIST);
      expect(open(page).has('Big Blue')).toBe(false);
      expect(page.text).toContain('Names put aside');
    });
  });

  test('only what has arrived or changed is read; changed words take their name along', async () => {
    const someone = await arrive('I switched to Fernway.');
    await work();
    await judge('Fernway', { do: 'yes' });
    expect((await named()).rows).toContainEqual(['Fernway', 1]);
    running.clock.advance({ minutes: 1 });
    await leaving.change(someone, 'happened', 'I would rather not say.');
    const unread = () =>
      on.storage().read.selectFrom('coding_task').select('response_id').where('names_read', '=', 0).execute();
    expect(await unread()).toEqual([{ response_id: someone.responseId }]);
    await work();
    expect((await named()).rows).toContainEqual(['Fernway', 0]);
    expect(await unread()).toEqual([]);
  });

  test('who is named only in words that are gone, whatever was asked, is named no longer', async () => {
    const someone = await arrive({ happened: 'It was too far.', now: 'I switched to Fernway.' });
    await work();
    expect((await named()).rows).toContainEqual(['Fernway', 1]);
    running.clock.advance({ minutes: 1 });
    await leaving.change(someone, 'now', 'I would rather not say.');
    await work();
    expect((await named()).rows).toContainEqual(['Fernway', 0]);
    await leaving.change(someone, 'now', 'I switched to Fernway.');
    await work();
    expect((await named()).rows).toContainEqual(['Fernway', 1]);
    running.clock.advance({ minutes: 1 });
    await leaving.change(someone, 'happened', '');
    await leaving.change(someone, 'now', '');
    await work();
    expect((await named()).rows).toContainEqual(['Fernway', 0]);
  });

  test('of two colleagues who each let one name count as the other, one is told', async () => {
    await arrive('I switched to Oakfield.');
    await arrive('I switched to Birchwood.');
    await work();
    const ben = await running.signIn('staff', 'Ben Cole');
    const names = open(await anna.get(LIST));
    const [one = '', other = ''] = ['Oakfield', 'Birchwood'].map((name) => names.get(name)?.id);
    await ben.get(LIST);
    const answers = await Promise.all([
      anna.post(`${LIST}/${one}`, { do: 'same', [`into-${one}`]: 'Birchwood' }),
      ben.post(`${LIST}/${other}`, { do: 'same', [`into-${other}`]: 'Oakfield' }),
    ]);
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect([statuses[0], [409, 422].includes(statuses[1] ?? 0)]).toEqual([303, true]);
    const both = await on
      .storage()
      .read.selectFrom('competitor')
      .select(['id', 'root_id'])
      .where('id', 'in', [one, other])
      .execute();
    expect(new Set(both.map(({ root_id: root }) => root)).size).toBe(1);
    expect(both.filter(({ id, root_id: root }) => id === root)).toHaveLength(1);
    running.clock.advance({ minutes: 1 });
  });

  test('figures of a time count the responses of that time alone', async () => {
    const from = running.clock.now().toISOString();
    await arrive('I switched to Kestrel yesterday.');
    await arrive('Too dear.');
    await work();
    const { base, rows } = await named({ from });
    expect([base, rows.find(([name]) => name === 'Kestrel')]).toEqual([2, ['Kestrel', 1]]);
    expect((await named({ before: from })).rows.find(([name]) => name === 'Kestrel')).toEqual(['Kestrel', 2]);
  });

  test('foreign and made-up addresses are not there, and nobody judges without signing in', async () => {
    expect((await anna.get(`${LIST}/nothing`)).status).toBe(404);
    await anna.get(LIST);
    expect((await anna.post(`${LIST}/nothing`, { do: 'yes' })).status).toBe(404);
    expect([302, 303, 401, 403]).toContain((await running.visitor().get(LIST)).status);
  });

  test('a country is nobody’s competitor, in whichever language it is named', async () => {
    await arrive('I switched to Germany last month.');
    await arrive('Bin zu Österreich gewechselt.', 'de');
    await arrive('I switched to Larkspur last month.');
    await work();
    const names = [...open(await anna.get(LIST)).keys()];
    expect(names).toContain('Larkspur');
    expect(names).not.toContain('Germany');
    expect(names).not.toContain('Österreich');
  });
});
