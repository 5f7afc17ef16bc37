import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND, colleague } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';

type Colleague = Person & { accountId: string };

const UNDO = '/today/bulk/undo';

onBothEngines((on) => {
  let app: TestApp;
  let anna: Colleague;
  let ben: Colleague;
  let manager: Colleague;
  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna Example');
    ben = await app.signIn('staff', 'Ben Example');
    manager = await app.signIn('manager', 'Miriam Example');
  });
  afterAll(() => app.close());

  const cases = () => app.app.recovery.cases;
  const many = () => app.app.recovery.caseWork.many;
  const open = async (ownerId: string | null = null): Promise<string> => {
    const cause = { kind: 'complaint' as const, customerId: null, origin: 'hand' as const, originId: newId(app.clock) };
    const said = { words: 'Es tropft.', language: 'de', ownerId };
    const { caseId } = await on
      .storage()
      .transaction((tx) => cases().open(tx, colleague(anna.accountId), { ...cause, ...said }));
    return caseId;
  };
  const owners = (ids: string[]) => Promise.all(ids.map(async (id) => (await cases().get(id)).ownerId));
  const kindsOf = async (caseId: string) => {
    const query = on.storage().read.selectFrom('case_event').select('kind').where('case_id', '=', caseId);
    return (await query.orderBy('id').execute()).map(({ kind }) => kind);
  };
  const CLOSING = { rootCause: 'delay', action: 'Done', outcome: 'put_right', noQuestion: 'x' };
  const close = (caseId: string) =>
    on.storage().transaction((tx) => cases().close(tx, colleague(anna.accountId), caseId, CLOSING));
  const shown = async (who: Person) => (await who.get('/today')).text;

  test('what was assigned to several at once goes back to whose it was; what somebody changed since stays', async () => {
    const [free, bens, passedOn, closed] = [await open(), await open(ben.accountId), await open(), await open()];
    const pick = [free, bens, passedOn, closed];
    const to = manager.accountId;
    await shown(anna);
    await anna.post('/today/bulk', { pick, do: 'assign', to });
    expect(await owners(pick)).toEqual([to, to, to, to]);
    expect(await shown(anna)).toContain('4 cases are with Miriam Example now.');
    // It stays on the page, not only in what is said once; and only for whoever did it.
    const again = await anna.get('/today');
    expect(again.text).toMatch(/10 November.*: 4 cases given to Miriam Example/);
    expect(await shown(ben)).not.toContain('given to Miriam Example');
    const undo = fieldsOf(again, UNDO);

    const { handling } = app.app.recovery.caseWork;
    await handling.handOver(colleague(to), passedOn, to, ben.accountId, '');
    await handling.handOver(colleague(ben.accountId), passedOn, ben.accountId, to, '');
    await close(closed);
    await ben.post(UNDO, undo);
    expect(await owners(pick)).toEqual([to, to, to, to]);
    expect(await shown(anna)).toMatch(/2 cases given to Miriam Example/);

    await anna.post(UNDO, undo);
    expect(await owners(pick)).toEqual([null, ben.accountId, to, to]);
    expect(await shown(anna)).toContain('2 cases are back where they were.');
    expect(await shown(anna)).not.toContain('given to Miriam Example');
    expect((await kindsOf(free)).slice(-2)).toEqual(['takenUp', 'released']);
    expect((await anna.get(`/cases/${free}`)).text).toContain('Handed back by Miriam Example');
  });

  test('for a day, once, and by two clicks at the same moment only once', async () => {
    const pick = [await open(), await open()];
    const me = colleague(anna.accountId);
    const first = await many().assign(me, pick, ben.accountId);
    expect(first.count).toBe(2);
    expect((await many().assign(me, pick, ben.accountId)).count).toBe(0);
    app.clock.advance({ hours: 23 });
    const counts = await Promise.all([many().undo(me, first.id), many().undo(me, first.id)]);
    expect(counts.sort()).toEqual([0, 2]);
    expect(await owners(pick)).toEqual([null, null]);
    const late = await many().assign(me, pick, ben.accountId);
    app.clock.advance({ hours: 25 });
    expect(await many().undoable(me)).toEqual([]);
    expect(await many().undo(me, late.id)).toBe(0);
    expect(await owners(pick)).toEqual([ben.accountId, ben.accountId]);
  });

  test('tags and putting off are taken back, too; from somebody who is no longer here nothing comes back', async () => {
    await app.signIn('administrator', 'Petra Example');
    const gone = await app.signIn('staff', 'Gone Example');
    const pick = [await open(gone.accountId), await open()];
    const me = colleague(anna.accountId);
    const tagged = await many().tag(me, pick, 'Kasse');
    const put = await many().snooze(me, pick, '2026-12-24');
    const given = await many().assign(me, pick, anna.accountId);
    await app.app.accounts.people.deactivate(COMMAND, gone.accountId);
    const done = await many().undoable(me);
    expect(done.map(({ what, count, tag, day }) => [what, count, tag, day])).toEqual([
      ['assigned', 2, '', ''],
      ['snoozed', 2, '', '2026-12-24'],
      ['tagged', 2, 'Kasse', ''],
    ]);
    for (const { id } of [tagged, put, given]) expect(await many().undo(me, id)).toBe(2);
    expect(await owners(pick)).toEqual([null, null]);
    for (const id of pick) {
      expect((await cases().get(id)).snoozedUntil).toBeNull();
      expect((await kindsOf(id)).slice(-3)).toEqual(['untagged', 'woken', 'released']);
    }
    const tags = on.storage().read.selectFrom('case_tag').selectAll().where('case_id', 'in', pick);
    expect(await tags.execute()).toEqual([]);
  });
});
