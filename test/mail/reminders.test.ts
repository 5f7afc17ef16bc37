import { beforeAll, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { COMMAND } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Person } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { addressOf, leavers, newWave } from '../support/waves.ts';
import { wavesOn } from '../support/waves-on.ts';

onBothEngines((on) => {
  const here = wavesOn(on);
  let staff: Person & { accountId: string };
  beforeAll(async () => {
    staff = await here.running.signIn('staff', 'Ingrid Solheim');
  });

  /** A wave of so many that has been sent, with nothing in the mailbox any more. */
  async function sent(
    count: number,
    reminderDays = [5, 12],
    more = {},
  ): Promise<{ id: string; invitations: string[] }> {
    await here.app.customers.upsertMany(
      COMMAND,
      leavers(count, () => more),
    );
    const id = await newWave(here.app, here.ready, { reminderDays });
    await here.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await here.app.runDue();
    expect(here.smtp.received).toHaveLength(count);
    const { rows } = await here.app.invitations.listInvitations(id, {}, null);
    return { id, invitations: rows.map((row) => row.id) };
  }
  const reminders = async (id: string) => {
    const { reminders: counts } = await here.app.invitations.waveStatus(id);
    return Object.fromEntries(counts.map(({ state, reason, count }) => [reason ? `${state} ${reason}` : state, count]));
  };

  test('on day 5 and day 12, moved to working days; nobody twice, nobody after that', async () => {
    const { id } = await sent(3);
    here.smtp.received.length = 0;
    await here.run('2026-11-14T12:00:00.000Z');
    await here.run('2026-11-15T12:00:00.000Z'); // day 5 is a Sunday
    await here.run('2026-11-16T06:59:00.000Z');
    expect(here.smtp.received).toEqual([]);
    await here.run('2026-11-16T07:00:00.000Z');
    expect(here.recipients()).toEqual([0, 1, 2].map(addressOf));
    await here.app.runDue();
    await here.run('2026-11-20T12:00:00.000Z');
    expect(here.smtp.received).toHaveLength(3);
    await here.run('2026-11-23T07:00:00.000Z'); // day 12, a Sunday too
    expect(here.smtp.received).toHaveLength(6);
    await here.run('2026-12-10T08:05:00.000Z');
    await here.run('2027-01-10T08:05:00.000Z');
    // Managers got their month meanwhile.
    const asked = [0, 1, 2].map(addressOf);
    expect(here.recipients().filter((to) => asked.includes(to))).toHaveLength(6);
    expect(await reminders(id)).toEqual({ sent: 6 });
  });

  test('the letter answers the invitation, with the same link and another text each time', async () => {
    const { invitations } = await sent(1, [5, 12], { language: 'de', title: 'Frau', familyName: 'Brandes' });
    await here.run('2026-11-16T09:00:00.000Z');
    await here.run('2026-11-23T09:00:00.000Z');
    const mails = await Promise.all(here.smtp.received.map(({ source }) => PostalMime.parse(source)));
    const [first, second, third] = mails;
    const header = (mail: typeof first, key: string) => mail?.headers.find((each) => each.key === key)?.value;
    const link = here.app.invitations.linkFor(invitations[0] ?? '');
    expect(second?.subject).toBe('Ihre Gründe würden uns noch immer helfen');
    expect(third?.subject).toBe('Mein letzter Brief dazu');
    for (const mail of [second, third]) {
      expect(header(mail, 'in-reply-to')).toBe(first?.messageId);
      expect(header(mail, 'references')).toBe(first?.messageId);
      expect(header(mail, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
      expect(mail?.messageId).not.toBe(first?.messageId);
      expect(mail?.text).toMatch(/^Guten Tag Frau Brandes,\n/);
      expect(mail?.text).toContain(`Meine Antwort schreiben:\n${link}\n`);
      expect(mail?.html).toContain(`href="${link}"`);
    }
    expect(second?.text).not.toBe(third?.text);
  });

  /** A questionnaire of the exit questionnaire's words, published once, with reminders or as before they had words. */
  async function another(name: string, withReminders: boolean): Promise<string> {
    const { questionnaires } = here.app;
    const [programme] = await questionnaires.programmes();
    const from = { programmeId: programme?.id ?? '', from: 'starter', languages: ['en', 'de'] };
    const id = await questionnaires.create(COMMAND, { name, ...from });
    if (withReminders) await questionnaires.publish(COMMAND, id, 1);
    else await publishWithout(id);
    await questionnaires.approveAll(COMMAND);
    return id;
  }
  async function publishWithout(id: string): Promise<void> {
    const { reminders: _, ...before } = (await here.app.questionnaires.get(id)).draft;
    const definition = JSON.stringify(before);
    await on.storage().transaction(async (tx) => {
      await tx.updateTable('questionnaire').set({ draft: definition }).where('id', '=', id).execute();
      const row = { id: newId(here.clock), questionnaire_id: id, number: 1, definition, published_by: null };
      const published_at = here.clock.now().toISOString();
      await tx
        .insertInto('questionnaire_version')
        .values({ ...row, published_at })
        .execute();
    });
  }
  async function sentWith(questionnaireId: string): Promise<string> {
    await here.app.customers.upsertMany(
      COMMAND,
      leavers(1, () => ({ language: 'de' })),
    );
    const id = await newWave(here.app, { ...here.ready, questionnaireId }, { reminderDays: [5] });
    await here.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await here.app.runDue();
    here.smtp.received.length = 0;
    return id;
  }
  const subject = async () => (await PostalMime.parse(here.smtp.received.at(-1)?.source ?? '')).subject;
  const USUAL = 'Ihre Gründe würden uns noch immer helfen';

  test('says what somebody has approved: edited words go with the next version, once that language is approved', async () => {
    const { questionnaires } = here.app;
    const questionnaireId = await another('Reworded', true);
    await questionnaires.edit(questionnaireId, 1, (draft) => {
      const { first, second } = draft.reminders!;
      return { ...draft, reminders: { second, first: { ...first, subject: { ...first.subject, de: 'Noch etwas' } } } };
    });
    const version = await questionnaires.publish(COMMAND, questionnaireId, 2);
    expect(await questionnaires.offeredLanguages(version.id)).toEqual(['en']);
    await questionnaires.approve(COMMAND, questionnaireId, 'de');
    expect(await questionnaires.offeredLanguages(version.id)).toEqual(['en', 'de']);
    await sentWith(questionnaireId);
    await here.run('2026-11-16T09:00:00.000Z');
    expect(await subject()).toBe('Noch etwas');
  });

  test('of a version from before reminders had words nobody is reminded, until words have been approved', async () => {
    const { questionnaires } = here.app;
    const questionnaireId = await another('Older', false);
    const { latest } = await questionnaires.get(questionnaireId);
    expect(await questionnaires.offeredLanguages(latest?.id ?? '')).toEqual(['en', 'de']);
    const id = await sentWith(questionnaireId);
    const next = await newWave(here.app, { ...here.ready, questionnaireId });
    expect((await staff.get(`/waves/${next}`)).text).toContain('published before reminders had words of their own');
    await here.run('2026-11-16T09:00:00.000Z');
    expect([here.smtp.received.length, await reminders(id)]).toEqual([0, { planned: 1 }]);
    const { draftRevision, draft } = await questionnaires.get(questionnaireId);
    expect(draft.reminders?.first.subject.de).toBe(USUAL);
    await questionnaires.publish(COMMAND, questionnaireId, draftRevision);
    await here.run('2026-11-16T11:00:00.000Z');
    expect(here.smtp.received).toEqual([]);
    await questionnaires.approve(COMMAND, questionnaireId, 'de');
    await here.run('2026-11-16T13:00:00.000Z');
    expect([await subject(), await reminders(id)]).toEqual([USUAL, { sent: 1 }]);
  });

  test('words that nobody approves within a week are not waited for any longer', async () => {
    const id = await sentWith(await another('Never', false));
    await here.run('2026-11-16T09:00:00.000Z');
    await here.run('2026-11-24T09:00:00.000Z');
    expect([here.smtp.received.length, await reminders(id)]).toEqual([0, { 'cancelled too_late': 1 }]);
  });

  test('each recipient’s own clock and holidays', async () => {
    await here.app.customers.upsertMany(
      COMMAND,
      leavers(2, (i) =>
        i ? { timeZone: 'America/New_York', country: 'US' } : { timeZone: 'Europe/Berlin', country: 'DE' },
      ),
    );
    here.clock.set('2026-11-20T08:05:00.000Z');
    const id = await newWave(here.app, here.ready, { reminderDays: [6] });
    await here.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await here.app.runDue();
    here.smtp.received.length = 0;
    await here.run('2026-11-26T08:05:00.000Z');
    expect(here.recipients()).toEqual([addressOf(0)]);
    await here.run('2026-11-26T18:00:00.000Z'); // Thanksgiving
    await here.run('2026-11-27T12:59:00.000Z');
    expect(here.recipients()).toEqual([addressOf(0)]);
    await here.run('2026-11-27T13:00:00.000Z');
    expect(here.recipients()).toEqual([addressOf(0), addressOf(1)]);
  });

  test('an answer, an opt-out, a bounce, a withdrawn link and an unsubscription end it', async () => {
    const { id, invitations } = await sent(6);
    const [a = '', b = '', c = '', d = '', e = ''] = invitations;
    const { markStarted, optOut, markBounced, revoke } = here.app.invitations;
    const customer = (await here.app.customers.findByReference('W-0004'))?.id ?? '';
    await on.storage().transaction(async (tx) => {
      await markStarted(tx, a);
      await optOut(tx, b);
      await markBounced(tx, c);
    });
    await revoke(COMMAND, id, d);
    await on.storage().transaction((tx) => here.app.customers.unsubscribe(tx, customer, 'link'));
    expect(e).not.toBe('');
    here.smtp.received.length = 0;
    await here.run('2026-11-16T09:00:00.000Z');
    expect(here.recipients()).toEqual([addressOf(5)]);
    expect(await reminders(id)).toEqual({
      'cancelled answered': 1,
      'cancelled opted_out': 1,
      'cancelled bounced': 1,
      'cancelled revoked': 1,
      'cancelled unsubscribed': 1,
      sent: 1,
      planned: 1,
    });
  });

  test('what happens after a reminder was queued is seen in the transaction that claims it', async () => {
    const { id, invitations } = await sent(4);
    here.smtp.received.length = 0;
    here.clock.set('2026-11-16T09:00:00.000Z');
    await here.app.invitations.work();
    expect(await reminders(id)).toEqual({ queued: 4 });
    await on.storage().transaction(async (tx) => {
      await here.app.invitations.markStarted(tx, invitations[0] ?? '');
      await here.app.invitations.markBounced(tx, invitations[1] ?? '');
    });
    await here.app.mailer.sendDue();
    expect(here.recipients()).toEqual([addressOf(2), addressOf(3)]);
    expect(await reminders(id)).toEqual({ 'cancelled answered': 1, 'cancelled bounced': 1, sent: 2, planned: 2 });
  });

  if (on.engine === 'postgres') {
    /** Somebody opts out; `commit` ends the transaction in which they do. */
    async function optingOut(reference: string): Promise<{ commit(): Promise<void> }> {
      const customer = (await here.app.customers.findByReference(reference))?.id ?? '';
      const [said, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const over = on.storage().transaction(async (tx) => {
        await here.app.customers.unsubscribe(tx, customer, 'link');
        said.resolve();
        await mayEnd.promise;
      });
      await Promise.race([said.promise, over]);
      return {
        async commit() {
          mayEnd.resolve();
          await over;
        },
      };
    }
    let beforeWriting = async () => {};
    beforeAll(() => here.app.mailer.beforeWriting(() => beforeWriting()));

    test('an opt-out that is being written down holds the reminder it has found in the queue, and withdraws it', async () => {
      const { id } = await sent(2);
      here.smtp.received.length = 0;
      here.clock.set('2026-11-16T09:00:00.000Z');
      await here.app.invitations.work();
      const optOut = await optingOut('W-0000');
      await here.app.mailer.sendDue();
      expect(here.recipients()).toEqual([addressOf(1)]);
      await optOut.commit();
      await here.app.mailer.sendDue();
      expect(here.recipients()).toEqual([addressOf(1)]);
      expect(await reminders(id)).toEqual({ 'cancelled withdrawn': 1, sent: 1, planned: 1 });
    });

    test('an opt-out that ends only after a reminder was claimed is seen when it is worded', async () => {
      const { id } = await sent(2);
      here.smtp.received.length = 0;
      const optOut = await optingOut('W-0000');
      here.clock.set('2026-11-16T09:00:00.000Z');
      await here.app.invitations.work();
      expect(await reminders(id)).toEqual({ queued: 2 });
      const claimed: unknown[] = [];
      beforeWriting = async () => {
        claimed.push(await reminders(id));
        await optOut.commit();
      };
      await here.app.mailer.sendDue().finally(() => (beforeWriting = async () => {}));
      expect(claimed[0]).toEqual({ sending: 2 });
      expect(here.recipients()).toEqual([addressOf(1)]);
      expect(await reminders(id)).toEqual({ 'cancelled unsubscribed': 1, sent: 1, planned: 1 });
    });
  }

  test('queued in the evening it waits for the morning', async () => {
    await sent(2);
    here.smtp.received.length = 0;
    here.clock.set('2026-11-16T18:59:00.000Z');
    await here.app.invitations.work();
    await here.run('2026-11-16T19:00:00.000Z');
    await here.run('2026-11-17T06:59:00.000Z');
    expect(here.smtp.received).toEqual([]);
    await here.run('2026-11-17T07:00:00.000Z');
    expect(here.smtp.received).toHaveLength(2);
  });

  test('paused they wait, stopped they end; a second comes no sooner than three days after a late first', async () => {
    const { id } = await sent(2);
    here.smtp.received.length = 0;
    await staff.get(`/waves/${id}`);
    expect((await staff.post(`/waves/${id}/pause`)).status).toBe(303);
    await here.run('2026-11-16T09:00:00.000Z');
    expect(here.smtp.received).toEqual([]);
    here.clock.set('2026-11-21T09:00:00.000Z'); // a Saturday
    await here.app.invitations.resumeWave(COMMAND, id);
    await here.app.runDue();
    expect(here.smtp.received).toEqual([]);
    await here.run('2026-11-23T07:00:00.000Z');
    expect(here.smtp.received).toHaveLength(2);
    await here.run('2026-11-25T12:00:00.000Z');
    expect(here.smtp.received).toHaveLength(2);
    await here.app.invitations.stopWave(COMMAND, id);
    await here.run('2026-11-27T12:00:00.000Z');
    expect(here.smtp.received).toHaveLength(2);
    expect(await reminders(id)).toEqual({ sent: 2, 'cancelled stopped': 2 });
    await expect(here.app.invitations.stopWave(COMMAND, id)).rejects.toMatchObject({
      key: 'waves.error.notRunning',
    });
  });

  test('one that could not go for a week is dropped; the next may still come', async () => {
    const { id } = await sent(1, [5, 20]);
    here.smtp.received.length = 0;
    await here.run('2026-11-25T09:00:00.000Z');
    expect(here.smtp.received).toEqual([]);
    await here.run('2026-11-30T09:00:00.000Z');
    expect(here.smtp.received).toHaveLength(1);
    expect(await reminders(id)).toEqual({ 'cancelled too_late': 1, sent: 1 });
  });

  test('an unknown one is not sent again by itself; a person decides, on the recipient’s page', async () => {
    const { id, invitations } = await sent(1, [5]);
    here.smtp.received.length = 0;
    here.smtp.behaviour = { data: () => 'drop' };
    await here.run('2026-11-16T09:00:00.000Z');
    here.smtp.behaviour = {};
    here.smtp.received.length = 0;
    await here.run('2026-11-17T09:00:00.000Z');
    expect(here.smtp.received).toEqual([]);
    expect(Object.keys(await reminders(id))).toEqual([expect.stringMatching(/^unknown /)]);
    const staff = await here.running.signIn('staff', 'Ingrid Solheim');
    expect((await staff.get('/today')).text).toMatch(new RegExp(`<a href="/waves/${id}">Of one message of “`));
    const page = await staff.get(`/waves/${id}/invitations/${invitations[0]}`);
    expect(page.text).toContain('Nobody knows whether reminder 1 arrived');
    const action = /action="([^"]+\/reminders\/[^"]+)"/.exec(page.text)?.[1] ?? '';
    expect((await staff.post(action, { decision: 'again' })).status).toBe(303);
    await here.app.runDue();
    expect(here.smtp.received).toHaveLength(1);
    expect((await staff.post(action, { decision: 'again' })).status).toBe(409);
    expect((await staff.get(`/waves/${id}/invitations/${invitations[0]}`)).text).toContain(
      'Ingrid Solheim: had an unknown mail sent again',
    );
  });

  test('two processes that look at the same moment remind everybody once', async () => {
    const { id } = await sent(150, [5]);
    here.smtp.received.length = 0;
    here.clock.set('2026-11-16T09:00:00.000Z');
    const other = await startApp(on.storage(), { clock: here.clock, environment: here.environment });
    await Promise.all([here.app.runDue(), other.app.runDue(), here.app.runDue()]);
    await other.app.runDue();
    await other.close();
    expect(here.recipients()).toEqual(Array.from({ length: 150 }, (_, i) => addressOf(i)));
    expect(await reminders(id)).toEqual({ sent: 150 });
  });

  test('whoever has answered is not said to be reminded, though theirs is planned until its day', async () => {
    const { id, invitations } = await sent(2, [5]);
    const [answered = '', silent = ''] = invitations;
    await on.storage().transaction((tx) => here.app.invitations.markCompleted(tx, answered));
    const colleague = await here.running.signIn('staff');
    const log = async (invitation: string) => (await colleague.get(`/waves/${id}/invitations/${invitation}`)).text;
    expect(await log(answered)).not.toContain('Reminder 1');
    expect(await log(silent)).toContain('Reminder 1: planned for about this time');
    await here.run('2026-11-16T09:00:00.000Z');
    expect(await reminders(id)).toEqual({ sent: 1, 'cancelled answered': 1 });
  });

  test('the form offers none, one or two; faults come back to their fields', async () => {
    await here.app.customers.upsertMany(COMMAND, leavers(1));
    const staff = await here.running.signIn('staff', 'Ingrid Solheim');
    const page = await staff.get('/waves/new');
    expect(page.text).toMatch(/<option value="1" selected>One</);
    const fields = {
      questionnaireId: here.ready.questionnaireId,
      name: 'Leaving',
      senderAccountId: here.ready.senderId,
      status: 'left',
      reminders: '2',
      reminderFirst: '5',
      reminderSecond: '6',
    };
    const close = await staff.post('/waves', fields);
    expect(close.status).toBe(422);
    expect(close.text).toContain('href="#reminderSecond"');
    const words = await staff.post('/waves', { ...fields, reminderFirst: 'soon' });
    expect(words.text).toContain('href="#reminderFirst"');
    const made = await staff.post('/waves', { ...fields, reminderSecond: '12' });
    expect(made.status).toBe(303);
    const check = await staff.get(made.headers.location ?? '');
    expect(check.text).toContain('day 5 and day 12');
    expect(check.text).toContain('My last letter about this');
    expect((await staff.get(`${made.headers.location}/edit`)).text).toContain('value="12"');
  });

  test('left to the programme, those who left are reminded once', async () => {
    const id = await newWave(here.app, here.ready);
    expect((await here.app.invitations.getWave(id)).reminderDays).toEqual([5]);
  });

  test('the list of recipients has a column for each reminder, its reason and when it went', async () => {
    const { id, invitations } = await sent(2);
    await on.storage().transaction((tx) => here.app.invitations.markStarted(tx, invitations[1] ?? ''));
    await here.run('2026-11-16T09:00:00.000Z');
    const later = await here.running.signIn('staff', 'Tom Berg');
    const lines = (await later.get(`/waves/${id}/recipients.csv`)).text.trim().split('\r\n');
    expect(lines[0]).toMatch(
      /,reached_at,reminder_1,reminder_1_reason,reminder_1_sent_at,reminder_2,reminder_2_reason,reminder_2_sent_at$/,
    );
    expect(lines[1]).toMatch(/,,sent,,2026-11-16T09:00:00\.000Z,planned,,$/);
    expect(lines[2]).toMatch(/,,cancelled,answered,,,,$/);
  });
});
