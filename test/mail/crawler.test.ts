import { beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Person } from '../support/app.ts';
import { contents } from '../support/asked.ts';
import { addressesIn, crawl } from '../support/crawler.ts';
import { onBothEngines } from '../support/engines.ts';
import { codesOn, onPaper, POSTAL } from '../support/post.ts';
import { respondent } from '../support/respondent.ts';
import { wavesOn } from '../support/waves-on.ts';
import { leavers, newWave } from '../support/waves.ts';

const LANGUAGES = ['en', 'de', 'nl', 'nb'];
/** A visitor who comes to a page with a form may get a session; what is in it is nobody's answer, wish or account. */
const MAY_CHANGE = ['session'];

onBothEngines((on) => {
  const here = wavesOn(on);
  let staff: Person & { accountId: string };
  let administrator: Person & { accountId: string };
  beforeAll(async () => {
    staff = await here.running.signIn('staff', 'Ingrid Solheim');
    administrator = await here.running.signIn('administrator', 'Anke Boysen');
  });

  const someone = (invitationId: string) =>
    respondent({ signer: here.app.signer, baseUrl: here.running.baseUrl }, invitationId);

  /** A wave to eight people and one on paper: some have answered, begun, opted out, or may not answer any more. */
  async function aWave(): Promise<{ id: string; invitations: string[] }> {
    const people = leavers(8, (i) => ({ ...POSTAL, language: LANGUAGES[i % 4] as 'en' }));
    await here.app.customers.upsertMany(COMMAND, [...people, ...onPaper(1, 8)]);
    const id = await newWave(here.app, here.ready, { reminderDays: [5, 12] });
    for (const language of LANGUAGES)
      await here.app.invitations.sendTest(COMMAND, id, { language, accountId: staff.accountId, customerId: null });
    await here.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await here.app.runDue();
    const { rows } = await here.app.invitations.listInvitations(id, { delivery: 'sent' }, null);
    return { id, invitations: rows.map((row) => row.id) };
  }

  async function live([begun = '', done = '', gone = '', revoked = '']: string[], waveId: string): Promise<void> {
    await someone(begun).answer('happened', { answer: 'Too late, twice.' });
    const all = someone(done);
    await all.answer('happened', {
      answer: 'The coffee was cold for the third time in a row, and nobody called back.',
    });
    await all.send();
    await here.running
      .visitor()
      .agent.post(`/u/${someone(gone).token}`)
      .type('form')
      .send('wish=surveys');
    await here.app.invitations.revoke(COMMAND, waveId, revoked);
  }

  async function ofAccounts(): Promise<void> {
    await administrator.get('/settings/people');
    const account = { email: 'lotte@example.com', name: 'Lotte Vos', title: '', role: 'staff', language: 'nl' };
    expect((await administrator.post('/settings/people', account)).status).toBe(303);
    const visitor = here.running.visitor();
    await visitor.get('/forgot');
    await visitor.post('/forgot', { email: 'miriam@example.com' });
    await administrator.get('/settings/mail');
    await administrator.post('/settings/mail/test');
    await here.app.runDue();
  }

  /** The letters' own address, with each code on its end, as the QR code has it and as somebody types it. */
  async function onLetters(id: string): Promise<string[]> {
    // Two weeks later everybody signs in again.
    const staff = await here.running.signIn('staff', 'Tom Berg');
    await staff.get(`/waves/${id}/letters`);
    await staff.post(`/waves/${id}/letters`, { whom: 'no_address' });
    await staff.post(`/waves/${id}/letters`, { whom: 'unanswered' });
    const parts = [1, 2].map(async (number) => (await staff.get(`/waves/${id}/letters/${number}`)).text);
    const codes = (await Promise.all(parts)).flatMap(codesOn);
    await staff.get(`/waves/${id}/letters`);
    await staff.post(`/waves/${id}/letters/1/posting`);
    expect(codes.length).toBeGreaterThan(4);
    return ['/p', ...codes.flatMap((code) => [`/p/${code}`, `/p/${code.replaceAll('-', '').toLowerCase()}`])];
  }

  test('whatever a mail program, a scanner or a crawler fetches from our mails, thrice, changes nothing', async () => {
    const { id, invitations } = await aWave();
    await ofAccounts();
    await live(invitations, id);
    await here.run('2026-11-16T13:00:00.000Z');
    await here.run('2026-11-23T13:00:00.000Z');
    const subjects = here.smtp.received.map(({ to }) => to[0]);
    // Eight invitations, four tests, the first and the second reminder of four people, a welcome, a new password, and
    // what a leaver's answer made of work that nobody did.
    expect(subjects).toHaveLength(8 + 4 + 2 * 4 + 3 + 1);
    const inMails = (await Promise.all(here.smtp.received.map(addressesIn))).flat();
    const inLetters = (await onLetters(id)).map((path) => here.running.baseUrl + path);
    const byCode = invitations.map((each) => here.app.post.linkByCode(each));
    for (const kind of ['/q/', '/u/', '/welcome/', '/reset/'])
      expect(inMails.some((address) => new URL(address).pathname.startsWith(kind))).toBe(true);

    const before = await contents(on.storage(), MAY_CHANGE);
    const one = invitations.flatMap((each) => [
      `/q/${someone(each).token}/thank-you`,
      `/q/${someone(each).token}/contact-wish`,
      `/u/${someone(each).token}?List-Unsubscribe=One-Click`,
    ]);
    const crawled = await crawl([...inMails, ...inLetters, ...byCode, ...one], here.running.baseUrl);
    const after = await contents(on.storage(), MAY_CHANGE);

    expect(crawled.filter(({ status }) => status >= 500)).toEqual([]);
    for (const path of [/^\/q\/[^/]+\/happened/, /^\/q\/[^/]+\/thank-you/, /^\/u\//, /^\/p\//, /\?lang=nl/, /\.css/])
      expect(crawled.some((each) => path.test(each.path))).toBe(true);
    for (const [table, rows] of Object.entries(before)) expect({ table, rows: after[table] }).toEqual({ table, rows });
    expect(Object.keys(after)).toEqual(Object.keys(before));
    // The links are as good as new: the first in the mails still takes an answer and the way out.
    const fresh = someone(invitations[4] ?? '');
    expect((await fresh.answer('happened', { answer: 'Still here.' })).status).toBe(200);
    expect((await contents(on.storage())).answer).not.toEqual(before.answer);
  });
});
