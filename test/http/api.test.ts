import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { onBothEngines } from '../support/engines.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { CALLED_ELSEWHERE } from '../support/interface.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Role } from '../../src/web/index.ts';

interface Reply {
  status: number;
  // The bodies are checked against the description below, not by the compiler.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

const AUTHOR = { legalBasis: 'contract', legalBasisSource: 'order form', legalBasisOn: '2024-01-01' } as const;

onBothEngines(({ storage }) => {
  let app: TestApp;
  const tokens = new Map<Role, string>();
  const called: { method: string; path: string; reply: Reply }[] = [];

  beforeAll(async () => {
    app = await startApp(storage());
    for (const role of ['staff', 'manager', 'administrator'] as const) {
      tokens.set(role, (await app.app.accounts.createToken({ name: role, role }, COMMAND)).token);
    }
    const { id: administrator } = await app.app.accounts.createAccount(
      {
        email: 'sender@example.com',
        name: 'Miriam Adler',
        role: 'manager',
        language: 'en',
        password: 'correct horse battery',
      },
      COMMAND,
    );
    sender = administrator;
    await app.app.questionnaires.approveAll(COMMAND);
  });
  afterAll(() => app.close());

  let sender: string;

  async function call(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    role: Role | null = 'manager',
  ): Promise<Reply> {
    const response = await fetch(`${app.baseUrl}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(role ? { authorization: `Bearer ${tokens.get(role)}` } : {}) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const reply = { status: response.status, body: await response.json() };
    called.push({ method: method.toLowerCase(), path: path.split('?')[0] ?? '', reply });
    return reply;
  }

  test('customers and purchases come in, by reference, twice without doubling', async () => {
    const customers = [
      {
        reference: 'A-1',
        givenName: 'Ada',
        familyName: 'Berg',
        email: 'ada@example.com',
        language: 'en',
        status: 'left',
        leftOn: '2026-10-01',
        ...AUTHOR,
      },
      {
        reference: 'A-2',
        familyName: 'Vos',
        email: 'vos@example.com',
        language: 'nl',
        status: 'left',
        leftOn: '2026-09-01',
        ...AUTHOR,
      },
      { reference: 'A-3', familyName: 'Lund', email: '', language: 'nb' },
    ];
    const first = await call('POST', '/customers', { customers }, 'staff');
    expect(first).toMatchObject({ status: 200, body: { added: 3, updated: 0, same: 0 } });
    const again = await call('POST', '/customers', { customers }, 'staff');
    expect(again.body).toMatchObject({ added: 0, same: 3 });
    const purchases = [
      { customerReference: 'A-1', purchasedOn: '2026-09-01', amountMinor: 12_050, item: 'Beans', reference: 'P1' },
      { customerReference: 'A-1', purchasedOn: '2026-03-01', amountMinor: 1_000, item: 'Beans', reference: 'P2' },
      { customerReference: 'A-2', purchasedOn: '2026-08-01', amountMinor: 5_000, reference: 'P3' },
    ];
    expect((await call('POST', '/purchases', { purchases })).body).toMatchObject({ added: 3 });
    expect((await call('POST', '/purchases', { purchases })).body).toMatchObject({ added: 0, same: 3 });
    expect(
      (
        await call('POST', '/invoices', {
          invoices: [{ customerReference: 'A-1', number: 'I1', amountMinor: 900, dueOn: '2026-09-20' }],
        })
      ).body,
    ).toMatchObject({ added: 1 });
    expect(
      (
        await call('POST', '/dealings', {
          dealings: [{ customerReference: 'A-1', kind: 'visit', fromOn: '2026-08-20' }],
        })
      ).body,
    ).toMatchObject({ added: 1 });
    const listed = await call('GET', '/customers?limit=2');
    expect(listed.body.items).toHaveLength(2);
    const rest = await call('GET', `/customers?limit=2&cursor=${encodeURIComponent(listed.body.next)}`);
    expect(
      [...listed.body.items, ...rest.body.items].map((each: { reference: string }) => each.reference).sort(),
    ).toEqual(['A-1', 'A-2', 'A-3']);
    const ada = [...listed.body.items, ...rest.body.items].find(
      (each: { reference: string }) => each.reference === 'A-1',
    );
    expect((await call('GET', `/customers/${ada.id}`)).body).toMatchObject({ worthMinor: 13_050, status: 'left' });
  });

  test('a wave is made, started and answered; its answer is coded and stands in the report', async () => {
    const { body: book } = await call('POST', '/codebooks/leaving', {
      codes: [
        { key: 'price', name: { en: 'Price' } },
        { key: 'competitor', name: { en: 'Competitor' } },
      ],
    });
    expect(
      book.codes.filter((each: { retired: boolean }) => !each.retired).map((each: { key: string }) => each.key),
    ).toEqual(['price', 'competitor']);
    const described = { en: 'Too dear for what it is.' };
    const keywords = { en: ['dear', 'expens*'], de: ['teuer'] };
    const rest = { key: 'competitor', name: { en: 'Competitor' } };
    const price = { key: 'price', name: { en: 'Price' } };
    const set = async (codes: unknown[]) => {
      const { body: whole } = await call('POST', '/codebooks/leaving', { codes });
      const of = (key: string) => whole.codes.find((each: { key: string }) => each.key === key);
      return [of('price'), of('competitor')];
    };
    const given = await set([{ ...price, description: described, keywords }, rest]);
    expect(given).toMatchObject([{ description: described, keywords }, { keywords: {} }]);
    const kept = await set([price, { ...rest, keywords: { en: ['rival'] } }]);
    expect(kept).toMatchObject([{ description: described, keywords }, { keywords: { en: ['rival'] } }]);
    expect((await set([{ ...price, keywords: {} }, rest]))[0].keywords).toEqual({});
    const refused = await call('POST', '/codebooks/leaving', {
      codes: [price, { ...rest, keywords: { en: ['sound', '(half'] } }],
    });
    expect([refused.status, refused.body.error.fields]).toEqual([
      422,
      [{ field: 'codes.1.keywords.en', message: expect.stringContaining('“(half”') }],
    ]);
    const questionnaires = await call('GET', '/questionnaires');
    const leaving = questionnaires.body.items.find((each: { programme: string }) => each.programme === 'leaving');
    const made = await call('POST', '/waves', {
      questionnaireId: leaving.id,
      name: 'Autumn',
      audience: { status: 'left' },
      senderAccountId: sender,
    });
    expect(made.status).toBe(201);
    const { id } = made.body;
    expect((await call('POST', `/waves/${id}/start`, { holdMinutes: 0 })).status).toBe(200);
    expect((await call('POST', `/waves/${id}/start`, { holdMinutes: 0 })).status).toBe(409);
    await app.app.runDue();
    const status = await call('GET', `/waves/${id}`);
    expect(status.body).toMatchObject({ state: 'finished', accounts: { recipients: 2, sent: 2 } });
    expect((await call('GET', '/waves')).body.items).toHaveLength(1);

    const { body: invited } = await call('GET', `/waves/${id}/invitations`);
    const link = await call('POST', `/invitations/${invited.items[0].id}/link`, {});
    const { url } = link.body as { url: string };
    await fetch(`${url}/happened`, {
      method: 'POST',
      headers: { origin: app.baseUrl },
      body: new URLSearchParams({
        answer: 'It became too dear for what it was, sadly, and nobody explained why it went up.',
      }),
    });
    await fetch(`${url}/check-answers`, {
      method: 'POST',
      headers: { origin: app.baseUrl },
      body: new URLSearchParams(),
    });
    const { body: found } = await call('GET', `/responses?waveId=${id}`);
    expect(found.items).toHaveLength(1);
    const [response] = found.items;
    expect((await call('GET', `/responses/${response.id}`)).body).toEqual(response);
    expect(
      (await call('POST', '/codings', { codings: [{ responseId: response.id, codes: ['price'], main: 'price' }] }))
        .body,
    ).toEqual({ coded: 1 });

    const { body: report } = await call('GET', '/reports/leaving');
    expect(report).toMatchObject({ leavers: 2, lostMinor: 18_050, base: 1 });
    expect(report.reasons.map((each: { key: string; count: number }) => [each.key, each.count])).toEqual([
      ['price', 1],
      ['competitor', 0],
    ]);
    const second = await call('POST', '/waves', {
      questionnaireId: leaving.id,
      name: 'Winter',
      audience: {},
      senderAccountId: sender,
    });
    await call('POST', `/waves/${second.body.id}/start`, { holdMinutes: 5 });
    expect((await call('POST', `/waves/${second.body.id}/stop`, {})).body).toMatchObject({ state: 'stopped' });
    expect((await call('GET', '/codebooks/leaving')).body.revision).toBeGreaterThan(0);
  });

  test('a wave is paused and resumed, waves come back by themselves, and the rules of sending can be read', async () => {
    const { body: questionnaires } = await call('GET', '/questionnaires');
    const satisfaction = questionnaires.items.find((each: { programme: string }) => each.programme === 'satisfaction');
    const wave = { questionnaireId: satisfaction.id, senderAccountId: sender, name: 'Paused', audience: {} };
    const { body: made } = await call('POST', '/waves', { ...wave, reminderDays: [4] });
    expect(made).toMatchObject({ state: 'draft', reminderDays: [4] });
    expect((await call('POST', `/waves/${made.id}/pause`, {})).status).toBe(409);
    await call('POST', `/waves/${made.id}/start`, { holdMinutes: 5 });
    expect((await call('POST', `/waves/${made.id}/pause`, {})).body).toMatchObject({ state: 'paused' });
    await app.app.runDue();
    expect((await call('GET', `/waves/${made.id}`)).body.accounts).toMatchObject({ sent: 0, delivered: 0, reached: 0 });
    expect((await call('POST', `/waves/${made.id}/resume`, {}, 'staff')).body).toMatchObject({ state: 'starting' });
    expect((await call('POST', `/waves/${made.id}/resume`, {})).status).toBe(409);
    await call('POST', `/waves/${made.id}/stop`, {});

    const monthly = {
      ...wave,
      name: 'Monthly',
      moment: 'rolling',
      everyMonths: 1,
      atMinutes: 540,
      startOn: '2026-12-01',
    };
    expect((await call('POST', '/schedules', { ...monthly, everyMonths: undefined })).status).toBe(422);
    const created = await call('POST', '/schedules', monthly, 'staff');
    expect([created.status, created.body]).toMatchObject([
      201,
      { name: 'Monthly', state: 'on', everyMonths: 1, nextRunAt: '2026-12-01T08:00:00.000Z', lastRuns: [] },
    ]);
    const at = `/schedules/${created.body.id}`;
    expect((await call('POST', `${at}/pause`, {})).body).toMatchObject({ state: 'paused', nextRunAt: null });
    expect((await call('POST', `${at}/pause`, {})).status).toBe(409);
    expect((await call('GET', at)).body).toMatchObject({ state: 'paused' });
    expect((await call('POST', `${at}/resume`, {})).body).toMatchObject({ state: 'on' });
    expect((await call('GET', '/schedules')).body.items.map((each: { id: string }) => each.id)).toEqual([
      created.body.id,
    ]);
    expect((await call('GET', '/schedules/00000000-0000-7000-8000-000000000000')).status).toBe(404);

    await app.app.invitations.contacts.setBudget(COMMAND, 60);
    await app.app.invitations.holdouts.setShare(COMMAND, satisfaction.programmeId ?? made.programmeId, 10);
    const { body: rules } = await call('GET', '/sending-rules', undefined, 'staff');
    expect(rules.contactBudget).toEqual({ days: 60, changedAt: '2026-11-10T08:05:00.000Z' });
    expect(
      rules.holdouts.map(({ programme, share }: { programme: string; share: number }) => [programme, share]),
    ).toEqual([
      ['Why customers leave', 0],
      ['How we are doing', 10],
    ]);
  });

  test('a mail server hands over a returned message as it came', async () => {
    const response = await fetch(`${app.baseUrl}/api/v1/bounces`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822', authorization: `Bearer ${tokens.get('staff')}` },
      body: 'From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\n<kim@example.net>:\n550 5.1.1 User unknown\n',
    });
    const reply = { status: response.status, body: await response.json() };
    called.push({ method: 'post', path: '/bounces', reply });
    expect(reply).toMatchObject({ status: 200, body: { outcome: 'recorded', kind: 'hard', verified: false } });
  });

  test('a complaint comes in once by its reference, is worked, closed, and counted when it is settled', async () => {
    const complaint = {
      kind: 'complaint',
      reference: 'T-1',
      contact: { name: 'Greta Holm', email: 'greta@example.com' },
      words: 'Zu laut.',
      language: 'de',
    };
    const opened = await call('POST', '/cases', complaint, 'staff');
    expect(opened).toMatchObject({ status: 201, body: { opened: true } });
    const { id } = opened.body;
    expect((await call('POST', '/cases', complaint, 'staff')).body).toMatchObject({ id, opened: false });
    expect((await call('GET', '/cases?kind=complaint&open=true')).body.items).toMatchObject([
      { id, words: 'Zu laut.' },
    ]);
    expect((await call('POST', `/cases/${id}/notes`, { words: 'Rang her.' })).status).toBe(200);
    const closing = { rootCause: 'quality', action: 'New grinder', outcome: 'put_right' };
    expect((await call('POST', `/cases/${id}/closure`, closing)).status).toBe(409);
    const { steps } = (await call('GET', `/cases/${id}`)).body as { steps: { step: string }[] };
    for (const { step } of steps) {
      const signed = await call('POST', `/cases/${id}/steps/${step}`, { said: 'Done.', channel: 'telephone' });
      expect([step, signed.status]).toEqual([step, 200]);
    }
    expect((await call('POST', `/cases/${id}/steps/act`, { said: 'Again.', channel: 'mail' })).status).toBe(409);
    expect((await call('POST', `/cases/${id}/closure`, closing)).body).toMatchObject({
      state: 'closed',
      settled: null,
    });
    expect((await call('GET', '/reports/recovery')).body).toMatchObject({
      closed: 1,
      settled: 0,
      rate: { share: 0, low: 0 },
    });
    expect((await call('GET', '/reports/recovery?from=2020-01-01&to=2020-12-31')).body).toMatchObject({
      closed: 0,
      rate: null,
    });
    expect((await call('GET', '/cases?kind=complaint&open=true')).body.items).toEqual([]);
    const [{ id: customerId }] = (await call('GET', '/customers?limit=1')).body.items;
    expect((await call('GET', `/customers/${customerId}/offers`)).body).toEqual({ items: [] });
    const again = await call('POST', `/cases/${id}/reopening`, { reason: 'It is still too loud.' });
    expect(again.body).toMatchObject({ state: 'reopened', round: 2 });
    const hurt = { said: 'Leider haben Sie die Mühle falsch eingestellt.', channel: 'mail' };
    expect((await call('POST', `/cases/${id}/steps/act`, hurt)).body.warnings).toMatchObject([{ fault: 'blame' }]);
    const { caseWork } = app.app.recovery;
    const remedy = { kind: 'refund' as const, what: 'Half of it', amountMinor: 500 };
    await caseWork.remedies.offer({ actor: COMMAND, role: 'manager' }, id, remedy);
    expect((await call('GET', `/cases/${id}/remedies`)).body.items).toMatchObject([{ ...remedy, state: 'approved' }]);
    const talk = { reference: 'T-3', customerId, words: 'Kann gerade nicht zahlen.', language: 'de' };
    const owing = await call('POST', '/cases', { ...talk, kind: 'payment_difficulty' });
    expect(owing).toMatchObject({ status: 201, body: { opened: true } });
    expect((await call('GET', `/cases/${owing.body.id}/plans`)).body).toEqual({ items: [] });
    expect((await call('POST', '/cases', { ...talk, kind: 'win_back' })).status).toBe(201);
    expect((await call('GET', '/references')).body).toEqual({ items: [], next: null });
    expect((await call('GET', '/comments?view=idea')).body).toEqual({ items: [], next: null });
  });

  test('a case that could not be worked is refused', async () => {
    const complaint = { kind: 'complaint', reference: 'T-2', words: 'x', language: 'de' };
    expect((await call('POST', '/cases', complaint)).status).toBe(422);
    expect((await call('POST', '/cases', { ...complaint, kind: 'win_back', contact: {} })).status).toBe(422);
    expect(
      (await call('POST', '/cases', { ...complaint, customerId: '00000000-0000-7000-8000-000000000000' })).status,
    ).toBe(404);
    expect((await call('GET', '/cases/00000000-0000-7000-8000-000000000000')).status).toBe(404);
    expect((await call('GET', '/cases?cursor=%00&open=maybe')).status).toBe(422);
    expect((await call('GET', '/cases', undefined, null)).status).toBe(401);
    expect((await call('GET', '/reports/recovery', undefined, 'staff')).status).toBe(403);
    expect((await call('GET', '/reports/recovery?from=9999-12-31')).status).toBe(422);
  });

  const FIGURES = [
    'retention',
    'satisfaction',
    'summary',
    'value',
    'value/customers',
    'winning-back',
    'leaving/by/tenure',
  ];

  test.each(FIGURES)('managers alone read the figures of %s', async (name) => {
    expect((await call('GET', `/reports/${name}`)).status).toBe(200);
    expect((await call('GET', `/reports/${name}`, undefined, 'staff')).status).toBe(403);
  });

  test.each([
    ...['/goals', '/policies', '/reports/risk', '/reports/risk/counts', '/reports/risk/record', '/reports/risk/calls'],
    ...['/offers', '/library', '/anniversaries', '/next-needs', '/winback'],
  ])('everybody who works here reads %s', async (path) => {
    expect((await call('GET', path, undefined, 'staff')).status).toBe(200);
    expect((await call('GET', path, undefined, null)).status).toBe(401);
  });

  test('who left can be won back, who stays has a day, and whom a wave rings up is on its list', async () => {
    const legal = { legalBasis: 'contract', legalBasisSource: 'shop', legalBasisOn: '2024-01-01', language: 'en' };
    const today = app.clock.now().toISOString().slice(5, 10);
    const stays = { reference: 'B-STAYS', familyName: 'Berg', customerSince: `2020-${today}`, ...legal };
    const gone = { reference: 'B-GONE', familyName: 'Dahl', status: 'left', leftOn: '2026-10-20', ...legal };
    const reach = { email: 'berg@example.com', telephone: '0431 55501' };
    await call('POST', '/customers', {
      customers: [
        { ...stays, ...reach },
        { ...gone, telephone: '0431 55502' },
      ],
    });
    const idOf = async (reference: string) => (await app.app.customers.findByReference(reference))?.id;
    const days = (await call('GET', '/anniversaries')).body.items as object[];
    expect(days).toContainEqual(
      expect.objectContaining({ customerId: await idOf('B-STAYS'), years: 6, way: 'mail', hindrance: null }),
    );
    const left = (await call('GET', '/winback?view=free')).body.items as object[];
    expect(left).toContainEqual(expect.objectContaining({ customerId: await idOf('B-GONE'), leftOn: '2026-10-20' }));
    const [wave] = (await call('GET', '/waves')).body.items as { id: string }[];
    expect(await call('GET', `/waves/${wave?.id}/calls`)).toMatchObject({
      status: 200,
      body: { items: [], next: null },
    });
    expect((await call('GET', `/waves/${wave?.id}/calls?view=soon`)).status).toBe(422);
  });

  const fieldsAt = ({ status, body }: Reply) => [
    status,
    body.error.fields.map((each: { field: string }) => each.field),
  ];
  const NOBODY = '00000000-0000-7000-8000-000000000000';

  test('an unhappy customer is reported for a colleague, once, and thanks are read', async () => {
    const colleagues = (await call('GET', '/colleagues', undefined, 'staff')).body.items;
    expect(colleagues).toContainEqual({ id: sender, name: 'Miriam Adler', role: 'manager', active: true });
    const { id: customerId } = (await call('GET', '/customers?q=A-2')).body.items[0];
    const report = { accountId: sender, customerId, what: 'The cook was not amused.' };
    const reported = await call('POST', '/alerts', report, 'staff');
    expect(reported).toMatchObject({ status: 201, body: { joined: false } });
    expect((await call('POST', '/alerts', report, 'staff')).body).toEqual(reported.body);
    const { id, caseId } = reported.body;
    expect((await call('GET', `/cases/${caseId}`)).body).toMatchObject({ customerId, origin: 'alert' });
    const shown = { id, caseId, customerId, who: 'Vos', what: report.what, accountId: sender, ledTo: null };
    expect((await call('GET', `/alerts/${id}`)).body).toMatchObject(shown);
    const { caseId: other } = (await call('POST', '/alerts', { accountId: sender, who: 'The lady', what: 'Cold.' }))
      .body;
    const first = (await call('GET', '/alerts?limit=1')).body;
    expect(first.items).toMatchObject([{ caseId: other, customerId: null, who: 'The lady' }]);
    expect((await call('GET', `/alerts?limit=1&cursor=${first.next}`)).body).toMatchObject({
      items: [shown],
      next: null,
    });
    expect((await call('GET', `/alerts?customerId=${customerId}&credited=false`)).body.items).toHaveLength(1);
    expect((await call('GET', `/alerts?caseId=${caseId}&credited=true`)).body.items).toEqual([]);
    const entries = await storage()
      .read.selectFrom('audit_entry')
      .selectAll()
      .where('action', '=', 'alerts.reported')
      .execute();
    expect(entries.map(({ actor_kind }) => actor_kind)).toEqual(['token', 'token']);
  });

  test('what belongs to a colleague is not done in the name of nobody, and what does not fit is said where', async () => {
    const { id: customerId } = (await call('GET', '/customers?q=A-2')).body.items[0];
    const before = (await call('GET', '/alerts')).body;
    const report = { accountId: sender, customerId, what: 'Cold.' };
    const refused = await call('POST', '/alerts', { ...report, accountId: NOBODY });
    expect(fieldsAt(refused)).toEqual([422, ['accountId']]);
    expect(refused.body.error.fields[0].message).toMatch(/belongs to a colleague/);
    expect(fieldsAt(await call('POST', '/alerts', { customerId, what: 'Cold.' }))).toEqual([422, ['accountId']]);
    expect(fieldsAt(await call('POST', '/alerts', { ...report, what: ' ' }))).toEqual([422, ['what']]);
    expect(fieldsAt(await call('POST', '/alerts', { accountId: sender, what: 'Cold.' }))).toEqual([422, ['who']]);
    expect(fieldsAt(await call('POST', '/alerts', { ...report, name: 'x' }))).toEqual([422, ['name']]);
    expect((await call('POST', '/alerts', { ...report, customerId: NOBODY })).status).toBe(404);
    expect((await call('GET', `/alerts/${NOBODY}`)).status).toBe(404);
    expect((await call('GET', '/alerts')).body).toEqual(before);
    for (const [path, field] of [
      ['/alerts?creditd=true', 'creditd'],
      ['/alerts?customerId=x', 'customerId'],
      ['/alerts?cursor=garbage', 'cursor'],
      ['/winback/calls?outcome=maybe', 'outcome'],
      ['/winback/calls?customer=x', 'customer'],
      ['/comments?view=all', 'view'],
      ['/comments?state=held', 'state'],
      ['/offers/given?state=lost', 'state'],
      ['/referrals?outcome=maybe', 'outcome'],
    ] as const)
      expect([path, ...fieldsAt(await call('GET', path))]).toEqual([path, 422, [field]]);
    for (const path of ['/alerts', '/winback/calls', '/comments', '/offers/given', '/referrals', '/colleagues'])
      expect([path, (await call('GET', path, undefined, null)).status]).toEqual([path, 401]);
  });

  test('a call that a colleague held to win somebody back is recorded by the rules of the app', async () => {
    const legal = { legalBasis: 'contract', legalBasisSource: 'shop', legalBasisOn: '2024-01-01', language: 'en' };
    const gone = {
      reference: 'C-GONE',
      familyName: 'Dahl',
      status: 'left',
      leftOn: '2026-10-20',
      telephone: '0431 555',
    };
    await call('POST', '/customers', { customers: [{ ...gone, ...legal }] });
    const customerId = (await app.app.customers.findByReference('C-GONE'))?.id ?? '';
    const talk = { kind: 'win_back', reference: 'C-1', customerId, words: 'Left.', language: 'en' };
    const { id } = (await call('POST', '/cases', talk)).body;
    const at = `/cases/${id}/calls`;
    const held = {
      accountId: sender,
      outcome: 'call_again',
      said: 'In the evening.',
      callAgainAt: '2026-11-12T16:00:00+01:00',
    };
    expect(fieldsAt(await call('POST', at, { ...held, accountId: NOBODY }))).toEqual([422, ['accountId']]);
    expect(fieldsAt(await call('POST', at, { ...held, callAgainAt: undefined }))).toEqual([422, ['callAgainAt']]);
    expect(fieldsAt(await call('POST', at, { ...held, outcome: 'thinking' }))).toEqual([422, ['reasonKey']]);
    const { claim, release } = app.app.recovery.winback;
    const { id: other } = await app.app.accounts.createAccount(
      { email: 'anna@example.com', name: 'Anna', role: 'staff', language: 'en', password: 'correct horse battery' },
      COMMAND,
    );
    await claim(other, id);
    expect((await call('POST', at, held)).status).toBe(409);
    await release(other, id);
    const recorded = await call('POST', at, held, 'staff');
    const again = { outcome: 'call_again', callAgainAt: '2026-11-12T15:00:00.000Z', accountId: sender, customerId };
    expect(recorded).toMatchObject({ status: 201, body: { caseId: id, ...again } });
    expect((await call('GET', `/winback/calls?caseId=${id}&outcome=call_again`)).body).toEqual({
      items: [recorded.body],
      next: null,
    });
    expect((await call('GET', `/winback/calls?customerId=${customerId}&outcome=lost`)).body.items).toEqual([]);
    expect((await call('POST', `/cases/${NOBODY}/calls`, held)).status).toBe(404);
  });

  test('comments, offers that were given and recommendations are read a part at a time', async () => {
    const page = await (await fetch(`${app.baseUrl}/tell-us?lang=en`)).text();
    const stamp = /name="stamp" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const body = new FormData();
    for (const [name, value] of Object.entries({ kind: 'idea', words: 'More beans.', stamp })) body.set(name, value);
    await fetch(`${app.baseUrl}/tell-us?lang=en`, { method: 'POST', headers: { origin: app.baseUrl }, body });
    const { items } = (await call('GET', '/comments?kind=idea')).body;
    expect(items).toMatchObject([{ words: 'More beans.', kind: 'idea', state: 'held', caseId: null }]);
    expect((await call('GET', `/comments/${items[0].id}`)).body).toEqual({ ...items[0], claim: null });
    expect((await call('GET', '/comments?view=held&kind=praise')).body.items).toEqual([]);
    expect((await call('GET', `/comments/${NOBODY}`)).status).toBe(404);
    const { id: customerId } = (await call('GET', '/customers?q=A-2')).body.items[0];
    for (const words of ['A friend', 'A neighbour']) await app.app.loyalty.trust.refer(customerId, null, words);
    const [first] = [(await call('GET', `/referrals?customerId=${customerId}&limit=1`)).body];
    const second = (await call('GET', `/referrals?customerId=${customerId}&limit=1&cursor=${first.next}`)).body;
    expect([first.items.length, second.items.length, second.next]).toEqual([1, 1, null]);
    expect(first.items[0].id > second.items[0].id).toBe(true);
    expect((await call('GET', '/referrals?outcome=nothing')).body.items).toEqual([]);
    expect((await call('GET', `/offers/given?customerId=${customerId}&state=given`)).body).toEqual({
      items: [],
      next: null,
    });
  });

  test('every call answered as its description says', async () => {
    const description = (await (await fetch(`${app.baseUrl}/api/v1/openapi.json`)).json()) as { paths: object };
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const paths = description.paths as Record<
      string,
      Record<string, { responses: Record<string, { content: Record<string, { schema: object }> }> }>
    >;
    const seen = new Set<string>();
    for (const { method, path, reply } of called.filter((each) => each.reply.status < 300)) {
      const [template, methods] =
        Object.entries(paths).find(
          ([each, its]) => its[method] && new RegExp(`^${each.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
        ) ?? [];
      const schema = methods?.[method]?.responses[reply.status]?.content['application/json']?.schema;
      if (!schema) throw new Error(`${method} ${path} ${reply.status} is not described`);
      const check = ajv.compile(schema);
      expect([method, path, check(reply.body) ? null : check.errors]).toEqual([method, path, null]);
      seen.add(`${method} ${template}`);
    }
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const elsewhere = Object.values(CALLED_ELSEWHERE).flat();
    expect([...seen, ...elsewhere].sort()).toEqual(described.sort());
  });

  test('what does not fit is refused at its place, and nothing of it is kept', async () => {
    const bad = await call('POST', '/customers', {
      customers: [{ reference: 'B-1' }, { reference: 'B-2', email: 'a@example.com,b@example.com' }],
    });
    expect(bad).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid', fields: [{ field: 'customers.1.email' }] } },
    });
    expect((await call('GET', '/customers?q=B-1')).body.items).toEqual([]);
    expect(
      (
        await call('POST', '/purchases', {
          purchases: [{ customerReference: 'A-1', purchasedOn: '2026-02-31', amountMinor: 1.5 }],
        })
      ).status,
    ).toBe(422);
    expect((await call('GET', '/waves/none')).status).toBe(404);
    expect((await call('GET', '/waves/00000000-0000-7000-8000-000000000000')).status).toBe(404);
    const broken = await fetch(`${app.baseUrl}/api/v1/customers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.get('staff')}` },
      body: '{"customers": [',
    });
    expect([broken.status, ((await broken.json()) as { error: { code: string } }).error.code]).toEqual([
      400,
      'bad_request',
    ]);
  });

  test('a cursor of another list, a misspelt filter and an unknown field are refused, not passed over', async () => {
    const fieldsOf = ({ body }: Reply) => (body.error.fields as { field: string }[]).map(({ field }) => field);
    const first = await call('GET', '/customers?limit=1');
    const references = [first, await call('GET', `/customers?limit=1&cursor=${first.body.next}`)].map(
      ({ body }) => body.items[0].reference as string,
    );
    const { items } = (await call('GET', '/customers?limit=2')).body;
    expect(references).toEqual([items[0].reference, items[1].reference]);
    for (const path of [
      '/customers?cursor=garbage',
      `/waves?cursor=${first.body.next}`,
      `/cases?cursor=${first.body.next}`,
      '/reports/value/customers?cursor=%00',
    ]) {
      const refused = await call('GET', path);
      expect([path, refused.status, fieldsOf(refused)]).toEqual([path, 422, ['cursor']]);
    }
    const misspelt = await call('GET', '/reports/leaving?form=2026-01-01');
    expect([misspelt.status, fieldsOf(misspelt)]).toEqual([422, ['form']]);
    const lost = await call('POST', '/customers', { customers: [{ reference: 'A-1', 'e-mail': 'x@example.com' }] });
    expect([lost.status, fieldsOf(lost)]).toEqual([422, ['customers.0.e-mail']]);
    const ofPrototype = await call('GET', '/customers?constructor=1');
    expect([ofPrototype.status, fieldsOf(ofPrototype)]).toEqual([422, ['constructor']]);
  });

  test('what is no JSON is refused for that, in words for whoever writes the program', async () => {
    const said = async (body: string, type: string, token = tokens.get('staff')) => {
      const headers = { 'content-type': type, ...(token && { authorization: `Bearer ${token}` }) };
      const response = await fetch(`${app.baseUrl}/api/v1/customers`, { method: 'POST', headers, body });
      return [response.status, ((await response.json()) as { error: { message: string } }).error.message];
    };
    expect(await said('<customers/>', 'application/xml')).toEqual([415, expect.stringMatching(/media type/)]);
    expect(await said('customers=1', 'application/x-www-form-urlencoded')).toEqual([415, expect.anything()]);
    expect(await said('{"customers": [', 'application/json')).toEqual([400, expect.stringMatching(/well-formed/)]);
    expect(await said('{"customers": {}}', 'application/json')).toEqual([422, expect.stringMatching(/“fields”/)]);
    expect(await said('{}', 'application/json', '')).toEqual([401, expect.stringMatching(/access token is needed/)]);
    expect(await said(`"${'x'.repeat(5_000_000)}"`, 'application/json')).toEqual([413, expect.stringMatching(/parts/)]);
  });

  test('without a token nothing, with too low a role not everything', async () => {
    expect((await call('GET', '/customers', undefined, null)).status).toBe(401);
    const wrong = await fetch(`${app.baseUrl}/api/v1/customers`, {
      headers: { authorization: 'Bearer comeback_wrong_wrong_wrong' },
    });
    expect(wrong.status).toBe(401);
    expect((await call('GET', '/reports/leaving', undefined, 'staff')).status).toBe(403);
    expect(
      (await call('POST', '/codebooks/leaving', { codes: [{ key: 'x', name: { en: 'X' } }] }, 'staff')).status,
    ).toBe(403);
    expect((await call('GET', '/reports/leaving', undefined, 'administrator')).status).toBe(200);
  });
});
