import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CustomerRow } from '../../src/customers/index.ts';
import { colleague, COMMAND, type Actor } from '../../src/shared/actor.ts';
import type { Person } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { onPaper, POSTAL } from '../support/post.ts';
import { wavesOn } from '../support/waves-on.ts';
import { addressOf, leavers, newWave, reference } from '../support/waves.ts';

onBothEngines((on) => {
  const here = wavesOn(on, { keepsMail: true });
  let staff: Person & { accountId: string };
  let me: Actor;
  beforeEach(async () => {
    staff = await here.running.signIn('staff', 'Ingrid Solheim');
    me = colleague(staff.accountId);
  });

  const add = (rows: CustomerRow[]) => here.app.customers.upsertMany(COMMAND, rows);
  const idOf = async (i: number) => (await here.app.customers.findByReference(reference(i)))?.id ?? '';
  const programmeOf = async (key: string) =>
    (await here.app.questionnaires.list()).find((each) => each.programme.key === key)!;
  async function sent(more: Parameters<typeof newWave>[2] = {}, questionnaireId = here.ready.questionnaireId) {
    const id = await newWave(here.app, { ...here.ready, questionnaireId }, { reminderDays: [], ...more });
    await here.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await here.app.runDue();
    return id;
  }
  const accounts = async (id: string) => {
    const { accounts: all } = await here.app.invitations.waveStatus(id);
    const { unknown, failed, cancelled, skipped, withheld, queued, sending } = all;
    expect(all.sent + unknown + failed + cancelled + skipped + withheld + queued + sending).toBe(all.recipients);
    return all;
  };
  const invitationOf = async (waveId: string, i: number) => {
    const rows = on.storage().read.selectFrom('invitation').selectAll().where('wave_id', '=', waveId);
    return await rows.where('customer_id', '=', await idOf(i)).executeTakeFirstOrThrow();
  };
  const complain = async (i: number, toOn: string | null) => {
    const row = { kind: 'complaint' as const, fromOn: '2026-11-02', toOn, reference: `C-${i}`, note: '' };
    await here.app.customers.addDealings(COMMAND, [{ customerReference: reference(i), ...row }]);
  };
  const said = async (path: string, fields = {}) => {
    await staff.get(path);
    const answer = await staff.post(path, fields);
    expect(answer.status).toBe(303);
    return (await staff.get(path)).text;
  };

  describe('the holdout', () => {
    const setShare = async (share: number) => {
      const { programme } = await programmeOf('leaving');
      await here.app.invitations.holdouts.setShare(COMMAND, programme.id, share);
    };
    const draws = () =>
      on.storage().read.selectFrom('holdout_draw').select(['customer_id', 'held_out']).orderBy('customer_id').execute();

    test.each(['letters', 'calls'])('is drawn before %s are made, once, and kept to by every way', async (way) => {
      await add(onPaper(80, 0).map((row, i) => ({ ...row, telephone: `0431 7 ${i}` })));
      await setShare(40);
      const id = await sent();
      expect([await accounts(id), await draws()]).toMatchObject([{ skipped: 80, withheld: 0 }, []]);
      const make = async (waveId: string) =>
        way === 'letters'
          ? (await here.app.post.prepare(me, waveId, 'no_address')).letters
          : (await here.app.telephone.prepare(me, waveId)).calls;
      const made = await make(id);
      const drawn = await draws();
      const held = drawn.filter((row) => row.held_out === 1).length;
      expect(drawn).toHaveLength(80);
      expect([held > 10, held < 60, made]).toEqual([true, true, 80 - held]);
      expect(await accounts(id)).toMatchObject({ withheld: held, skipped: 80 - held });
      expect([await make(id), await draws()]).toEqual([0, drawn]);
      const second = await sent();
      expect((await here.app.post.prepare(me, second, 'no_address')).letters).toBe(80 - held);
      expect(await accounts(second)).toMatchObject({ withheld: held });
      expect(await draws()).toEqual(drawn);
    });

    test('drawn between printing and the letter box, a letter is to be taken out of the pile', async () => {
      await add(onPaper(30, 0));
      const id = await sent();
      expect(await here.app.post.prepare(me, id, 'no_address')).toMatchObject({ letters: 30, leftOut: [] });
      await setShare(50);
      const { posted, leftOut } = await here.app.post.markPosted(me, id, 1);
      const held = (await draws()).filter((row) => row.held_out === 1).length;
      expect(held).toBeGreaterThan(3);
      expect([posted, leftOut.length]).toEqual([30 - held, held]);
      expect(new Set(leftOut.map(({ why }) => why))).toEqual(new Set(['held_out']));
      expect(await accounts(id)).toMatchObject({ sent: 30 - held, withheld: held, skipped: 0 });
    });

    test('of those who have been asked already nobody is drawn for a second way', async () => {
      await add(leavers(20, () => ({ ...POSTAL, telephone: '0431 8 1' })));
      const id = await sent();
      await setShare(50);
      expect((await here.app.post.prepare(me, id, 'unanswered')).letters).toBe(20);
      expect((await here.app.telephone.prepare(me, id)).calls).toBe(20);
      expect(await draws()).toEqual([]);
    });
  });

  describe('the contact budget', () => {
    test('holds for letters and calls, with the day from which somebody may be asked again', async () => {
      await add(onPaper(2, 0).map((row) => ({ ...row, telephone: '0431 555 9' })));
      const first = await sent();
      const { id: satisfaction } = await programmeOf('satisfaction');
      const other = await sent({ audience: {}, name: 'Other' }, satisfaction);
      expect((await here.app.post.prepare(me, first, 'no_address')).letters).toBe(2);
      expect((await here.app.telephone.prepare(me, first)).calls).toBe(2);
      await here.app.post.prepare(me, other, 'no_address');
      await here.app.post.markPosted(me, other, 1);
      // What was prepared before is looked at again when it goes.
      expect(await here.app.post.markPosted(me, first, 1)).toMatchObject({
        posted: 0,
        leftOut: [{ why: 'recently_invited' }, { why: 'recently_invited' }],
      });
      await staff.get(`/waves/${first}/calls`);
      const busy = await staff.post(`/calls/${(await invitationOf(first, 0)).id}/claim`);
      expect([busy.status, busy.text.includes('They have been asked something else meanwhile')]).toEqual([409, true]);
      const third = await sent();
      const until = 'Asked something else lately: 2 (may be asked again from 8 February 2027 at 09:05).';
      expect(await said(`/waves/${third}/letters`, { whom: 'no_address' })).toContain(until);
      expect(await said(`/waves/${third}/calls`)).toContain(until);
    });

    test('counts an invitation, a letter and a call about the same thing once', async () => {
      await add(leavers(1, () => ({ ...POSTAL, telephone: '0431 555 9' })));
      const id = await sent();
      expect((await here.app.post.prepare(me, id, 'unanswered')).letters).toBe(1);
      expect((await here.app.post.markPosted(me, id, 1)).posted).toBe(1);
      expect((await here.app.telephone.prepare(me, id)).calls).toBe(1);
      const contacts = await on.storage().read.selectFrom('contact').selectAll().execute();
      expect(contacts).toHaveLength(1);
    });
  });

  describe('whoever wants no more questionnaires', () => {
    test('gets none by letter or telephone either, nor does another record with their address', async () => {
      await add(leavers(5, (i) => ({ ...POSTAL, telephone: `0431 555 ${i}` })));
      const id = await sent();
      const { refuse, unsubscribe } = here.app.customers;
      // Said in answer to something else: their invitations of this wave have not been touched.
      await add(leavers(1, () => ({ email: addressOf(1).toUpperCase() }), 7));
      const [one, seven] = [await idOf(0), await idOf(7)];
      await on.storage().transaction((tx) => refuse(tx, one, 'surveys', 'link'));
      await on.storage().transaction((tx) => unsubscribe(tx, seven, 'link'));
      expect(await said(`/waves/${id}/letters`, { whom: 'unanswered' })).toContain(
        'Does not want to be written to: 2.',
      );
      expect((await staff.get(`/waves/${id}/letters/1`)).text).not.toContain('Kim Example1');
      expect(await said(`/waves/${id}/calls`)).toMatch(/: 2\./);
      const [two, three] = [await idOf(2), await idOf(3)];
      await on.storage().transaction((tx) => refuse(tx, two, 'surveys', 'link'));
      await on.storage().transaction((tx) => refuse(tx, three, 'greetings', 'link'));
      expect((await staff.get(`/waves/${id}/letters/1`)).text).toContain(
        'Kim Example2: Does not want to be written to',
      );
      const claim = await staff.post(`/calls/${(await invitationOf(id, 2)).id}/claim`);
      expect([claim.status, claim.text.includes('want no more questionnaires')]).toEqual([409, true]);
      expect(await here.app.post.markPosted(me, id, 1)).toMatchObject({
        posted: 2,
        leftOut: [{ why: 'unsubscribed' }],
      });
    });
  });

  describe('an open complaint', () => {
    test('keeps letters and calls back until it is closed, and says so', async () => {
      await add(onPaper(3, 0).map((row, i) => ({ ...row, telephone: `0431 555 ${i}` })));
      await complain(0, null);
      await complain(1, '2026-11-05');
      const id = await sent();
      expect(await said(`/waves/${id}/letters`, { whom: 'no_address' })).toContain(
        'put right or talked about with them: 1.',
      );
      expect(await said(`/waves/${id}/calls`)).toContain('put right or talked about with them: 1.');
      await complain(2, null);
      expect((await staff.get(`/waves/${id}/letters/1`)).text).toContain('Kim Example2: Something is being put right');
      const claim = await staff.post(`/calls/${(await invitationOf(id, 2)).id}/claim`);
      expect([claim.status, claim.text.includes('Something is being put right or talked about with them.')]).toEqual([
        409,
        true,
      ]);
      expect(await here.app.post.markPosted(me, id, 1)).toMatchObject({ posted: 1, leftOut: [{ why: 'complaint' }] });
    });

    test('ends the reminders of an invitation', async () => {
      await add(leavers(2));
      const id = await sent({ reminderDays: [5] });
      await complain(1, null);
      await here.run('2026-11-16T09:00:00.000Z');
      const { reminders } = await here.app.invitations.waveStatus(id);
      expect(reminders.map(({ state, reason }) => [state, reason])).toEqual(
        expect.arrayContaining([
          ['sent', null],
          ['cancelled', 'complaint'],
        ]),
      );
    });
  });

  describe('reached after the e-mail came back', () => {
    test('counts as delivered, with the base said; when the letter comes back too, it does not', async () => {
      await add(leavers(4, () => POSTAL));
      const id = await sent();
      const { id: back } = await invitationOf(id, 2);
      await on.storage().transaction((tx) => here.app.invitations.markBounced(tx, back));
      expect(await accounts(id)).toMatchObject({ sent: 4, bounced: 1, reached: 0, delivered: 3 });
      await here.app.post.prepare(me, id, 'unanswered');
      await here.app.post.markPosted(me, id, 1);
      expect(await accounts(id)).toMatchObject({ sent: 4, bounced: 1, reached: 1, delivered: 4 });
      const page = (await staff.get(`/waves/${id}`)).text;
      expect(page).toContain('1 of them bounced, 1 of those was reached by letter or telephone after all');
      expect(page).toContain('of 4 delivered');
      expect(page).toContain('Delivered counts 1 who was reached by letter or telephone');
      // The e-mail's report may come twice.
      await on.storage().transaction((tx) => here.app.invitations.markBounced(tx, back));
      expect(await accounts(id)).toMatchObject({ delivered: 4 });
      await here.app.post.cameBack(me, back);
      expect(await accounts(id)).toMatchObject({ sent: 4, bounced: 1, reached: 0, delivered: 3 });
      // An e-mail that arrived is not undone by a letter to somewhere else.
      const { id: arrived, customer_id: customerId } = await invitationOf(id, 0);
      await here.app.post.cameBack(me, arrived);
      expect(await accounts(id)).toMatchObject({ sent: 4, bounced: 1, reached: 0, delivered: 3 });
      const told = (await staff.get(`/customers/${customerId}`)).text;
      expect(told).toContain('A letter came back undelivered: Leaving, autumn');
      expect(told).not.toContain('The invitation came back');
    });
  });

  describe('calls', () => {
    test('are not made on a holiday of theirs, nor at night; whoever was promised one then gets it', async () => {
      await add(onPaper(2, 0).map((row, i) => ({ ...row, telephone: `0431 555 ${i}`, country: i ? 'NL' : 'DE' })));
      here.clock.set('2027-04-26T08:05:00.000Z');
      const id = await sent();
      await here.app.telephone.prepare(me, id);
      const [german, dutch] = [await invitationOf(id, 0), await invitationOf(id, 1)];
      const claimable = async (view = 'now') => {
        const staffNow = await here.running.signIn('staff');
        const { text } = await staffNow.get(`/waves/${id}/calls?view=${view}`);
        return [german, dutch].map((each) => text.includes(`/calls/${each.id}/claim`));
      };
      expect(await claimable()).toEqual([true, true]);
      here.clock.set('2027-04-27T08:05:00.000Z'); // King's Day
      expect([await claimable(), await claimable('later')]).toEqual([
        [true, false],
        [false, false],
      ]);
      await expect(here.app.telephone.claim(staff.accountId, dutch.id)).rejects.toMatchObject({
        key: 'telephone.error.notNow',
      });
      const promised = { appointment: 1, not_before: '2027-04-27T08:00:00.000Z' };
      await on.storage().transaction(async (tx) => {
        await tx.updateTable('phone_call').set(promised).where('invitation_id', '=', dutch.id).execute();
      });
      expect(await here.app.telephone.claim(staff.accountId, dutch.id)).toEqual({ mine: true });
      here.clock.set('2027-04-28T19:00:00.000Z');
      await expect(here.app.telephone.claim(staff.accountId, german.id)).rejects.toMatchObject({
        key: 'telephone.error.notNow',
      });
    });
  });
});
