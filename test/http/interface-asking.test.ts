import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CustomerRow } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
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
  let accountId: string;
  let people = 0;

  beforeAll(async () => {
    app = await startApp(on.storage(), { environment: { TRUST_PROXY: '1' } });
    from = await program(app);
    ({ accountId } = await app.signIn('staff', 'Anna'));
  });
  afterAll(() => app.close());

  const read = () => on.storage().read;
  const staff = (path: string, body?: object) => from.call('POST', path, body, 'staff');
  const audited = (action: string) => actorsOf(on.storage(), action);

  async function customer(fields: Partial<CustomerRow> = {}): Promise<string> {
    const reference = `Q-${++people}`;
    const row = { reference, familyName: 'Brandes', email: `q${people}@example.com`, language: 'de' };
    const basis = { legalBasis: 'contract', legalBasisSource: 'shop', legalBasisOn: '2020-01-01' };
    const [added] = await app.app.customers.upsertMany(COMMAND, [{ ...row, ...basis, ...fields } as CustomerRow]);
    return added?.id ?? '';
  }
  async function happyCustomer(): Promise<string> {
    const id = await customer();
    const row = { customer_id: id, response_id: id, score: 5, said_at: '2026-10-01T08:00:00.000Z' };
    await on.storage().transaction((tx) => tx.insertInto('contentment').values(row).execute());
    return id;
  }
  const complaint = async (customerId: string): Promise<string> => {
    const told = { kind: 'complaint', reference: `Q-${++people}`, customerId, words: 'Kalt.', language: 'de' };
    return (await staff('/cases', told)).body.id as string;
  };

  test('a letter that waits is put into a case, opens one, or is set aside; of two at the same moment one does', async () => {
    const caseId = await complaint(await customer());
    for (const text of ['Eins', 'Zwei', 'Drei'])
      await app.app.bounces.receive(letterOf({ from: `${text}@else.example`, to: 'us@example.com', text }), 'mailbox');
    const waiting = async () => (await from.call('GET', '/mails/to-sort', undefined, 'staff')).body.items;
    const [three, two, one] = await waiting();
    expect([three, two, one]).toMatchObject([
      { words: 'Drei', direction: 'in', caseId: null, customerId: null },
      { words: 'Zwei', address: 'Zwei@else.example' },
      { words: 'Eins', automatic: false },
    ]);
    const both = await Promise.all([1, 2].map(() => staff(`/mails/${one.id}/case`, { caseId })));
    expect(statuses(both)).toEqual([200, 409]);
    const { body } = await from.call('GET', `/cases/${caseId}/mails`);
    expect(body).toMatchObject({ waits: true, items: [{ words: 'Eins' }] });
    expect((await staff(`/mails/${two.id}/case`, {})).body).toMatchObject({ kind: 'complaint', customerId: null });
    expect((await staff(`/mails/${three.id}/case`, { caseId: NOBODY })).status).toBe(404);
    expect((await staff(`/mails/${three.id}/aside`)).status).toBe(200);
    expect(fieldsAt(await staff(`/mails/${three.id}/aside`))).toEqual([409, ['id']]);
    expect(await waiting()).toEqual([]);
    const token = ['token', from.tokenIds.get('staff')];
    expect(await audited('casemail.sorted')).toEqual([token, token]);
    expect(await audited('casemail.setAside')).toEqual([token]);
  });

  test('a letter that says a closed case is settled counts as their answer, once, and no other does', async () => {
    const caseId = await complaint(await customer());
    const closing = { rootCause: 'delay', action: 'x', outcome: 'put_right', noQuestion: 'x' };
    await on.storage().transaction((tx) => app.app.recovery.cases.close(tx, COMMAND, caseId, closing));
    for (const text of ['Alles dicht, danke.', 'Guten Tag.'])
      await app.app.bounces.receive(letterOf({ from: 'a@else.example', to: 'us@example.com', text }), 'mailbox');
    const { items } = (await from.call('GET', '/mails/to-sort')).body;
    const [stray, thanks] = items as { id: string }[];
    await on.storage().transaction(async (tx) => {
      const letter = tx
        .updateTable('case_mail')
        .set({ case_id: caseId })
        .where('id', '=', thanks?.id ?? '');
      await letter.execute();
    });
    const settle = (id = '', role: 'staff' | null = 'staff') => from.call('POST', `/mails/${id}/settled`, {}, role);
    const both = await Promise.all([settle(thanks?.id), settle(thanks?.id)]);
    expect(statuses(both)).toEqual([200, 409]);
    const [done, late] = both.toSorted((a, b) => a.status - b.status);
    expect(done?.body).toMatchObject({ id: caseId, state: 'closed', settled: 'yes' });
    expect(late && fieldsAt(late)).toEqual([409, ['id']]);
    const thread = (await from.call('GET', `/cases/${caseId}/thread`)).body.items as { words: string }[];
    expect(thread.filter(({ words }) => words === 'Alles dicht, danke.')).toHaveLength(1);
    expect(fieldsAt(await settle(stray?.id))).toEqual([409, ['id']]);
    expect([(await settle(NOBODY)).status, (await settle(stray?.id, null)).status]).toEqual([404, 401]);
    expect((await staff(`/mails/${stray?.id}/aside`)).status).toBe(200);
  });

  test('a colleague is away and back; staff do not say so of others', async () => {
    const away = `/colleagues/${accountId}/absence`;
    expect((await from.call('POST', away, { until: '2026-11-20' }, 'staff')).status).toBe(403);
    expect(fieldsAt(await from.call('POST', away, { until: '2020-01-01' }))).toEqual([422, ['until']]);
    expect((await from.call('POST', `/colleagues/${NOBODY}/absence`, { until: '2026-11-20' })).status).toBe(404);
    const rows = () => read().selectFrom('colleague_absence').select(['account_id', 'until_on']).execute();
    expect((await from.call('POST', away, { until: '2026-11-20' })).status).toBe(200);
    expect(await rows()).toEqual([{ account_id: accountId, until_on: '2026-11-20' }]);
    expect((await from.call('POST', `${away}/end`)).status).toBe(200);
    expect(await rows()).toEqual([]);
    expect(await audited('recovery.absence')).toHaveLength(2);
  });

  test('who left is written to once in a colleague’s name, and with an offer only where there is one', async () => {
    const left = { status: 'left', leftOn: '2026-10-20', yearlyValueMinor: 100_000 } as const;
    const opening = {
      kind: 'win_back',
      reference: 'Q-W',
      customerId: await customer(left),
      words: 'Ging.',
      language: 'de',
    };
    const caseId = (await staff('/cases', opening)).body.id as string;
    const at = `/cases/${caseId}/winback-letters`;
    expect(fieldsAt(await staff(at, { accountId: NOBODY, kind: 'ask' }))).toEqual([422, ['accountId']]);
    expect(fieldsAt(await staff(at, { accountId, kind: 'offer' }))).toEqual([422, ['givenId']]);
    expect(fieldsAt(await staff(at, { accountId, kind: 'offer', givenId: NOBODY }))).toEqual([409, ['kind']]);
    const both = await Promise.all([1, 2].map(() => staff(at, { accountId, kind: 'ask' })));
    expect(statuses(both)).toEqual([201, 409]);
    const { body } = await from.call('GET', at);
    expect(body.items.filter(({ kind }: { kind: string }) => kind === 'ask')).toMatchObject([
      { state: 'queued', senderId: accountId, language: 'de' },
    ]);
    expect(await audited('winback.letter.ask')).toEqual([['token', from.tokenIds.get('staff')]]);
    await app.app.mailer.sendDue();
    const mails = await read().selectFrom('captured_mail').select('text').execute();
    expect(mails.filter(({ text }) => text.includes('Anna'))).toHaveLength(1);
  });

  test('only who is happy is asked for a word, once; what they say to a colleague stands, and how often others may ask', async () => {
    const [happy, other] = [await happyCustomer(), await customer()];
    const trustOf = async (id: string) => (await from.call('GET', `/customers/${id}/trust`)).body;
    expect(await trustOf(happy)).toMatchObject({ contentment: { score: 5 }, againstMail: null, reference: null });
    expect((await trustOf(other)).againstMail).not.toBeNull();
    const ask = (id: string, more = {}) =>
      staff(`/customers/${id}/trust/asking`, { kind: 'word', way: 'talk', ...more });
    expect(fieldsAt(await ask(other))).toEqual([409, ['id']]);
    expect(fieldsAt(await ask(happy, { kind: 'vouch' }))).toEqual([422, ['prospect']]);
    expect(fieldsAt(await ask(happy, { kind: 'vouch', prospect: 'Café Neu' }))).toEqual([422, ['consent']]);
    const answer = { accountId, answer: 'told', words: 'Meiner Schwester.' };
    expect((await staff(`/customers/${happy}/trust/answer`, answer)).status).toBe(409);
    expect(statuses(await Promise.all([ask(happy), ask(happy)]))).toEqual([200, 409]);
    expect((await staff(`/customers/${happy}/trust/answer`, answer)).status).toBe(200);
    const referrals = (await from.call('GET', `/referrals?customerId=${happy}`)).body.items;
    expect(referrals).toMatchObject([{ outcome: 'open' }]);

    const terms = { accountId, aYear: 1, way: 'mail', topics: 'Röstung' };
    const reference = await staff(`/customers/${happy}/reference`, terms);
    expect(reference.body.reference).toEqual({ aYear: 1, way: 'mail', topics: 'Röstung', uses: 0 });
    const use = () => staff(`/customers/${happy}/reference/uses`, { prospect: 'Café Neu' });
    expect(statuses(await Promise.all([use(), use()]))).toEqual([200, 409]);
    expect((await trustOf(happy)).reference.uses).toBe(1);
    expect((await staff(`/customers/${happy}/reference/end`, { accountId })).body.reference).toBeNull();
    expect(fieldsAt(await use())).toEqual([409, ['id']]);
    const no = await staff(`/customers/${happy}/trust/answer`, { accountId, answer: 'no' });
    expect(no.body).toMatchObject({ declined: true, againstTalking: 'declined' });
  });

  test('a card by post is written, taken back or left out, each once, and a customer is greeted as they like it', async () => {
    const manager = await app.signIn('manager', 'Mia');
    const form = fieldsOf(await manager.get('/anniversaries'), '/anniversaries/settings') as Record<string, string>;
    await manager.post('/anniversaries/settings', { ...form, on: '1' });
    const post = { street: 'Deichweg 4', postalCode: '24103', city: 'Kiel', customerSince: '2016-11-13' };
    const [fond, modest] = [await customer(post), await customer({ ...post, email: '' })];
    const prefers = await staff(`/customers/${fond}/greeting`, { way: 'post' });
    expect(prefers.body).toEqual({ id: fond, way: 'post' });
    expect((await staff(`/customers/${NOBODY}/greeting`, { way: 'post' })).status).toBe(404);
    await app.app.loyalty.anniversaries.greetDue();
    const cards = async () => (await from.call('GET', '/anniversaries/cards')).body.items;
    const of = async (customerId: string) =>
      (await cards()).find((each: { customerId: string }) => each.customerId === customerId);
    const [first, second] = [await of(fond), await of(modest)];
    expect([first, second]).toMatchObject([{ years: 10, onDay: '2026-11-13', hindrance: null }, { years: 10 }]);
    const posting = `/anniversaries/cards/${first.id}/posting`;
    expect(statuses(await Promise.all([staff(posting), staff(posting)]))).toEqual([200, 409]);
    expect(await cards()).toHaveLength(1);
    expect((await staff(`${posting}/removal`)).status).toBe(200);
    expect((await staff(`${posting}/removal`)).status).toBe(409);
    expect(await cards()).toHaveLength(2);
    const out = `/anniversaries/cards/${second.id}/leaving-out`;
    expect(fieldsAt(await staff(out, { reason: ' ' }))).toEqual([422, ['reason']]);
    const left = await Promise.all([1, 2].map(() => staff(out, { reason: 'Verzogen' })));
    expect(statuses(left)).toEqual([200, 409]);
    expect(await audited('attentions.written')).toEqual([['token', from.tokenIds.get('staff')]]);
  });

  test('each of these calls has been made, and answered as its description says', () => {
    expect(missing(from, CALLED_ELSEWHERE.asking)).toEqual([]);
  });
});
