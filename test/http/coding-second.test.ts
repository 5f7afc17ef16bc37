import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answered, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';

const DESK = '/answers/leaving';
const AUDIT = `${DESK}?queue=audit`;
const SECOND = `${DESK}?queue=second`;
const AGREEMENT = `${DESK}/agreement`;

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let anna: Person & { accountId: string };
  let ben: Person & { accountId: string };
  let boss: Person;

  beforeAll(async () => {
    running = await startApp(on.storage());
    leaving = await startAnswering(on.storage(), running.app, running.clock);
    anna = await running.signIn('staff', 'Anna Berg');
  });
  afterAll(() => running.close());

  const arrive = async (): Promise<Answered> => {
    running.clock.advance({ minutes: 1 });
    return await leaving.answer({ words: 'You put up the price three times in one year.', ticked: ['price'] });
  };
  const tasks = async () =>
    await on.storage().read.selectFrom('coding_task').selectAll().orderBy('random_number').execute();
  /** One response in five, told by the last digits of its permanent number. */
  const isForTwo = ({ random_number }: { random_number: number }) => Math.round(random_number * 2 ** 48) % 5 === 0;
  const forTwo = async () => (await tasks()).filter(isForTwo).map((task) => task.response_id);
  const drawAll = () => running.app.coding.audits.drawMore(COMMAND, leaving.programmeId, 500);
  const arriveForTwo = async (count: number) => {
    const wanted = (await forTwo()).length + count;
    while ((await forTwo()).length < wanted) await arrive();
  };
  const shown = (page: Answer) => String(fieldsOf(page, DESK).response);
  const codeIn = (page: Answer, name: string) =>
    new RegExp(`data-name="${name}"[\\s\\S]*?type="checkbox"[^>]*value="([^"]+)"`).exec(page.text)?.[1] ?? '';
  const save = async (person: Person, page: Answer, name: string) => {
    running.clock.advance({ minutes: 1 });
    return await person.post(DESK, {
      ...fieldsOf(page, DESK),
      code: codeIn(page, name),
      main: codeIn(page, name),
      do: 'save',
    });
  };
  /** Codes all that waits in a queue, by the response's id. */
  async function codeAll(person: Person, queue: string, nameOf: (response: string) => string): Promise<string[]> {
    const seen: string[] = [];
    for (let page = await person.get(queue); page.text.includes('data-desk'); page = await person.get(queue)) {
      seen.push(shown(page));
      expect((await save(person, page, nameOf(shown(page)))).status).toBe(303);
    }
    return seen;
  }
  const given = async (responseId: string) =>
    ((await running.app.coding.codingsOf([responseId])).get(responseId) ?? [])
      .filter(({ coderKind }) => coderKind === 'colleague')
      .map(({ key, coder, isMain }) => `${key}${isMain ? '*' : ''} ${coder}`);
  const doubles = async () =>
    await on.storage().read.selectFrom('double_coding').selectAll().orderBy('random_number').execute();
  const stateOf = async (id: string) => (await doubles()).find((each) => each.response_id === id)?.state;
  const rows = (page: Answer) =>
    [
      ...page.text.matchAll(
        /<tr[^>]*><th scope="row">(?:<a[^>]*>)?([^<]+)<[\s\S]*?class="full">([^<]*)<[\s\S]*?small">([^<]*)<[\s\S]*?fig">([^<]*)</g,
      ),
    ].map(([, ...cells]) => cells.join(' | '));
  const items = (page: Answer) => [...page.text.matchAll(/name="response" value="([^"]+)"/g)].map(([, id]) => id);

  test('one colleague alone is told that it takes a second person', async () => {
    await on.storage().transaction(async (tx) => {
      const at = running.clock.now().toISOString();
      await tx.updateTable('account').set({ deactivated_at: at }).where('id', '=', leaving.accountId).execute();
    });
    running.clock.advance({ minutes: 1 });
    await arriveForTwo(4);
    const page = await anna.get(SECOND);
    expect(page.text).toContain('This needs a second person.');
    ben = await running.signIn('staff', 'Ben Cole');
    boss = await running.signIn('manager', 'Carla Dahl');
    running.clock.advance({ minutes: 1 });
    expect((await anna.get(SECOND)).text).toContain('No answer waits for a second person.');
    expect((await anna.get(AGREEMENT)).text).toContain('No answer has been coded by two people yet.');
  });

  test('of what is checked in the audit, one in five waits for somebody else, and shows nothing of the first', async () => {
    await drawAll();
    expect(await doubles()).toEqual([]);
    const coded = await codeAll(anna, AUDIT, () => 'Price');
    expect(coded).toHaveLength((await tasks()).length);
    expect((await doubles()).map((each) => each.response_id)).toEqual(await forTwo());
    expect((await anna.get(SECOND)).text).toContain('4 answers that you coded yourself wait for a colleague.');
    const page = await ben.get(SECOND);
    expect(page.text).toContain('Second person 4');
    expect(shown(page)).toBe((await forTwo())[0]);
    for (const telling of ['Ticked as', 'Anna Berg', ' checked>'])
      expect(page.text.replace('data-keys-on checked>', '')).not.toContain(telling);
    expect((await save(anna, await anna.get(`${DESK}/${shown(page)}/happened?queue=second`), 'Quality')).status).toBe(
      303,
    );
    expect(await stateOf(shown(page))).toBe('waiting');
  });

  test('both are kept as given; where they are the same nothing is to settle', async () => {
    // What somebody had before them five minutes ago is handed to others again.
    running.clock.advance({ minutes: 6 });
    const [same, ...others] = await forTwo();
    const seen = await codeAll(ben, SECOND, (id) => (id === same ? 'Price' : 'Quality'));
    expect(seen).toEqual([same, ...others]);
    expect(await Promise.all([same, ...others].map((id) => stateOf(id ?? '')))).toEqual([
      'agreed',
      ...others.map(() => 'differing'),
    ]);
    const price = (await running.app.coding.codebook(leaving.programmeId))?.byKey.get('price')?.id;
    expect((await doubles())[0]).toMatchObject({
      first_by: anna.accountId,
      first_codes: JSON.stringify({ codes: [price], main: price }),
      second_by: ben.accountId,
    });
    expect(await given(others[0] ?? '')).toEqual(['price* Anna Berg']);
    expect((await ben.get(SECOND)).text).toContain('No answer waits for a second person.');
  });

  test('the page says so few answers say nothing, and lists where two differ, with names', async () => {
    const page = await anna.get(AGREEMENT);
    expect(page.text).toContain('Two people each have coded 4 answers');
    expect(rows(page)).toEqual(
      ['Quality | Too few answers | 3 of 4 | ', 'Price | Too few answers | 4 of 4 | '].sort(byBook),
    );
    expect(items(page)).toEqual((await forTwo()).slice(1).reverse());
    expect(page.text).toContain('Where we differ 3');
    expect(page.text).toMatch(/Anna Berg, [^<]+:\s*<b>Price \(main\)<\/b>/);
    expect(page.text).toMatch(/Ben Cole, [^<]+:\s*<b>Quality \(main\)<\/b>/);
    expect(page.text).not.toContain('/codebook/leaving/codes/price');
    expect((await boss.get(AGREEMENT)).text).toContain('href="/codebook/leaving/codes/price"');
  });
  const byBook = (a: string, b: string) => (a.startsWith('Price') ? -1 : b.startsWith('Price') ? 1 : 0);

  describe('to settle it', () => {
    const settle = async (person: Person, response: string, take: string) => {
      await person.get(AGREEMENT);
      running.clock.advance({ minutes: 1 });
      return await person.post(`${DESK}/settle`, { response, question: 'happened', take });
    };

    test('one press takes what the first or the second gave, in the name of whoever pressed', async () => {
      const [, one = '', two = ''] = await forTwo();
      expect((await settle(boss, one, 'first')).headers.location).toBe(AGREEMENT);
      await settle(ben, two, 'second');
      expect(await given(one)).toEqual(['price* Carla Dahl']);
      expect(await given(two)).toEqual(['quality* Ben Cole']);
      expect((await tasks()).filter(({ blind }) => blind === 0)).toEqual([]);
      const page = await anna.get(AGREEMENT);
      expect(items(page)).toEqual([(await forTwo())[3]]);
      expect(page.text).toContain('Two people each have coded 4 answers');
      await settle(anna, one, 'second');
      expect((await anna.get(AGREEMENT)).text).toContain('Somebody has settled this in the meantime.');
      expect(await given(one)).toEqual(['price* Carla Dahl']);
      const log = await on.storage().read.selectFrom('audit_entry').select('action').execute();
      for (const action of ['coding.settle', 'coding.second']) expect(log.map((each) => each.action)).toContain(action);
    });

    test('whoever took one takes it back, and it is to be settled again', async () => {
      const [, , two = ''] = await forTwo();
      await ben.get(AGREEMENT);
      const undone = await ben.post(DESK, { response: two, question: 'happened', do: 'undo' });
      expect(undone.headers.location).toBe(`${DESK}/${two}/happened?queue=audit`);
      expect(await stateOf(two)).toBe('differing');
      expect(await given(two)).toEqual(['price* Anna Berg']);
      await settle(ben, two, 'second');
    });

    test('or it is coded anew, with what both gave beside it and nothing else', async () => {
      const three = (await forTwo())[3] ?? '';
      const href = /href="([^"]+queue=settle)"/.exec((await anna.get(AGREEMENT)).text)?.[1] ?? '';
      const page = await anna.get(href);
      expect(page.text).toMatch(
        /Anna Berg, [^<]+:\s*<b>Price \(main\)<\/b>[\s\S]*Ben Cole, [^<]+:\s*<b>Quality \(main\)<\/b>/,
      );
      expect(page.text).not.toContain('Ticked as');
      const saved = await save(anna, page, 'Poor responsiveness');
      expect(saved.headers.location).toBe(AGREEMENT);
      expect(await given(three)).toEqual(['responsiveness* Anna Berg']);
      const settled = (await anna.get(AGREEMENT)).text;
      expect(settled).toContain('Settled, in your name.');
      expect(settled).toContain('Nothing to settle');
    });

    test('a code that was merged meanwhile counts as the other', async () => {
      await arriveForTwo(1);
      await drawAll();
      await codeAll(anna, AUDIT, () => 'Price');
      await codeAll(ben, SECOND, () => 'Too expensive');
      const [id = ''] = items(await ben.get(AGREEMENT)) as string[];
      await running.app.coding.merge(COMMAND, leaving.programmeId, 'price_level', 'price');
      expect((await ben.get(AGREEMENT)).text).toMatch(/Ben Cole, [^<]+:\s*<b>Price \(main\)<\/b>/);
      await settle(ben, id, 'second');
      expect(await given(id)).toEqual(['price* Ben Cole']);
    });

    test('a code that was split meanwhile waits for nobody: whoever codes the answer anew is the first', async () => {
      await arriveForTwo(1);
      await drawAll();
      await codeAll(anna, AUDIT, () => 'Fees and extra costs');
      const waiting = (await doubles()).filter(({ state }) => state === 'waiting').map((each) => each.response_id);
      expect(waiting).toHaveLength(1);
      await running.app.coding.split(COMMAND, leaving.programmeId, 'price_fees', [{ en: 'Late' }, { en: 'Wrong' }]);
      expect(await stateOf(waiting[0] ?? '')).toBeUndefined();
      expect((await ben.get(SECOND)).text).toContain('No answer waits for a second person.');
      await codeAll(ben, AUDIT, () => 'Late');
      await codeAll(anna, SECOND, () => 'Late');
      expect(await stateOf(waiting[0] ?? '')).toBe('agreed');
    });

    test('nobody settles what is not there', async () => {
      const one = (await doubles()).find(({ state }) => state === 'agreed')?.response_id ?? '';
      expect((await settle(anna, 'nonsense', 'first')).status).toBe(404);
      expect((await settle(anna, one, 'both')).status).toBe(404);
      await anna.post('/answers/satisfaction/settle', { response: one, question: 'happened', take: 'first' });
      expect(await stateOf(one)).toBe('agreed');
    });
  });

  describe('when something is taken back or worded anew', () => {
    let id = '';
    const twice = async () => {
      await arriveForTwo(1);
      await drawAll();
      await codeAll(anna, AUDIT, () => 'Price');
      id = (await doubles()).find(({ state }) => state === 'waiting')?.response_id ?? '';
    };

    test('the second takes theirs back, and it waits again', async () => {
      await twice();
      await save(ben, await ben.get(SECOND), 'Quality');
      expect(await stateOf(id)).toBe('differing');
      await ben.get(SECOND);
      const undone = await ben.post(DESK, { response: id, question: 'happened', do: 'undo' });
      expect(undone.headers.location).toBe(`${DESK}/${id}/happened?queue=second`);
      expect(await stateOf(id)).toBe('waiting');
      expect(shown(await ben.get(SECOND))).toBe(id);
      expect(await given(id)).toEqual(['price* Anna Berg']);
    });

    test('what the first takes back waits no longer, and nor does what the customer has worded anew', async () => {
      await anna.get(AUDIT);
      await anna.post(DESK, { response: id, question: 'happened', do: 'undo' });
      while ((await given(id)).length > 0) await anna.post(DESK, { response: id, question: 'happened', do: 'undo' });
      expect(await stateOf(id)).toBeUndefined();
      await codeAll(anna, AUDIT, () => 'Quality');
      expect(await stateOf(id)).toBe('waiting');
      const response = await on
        .storage()
        .read.selectFrom('response')
        .select('invitation_id')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      running.clock.advance({ minutes: 1 });
      await leaving.change(
        { invitationId: response.invitation_id ?? '', responseId: '', customerId: '' },
        'happened',
        'It broke.',
      );
      expect(await stateOf(id)).toBeUndefined();
      expect(shown(await anna.get(AUDIT))).toBe(id);
      await codeAll(anna, AUDIT, () => 'Quality');
    });

    test('that is put aside comes again, and one who has it open twice is told that it is done', async () => {
      const [page, twin] = [await ben.get(SECOND), await ben.get(SECOND)];
      expect((await ben.post(DESK, { ...fieldsOf(page, DESK), do: 'skip' })).headers.location).toBe(SECOND);
      expect(shown(await ben.get(SECOND))).toBe(id);
      await save(ben, page, 'Quality');
      expect((await save(ben, twin, 'Price')).headers.location).toBe(SECOND);
      expect((await ben.get(SECOND)).text).toContain('Somebody else has coded this answer in the meantime.');
      expect(await stateOf(id)).toBe('agreed');
    });
  });

  test('from ten answers on, alpha is said for each reason, of the codes as they were given', async () => {
    const before = await forTwo();
    await arriveForTwo(8);
    await drawAll();
    const ids = await forTwo();
    const index = (id: string) => ids.indexOf(id);
    const odd = ids.find((id) => !before.includes(id));
    await codeAll(anna, AUDIT, (id) => (id === odd ? 'Promises not kept' : index(id) % 2 ? 'Quality' : 'Price'));
    await codeAll(ben, SECOND, (id) => (index(id) % 2 ? 'Quality' : 'Price'));
    const page = await ben.get(AGREEMENT);
    const all = (await doubles()).filter((each) => each.second_codes !== null);
    expect(page.text).toContain(`Two people each have coded ${all.length} answers`);
    const quality = rows(page).find((row) => row.startsWith('Quality')) ?? '';
    const book = await running.app.coding.codebook(leaving.programmeId);
    const expected = alphaOf(
      all.map((each) =>
        [each.first_codes, each.second_codes ?? ''].map((codes) =>
          codes.includes(book?.byKey.get('quality')?.id ?? '-'),
        ),
      ),
    );
    expect(rows(page)).toContain(`Promises not kept | Given too seldom to tell | 1 of ${all.length} | `);
    expect(quality.endsWith(`| ${expected.toFixed(2)}`)).toBe(true);
    expect(quality).toContain(
      expected >= 0.8 ? 'Good' : expected >= 0.67 ? 'Tentative' : 'Unclear: describe this reason better',
    );
  });

  /** For two people and two values, as Krippendorff (2011) has it: (n - 1) (a + d) / ... by its coincidences. */
  function alphaOf(pairs: boolean[][]): number {
    const n = 2 * pairs.length;
    const yes = pairs.flat().filter(Boolean).length;
    const differing = pairs.filter(([a, b]) => a !== b).length;
    return 1 - ((n - 1) * 2 * differing) / (2 * yes * (n - yes));
  }

  test('whoever is not signed in sees and settles nothing', async () => {
    expect([302, 303, 401, 403]).toContain((await running.visitor().get(AGREEMENT)).status);
    expect([302, 303, 401, 403]).toContain((await running.visitor().post(`${DESK}/settle`, { take: 'first' })).status);
    expect((await anna.get('/answers/nothing/agreement')).status).toBe(404);
    expect((await anna.get(`${AGREEMENT}?after=x`)).status).toBe(422);
  });
});
