import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { actorsOf, CALLED_ELSEWHERE, fieldsAt, missing, NOBODY, program, type Program } from '../support/interface.ts';
import { png } from '../support/pictures.ts';

const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64');

const PNG = png(1, 1);

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;
  let anna: Person & { accountId: string };

  beforeAll(async () => {
    app = await startApp(on.storage());
    from = await program(app);
    anna = await app.signIn('staff', 'Anna');
  });
  afterAll(() => app.close());

  const complaint = async () => await from.caseOf(await from.customer());
  const audited = (action: string) => actorsOf(on.storage(), action);

  test('an exception is logged for the colleague who allowed it, once by its reference, also at the same moment', async () => {
    const whose = await from.customer();
    const id = await from.caseOf(whose);
    const told = { accountId: anna.accountId, waived: 'The receipt', why: 'She is in hospital.', reference: 'E-1' };
    const log = (body: object, role: 'staff' | null = 'staff') =>
      from.call('POST', `/cases/${id}/exceptions`, body, role);
    const all = await Promise.all([log(told), log(told), log(told)]);
    expect(all.filter(({ status, body }) => status === 201 && body.fresh)).toHaveLength(1);
    expect((await log(told)).body).toMatchObject({
      caseId: id,
      customerId: whose,
      fresh: false,
      waived: told.waived,
    });
    await log({ ...told, reference: 'E-2', waived: 'The two weeks' });
    const { items } = (await from.call('GET', `/cases/${id}/exceptions`, undefined, 'staff')).body;
    expect(items).toMatchObject([
      { accountId: anna.accountId, waived: 'The receipt', why: told.why, at: '2026-11-10T08:05:00.000Z' },
      { accountId: anna.accountId, waived: 'The two weeks', why: told.why },
    ]);
    const token = ['token', from.tokenIds.get('staff')];
    expect(await audited('recovery.caseException')).toEqual([token, token]);
    const timeline = (await from.call('GET', `/customers/${whose}/timeline`)).body.items as { kind: string }[];
    expect(timeline).toContainEqual(
      expect.objectContaining({ kind: 'recovery.caseException', accountId: anna.accountId }),
    );
    const page = (await anna.get(`/cases/${id}`)).text;
    expect(page).toContain('Exception: The receipt');
    expect(page).toContain('She is in hospital.');
    for (const [wrong, field] of [
      [{ waived: ' ' }, 'waived'],
      [{ waived: 'x'.repeat(301) }, 'waived'],
      [{ why: '' }, 'why'],
      [{ reference: '' }, 'reference'],
      [{ accountId: NOBODY }, 'accountId'],
    ] as const)
      expect([field, ...fieldsAt(await log({ ...told, ...wrong }))]).toEqual([field, 422, [field]]);
    expect((await log(told, null)).status).toBe(401);
    expect((await from.call('POST', `/cases/${NOBODY}/exceptions`, told)).status).toBe(404);
    expect((await from.call('GET', `/cases/${NOBODY}/exceptions`)).status).toBe(404);
  });

  test('a closed case takes no exception', async () => {
    const id = await complaint();
    await on.storage().transaction(async (tx) => {
      const closing = { rootCause: 'other', action: 'x', outcome: 'put_right', noQuestion: 'x' };
      await app.app.recovery.cases.close(tx, COMMAND, id, closing);
    });
    const told = { accountId: anna.accountId, waived: 'All', why: 'So', reference: 'E-9' };
    expect(fieldsAt(await from.call('POST', `/cases/${id}/exceptions`, told))).toEqual([409, ['id']]);
    expect((await from.call('GET', `/cases/${id}/exceptions`)).body.items).toEqual([]);
  });

  test('exceptions of a period are those of its days where the business is, the newest first, a part at a time', async () => {
    const id = await complaint();
    const log = async (waived: string) => {
      const told = { accountId: anna.accountId, waived, why: 'In haste', reference: waived };
      expect((await from.call('POST', `/cases/${id}/exceptions`, told)).status).toBe(201);
    };
    app.clock.advance({ days: 2 });
    await log('On the 12th');
    // 23:30 in Berlin is 22:30 elsewhere: still the 13th here, and an hour later the 14th.
    app.clock.set('2026-11-13T22:30:00.000Z');
    await log('Late on the 13th');
    app.clock.set('2026-11-13T23:30:00.000Z');
    await log('Early on the 14th');
    const listed = async (query: string) => {
      const { body } = await from.call('GET', `/exceptions?${query}`, undefined, 'staff');
      return (body.items as { waived: string }[]).map(({ waived }) => waived);
    };
    expect(await listed('from=2026-11-12')).toEqual(['Early on the 14th', 'Late on the 13th', 'On the 12th']);
    expect(await listed('from=2026-11-12&to=2026-11-13')).toEqual(['Late on the 13th', 'On the 12th']);
    expect(await listed('from=2026-11-13&to=2026-11-13')).toEqual(['Late on the 13th']);
    expect(await listed('to=2026-11-11')).toEqual(['The two weeks', 'The receipt']);
    const first = (await from.call('GET', '/exceptions?limit=2')).body;
    const rest = (await from.call('GET', `/exceptions?limit=9&cursor=${encodeURIComponent(first.next as string)}`))
      .body;
    expect([...first.items, ...rest.items].map(({ waived }: { waived: string }) => waived)).toEqual(await listed(''));
    expect(first.items[0]).toMatchObject({ accountId: anna.accountId, caseId: id, number: expect.any(Number) });
    expect(fieldsAt(await from.call('GET', '/exceptions?from=2026-11-31'))).toEqual([422, ['from']]);
    expect((await from.call('GET', '/exceptions', undefined, null)).status).toBe(401);
  });

  const put = (id: string, name: string, content: string, role: 'staff' | null = 'staff') =>
    from.call('POST', `/cases/${id}/attachments`, { name, content }, role);

  test('a file is put to a case once, seen on its page, and read again as it was', async () => {
    const id = await complaint();
    const all = await Promise.all([1, 2, 3].map(() => put(id, '../../leak.png', base64(PNG))));
    expect(all.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(all.filter(({ body }) => body.fresh)).toHaveLength(1);
    const file = { name: 'leak.png', type: 'image/png', size: PNG.length, fromCustomer: false, mailId: null };
    expect((await put(id, 'leak.png', base64(PNG))).body).toMatchObject({ ...file, fresh: false });
    expect((await put(id, 'other.png', base64(PNG))).body.fresh).toBe(true);
    expect((await put(await complaint(), 'leak.png', base64(PNG))).body.fresh).toBe(true);
    const { items } = (await from.call('GET', `/cases/${id}/attachments`, undefined, 'staff')).body;
    expect(items).toMatchObject([file, { ...file, name: 'other.png' }]);
    const at = `/cases/${id}/attachments/${items[0].id}`;
    expect((await from.call('GET', at, undefined, 'staff')).body).toEqual({ ...items[0], content: base64(PNG) });
    const page = (await (await app.signIn('staff')).get(`/cases/${id}`)).text;
    expect(page).toContain(`<a href="/attachments/${items[0].id}">leak.png</a>`);
    expect(page).toContain('File added: leak.png');
    const token = ['token', from.tokenIds.get('staff')];
    expect(await audited('recovery.fileAdded')).toEqual([token, token, token]);
    expect((await from.call('GET', `/cases/${await complaint()}/attachments/${items[0].id}`)).status).toBe(404);
    expect((await from.call('GET', `/cases/${id}/attachments/${NOBODY}`)).status).toBe(404);
    expect((await from.call('GET', `/cases/${NOBODY}/attachments`)).status).toBe(404);
    expect((await from.call('GET', at, undefined, null)).status).toBe(401);
  });

  test('what no file may be is refused at its field, and nothing of it is kept', async () => {
    const id = await complaint();
    const says = async (name: string, content: string) => {
      const refused = await put(id, name, content);
      return [...fieldsAt(refused), refused.body.error.fields[0]?.message];
    };
    expect(await says('page.html', base64('<html><script>alert(1)</script>'))).toEqual([
      ...[422, ['content'], expect.stringMatching(/page\.html/)],
    ]);
    expect(await says('zero.bin', base64(Buffer.alloc(64)))).toEqual([422, ['content'], expect.anything()]);
    expect(await says('empty.txt', '')).toEqual([422, ['content'], expect.anything()]);
    expect(await says('odd.txt', 'not base64!')).toEqual([422, ['content'], expect.anything()]);
    expect(await says('x'.repeat(301), base64('Hi'))).toEqual([422, ['name'], expect.anything()]);
    // Nothing of these reaches the database's engine.
    if (on.engine === 'sqlite') {
      const large = base64(Buffer.alloc(10 * 1024 * 1024 + 1, 'a'));
      expect(await says('large.txt', large)).toEqual([422, ['content'], expect.stringMatching(/10 MB/)]);
      expect((await put(id, 'huge.txt', base64(Buffer.alloc(12 * 1024 * 1024, 'a')))).status).toBe(413);
    }
    expect((await put(id, 'a.txt', base64('Hi'), null)).status).toBe(401);
    expect((await put(NOBODY, 'a.txt', base64('Hi'))).status).toBe(404);
    expect((await from.call('GET', `/cases/${id}/attachments`)).body.items).toEqual([]);
    expect((await put(id, 'most.txt', base64(Buffer.alloc(10 * 1024 * 1024, 'a')))).status).toBe(201);
  });

  test('the files of whoever is erased are gone', async () => {
    const whose = await from.customer();
    const id = await from.caseOf(whose);
    const { body } = await put(id, 'Berta Berg.txt', base64('Berta Berg'));
    const { reference } = await app.app.customers.get(whose);
    await from.call('POST', `/customers/${whose}/erasure`, { reference }, 'administrator');
    expect((await from.call('GET', `/cases/${id}/attachments`)).body.items).toEqual([]);
    expect((await from.call('GET', `/cases/${id}/attachments/${body.id}`)).status).toBe(404);
    expect(JSON.stringify((await from.call('GET', `/cases/${id}/thread`)).body)).not.toContain('Berta');
  });

  const difficulty = async (more: object = {}) => await from.caseOf(await from.customer(more), 'payment_difficulty');

  test('an invitation to talk is read and sent once, in words that do not hurt', async () => {
    const id = await difficulty();
    const at = `/cases/${id}/invitation`;
    const before = (await from.call('GET', at, undefined, 'staff')).body;
    expect(before).toMatchObject({ caseId: id, state: 'waiting', language: 'en', reachable: true, sentAt: null });
    expect(before.words).not.toBe('');
    const send = (body: object, role: 'staff' | null = 'staff') => from.call('POST', at, body, role);
    const hurting = await send({ words: 'Final notice: pay now or we will take legal action.' });
    expect(fieldsAt(hurting)).toEqual([422, ['words']]);
    expect(fieldsAt(await send({ subject: ' ' }))).toEqual([422, ['subject']]);
    expect((await send({}, null)).status).toBe(401);
    const all = await Promise.all([1, 2, 3].map(() => send({ subject: 'Shall we talk?' })));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const { words } = before;
    expect((await from.call('GET', at)).body).toMatchObject({ state: 'queued', subject: 'Shall we talk?', words });
    await app.app.runDue();
    expect((await from.call('GET', at)).body).toMatchObject({ state: 'sent', sentAt: expect.any(String) });
    expect(fieldsAt(await send({}))).toEqual([409, ['id']]);
    expect(await audited('payment.invited')).toEqual([['token', from.tokenIds.get('staff')]]);
  });

  test('where no mail reaches somebody it goes by post, and where none is needed it is left out', async () => {
    const unreached = await difficulty({ email: '' });
    const at = `/cases/${unreached}/invitation`;
    expect((await from.call('GET', at)).body.reachable).toBe(false);
    const refused = await from.call('POST', at, {});
    expect(fieldsAt(refused)).toEqual([409, ['id']]);
    expect(refused.body.error.fields[0].message).toContain('by post');
    const post = () => from.call('POST', `${at}/posting`, undefined, 'staff');
    const both = await Promise.all([post(), post()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await from.call('GET', at)).body).toMatchObject({ state: 'printed', sentAt: expect.any(String) });
    const other = `/cases/${await difficulty()}/invitation`;
    expect((await from.call('POST', `${other}/no-letter`, undefined, 'staff')).body.state).toBe('dropped');
    expect(fieldsAt(await from.call('POST', `${other}/no-letter`))).toEqual([409, ['id']]);
    for (const action of ['payment.posted', 'payment.dropped'])
      expect(await audited(action)).toEqual([['token', from.tokenIds.get('staff')]]);
    const none = `/cases/${await complaint()}/invitation`;
    expect((await from.call('GET', none)).status).toBe(404);
    expect((await from.call('POST', none, {})).status).toBe(404);
    expect((await from.call('POST', `/cases/${NOBODY}/invitation/posting`)).status).toBe(404);
  });

  test('each of these calls has been made, and answered as its description says', () => {
    expect(missing(from, CALLED_ELSEWHERE.caseParts)).toEqual([]);
  });
});
