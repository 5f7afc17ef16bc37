import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CustomerRow } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { bringIn, plain, upload } from '../support/imports.ts';
import { actorsOf, CALLED_ELSEWHERE, fieldsAt, missing, NOBODY, program, type Program } from '../support/interface.ts';

const PAGE = '/customers/duplicates';
const DIFFERENT = `${PAGE}/different`;

onBothEngines((on) => {
  let running: TestApp;
  let boss: Person & { accountId: string };
  let staff: Person;
  let from: Program;
  let people = 0;

  beforeAll(async () => {
    running = await startApp(on.storage());
    boss = await running.signIn('manager', 'Carla');
    staff = await running.signIn('staff', 'Anna');
    from = await program(running);
  });
  afterAll(() => running.close());

  interface Two {
    ids: [string, string];
    references: [string, string];
    name: string;
  }
  /** Two records of somebody whose name nobody else has; the second as given. */
  const twice = async (other: Partial<CustomerRow> = {}, both: Partial<CustomerRow> = {}): Promise<Two> => {
    const n = ++people;
    const name = `Quell${Array.from(String(n), (digit) => `${'bdfglmnrst'[Number(digit)]}a`).join('')}`;
    const base = { givenName: 'Ulrike', familyName: name, postalCode: '24103', city: 'Kiel', street: `Seeweg ${n}` };
    const references: [string, string] = [`A-${n}`, `B-${n}`];
    const rows = [
      { ...base, ...both, reference: references[0] },
      { ...base, ...both, ...other, reference: references[1] },
    ];
    const added = await running.app.customers.upsertMany(COMMAND, rows as CustomerRow[]);
    await running.app.duplicates.work();
    return { ids: [added[0]?.id ?? '', added[1]?.id ?? ''], references, name };
  };
  const listed = async (path = PAGE) => plain(await boss.get(path));
  const isListed = async ({ ids }: Two) => (await boss.get(PAGE)).text.includes(`/customers/${ids[0]}/merge/${ids[1]}`);
  const rowsOf = async (table: 'likely_duplicate' | 'different_person') =>
    await on.storage().read.selectFrom(table).selectAll().execute();
  const say = (ids: [string, string], path = DIFFERENT) => boss.post(path, { id: ids[0], otherId: ids[1], after: '' });

  describe('the list of likely duplicates', () => {
    test('says why two records are there, leads to putting them together, and is empty once that is done', async () => {
      expect(await listed()).toContain('Nobody seems to be here twice.');
      expect((await boss.get('/customers')).text).not.toContain('likely duplicate');
      const two = await twice({ givenName: 'Ulrike', email: 'other@example.com' }, { telephone: '0431 555019' });
      const page = await boss.get(PAGE);
      expect(plain(page)).toContain('1 likely duplicate.');
      expect(plain(page)).toContain('Almost certain the same telephone number and the same name and address');
      expect(page.text).toContain(`href="/customers/${two.ids[0]}/merge/${two.ids[1]}"`);
      expect(plain(await boss.get('/customers'))).toContain('1 likely duplicate');
      const merge = await boss.get(`/customers/${two.ids[0]}/merge/${two.ids[1]}`);
      const seen = (name: string) => new RegExp(`name="${name}" value="(\\d+)"`).exec(merge.text)?.[1] ?? '';
      const fields = { seenKept: seen('seenKept'), seenOther: seen('seenOther') };
      expect((await boss.post(`/customers/${two.ids[0]}/merge/${two.ids[1]}`, fields)).status).toBe(303);
      expect(await rowsOf('likely_duplicate')).toEqual([]);
      await running.app.duplicates.work();
      expect(await listed()).toContain('Nobody seems to be here twice.');
    });

    test('is for managers; a colleague finds neither page nor count', async () => {
      const two = await twice();
      expect((await staff.get(PAGE)).status).toBe(403);
      expect((await staff.get('/customers')).text).not.toContain(PAGE);
      expect((await staff.post(DIFFERENT, { id: two.ids[0], otherId: two.ids[1] })).status).toBe(403);
      expect(await isListed(two)).toBe(true);
    });

    test('goes by what is so now: a change makes two alike, or no longer', async () => {
      const two = await twice({ familyName: 'Somebodyelse', street: '' });
      expect(await isListed(two)).toBe(false);
      const [reference] = [two.references[1]];
      const name = (familyName: string) => running.app.customers.upsertMany(COMMAND, [{ reference, familyName }]);
      await name(two.name);
      await running.app.duplicates.work();
      expect(await isListed(two)).toBe(true);
      await running.app.customers.upsertMany(COMMAND, [{ reference, segment: 'regular' }]);
      await name('Somebodyelse');
      await running.app.duplicates.work();
      expect(await isListed(two)).toBe(false);
    });

    test('has the surest first, a part at a time, each once', async () => {
      for (let i = 0; i < 14; i++) await twice({ street: `Am Hafen ${i}` });
      for (let i = 0; i < 14; i++) await twice();
      const all = await rowsOf('likely_duplicate');
      const first = await boss.get(PAGE);
      expect(plain(first)).toContain(`${all.length} likely duplicates.`);
      expect(plain(first).split('Possible').length - 1).toBeLessThan(12);
      const more = /href="(\/customers\/duplicates\?after=[^"]+)"/.exec(first.text)?.[1] ?? '';
      const second = await boss.get(more.replaceAll('&#38;', '&').replaceAll('&amp;', '&'));
      const found = [first, second].flatMap(({ text }) => [...text.matchAll(/\/merge\/([0-9a-f-]{36})/g)]);
      expect(found.map(([, id]) => id).sort()).toEqual(all.map((row) => row.other_id).sort());
      expect(plain(second)).not.toContain('Almost certain');
    });

    test('names nobody for a number that more have than could be one person', async () => {
      const crowd = Array.from({ length: 22 }, (_, i) => ({
        reference: `S-${i}`,
        telephone: '030 1234567',
        familyName: 'Schalter',
      }));
      const before = (await rowsOf('likely_duplicate')).length;
      await running.app.customers.upsertMany(COMMAND, crowd);
      await running.app.duplicates.work();
      expect((await rowsOf('likely_duplicate')).length).toBe(before);
    });
  });

  describe('who was said not to be the same person', () => {
    test('is remembered with who said so and when, in the audit log, and can be undone', async () => {
      const two = await twice();
      const answer = await say(two.ids);
      expect([answer.status, answer.headers['location']]).toEqual([303, PAGE]);
      const page = await boss.get(PAGE);
      expect(plain(page)).toContain('Noted: they are two people. Undo');
      expect(page.text).not.toContain(`/merge/${two.ids[1]}`);
      await running.app.customers.upsertMany(COMMAND, [{ reference: two.references[1], telephone: '0431 555018' }]);
      await running.app.duplicates.work();
      expect(await isListed(two)).toBe(false);
      expect((await boss.get(`/customers/${two.ids[0]}/merge`)).text).not.toContain(`/merge/${two.ids[1]}`);
      expect(await listed(DIFFERENT)).toContain('Carla, 10 November 2026');
      expect(await actorsOf(on.storage(), 'customers.saidDifferent')).toEqual([['account', boss.accountId]]);
      // Twice is harmless, and noted once.
      expect((await say(two.ids)).status).toBe(303);
      expect(await actorsOf(on.storage(), 'customers.saidDifferent')).toHaveLength(1);

      expect((await say([two.ids[1], two.ids[0]], `${DIFFERENT}/removal`)).status).toBe(303);
      expect(await listed()).toContain('That is undone.');
      await running.app.duplicates.work();
      expect(await isListed(two)).toBe(true);
      expect(await actorsOf(on.storage(), 'customers.differentTakenBack')).toHaveLength(1);
      await say(two.ids, `${DIFFERENT}/removal`);
      expect(await listed()).toContain('Somebody has undone this already.');
    });

    test('is not somebody whose record went into theirs, either; whoever merges them says that they are', async () => {
      const [one, third] = [await twice(), await twice()];
      await say(one.ids);
      await say([third.ids[0], one.ids[1]]);
      const merge = (kept: string, other: string) =>
        running.app.customers.get(kept).then(async ({ revision }) => {
          const seen = { kept: revision, other: (await running.app.customers.get(other)).revision };
          return await running.app.merging.merge(COMMAND, { keptId: kept, otherId: other, seen }, {});
        });
      expect(await merge(third.ids[1], third.ids[0])).toMatchObject({ ok: true });
      const said = await rowsOf('different_person');
      expect(said.map((row) => `${row.customer_id} ${row.other_id}`)).toEqual(
        expect.arrayContaining([`${third.ids[1]} ${one.ids[1]}`, `${one.ids[1]} ${third.ids[1]}`]),
      );
      expect(await merge(one.ids[0], one.ids[1])).toMatchObject({ ok: true });
      const after = (await rowsOf('different_person')).flatMap((row) => [row.customer_id, row.other_id]);
      expect(after).not.toContain(one.ids[1]);
      expect(after.filter((id) => id === one.ids[0])).toHaveLength(2);
      expect((await boss.get(PAGE)).status).toBe(200);
    });

    test('goes when one of them is erased, with every key; the page says so to whoever comes too late', async () => {
      const [two, said] = [await twice({}, { telephone: '0431 987654' }), await twice()];
      await say(said.ids);
      for (const id of [two.ids[0], said.ids[0]])
        await running.app.privacy.erase({ kind: 'account', id: boss.accountId }, id);
      const rows = [...(await rowsOf('likely_duplicate')), ...(await rowsOf('different_person'))];
      expect(rows.filter((row) => [two.ids[0], said.ids[0]].includes(row.customer_id))).toEqual([]);
      const query = on.storage().read.selectFrom('customer').selectAll().where('id', '=', two.ids[0]);
      expect(await query.executeTakeFirst()).toMatchObject({
        telephone_key: '',
        name_key: '',
        place_key: '',
        street_key: '',
      });
      await say(two.ids);
      expect(await listed()).toContain('One of the two records is not there any more.');
      await running.app.duplicates.work();
      expect(await isListed(two)).toBe(false);
      expect((await boss.post(DIFFERENT, { id: 'x', otherId: two.ids[1] })).status).toBe(404);
    });
  });

  describe('a file of customers', () => {
    const file = (n: number) =>
      `Customer number;First name;Last name;E-mail;City\r\nN-${n};Ole;Storvik;ole@example.com;Bergen\r\n` +
      `N-${n}1;Brand;Neu;brand${n}@example.com;Bonn${n}\r\n`;

    test('says how many of its new rows are probably here already, before and after, and where to find them', async () => {
      const first = await upload(running, boss, 'customers', file(1));
      expect(plain(first.page)).not.toContain('is here already under another number');
      expect((await bringIn(running, boss, first)).text).not.toContain('probably here already');
      const again = await upload(running, boss, 'customers', file(2));
      expect(plain(again.page)).toContain(
        'One new row looks like a customer who is here already under another number.',
      );
      const done = await bringIn(running, boss, again);
      expect(plain(done)).toContain('New, but probably here already 1');
      expect(done.text).toContain(`href="${PAGE}"`);
      expect((await staff.get(again.path)).text).not.toContain(`href="${PAGE}"`);
      await running.app.duplicates.work();
      expect(await listed()).toContain('the same e-mail address and the same name and place');
      const told = (await from.call('GET', `/imports/${again.id}`)).body;
      expect(told.rows).toMatchObject({ new: 2, alike: 1 });
    });
  });

  describe('another program', () => {
    test('lists them, says who is not who, and takes it back, as a manager does', async () => {
      const two = await twice({ givenName: 'U.' }, { telephone: '0431 444555' });
      const [id, otherId] = two.ids;
      expect((await from.call('GET', '/duplicates', undefined, 'staff')).status).toBe(403);
      const all: { otherId: string }[] = [];
      for (let next: string | null = ''; next !== null;) {
        const page: { items: typeof all; next: string | null } = (
          await from.call('GET', `/duplicates?limit=7${next && `&cursor=${encodeURIComponent(next)}`}`)
        ).body;
        all.push(...page.items);
        next = page.next;
      }
      expect(new Set(all.map((each) => each.otherId)).size).toBe((await rowsOf('likely_duplicate')).length);
      expect(all.find((each) => each.otherId === otherId)).toEqual({
        customerId: id,
        reference: two.references[0],
        otherId,
        otherReference: two.references[1],
        certainty: 'probable',
        why: ['telephone', 'shorter'],
      });
      const path = `/customers/${id}/different`;
      expect(fieldsAt(await from.call('POST', path, { otherId: id }))).toEqual([409, ['otherId']]);
      expect((await from.call('POST', path, { otherId: NOBODY })).status).toBe(404);
      expect((await from.call('POST', path, { otherId }, 'staff')).status).toBe(403);
      expect((await from.call('POST', path, { otherId })).body).toEqual({ customerId: id, otherId, different: true });
      const [said] = (await from.call('GET', '/duplicates/different')).body.items;
      expect(said).toMatchObject({ customerId: id, otherId, accountId: null, saidAt: '2026-11-10T08:05:00.000Z' });
      expect(await listed(DIFFERENT)).toContain('A program, 10 November 2026');
      expect(await isListed(two)).toBe(false);
      const back = await from.call('POST', `${path}/removal`, { otherId });
      expect(back.body).toEqual({ customerId: id, otherId, different: false });
      expect(fieldsAt(await from.call('POST', `${path}/removal`, { otherId }))).toEqual([409, ['otherId']]);
      await running.app.duplicates.work();
      expect(await isListed(two)).toBe(true);
      expect(missing(from, CALLED_ELSEWHERE.duplicates)).toEqual([]);
    });
  });
});
