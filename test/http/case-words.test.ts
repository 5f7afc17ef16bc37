import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { colleague, SYSTEM } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import { leavers, reference } from '../support/waves.ts';

const SEEN_BY_NOBODY = ['\u200b\u200b', '\u2060 \u00ad', '\u0007'];

onBothEngines((on) => {
  let app: TestApp;
  let anna: Person & { accountId: string };
  let manager: Person;
  let people = 900;
  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna');
    manager = await app.signIn('manager', 'Miriam');
  });
  afterAll(() => app.close());

  const cases = () => app.app.recovery.cases;
  const open = async (): Promise<string> => {
    const from = ++people;
    await app.app.customers.upsertMany(
      SYSTEM,
      leavers(1, () => ({ language: 'en', status: 'active', leftOn: null }), from),
    );
    const customerId = (await app.app.customers.findByReference(reference(from)))?.id ?? '';
    const words = 'The machine drips.';
    const fresh = { kind: 'complaint', origin: 'hand', originId: null, language: 'en' } as const;
    const opened = await on
      .storage()
      .transaction((tx) => cases().open(tx, colleague(anna.accountId), { ...fresh, customerId, words }));
    return opened.caseId;
  };
  const closed = async (noQuestion = ''): Promise<{ id: string; link: string }> => {
    const id = await open();
    const said = { rootCause: 'delay', action: 'We call back within a day.', outcome: 'put_right', noQuestion };
    await on.storage().transaction((tx) => cases().close(tx, colleague(anna.accountId), id, said));
    return { id, link: new URL(cases().linkFor(id)).pathname };
  };
  const stateOf = async (id: string) => (await cases().get(id)).state;

  test('what nobody can see opens no case again, and is not kept as what makes good', async () => {
    const { id, link } = await closed();
    const visitor = app.visitor();
    for (const nothing of SEEN_BY_NOBODY) {
      expect((await visitor.post(`${link}/words`, { words: nothing })).status).toBe(422);
      const proposed = await visitor.post(`${link}/proposal`, { proposal: nothing });
      expect([proposed.status, proposed.text.includes('Please write a few words.')]).toEqual([422, true]);
    }
    expect(await stateOf(id)).toBe('closed');
    expect((await visitor.post(`${link}/words`, { words: 'It drips\u0000 again 😀 \u200fשלום' })).status).toBe(303);
    expect((await visitor.get(link)).text).toContain('It drips again 😀 \u200fשלום');
  });

  test('as many words as there is room for, in any script; above that the page says how many, and keeps them', async () => {
    const { link } = await closed();
    const visitor = app.visitor();
    const long = await visitor.post(`${link}/words`, { words: 'x'.repeat(5001) });
    expect([long.status, long.text.includes('This has 5,001 characters; at most 5,000 are allowed')]).toEqual([
      422,
      true,
    ]);
    expect(long.text).toContain('x'.repeat(5001));
    expect((await visitor.post(`${link}/words`, { words: '語'.repeat(5000) })).status).toBe(303);
  });

  test('a reason that is too long for not asking is not passed over: nobody is asked against it', async () => {
    const id = await open();
    await anna.get(`/cases/${id}`);
    for (const step of ['apologise', 'act', 'empathy', 'make_good', 'follow_up'])
      await anna.post(`/cases/${id}/steps/${step}`, { [`said_${step}`]: 'Done.', [`channel_${step}`]: 'telephone' });
    const form = fieldsOf(await anna.get(`/cases/${id}`), `/cases/${id}/closure`);
    const fields = { ...form, rootCause: 'delay', action: 'Faster.', outcome: 'put_right' };
    const refused = await anna.post(`/cases/${id}/closure`, { ...fields, noQuestion: 'y'.repeat(301) });
    expect([refused.status, await stateOf(id)]).toEqual([422, 'in_progress']);
    expect(refused.text).toContain('This has 301 characters; at most 300 are allowed');
  });

  test('who declines says why, and nothing is decided by a form without an answer', async () => {
    const id = await open();
    await anna.get(`/cases/${id}`);
    await anna.post(`/cases/${id}/remedies`, { kind: 'refund', what: 'All of it', amount: '400' });
    const shown = await manager.get(`/cases/${id}`);
    const [decision = ''] = /\/cases\/[^"]+\/decision/.exec(shown.text) ?? [];
    // Enter in a field of one line would press the first button, which approves.
    const form = new RegExp(`<form[^>]*action="${decision}"[\\s\\S]*?</form>`).exec(shown.text)?.[0] ?? '';
    expect(form).toContain('<textarea');
    expect(form).not.toMatch(/<input (?!type="hidden")/);
    const remedy = async () =>
      await on.storage().read.selectFrom('case_remedy').selectAll().where('case_id', '=', id).executeTakeFirstOrThrow();
    const wordless = await manager.post(decision, { answer: 'no', reason: ' \u200b' });
    expect([wordless.status, wordless.text.includes('Say why not')]).toEqual([422, true]);
    const without = await manager.post(decision, { reason: 'Half is right' });
    expect([without.status, without.text.includes('Half is right</textarea>')]).toEqual([422, true]);
    expect((await remedy()).state).toBe('proposed');
    expect((await manager.post(decision, { answer: 'no', reason: 'Half is right' })).status).toBe(303);
    expect(await remedy()).toMatchObject({ state: 'declined', reason: 'Half is right' });
    expect((await anna.get(`/cases/${id}`)).text).toContain('Half is right');
  });

  const hear = async (who: Person, id: string, fields: Record<string, string>) => {
    const page = await who.get(`/cases/${id}`);
    return await who.post(`/cases/${id}/heard`, { ...fieldsOf(page, `/cases/${id}/heard`), ...fields });
  };
  const SETTLED = { answer: 'yes', theirWords: 'All dry, thank you!' };
  const DRIPS = { answer: 'no', theirWords: 'Still a drop every morning.' };

  test('what they told a colleague on the telephone counts as theirs, with their words and the colleague’s name', async () => {
    const { id, link } = await closed();
    expect((await anna.get(`/cases/${id}`)).text).toMatch(
      /href="#heard">Did the customer tell you whether it is settled\?<\/a><\/p>[^]*id="heard"/,
    );
    const nothing = await hear(anna, id, {});
    expect(nothing.status).toBe(422);
    for (const wrong of ['Choose what the customer says.', 'Write down what the customer said.'])
      expect(nothing.text).toContain(wrong);
    expect((await hear(anna, id, { ...DRIPS, answer: '' })).text).toContain('Still a drop every morning.</textarea>');
    expect(await stateOf(id)).toBe('closed');

    expect((await hear(anna, id, DRIPS)).status).toBe(303);
    expect(await cases().get(id)).toMatchObject({ state: 'reopened', round: 2 });
    const again = (await anna.get(`/cases/${id}`)).text;
    expect(again).toMatch(/says now: not quite settled[^]*Still a drop every morning\./);
    expect(again).toMatch(/Not quite settled, says the customer <span class="soft">\(Anna\)/);
    expect((await app.visitor().get(link)).text).toMatch(/Still a drop[^]*Not yet settled, told us on/);
    expect((await anna.post(`/cases/${id}/heard`, SETTLED)).status).toBe(409);

    const said = { rootCause: 'delay', action: 'The seal is new.', outcome: 'put_right' };
    await on.storage().transaction((tx) => cases().close(tx, colleague(anna.accountId), id, said));
    expect((await hear(anna, id, SETTLED)).status).toBe(303);
    expect(await cases().get(id)).toMatchObject({ state: 'closed', settled: 'yes' });
    await app.app.mailer.sendDue();
    const asked = await on
      .storage()
      .read.selectFrom('outgoing_mail')
      .select('state')
      .where('subject_id', '=', id)
      .execute();
    expect(asked.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    const page = (await anna.get(`/cases/${id}`)).text;
    expect(page).toContain('Noted: it is settled, says the customer.');
    expect(page).toMatch(/The customer told Anna that it is settled \([^)]+\)\./);
    expect(page).toContain('All dry, thank you!');
    expect(page).not.toContain('heard"');
    expect((await app.visitor().get(link)).text).toContain('We are glad that it is settled for you');
  });

  test('who was not asked, for a reason or for want of an address, can be heard all the same', async () => {
    const { id } = await closed('They said so when we rang.');
    expect((await hear(anna, id, SETTLED)).status).toBe(303);
    expect(await cases().get(id)).toMatchObject({ settled: 'yes', noQuestion: 'They said so when we rang.' });
  });

  test('two colleagues who hear it at the same moment: one notes it, the other is told and keeps the words', async () => {
    const { id } = await closed();
    const ben = await app.signIn('staff', 'Ben');
    await Promise.all([anna.get(`/cases/${id}`), ben.get(`/cases/${id}`)]);
    const answers = await Promise.all([
      anna.post(`/cases/${id}/heard`, SETTLED),
      ben.post(`/cases/${id}/heard`, { ...SETTLED, theirWords: 'Fine now.' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    const loser = answers.find(({ status }) => status === 409);
    expect(loser?.text).toContain('A colleague was faster.');
    expect(loser?.text).toMatch(/All dry, thank you!|Fine now\./);
    expect(await cases().get(id)).toMatchObject({ settled: 'yes' });
  });

  test('who is second to close hears who was first, whatever went out by itself after that', async () => {
    const id = await open();
    const ben = await app.signIn('staff', 'Ben');
    for (const step of ['apologise', 'act', 'empathy', 'make_good', 'follow_up'] as const)
      await app.app.recovery.caseWork.steps.skip(colleague(anna.accountId), id, step, 'Done on the telephone.');
    await Promise.all([anna.get(`/cases/${id}`), ben.get(`/cases/${id}`)]);
    const closing = { rootCause: 'delay', action: 'The seal is new.', outcome: 'put_right' };
    const answers = await Promise.all([anna, ben].map((who) => who.post(`/cases/${id}/closure`, closing)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(answers.find(({ status }) => status === 409)?.text).toMatch(
      /A colleague was faster\. [^<]*Closed, (Anna|Ben),/,
    );
    await app.visitor().post(`${new URL(cases().linkFor(id)).pathname}/settled`);
    const late = await anna.post(`/cases/${id}/heard`, SETTLED);
    expect(late.text).toMatch(/A colleague was faster\. [^<]*Settled, says the customer, Kim Example\d+,/);
  });

  test('when no answer came, the page says so and takes one all the same', async () => {
    const { id, link } = await closed();
    const visitor = app.visitor();
    expect((await visitor.get(link)).text).toContain('You need do nothing');
    app.clock.advance({ days: 15 });
    await app.app.recovery.work();
    const ben = await app.signIn('staff', 'Ben');
    const late = (await visitor.get(link)).text;
    expect(late).toContain('left it as it was when no answer came');
    expect(late).not.toContain('You need do nothing');
    expect((await ben.get(`/cases/${id}`)).text).toContain('no answer within 14 days');
    await Promise.all([visitor.post(`${link}/settled`), visitor.post(`${link}/settled`)]);
    const events = await on
      .storage()
      .read.selectFrom('case_event')
      .select('kind')
      .where('case_id', '=', id)
      .where('kind', '=', 'confirmed')
      .execute();
    expect(events).toHaveLength(1);
    expect((await visitor.get(link)).text).toContain('We are glad that it is settled for you');
  });
});
