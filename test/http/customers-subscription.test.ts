import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Tx } from '../../src/storage/index.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fillIn } from '../support/forms.ts';

const WISH = { how: 'telephone', reason: 'Frau Brandes herself, <b>she</b> misses the tasting notes' };

onBothEngines((on) => {
  let running: TestApp;
  let staff: Person & { accountId: string };
  let customers: TestApp['app']['customers'];
  beforeAll(async () => {
    running = await startApp(on.storage());
    customers = running.app.customers;
    staff = await running.signIn('staff', 'Jan Visser');
  });
  afterAll(() => running.close());

  let number = 0;
  async function add(): Promise<string> {
    const basis = { legalBasis: 'consent', legalBasisSource: 'form', legalBasisOn: '2025-01-01' } as const;
    const made = await customers.create(COMMAND, {
      familyName: `Brandes${++number}`,
      // Asking us to stop holds for an address, whoever else has it.
      email: `brandes${number}@example.com`,
      ...basis,
    });
    return made.ok ? made.value.id : '';
  }
  const page = async (id: string) => (await staff.get(`/customers/${id}`)).text;
  const audited = async (id: string) =>
    await on
      .storage()
      .read.selectFrom('audit_entry')
      .select(['action', 'actor_id', 'detail'])
      .where('subject_id', '=', id)
      .where('action', '=', 'customers.resubscribed')
      .execute();

  describe('somebody who asked us to stop writing', () => {
    test('can be written to again when they ask for it, and the page says who asked and how', async () => {
      const id = await add();
      expect(await page(id)).not.toContain('/resubscription');
      await staff.post(`/customers/${id}/unsubscription`, { how: 'letter' });
      expect(await page(id)).toContain(`href="/customers/${id}/resubscription"`);
      const done = await fillIn(staff, `/customers/${id}/resubscription`, WISH);
      expect([done.status, done.headers.location]).toEqual([303, `/customers/${id}`]);
      expect(await customers.get(id)).toMatchObject({ unsubscribedAt: null, unsubscribedHow: '' });
      const text = await page(id);
      expect(text).toContain('We may write to Brandes1 again.');
      expect(text).toContain('Wants to hear from us again, by telephone');
      expect(text).toContain('Asked us to stop writing, by letter');
      expect(text).toContain('Frau Brandes herself, &lt;b&gt;she&lt;/b&gt; misses the tasting notes');
      expect(text).toContain('by telephone, 10 November 2026 at 09:05, by Jan Visser');
      expect(text).toContain('/unsubscription"');
      const [entry, ...others] = await audited(id);
      expect(others).toHaveLength(0);
      expect(entry).toMatchObject({ actor_id: staff.accountId, detail: JSON.stringify({ how: 'telephone' }) });
      await staff.post(`/customers/${id}/unsubscription`, { how: 'mail' });
      expect(await page(id)).not.toContain('misses the tasting notes');
    });

    test('says how they asked, whoever noted it: on top of the profile and on the timeline', async () => {
      const ways: [string, (tx: Tx, id: string) => Promise<unknown>][] = [
        ['by the link in a message', (tx, id) => customers.unsubscribe(tx, id, 'link')],
        ['by their mail program’s unsubscribe button', (tx, id) => customers.unsubscribe(tx, id, 'oneClick')],
        ['by reporting a message as spam', (tx, id) => customers.unsubscribe(tx, id, 'complaint')],
        ['through the mail service', (tx, id) => customers.unsubscribe(tx, id, 'service')],
        ['by letter', (tx, id) => customers.unsubscribe(tx, id, 'letter', staff.accountId)],
      ];
      for (const [how, act] of ways) {
        const id = await add();
        await on.storage().transaction((tx) => act(tx, id));
        const text = await page(id);
        expect(text).toContain(`Asked us to stop writing, ${how}, 10 November 2026`);
        expect(text.split(`Asked us to stop writing, ${how}`)).toHaveLength(3);
      }
      const id = await add();
      await staff.post(`/customers/${id}/unsubscription`, { how: 'telephone' });
      expect(await page(id)).toContain('Asked us to stop writing, by telephone, 10 November 2026');
      const program = await add();
      await customers.unsubscribeByHand({ kind: 'token', id: null }, program, 'mail');
      expect(await page(program)).toContain('Asked us to stop writing, by e-mail, noted by a program, 10 Nov');
    });

    test('needs the reason, and how they told us; what was typed stays', async () => {
      const id = await add();
      await staff.post(`/customers/${id}/unsubscription`, { how: 'letter' });
      const refused = await fillIn(staff, `/customers/${id}/resubscription`, { how: 'telephone', reason: '  ' });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('href="#reason"');
      expect(refused.text).toContain('value="telephone" selected');
      expect((await staff.post(`/customers/${id}/resubscription`, { ...WISH, how: 'rumour' })).status).toBe(422);
      expect((await customers.get(id)).unsubscribedAt).not.toBeNull();
      expect(await audited(id)).toHaveLength(0);
    });

    test('is the only one: twice at once, or without having asked, is refused', async () => {
      const id = await add();
      await staff.get(`/customers/${id}`);
      expect((await staff.post(`/customers/${id}/resubscription`, WISH)).status).toBe(409);
      await staff.post(`/customers/${id}/unsubscription`, { how: 'letter' });
      const both = await Promise.all([1, 2].map(() => staff.post(`/customers/${id}/resubscription`, WISH)));
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect(await audited(id)).toHaveLength(1);
    });

    test('is not for people who are not signed in', async () => {
      const id = await add();
      await staff.post(`/customers/${id}/unsubscription`, { how: 'letter' });
      const visitor = running.visitor();
      expect((await visitor.get(`/customers/${id}/resubscription`)).status).not.toBe(200);
      await visitor.post(`/customers/${id}/resubscription`, WISH);
      expect((await customers.get(id)).unsubscribedAt).not.toBeNull();
    });

    test('says what somebody wants no more of, who is then not asked, and takes it back when they ask', async () => {
      const id = await add();
      const slice = () => customers.audienceSlice(on.storage().read, {}, null, 500);
      const counts = async () => (await slice()).filter(({ unsubscribedAt }) => unsubscribedAt).length;
      const before = await counts();
      for (const topic of ['surveys', 'greetings', 'surveys'] as const)
        await on.storage().transaction((tx) => customers.refuse(tx, id, topic, 'link'));
      expect(await counts()).toBe(before + 1);
      const mail = await customers.forMail(on.storage().read, [id]);
      expect(mail.get(id)?.unsubscribedAt).not.toBeNull();
      const shown = await page(id);
      for (const words of ['Wants no questionnaires', 'Wants no greetings', '/unsubscription', '/resubscription'])
        expect(shown).toContain(words);
      expect(shown.split('Asked for no more questionnaires').length).toBe(2);
      await fillIn(staff, `/customers/${id}/resubscription`, WISH);
      expect(await counts()).toBe(before);
      expect(await page(id)).not.toContain('Wants no');
    });
  });

  test('a record that gets nothing because of another with its address names that one, where it can be taken back', async () => {
    const [other, own] = [await add(), await add()];
    const { email, reference } = await customers.get(other);
    await on.storage().transaction(async (tx) => {
      await tx.updateTable('customer').set({ email, email_key: email }).where('id', '=', own).execute();
      await customers.refuse(tx, other, 'surveys', 'link');
    });
    const words = 'the same e-mail address asked us to stop, on the record of';
    const name = (await customers.get(other)).familyName;
    expect(await page(own)).toContain(`${words} ${name} (${reference})`);
    expect(await page(other)).not.toContain(words);
    await fillIn(staff, `/customers/${other}/resubscription`, WISH);
    expect(await page(own)).not.toContain(words);
  });

  test('a customer of an undone import takes the note along', async () => {
    const row = { reference: 'UNDO-1', familyName: 'Vik' };
    const [outcome] = await customers.upsertMany(COMMAND, [row]);
    const id = outcome?.id ?? '';
    await customers.unsubscribeByHand(COMMAND, id, 'mail');
    await customers.resubscribeByHand(COMMAND, id, WISH);
    const entry = { id, before: null, revisionAfter: outcome?.revisionAfter ?? 0 };
    expect(await customers.revertMany(COMMAND, [entry])).toEqual(['undone']);
    expect(await customers.resubscription(id)).toBeUndefined();
  });
});
