import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import {
  actorsOf,
  CALLED_ELSEWHERE,
  fieldsAt,
  missing,
  NOBODY,
  program,
  type Program,
  statuses,
} from '../support/interface.ts';
import { letterOf } from '../support/letters-in.ts';

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;
  let anna: string;
  let ben: string;
  let strangers = 0;

  beforeAll(async () => {
    app = await startApp(on.storage(), { environment: { BOUNCE_ADDRESS: 'post@example.com' } });
    from = await program(app);
    const account = async (name: string) => {
      const email = `${name}@colleagues.example.com`;
      const fields = { name, role: 'staff' as const, language: 'en', password: 'correct horse battery' };
      return (await app.app.accounts.createAccount({ email, ...fields }, COMMAND)).id;
    };
    [anna, ben] = [await account('anna'), await account('ben')];
  });
  afterAll(() => app.close());

  const ofStranger = async (): Promise<string> => {
    const told = { kind: 'complaint', reference: `STRANGER-${++strangers}`, words: 'It leaks.', language: 'en' };
    return (await from.call('POST', '/cases', { ...told, contact: { name: 'Greta Holm' } })).body.id as string;
  };
  const audited = (action: string) => actorsOf(on.storage(), action);

  test('a remedy is offered once, within the limit of the role; above it a manager approves, and they get it once', async () => {
    const id = await from.caseOf(await from.customer());
    const at = `/cases/${id}/remedies`;
    const offer = (body: object) => from.call('POST', at, body, 'staff');
    const small = { kind: 'refund', what: 'Half of it', amountMinor: 2000 };
    const all = await Promise.all([offer(small), offer(small), offer(small)]);
    expect(all.filter(({ body }) => body.fresh)).toHaveLength(1);
    expect((await offer(small)).body).toMatchObject({ ...small, state: 'approved', fresh: false });
    const large = await offer({ ...small, what: 'All of it', amountMinor: 4000 });
    expect(large.body).toMatchObject({ state: 'proposed', fresh: true });
    const waiting = `${at}/${large.body.id}`;
    expect(fieldsAt(await from.call('POST', `${waiting}/approval`, {}, 'staff'))).toEqual([403, ['remedyId']]);
    expect(fieldsAt(await from.call('POST', `${waiting}/giving`))).toEqual([409, ['remedyId']]);
    expect((await from.call('POST', `${waiting}/approval`, {})).body.state).toBe('approved');
    const both = await Promise.all([from.call('POST', `${waiting}/giving`), from.call('POST', `${waiting}/giving`)]);
    expect(statuses(both)).toEqual([200, 409]);
    expect((await from.call('GET', at)).body.items.map((each: { state: string }) => each.state)).toEqual([
      ...['approved', 'given'],
    ]);
    const third = await offer({ kind: 'visit', what: 'We come by', amountMinor: 9000 });
    const declined = await from.call('POST', `${at}/${third.body.id}/refusal`, { reason: 'Too far' });
    expect(declined.body.state).toBe('declined');
    const again = await offer({ kind: 'visit', what: 'We come by', amountMinor: 9000 });
    expect(again.body.fresh).toBe(true);
    expect((await from.call('POST', `${at}/${again.body.id}/refusal`)).body.state).toBe('declined');
    expect(new Set((await audited('recovery.caseRemedy')).map(String))).toEqual(
      new Set([`token,${from.tokenIds.get('staff')}`]),
    );
    expect(fieldsAt(await offer({ ...small, amountMinor: -1 }))).toEqual([422, ['amountMinor']]);
    expect(fieldsAt(await offer({ ...small, what: ' ' }))).toEqual([422, ['what']]);
    expect((await from.call('POST', `${at}/${NOBODY}/giving`)).status).toBe(404);
    expect((await from.call('POST', `/cases/${NOBODY}/remedies`, small)).status).toBe(404);
    expect((await from.call('POST', at, small, null)).status).toBe(401);
    const foreign = await from.caseOf(await from.customer());
    expect((await from.call('POST', `/cases/${foreign}/remedies/${large.body.id}/approval`, {})).status).toBe(404);
  });

  test('a note with a reference stands once, also at the same moment', async () => {
    const id = await from.caseOf(await from.customer());
    const note = (reference?: string) =>
      from.call('POST', `/cases/${id}/notes`, { words: 'Rang her.', ...(reference && { reference }) }, 'staff');
    await Promise.all([note('N-1'), note('N-1'), note('N-1')]);
    await note('N-1');
    await note('N-2');
    const notes = async () =>
      (await from.call('GET', `/cases/${id}/thread`)).body.items.filter(
        ({ kind }: { kind: string }) => kind === 'note',
      );
    expect(await notes()).toMatchObject([{ words: 'Rang her.' }, { detail: { reference: 'N-1' } }]);
    await note();
    expect(await notes()).toHaveLength(3);
    const first = (await from.call('GET', `/cases/${id}/thread?limit=2`)).body;
    const rest = (await from.call('GET', `/cases/${id}/thread?limit=2&cursor=${encodeURIComponent(first.next)}`)).body;
    expect([...first.items, ...rest.items].map(({ kind }) => kind)).toEqual(['note', 'note', 'note', 'opened']);
    expect((await from.call('GET', `/cases/${NOBODY}/thread`)).status).toBe(404);
  });

  test('a case is given to a colleague, sleeps and is woken, hurries, and steps are skipped', async () => {
    const id = await from.caseOf(await from.customer());
    const at = `/cases/${id}`;
    const give = (body: object) => from.call('POST', `${at}/owner`, body, 'staff');
    expect((await give({ accountId: anna, word: 'You know her' })).body.ownerId).toBe(anna);
    expect(fieldsAt(await give({ accountId: NOBODY }))).toEqual([422, ['accountId']]);
    const both = await Promise.all([give({ accountId: ben, fromId: anna }), give({ accountId: null, fromId: anna })]);
    expect(statuses(both)).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body.error.fields).toMatchObject([{ field: 'fromId' }]);
    expect((await audited('recovery.caseHandedOver'))[0]).toEqual(['token', from.tokenIds.get('staff')]);
    expect(fieldsAt(await from.call('POST', `${at}/waking`, {}))).toEqual([409, ['id']]);
    expect(fieldsAt(await from.call('POST', `${at}/snooze`, { until: '2026-11-10' }))).toEqual([422, ['until']]);
    expect((await from.call('POST', `${at}/snooze`, { until: '2026-11-13' })).body.snoozedUntil).toMatch(/^2026-11-13/);
    expect((await from.call('POST', `${at}/waking`, {})).body.snoozedUntil).toBeNull();
    expect((await from.call('POST', `${at}/urgency`, { reason: 'A wedding' })).body.urgent).toBe(true);
    expect(fieldsAt(await from.call('POST', `${at}/urgency`, { reason: 'A wedding' }))).toEqual([409, ['id']]);
    const skip = (step: string, reason = 'Done before') => from.call('POST', `${at}/steps/${step}/skip`, { reason });
    expect(statuses(await Promise.all([skip('apologise'), skip('apologise')]))).toEqual([200, 409]);
    expect(fieldsAt(await skip('act', ' '))).toEqual([422, ['reason']]);
    expect((await skip('dance')).status).toBe(404);
    expect((await from.call('POST', `/cases/${NOBODY}/urgency`, { reason: 'x' })).status).toBe(404);
  });

  test('whose a case is is said once, and a duplicate is put into the other', async () => {
    const customerId = await from.customer();
    const [unknown, other] = [await ofStranger(), await from.caseOf(customerId)];
    const name = (whom: string) => from.call('POST', `/cases/${unknown}/customer`, { customerId: whom }, 'staff');
    expect(fieldsAt(await name(NOBODY))).toEqual([422, ['customerId']]);
    expect((await name(customerId)).body.customerId).toBe(customerId);
    expect(fieldsAt(await name(customerId))).toEqual([409, ['customerId']]);
    const merge = (intoId: string) => from.call('POST', `/cases/${unknown}/merge`, { intoId }, 'staff');
    expect(fieldsAt(await merge(NOBODY))).toEqual([422, ['intoId']]);
    expect(fieldsAt(await merge(await from.caseOf(await from.customer())))).toEqual([409, ['intoId']]);
    expect(fieldsAt(await merge(unknown))).toEqual([409, ['intoId']]);
    const both = await Promise.all([merge(other), merge(other)]);
    expect(statuses(both)).toEqual([200, 409]);
    expect((await from.call('GET', `/cases/${unknown}`)).body).toMatchObject({ state: 'closed', mergedIntoId: other });
  });

  test('a letter about a case goes out once by its reference, never with words that hurt unawares, and answers what waits', async () => {
    const customerId = await from.customer();
    const id = await from.caseOf(customerId);
    const { email } = await app.app.customers.get(customerId);
    const write = (body: object) =>
      from.call('POST', `/cases/${id}/mails`, { reference: 'M-1', subject: 'Your machine', ...body }, 'staff');
    const harsh = await write({ words: 'Unfortunately you have to wait.' });
    expect(fieldsAt(harsh)).toEqual([422, ['words']]);
    const unfilled = await write({ words: '{greeting}\n\nyour machine is repaired.' });
    expect(fieldsAt(unfilled)).toEqual([422, ['words']]);
    const words = 'Good morning,\n\nyour machine is repaired.';
    const all = await Promise.all([write({ words }), write({ words }), write({ words })]);
    expect(all.map(({ body }) => body.fresh).sort()).toEqual([false, false, true]);
    const mails = async () => (await from.call('GET', `/cases/${id}/mails`)).body;
    expect(await mails()).toMatchObject({ waits: false, items: [{ direction: 'out', words, address: email }] });
    expect(await audited('casemail.written')).toEqual([['token', from.tokenIds.get('staff')]]);
    expect((await from.call('GET', `/customers/${customerId}/contacts`)).body.contacts).toMatchObject([
      { kind: 'service' },
    ]);
    const answer = letterOf({ from: `Kim <${email}>`, to: 'post@example.com', text: 'Thank you. When?' });
    await app.app.bounces.receive(answer, 'interface');
    const waiting = await mails();
    expect(waiting).toMatchObject({ waits: true, items: [{ direction: 'in', words: 'Thank you. When?' }, {}] });
    expect((await from.call('POST', `/cases/${id}/mails/answered`, undefined, 'staff')).status).toBe(200);
    expect(fieldsAt(await from.call('POST', `/cases/${id}/mails/answered`))).toEqual([409, ['id']]);
    await from.call('POST', '/suppressions', { address: email, reason: 'They asked' });
    expect(fieldsAt(await write({ words, reference: 'M-2' }))).toEqual([409, ['id']]);
    expect((await from.call('POST', `/cases/${NOBODY}/mails`, { reference: 'x', subject: 'x', words })).status).toBe(
      404,
    );
    const stranger = await ofStranger();
    const nobody = { reference: 'x', subject: 'x', words };
    expect(fieldsAt(await from.call('POST', `/cases/${stranger}/mails`, nobody))).toEqual([409, ['id']]);
  });

  test('each of these calls has been made, and answered as its description says', () => {
    expect(missing(from, CALLED_ELSEWHERE.cases)).toEqual([]);
  });
});
