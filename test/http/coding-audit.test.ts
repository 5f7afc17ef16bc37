import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Answer, Person, TestApp } from '../support/app.ts';
import type { Answered, Answering } from '../support/coding.ts';
import { startDesk, type Desk } from '../support/desk.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';

const DESK = '/answers/leaving';
const AUDIT = `${DESK}?queue=audit`;
const LEARN = `${DESK}?queue=learn`;
const WORDS = 'You put up the price three times in one year.';

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let anna: Person;
  let ben: Person;
  let close: Desk['close'];

  beforeAll(async () => {
    ({ running, leaving, anna, close } = await startDesk(on.storage()));
    ben = await running.signIn('staff', 'Ben Cole');
  });
  afterAll(() => close());

  const arrive = async (words = WORDS): Promise<Answered> => {
    running.clock.advance({ minutes: 1 });
    return await leaving.answer({ words, ticked: ['price', 'other'], most: 'price', other: 'the smell' });
  };
  const tasks = async () =>
    await on.storage().read.selectFrom('coding_task').selectAll().orderBy('random_number').execute();
  const taskOf = async ({ responseId }: Answered) =>
    (await tasks()).find((task) => task.response_id === responseId) as Awaited<ReturnType<typeof tasks>>[number];
  const drawn = async () => (await tasks()).filter((task) => task.inclusion !== null);
  const shown = (page: Answer) => fieldsOf(page, DESK).response;
  const codeIn = (page: Answer, name: string) =>
    new RegExp(`data-name="${name}"[\\s\\S]*?type="checkbox"[^>]*value="([^"]+)"`).exec(page.text)?.[1] ?? '';
  const save = async (person: Person, page: Answer, name = 'Quality') =>
    await person.post(DESK, {
      ...fieldsOf(page, DESK),
      code: codeIn(page, name),
      main: codeIn(page, name),
      do: 'save',
    });
  const draw = async (more: string) => {
    await anna.get(AUDIT);
    return await anna.post(`${DESK}/draw`, { more });
  };
  const at = ({ responseId }: Answered, queue = '') => `${DESK}/${responseId}/happened${queue}`;

  /** Nothing on the page that might sway whoever reads the answer. */
  function expectUnswayed(page: Answer) {
    expect(page.text).toContain('<blockquote class="voice large"');
    for (const telling of [
      'Why suggested',
      'Probability',
      'Ticked as',
      'the smell',
      'Coded by A',
      'Coded by B',
      ' checked>',
    ])
      expect(page.text.replace('data-keys-on checked>', '')).not.toContain(telling);
    expect(page.text).not.toMatch(/\d\s?%/);
    expect(fieldsOf(page, DESK)).toMatchObject({ suggested: '0' });
  }

  describe('before anything is drawn', () => {
    test('the queue says what it is for and whom, and what will fill it', async () => {
      const page = await anna.get(AUDIT);
      expect(page.text).toContain('No open answers have arrived yet.');
      expect(page.text).toContain('Nothing is suggested here and nothing earlier is shown');
      expect((await draw('50')).headers.location).toBe(AUDIT);
      expect((await anna.get(AUDIT)).text).toContain('there is nothing to draw from');
      await arrive();
      expect((await anna.get(AUDIT)).text).toContain('Nothing has been drawn yet.');
      expect(await on.storage().read.selectFrom('coding_audit').selectAll().execute()).toEqual([]);
    });

    test.each(['0', '-3', '1.5', 'many', '', '10001'])('%j is not a number to draw', async (more) => {
      const answer = await draw(more);
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('<a href="#more">');
      expect(fieldsOf(answer, `${DESK}/draw`)).toMatchObject({ more });
    });
  });

  describe('a drawn answer', () => {
    beforeAll(async () => {
      for (let i = 0; i < 11; i++) await arrive();
      await running.app.coding.opinions.work();
    });

    test('is one with the lowest numbers, and the next number is how probable that was', async () => {
      expect(fieldsOf(await anna.get(AUDIT), `${DESK}/draw`)).toMatchObject({ more: '50' });
      await draw('5');
      const all = await tasks();
      expect(await drawn()).toEqual(all.slice(0, 5));
      expect((await drawn()).map(({ inclusion }) => inclusion)).toEqual(Array(5).fill(all[5]?.random_number));
      const page = await anna.get(AUDIT);
      expect(page.text).toContain('What 5 people wrote is in the audit now; still to check: 5.');
      expect(page.text).toContain('0 of 5 drawn answers checked.');
      expect(page.text).toContain('Random audit 5');
      const log = await on.storage().read.selectFrom('audit_entry').select('action').execute();
      expect(log.map(({ action }) => action)).toContain('coding.audit_draw');
    });

    test('is shown with its words alone, the lowest number first', async () => {
      const page = await anna.get(AUDIT);
      expect(shown(page)).toBe((await tasks())[0]?.response_id);
      expectUnswayed(page);
    });

    test('does not come in the other queues, which say where it waits', async () => {
      const ids = (await drawn()).map((task) => task.response_id);
      for (const queue of [DESK, `${DESK}?order=worth`]) {
        const page = await anna.get(queue);
        expect(page.text).toContain('Why suggested');
        expect(page.text).toContain('Ticked as the main reason: <b>Price</b>.');
        expect(ids).not.toContain(shown(page));
        expect(page.text).toContain('To code 7');
        expect(page.text).toContain('5 answers wait in the random audit instead.');
      }
    });

    test('nor is a second person, or whoever settles where two differ, shown anything that might sway them', async () => {
      const { response_id: responseId } = (await tasks())[0] as { response_id: string };
      const answered = { responseId, customerId: '', invitationId: '' };
      expect((await anna.get(at(answered))).text).toContain('Why suggested');
      expectUnswayed(await anna.get(at(answered, '?queue=second')));
      expectUnswayed(await anna.get(at(answered, '?queue=settle')));
    });

    test('counts as checked once somebody has coded it so', async () => {
      const page = await anna.get(AUDIT);
      const saved = await save(anna, page);
      expect(saved.headers.location).toBe(AUDIT);
      const next = await anna.get(AUDIT);
      expect(next.text).toContain('1 of 5 drawn answers checked.');
      const [first, second] = await tasks();
      expect(first).toMatchObject({ state: 'coded', blind: 1 });
      expect(shown(next)).toBe(second?.response_id);
    });

    test('that is put aside comes again at the end', async () => {
      const first = shown(await anna.get(AUDIT));
      const skipped = await anna.post(DESK, { ...fieldsOf(await anna.get(AUDIT), DESK), do: 'skip' });
      expect(skipped.headers.location).toBe(AUDIT);
      const order = [];
      for (let i = 0; i < 4; i++) {
        const page = await anna.get(AUDIT);
        order.push(shown(page));
        expect(page.text).toContain('Skipped 0');
        await save(anna, page);
      }
      expect(order.at(-1)).toBe(first);
      expect(new Set(order).size).toBe(4);
      expect((await anna.get(AUDIT)).text).toContain('Every drawn answer has been checked.');
    });

    test('stays drawn when that is taken back, and is shown again without anything that sways', async () => {
      const before = await drawn();
      await anna.get(AUDIT);
      const someone = before[0] as (typeof before)[number];
      const undone = await anna.post(DESK, { response: someone.response_id, question: 'happened', do: 'undo' });
      expect(undone.headers.location).toMatch(/\/answers\/leaving\/[^/]+\/happened\?queue=audit$/);
      const page = await anna.get(undone.headers.location ?? '');
      expectUnswayed(page);
      const task = (await drawn()).find((each) => each.response_id === shown(page));
      expect(task).toMatchObject({ state: 'open', blind: 0, inclusion: before[0]?.inclusion });
      await save(anna, page);
    });

    test('waits again when the customer words it anew', async () => {
      const [task] = await drawn();
      const answers = await on.storage().read.selectFrom('response').select(['id', 'invitation_id']).execute();
      const invitationId = answers.find(({ id }) => id === task?.response_id)?.invitation_id ?? '';
      running.clock.advance({ minutes: 1 });
      await leaving.change({ invitationId, responseId: '', customerId: '' }, 'happened', 'It broke.');
      const page = await anna.get(AUDIT);
      expect(shown(page)).toBe(task?.response_id);
      expectUnswayed(page);
      expect((await drawn())[0]).toMatchObject({ state: 'open', blind: 0, inclusion: task?.inclusion });
      await save(anna, page);
    });
  });

  describe('what was coded with suggestions', () => {
    test('is asked again when it is drawn, and a higher threshold counts for all', async () => {
      const id = (await tasks())[5]?.response_id ?? '';
      const page = await anna.get(`${DESK}/${id}/happened`);
      expect(fieldsOf(page, DESK)).toMatchObject({ suggested: '1' });
      await save(anna, page);
      expect((await tasks())[5]).toMatchObject({ state: 'coded', blind: 0, inclusion: null });
      const { drawn: inAudit, toCode } = await running.app.coding.audits.drawMore(COMMAND, leaving.programmeId, 3);
      const all = await tasks();
      expect([inAudit, toCode]).toEqual([8, 3]);
      expect((await drawn()).map(({ inclusion }) => inclusion)).toEqual(Array(8).fill(all[8]?.random_number));
      const asked = [];
      for (let next = await anna.get(AUDIT); next.text.includes('data-desk'); next = await anna.get(AUDIT)) {
        expectUnswayed(next);
        asked.push(shown(next));
        await save(anna, next);
      }
      expect(asked).toEqual(all.slice(5, 8).map((task) => task.response_id));
      expect((await drawn()).every(({ blind }) => blind === 1)).toBe(true);
    });

    test('counts as coded without them where none were shown, or where a program coded it', async () => {
      const fresh = await arrive('Mmh.');
      const page = await anna.get(at(fresh));
      await save(anna, page);
      expect(await taskOf(fresh)).toMatchObject({ state: 'coded', blind: 1 });
      const again = await arrive();
      await running.app.coding.codeResponse(COMMAND, { responseId: again.responseId, codes: ['price'], main: 'price' });
      expect(await taskOf(again)).toMatchObject({ state: 'coded', blind: 1 });
    });
  });

  describe('an answer that arrives late', () => {
    test('is drawn if its number is under the threshold, with the probability of the others', async () => {
      const threshold = (await drawn())[0]?.inclusion ?? 0;
      const seen = new Set<boolean>();
      for (let i = 0; i < 200 && seen.size < 2; i++) {
        const { random_number, inclusion } = await taskOf(await arrive());
        seen.add(random_number < threshold);
        expect(inclusion).toBe(random_number < threshold ? threshold : null);
      }
      expect(seen.size).toBe(2);
    });

    test('is drawn by an audit of some answers if whoever knows says that it covers it', async () => {
      const { audits } = running.app.coding;
      const some = [await arrive(), await arrive(), await arrive()];
      const numbered = await Promise.all(
        some.map(async (each) => ({ responseId: each.responseId, random: (await taskOf(each)).random_number })),
      );
      const next = { responseId: (await arrive()).responseId, random: 0.999999 };
      const lowest = async (limit: number) => [...numbered, next].sort((a, b) => a.random - b.random).slice(0, limit);
      const covers = { segment: 'Büro', country: 'DE' };
      const made = await audits.draw(COMMAND, { programmeId: leaving.programmeId, covers, wanted: 3, lowest });
      expect(made.drawn).toBe(3);
      expect((await taskOf(some[0] as Answered)).inclusion).toBe(next.random);
      const [covered, other] = [await arrive(), await arrive()];
      const before = (await taskOf(other)).inclusion;
      const asked: unknown[] = [];
      await on.storage().transaction((tx) =>
        audits.include(tx, leaving.programmeId, [covered.responseId, other.responseId], (wanted, id) => {
          asked.push(wanted);
          return id === covered.responseId;
        }),
      );
      expect(asked).toContainEqual(covers);
      expect((await taskOf(covered)).inclusion).toBe(next.random);
      expect((await taskOf(other)).inclusion).toBe(before);
    });
  });

  describe('two colleagues at the audit', () => {
    test('are handed different answers; who is late is told, and not what the other one gave', async () => {
      const [forAnna, forBen] = [await anna.get(AUDIT), await ben.get(AUDIT)];
      expect(shown(forAnna)).not.toBe(shown(forBen));
      const same = await ben.get(`${DESK}/${shown(forAnna)}/happened?queue=audit`);
      expectUnswayed(same);
      await save(anna, forAnna, 'Price');
      const late = await save(ben, same, 'Quality');
      expect([late.status, late.headers.location]).toEqual([303, AUDIT]);
      const page = await ben.get(AUDIT);
      expect(page.text).toContain('Somebody else has coded this answer in the meantime.');
      expectUnswayed(page);
      const codes = await running.app.coding.codingsOf([String(shown(forAnna))]);
      const given = codes.get(String(shown(forAnna)))?.filter(({ coderKind }) => coderKind === 'colleague');
      expect(given?.map(({ key, coder }) => [key, coder])).toEqual([['price', 'Anna Berg']]);
    });

    test('look again at what they coded in it without what might sway them', async () => {
      const mine = await anna.get(`${DESK}?queue=mine`);
      const href = /href="(\/answers\/leaving\/[^"]+\?queue=audit)"/.exec(mine.text)?.[1] ?? '';
      expectUnswayed(await anna.get(href));
    });
  });

  describe('the queue to teach the engine', () => {
    const teach = async (answered: Answered, worth: number) =>
      await on.storage().transaction(async (tx) => {
        await tx
          .updateTable('coding_task')
          .set({ worth_asking: worth, inclusion: null })
          .where('response_id', '=', answered.responseId)
          .execute();
      });

    test('begins with what is worth most, leaves out what it has not read, and shows suggestions', async () => {
      const [little, much, unread] = [await arrive(), await arrive(), await arrive()];
      await running.app.coding.opinions.work();
      await on.storage().transaction(async (tx) => {
        await tx.updateTable('coding_task').set({ worth_asking: 0 }).execute();
      });
      expect((await anna.get(LEARN)).text).toContain('There is nothing here for the engine to learn from now.');
      await teach(little, 0.2);
      await teach(much, 0.7);
      await teach(unread, 0);
      const first = await anna.get(LEARN);
      expect(first.text).toContain('no share is worked out from them');
      expect(first.text).toContain('Why suggested');
      expect(shown(first)).toBe(much.responseId);
      expect((await save(anna, first)).headers.location).toBe(LEARN);
      expect(await taskOf(much)).toMatchObject({ state: 'coded', blind: 0 });
      const second = await anna.get(LEARN);
      expect(shown(second)).toBe(little.responseId);
      await save(anna, second);
      expect((await anna.get(LEARN)).text).toContain('There is nothing here for the engine to learn from now.');
    });
  });

  test('an audit of more than there is takes all that there are; who arrives later waits for the next drawing', async () => {
    await on.storage().transaction(async (tx) => {
      await tx.deleteFrom('coding_audit').execute();
      await tx.updateTable('coding_task').set({ inclusion: null }).execute();
    });
    await draw('500');
    const page = await anna.get(AUDIT);
    expect(page.text).toContain('Every answer that has arrived is drawn.');
    expect(page.text).not.toContain(`action="${DESK}/draw"`);
    expect(new Set((await drawn()).map(({ inclusion }) => inclusion))).toEqual(new Set([1]));
    expect((await anna.get('/answers')).headers.location).toBe(AUDIT);
    const before = (await drawn()).length;
    const late: Answered[] = [];
    for (let i = 0; i < 9; i++) late.push(await arrive());
    expect(await drawn()).toHaveLength(before);
    expect((await anna.get(DESK)).text).toContain('To code 9');
    await draw('3');
    const numbers = (await Promise.all(late.map(taskOf))).sort((a, b) => a.random_number - b.random_number);
    expect(numbers.map(({ inclusion }) => inclusion !== null)).toEqual([
      ...Array(3).fill(true),
      ...Array(6).fill(false),
    ]);
    const threshold = numbers[2]?.inclusion ?? 0;
    expect(numbers.slice(0, 3).map(({ inclusion }) => inclusion)).toEqual(Array(3).fill(threshold));
    const all = (await tasks()).map(({ random_number: number }) => number);
    expect(threshold).toBe(all[all.indexOf(numbers[2]?.random_number ?? 0) + 1]);
    expect(threshold).toBeLessThan(1);
    expect((await drawn()).filter(({ inclusion }) => inclusion === 1)).toHaveLength(before);
    expect((await anna.get(AUDIT)).text).toContain(`action="${DESK}/draw"`);
  });

  test('nobody draws without signing in', async () => {
    expect([302, 303, 401, 403]).toContain((await running.visitor().post(`${DESK}/draw`, { more: '5' })).status);
    expect((await anna.post('/answers/nothing/draw', { more: '5' })).status).toBe(404);
  });
});
