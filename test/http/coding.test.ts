import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answered, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';

const DESK = '/answers/leaving';

const hidden = (page: Answer, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.text)?.[1] ?? '';
/** The value of a code's box, by the name that stands beside it. */
const valueOf = (page: Answer, name: string) =>
  new RegExp(`data-name="${name}"[\\s\\S]*?type="checkbox"[^>]*value="([^"]+)"`).exec(page.text)?.[1] ?? '';
const ticked = (page: Answer) =>
  [...page.text.matchAll(/<tr data-name="([^"]+)"(?:(?!<\/tr>)[\s\S])*?type="checkbox"[^>]* checked/g)].map(
    (match) => match[1],
  );
const words = (page: Answer) => /<blockquote class="voice large"[^>]*>([^<]+)</.exec(page.text)?.[1];
const shown = (page: Answer) => ({
  response: hidden(page, 'response'),
  question: hidden(page, 'question'),
  expected: hidden(page, 'expected'),
});

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let anna: Person & { accountId: string };
  let ben: Person & { accountId: string };
  let boss: Person & { accountId: string };

  beforeAll(async () => {
    running = await startApp(on.storage());
    leaving = await startAnswering(on.storage(), running.app, running.clock);
    anna = await running.signIn('staff', 'Anna Berg');
    ben = await running.signIn('staff', 'Ben Cole');
    boss = await running.signIn('manager', 'Carla Dahl');
  });
  afterAll(() => running.close());

  const arrive = async (text: string, more: object = {}): Promise<Answered> => {
    running.clock.advance({ minutes: 1 });
    return await leaving.answer({ words: text, ...more });
  };
  const main = async ({ responseId }: Answered) => {
    const row = await on
      .storage()
      .read.selectFrom('main_reason as m')
      .leftJoin('code as c', 'c.id', 'm.code_id')
      .select('c.key')
      .where('m.response_id', '=', responseId)
      .executeTakeFirst();
    return row?.key;
  };
  const at = ({ responseId }: Answered) => `${DESK}/${responseId}/happened`;

  test('an empty desk says what will fill it', async () => {
    const page = await anna.get(DESK);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Ask your customers with a wave, by letter or by telephone');
    expect(page.text).not.toContain('0 of 0');
  });

  describe('the desk', () => {
    test('shows one answer with its question, probe, facts and what they ticked, and leads through ten of them', async () => {
      const probe = { happened: 'It leaked.', 'happened.probe': 'Three weeks on end.', now: 'At Hansen’s.' };
      const all = [
        await leaving.answer({
          words: probe,
          ticked: ['price', 'other'],
          most: 'price',
          other: 'the smell',
          language: 'nb',
        }),
      ];
      for (let i = 2; i <= 10; i++) all.push(await arrive(`Answer number ${i}`));

      let page = await anna.get('/answers');
      expect(page.headers.location).toBe(DESK);
      page = await anna.get(DESK);
      expect(page.text).toContain('<h1>Code answers</h1>');
      expect(page.text).toContain('What happened before you decided to stop buying from us?');
      expect(page.text).toContain('<blockquote class="voice large" lang="nb" dir="auto">It leaked.</blockquote>');
      expect(page.text).toContain('<blockquote class="voice" lang="nb" dir="auto">Three weeks on end.</blockquote>');
      expect(page.text).toContain('Where do you buy now?');
      expect(page.text).toContain('Norwegian, by e-mail, 10 November 2026.');
      expect(page.text).toContain('Ticked as the main reason: <b>Price</b>.');
      expect(page.text).toContain('Wrote beside “other”: <b>“the smell”</b>.');
      expect(page.text).not.toContain('Why suggested');

      for (let i = 1; i <= 10; i++) {
        if (i > 1) expect(words(page)).toBe(`Answer number ${i}`);
        const code = valueOf(page, i % 2 ? 'Price' : 'Quality');
        const answer = await anna.post(DESK, { ...shown(page), code, do: 'save' });
        expect(answer.status).toBe(303);
        page = await anna.get(answer.headers.location ?? '');
        expect(page.text).toContain(`${i} of 10 coded.`);
      }
      expect(page.text).toContain('Nothing is waiting here.');
      expect(await Promise.all(all.map(main))).toEqual(all.map((_, i) => (i % 2 ? 'quality' : 'price')));
    });

    test('puts the reasons given most often on the keys 1 to 9', async () => {
      await arrive('Another one');
      running.clock.advance({ minutes: 15 });
      const page = await anna.get(DESK);
      const keys = [...page.text.matchAll(/<tr data-name="([^"]+)"[^>]*data-key="(\d)"/g)].map((match) => [
        match[2],
        match[1],
      ]);
      expect(keys.slice(0, 2)).toEqual([
        ['1', 'Price'],
        ['2', 'Quality'],
      ]);
      expect(keys).toHaveLength(9);
      expect(page.text).toContain('Too expensive (Price)');
    });

    test('takes several reasons, one typed by its name, and the main one of them', async () => {
      const page = await anna.get(DESK);
      const someone = { responseId: hidden(page, 'response') } as Answered;
      const code = [valueOf(page, 'Price'), valueOf(page, 'Quality')];
      const answer = await anna.post(DESK, {
        ...shown(page),
        code,
        main: code[1] ?? '',
        another: 'too expensive (price)',
        do: 'save',
      });
      expect(answer.status).toBe(303);
      const again = await anna.get(at(someone));
      expect(ticked(again)).toEqual(['Price', 'Quality', 'Too expensive']);
      expect(again.text).toContain('Coded by Anna Berg, 10 November 2026');
      expect(await main(someone)).toBe('quality');
    });

    test('asks for the main reason of several, and keeps what was ticked', async () => {
      const someone = await arrive('Two reasons');
      const page = await anna.get(at(someone));
      const code = [valueOf(page, 'Price'), valueOf(page, 'Quality')];
      const refused = await anna.post(DESK, { ...shown(page), code, do: 'save' });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('<a href="#no-main">Several reasons are ticked');
      expect(refused.text).toContain('id="no-main"');
      expect(ticked(refused)).toEqual(['Price', 'Quality']);
      expect((await anna.post(DESK, { ...shown(page), code, main: 'none', do: 'save' })).status).toBe(303);
      expect(await main(someone)).toBeNull();
    });

    test('explains an empty choice and a reason that is not in the book', async () => {
      const page = await anna.get(at(await arrive('Nothing fits')));
      const empty = await anna.post(DESK, { ...shown(page), do: 'save' });
      expect([empty.status, empty.text.includes('Tick at least one reason.')]).toEqual([422, true]);
      const unknown = await anna.post(DESK, { ...shown(page), another: 'The <moon>', do: 'save' });
      expect(unknown.status).toBe(422);
      expect(unknown.text).toContain('There is no reason “The &lt;moon&gt;” in this codebook.');
      await anna.post(DESK, { ...shown(page), another: 'Other', do: 'save' });
    });

    test('takes the beginning of a reason for it where only one begins so, and names those that do where there are several', async () => {
      const someone = await arrive('They were rude');
      const page = await anna.get(at(someone));
      const several = await anna.post(DESK, { ...shown(page), another: 'pr', do: 'save' });
      expect(several.status).toBe(422);
      expect(several.text).toContain('Several reasons begin with “pr”: Price, ');
      const saved = await anna.post(DESK, { ...shown(page), another: 'promises', do: 'save' });
      expect(saved.status).toBe(303);
      expect(await main(someone)).toBe('promises');
    });

    test('puts an answer aside and finds it again', async () => {
      const someone = await arrive('Later perhaps');
      const page = await anna.get(DESK);
      expect(words(page)).toBe('Later perhaps');
      await anna.post(DESK, { ...shown(page), do: 'skip' });
      expect((await anna.get(DESK)).text).toContain('Skipped 1');
      const skipped = await anna.get(`${DESK}?queue=skipped`);
      expect(words(skipped)).toBe('Later perhaps');
      const code = valueOf(skipped, 'Price');
      const answer = await anna.post(DESK, { ...shown(skipped), queue: 'skipped', code, do: 'save' });
      expect(answer.headers.location).toBe(`${DESK}?queue=skipped`);
      expect(await main(someone)).toBe('price');
    });

    test('undoes the last one and shows it again', async () => {
      const someone = await arrive('By mistake');
      const page = await anna.get(at(someone));
      await anna.post(DESK, { ...shown(page), code: valueOf(page, 'Price'), do: 'save' });
      const undone = await anna.post(DESK, { ...shown(page), do: 'undo' });
      expect(undone.headers.location).toBe(at(someone));
      const again = await anna.get(at(someone));
      expect(again.text).toContain('Taken back.');
      expect(ticked(again)).toEqual([]);
      await anna.post(DESK, { ...shown(again), code: valueOf(again, 'Price'), do: 'save' });
    });

    test('undoes the last one when nothing is left to code, too', async () => {
      const someone = await arrive('The last one');
      const page = await anna.get(at(someone));
      await anna.post(DESK, { ...shown(page), code: valueOf(page, 'Price'), do: 'save' });
      const empty = await anna.get(DESK);
      expect(empty.text).toContain('Nothing is waiting here.');
      expect(empty.text).toContain('Undo the last one');
      const undone = await anna.post(DESK, { do: 'undo' });
      expect(undone.headers.location).toBe(at(someone));
      expect(await main(someone)).toBeNull();
      const again = await anna.get(at(someone));
      await anna.post(DESK, { ...shown(again), code: valueOf(again, 'Price'), do: 'save' });
    });

    test('says so when the customer has changed their words', async () => {
      const someone = await arrive('Too expensive for what it is, I have to say.');
      const page = await anna.get(at(someone));
      await anna.post(DESK, { ...shown(page), code: valueOf(page, 'Price'), do: 'save' });
      running.clock.advance({ minutes: 3 });
      await leaving.change(someone, 'happened', 'Nobody called me back, although they had promised to.');
      const again = await anna.get(DESK);
      expect(words(again)).toBe('Nobody called me back, although they had promised to.');
      expect(again.text).toContain('They have changed their words since.');
      expect(ticked(again)).toEqual(['Price']);
      const late = await anna.post(DESK, { ...shown(page), code: valueOf(page, 'Quality'), do: 'save' });
      expect([late.status, late.text.includes('This answer changed while you had it open.')]).toEqual([409, true]);
      await anna.post(DESK, { ...shown(again), code: valueOf(again, 'Price'), do: 'save' });
    });

    test('lists what one has coded, latest first', async () => {
      const page = await anna.get(`${DESK}?queue=mine`);
      const texts = [...page.text.matchAll(/<blockquote class="voice"[^>]*>([^<]+)</g)].map((match) => match[1]);
      expect(texts[0]).toBe('Nobody called me back, although they had promised to.');
      expect(texts.length).toBeGreaterThan(10);
      expect((await boss.get(`${DESK}?queue=mine`)).text).toContain('You have not coded an answer here yet.');
    });
  });

  describe('two colleagues at one desk', () => {
    test('are handed different answers', async () => {
      const [one, two] = [await arrive('First of two'), await arrive('Second of two')];
      const [forAnna, forBen] = [await anna.get(DESK), await ben.get(DESK)];
      expect([words(forAnna), words(forBen)]).toEqual(['First of two', 'Second of two']);
      await anna.post(DESK, { ...shown(forAnna), code: valueOf(forAnna, 'Price'), do: 'save' });
      await ben.post(DESK, { ...shown(forBen), code: valueOf(forBen, 'Quality'), do: 'save' });
      expect([await main(one), await main(two)]).toEqual(['price', 'quality']);
    });

    test('who saves the same one second is told, sees the other’s and keeps their own ticks', async () => {
      const someone = await arrive('Both have it open');
      const [forAnna, forBen] = [await anna.get(at(someone)), await ben.get(at(someone))];
      await anna.post(DESK, { ...shown(forAnna), code: valueOf(forAnna, 'Price'), do: 'save' });
      const late = await ben.post(DESK, { ...shown(forBen), code: valueOf(forBen, 'Quality'), do: 'save' });
      expect(late.status).toBe(409);
      expect(late.text).toContain('Anna Berg coded this answer while you had it open: Price (main).');
      expect(ticked(late)).toEqual(['Quality']);
      expect(await main(someone)).toBe('price');
      expect((await ben.post(DESK, { ...shown(late), code: valueOf(late, 'Quality'), do: 'save' })).status).toBe(303);
      expect(await main(someone)).toBe('quality');
    });
  });

  describe('the codebook', () => {
    const LIST = '/codebook/leaving';

    test('is there to read for everybody, with how often each reason was given', async () => {
      const page = await anna.get(LIST);
      expect(page.text).toContain('Better offer from a competitor');
      expect(page.text).toContain('Managers can change the codebook.');
      expect(page.text).not.toContain(`${LIST}/codes/price`);
      expect((await anna.get('/codebook')).text).toContain(LIST);
    });

    test('takes a new reason in several languages, and says what is wrong with it first', async () => {
      await boss.get(`${LIST}/add`);
      const refused = await boss.post(`${LIST}/codes`, { 'name.en': ' ', 'description.de': 'Sauber.' });
      expect([refused.status, refused.text.includes('>Sauber.</textarea>')]).toEqual([422, true]);
      const taken = await boss.post(`${LIST}/codes`, { 'name.en': 'Price' });
      expect(taken.text).toContain('There is a reason “Price” beside it already.');
      const added = await boss.post(`${LIST}/codes`, {
        'name.en': 'Untidy <shop>',
        'name.de': 'Unordnung',
        parent: 'quality',
      });
      expect(added.headers.location).toBe(LIST);
      expect((await boss.get(LIST)).text).toContain('Untidy &lt;shop&gt;');
    });

    test('renames, moves, retires and restores', async () => {
      const code = `${LIST}/codes/untidy_shop`;
      await boss.get(code);
      await boss.post(code, { 'name.en': 'Untidy', 'name.nl': 'Rommelig' });
      await boss.post(`${code}/place`, { parent: '', before: 'price' });
      await boss.get(LIST);
      await boss.post(`${code}/retirement`);
      const page = await boss.get(LIST);
      expect(page.text).toContain('No longer offered');
      expect((await boss.get(code)).status).toBe(404);
      await boss.get(LIST);
      await boss.post(`${code}/restoration`);
      expect((await boss.get(LIST)).text).toMatch(/Untidy<\/a>[\s\S]*>Price<\/a>/);
    });

    test('merges and splits, carrying the answers along, and keeps the history', async () => {
      const someone = await arrive('Mould on the bread');
      await boss.get(`${LIST}/add`);
      await boss.post(`${LIST}/codes`, { 'name.en': 'Mould' });
      const desk = await anna.get(at(someone));
      await anna.post(DESK, { ...shown(desk), another: 'Mould', do: 'save' });
      await boss.get(`${LIST}/codes/mould`);
      const refused = await boss.post(`${LIST}/codes/mould/merger`, { into: '' });
      expect([refused.status, refused.text.includes('Choose the reason that stays.')]).toEqual([422, true]);
      await boss.post(`${LIST}/codes/mould/merger`, { into: 'untidy_shop' });
      expect(await main(someone)).toBe('untidy_shop');
      await boss.post(`${LIST}/codes/untidy_shop/split`, { names: 'Dirty\nDamp\n' });
      const back = await anna.get(`${DESK}?code=untidy_shop`);
      expect(words(back)).toBe('Mould on the bread');
      expect(back.text).toContain('“Untidy” has been split since.');
      const answer = await anna.post(DESK, { ...shown(back), only: 'untidy_shop', another: 'Damp', do: 'save' });
      expect(answer.headers.location).toBe(`${DESK}?code=untidy_shop`);
      expect(await main(someone)).toBe('damp');
      const history = await anna.get(`${LIST}/history`);
      expect(history.text).toContain('“Untidy” was split into: Dirty, Damp');
      expect(history.text).toContain('“Mould” was merged into “Untidy”');
      expect(history.text).toContain('Carla Dahl, 10 November 2026');
    });

    test('is started empty for a programme of one’s own', async () => {
      await running.app.questionnaires.createProgramme({ kind: 'command', id: null }, 'After a repair');
      const page = await boss.get('/codebook');
      expect(page.text).toContain('no codebook yet');
      const action = /action="(\/codebook\/[^"]+)"/.exec(page.text)?.[1] ?? '';
      expect((await boss.post(action)).headers.location).toBe(action);
      const empty = await boss.get(action);
      expect(empty.text).toContain('Does not know');
      expect(empty.text).toContain('0 reasons');
    });
  });

  describe('who may do what', () => {
    const page = (path: string) => ({ path, post: false });
    const form = (path: string) => ({ path, post: true });

    test.each([
      page('/codebook/leaving/add'),
      page('/codebook/leaving/codes/price'),
      page('/answers/leaving/codings.csv'),
      form('/codebook/leaving'),
      form('/codebook/leaving/codes'),
      form('/codebook/leaving/codes/price'),
      form('/codebook/leaving/codes/price/place'),
      form('/codebook/leaving/codes/price/merger'),
      form('/codebook/leaving/codes/price/split'),
      form('/codebook/leaving/codes/price/retirement'),
      form('/codebook/leaving/codes/price/restoration'),
    ])('staff do not change codebooks or take everything home: $path', async ({ path, post }) => {
      await anna.get('/codebook');
      expect((post ? await anna.post(path, { into: 'quality' }) : await anna.get(path)).status).toBe(403);
    });

    test('nobody comes in without signing in', async () => {
      for (const path of ['/answers', DESK, '/codebook/leaving', '/answers/leaving/codings.csv']) {
        expect([302, 303, 401, 403]).toContain((await running.visitor().get(path)).status);
      }
      expect([302, 303, 401, 403]).toContain((await running.visitor().post(DESK, { do: 'undo' })).status);
    });

    test('foreign and made-up addresses are not there', async () => {
      const someone = await arrive('Only leaving');
      for (const path of [
        '/answers/nothing',
        `/answers/satisfaction/${someone.responseId}/happened`,
        `${DESK}/${someone.responseId}/reasons`,
        `${DESK}/nonsense/happened`,
        '/codebook/nothing',
        '/codebook/leaving/codes/nothing',
      ]) {
        expect([path, (await boss.get(path)).status]).toEqual([path, 404]);
      }
      expect((await boss.post(DESK, { response: 'x', question: 'happened', do: 'save' })).status).toBe(404);
      expect(
        (await boss.post('/answers/satisfaction', { response: someone.responseId, question: 'happened', do: 'save' }))
          .status,
      ).toBe(404);
    });

    test('looking changes nothing', async () => {
      const count = async () =>
        JSON.stringify(await on.storage().read.selectFrom('coding_task').selectAll().orderBy('response_id').execute());
      const before = await count();
      await anna.get(DESK);
      await anna.agent.head(DESK);
      expect(await count()).toBe(before);
    });
  });

  test('the CSV file has every coding, and nothing that a spreadsheet would run', async () => {
    const someone = await arrive('=HYPERLINK("x")', { ticked: ['quality'] });
    const desk = await anna.get(at(someone));
    await anna.post(DESK, { ...shown(desk), code: valueOf(desk, 'Price'), do: 'save' });
    const file = await boss.get('/answers/leaving/codings.csv');
    expect(file.headers['content-type']).toContain('text/csv');
    const lines = file.text.replace('\uFEFF', '').split('\r\n');
    expect(lines[0]).toBe(
      'response,submitted_at,question,language,code,name,coder,colleague,coded_at,main,probability,words',
    );
    const own = lines.filter((line) => line.startsWith(someone.responseId));
    expect(own).toHaveLength(2);
    expect(own.join('\n')).toContain('happened,en,price,Price,colleague,Anna Berg,');
    expect(own.join('\n')).toContain(`"'=HYPERLINK(""x"")"`);
    expect(own.join('\n')).toContain('reasons,en,quality,Quality,respondent,,');
  });
});
