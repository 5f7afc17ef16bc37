import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CustomerRow } from '../../src/customers/index.ts';
import { COMMAND, colleague } from '../../src/shared/actor.ts';
import type { CaseKind } from '../../src/recovery/index.ts';
import { languageCodes } from '../../src/i18n/index.ts';
import { kindKey } from '../../src/mailer/views.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf, type Fields } from '../support/forms.ts';

const AT = '2026-11-10T08:00:00.000Z';

type Colleague = Person & { accountId: string };

/** Something that a colleague does. */
interface Act {
  /** The address as the routes name it. */
  route: string;
  path: string;
  fields?: Fields;
  /** Where the form stands whose other fields are sent, too. */
  on?: string;
  who?: Colleague;
  /** Sent as a file: the field and its name. */
  file?: [string, string];
  /** Whose timeline tells of it, or of which case the thread does; neither where it is about no customer. */
  timeline?: string;
  thread?: string;
}

/** Places held for a moment while somebody types; what they led to is recorded. */
const MOMENTARY = ['/cases/:id/call/claim', '/cases/:id/call/notes', '/cases/:id/call/release'];

/** Addresses of winning back and of attentions, behind a colleague's account. */
const OURS =
  /^\/(cases|today|winback|offers|next-needs|mail-to-sort|comments|alert|alerts|anniversaries|references|referrals)(\/|$)|^\/customers\/:id\/(offers|greeting|trust)|^\/settings\/(cases|comments|payment)$|^\/playbook\/answers/;

interface Layer {
  route?: { path: string | string[]; methods: Record<string, boolean> };
  handle?: { stack?: Layer[] };
  match(path: string): boolean;
}

/** What is mounted at the root: what programs may do stands below /api/v1 and has tests of its own. */
const isOnScreens = (layer: Layer): boolean => layer.route !== undefined || layer.match('/today');

const postsIn = (stack: Layer[]): string[] =>
  stack.flatMap(({ route, handle }) =>
    route ? (route.methods.post ? [route.path].flat() : []) : postsIn(handle?.stack ?? []),
  );

onBothEngines((on) => {
  let app: TestApp;
  let anna: Colleague;
  let ben: Colleague;
  let carla: Colleague;
  let boss: Colleague;
  let people = 0;
  const done = new Set<string>();

  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna');
    ben = await app.signIn('staff', 'Ben');
    carla = await app.signIn('manager', 'Carla');
    boss = await app.signIn('administrator', 'Boss');
  });
  afterAll(() => app.close());

  const read = () => on.storage().read;
  const count = async (table: 'audit_entry' | 'timeline_event' | 'case_event', column: string, id: string) => {
    const query = read()
      .selectFrom(table)
      .select((eb) => eb.fn.countAll().as('count'));
    return Number((await query.where(column as never, '=', id as never).executeTakeFirstOrThrow()).count);
  };

  async function customer(fields: Partial<CustomerRow> = {}): Promise<string> {
    const reference = `T-${++people}`;
    const [added] = await app.app.customers.upsertMany(COMMAND, [
      {
        reference,
        familyName: 'Brandes',
        email: `t${people}@example.com`,
        language: 'en',
        legalBasis: 'contract',
        legalBasisSource: 'shop',
        legalBasisOn: '2025-01-01',
        ...fields,
      },
    ]);
    return added?.id ?? '';
  }

  const open = async (kind: CaseKind, customerId: string | null, by = anna) =>
    await on.storage().transaction((tx) =>
      app.app.recovery.cases.open(tx, colleague(by.accountId), {
        kind,
        customerId,
        origin: 'hand',
        originId: null,
        words: 'It drips.',
        language: 'en',
      }),
    );

  async function upload(who: Person, path: string, { csrf }: Fields, [field, name]: [string, string]) {
    const post = who.agent.post(path).set('Origin', app.baseUrl).field('csrf', String(csrf));
    return (await post.attach(field, Buffer.from('It drips.'), name)) as unknown as Answer;
  }

  /** What is missing after it: nothing, or what the act left no trace in. */
  async function lacks({
    route,
    path,
    fields = {},
    file,
    on: page,
    who = anna,
    timeline,
    thread,
  }: Act): Promise<string[]> {
    done.add(route);
    const marks = async () => [
      await count('audit_entry', 'actor_id', who.accountId),
      timeline ? await count('timeline_event', 'customer_id', timeline) : 0,
      thread ? await count('case_event', 'case_id', thread) : 0,
    ];
    const own = page === undefined ? {} : fieldsOf(await who.get(page), path);
    const before = await marks();
    const answer = file ? await upload(who, path, own, file) : await who.post(path, { ...own, ...fields });
    if (answer.status !== 303) return [`${route}: answered with ${answer.status}`];
    const after = await marks();
    const names = ['the audit log', 'their timeline', 'the thread'];
    return names
      .filter((_, i) => (i === 0 || (i === 1 ? timeline : thread)) && (after[i] ?? 0) <= (before[i] ?? 0))
      .map((name) => `${route}: nothing in ${name}`);
  }

  async function walk(acts: Act[]): Promise<string[]> {
    const all: string[] = [];
    for (const act of acts) all.push(...(await lacks(act)));
    return all;
  }

  test('what is done with a case stands in the audit log, and on its thread or the customer’s timeline', async () => {
    const id = await customer();
    const [{ caseId }, twin] = [await open('complaint', id), await open('complaint', id)];
    const at = `/cases/${caseId}`;
    const step = (key: string) => ({ [`said_${key}`]: 'We are sorry.', [`channel_${key}`]: 'telephone' });
    const list = await anna.get(`/cases/list?scope=picked&pick=${await customer()}`);
    expect(
      await walk([
        {
          route: '/cases',
          path: '/cases',
          on: `/cases/new?customer=${id}`,
          fields: { words: 'x', kind: 'complaint' },
          timeline: id,
        },
        {
          route: '/cases/list/openings',
          path: '/cases/list/openings',
          fields: { ...fieldsOf(list, '/cases/list/openings'), summary: 'Autumn' },
        },
        { route: '/cases/:id/notes', path: `${at}/notes`, fields: { note: 'Rang up' }, thread: caseId },
        { route: '/cases/:id/owner', path: `${at}/owner`, on: at, fields: { owner: ben.accountId }, thread: caseId },
        {
          route: '/cases/:id/files',
          path: `${at}/files`,
          on: `${at}/files`,
          file: ['files', 'note.txt'] as [string, string],
          thread: caseId,
        },
        { route: '/cases/:id/snooze', path: `${at}/snooze`, fields: { day: '2026-11-20' }, thread: caseId },
        { route: '/cases/:id/waking', path: `${at}/waking`, thread: caseId },
        { route: '/today/bulk', path: '/today/bulk', fields: { pick: caseId, do: 'snooze' }, thread: caseId },
        { route: '/today/bulk/undo', path: '/today/bulk/undo', on: '/today?view=waiting', thread: caseId },
        { route: '/today/bulk', path: '/today/bulk', fields: { pick: caseId, do: 'tag', tag: 'Till' }, thread: caseId },
        { route: '/today/bulk', path: '/today/bulk', fields: { pick: caseId, do: 'mine' }, thread: caseId },
        {
          route: '/cases/:id/steps/:step',
          path: `${at}/steps/apologise`,
          fields: step('apologise'),
          timeline: id,
          thread: caseId,
        },
        { route: '/cases/:id/steps/:step/undo', path: `${at}/steps/apologise/undo`, thread: caseId },
        {
          route: '/cases/:id/steps/:step/skip',
          path: `${at}/steps/act/skip`,
          fields: { reason_act: 'Done at once' },
          timeline: id,
          thread: caseId,
        },
        {
          route: '/cases/:id/urgency',
          path: `${at}/urgency`,
          fields: { hurry: 'A wedding' },
          timeline: id,
          thread: caseId,
        },
        {
          route: '/cases/:id/exceptions',
          path: `${at}/exceptions`,
          fields: { waived: 'The form', why: 'A wedding' },
          timeline: id,
          thread: caseId,
        },
        {
          route: '/cases/:id/remedies',
          path: `${at}/remedies`,
          fields: { kind: 'refund', what: 'Half back', amount: '9000' },
          timeline: id,
          thread: caseId,
        },
        {
          route: '/cases/:id/merge',
          path: `${at}/merge`,
          fields: { number: String(twin.number) },
          timeline: id,
          thread: caseId,
        },
      ]),
    ).toEqual([]);
    const { caseId: other } = await open('complaint', id);
    const remedies = () => read().selectFrom('case_remedy').selectAll().where('case_id', '=', other).execute();
    await anna.post(`/cases/${other}/remedies`, { kind: 'refund', what: 'All of it', amount: '9000' });
    const [remedy] = await remedies();
    const skips: Act[] = ['apologise', 'act', 'empathy', 'make_good', 'follow_up'].map((key) => ({
      route: '/cases/:id/steps/:step/skip',
      path: `/cases/${other}/steps/${key}/skip`,
      thread: other,
      fields: { [`reason_${key}`]: 'Done by telephone' },
    }));
    expect(
      await walk([
        {
          route: '/cases/:id/remedies/:remedyId/decision',
          path: `/cases/${other}/remedies/${remedy?.id}/decision`,
          who: boss,
          fields: { answer: 'yes' },
          thread: other,
        },
        {
          route: '/cases/:id/remedies/:remedyId/given',
          path: `/cases/${other}/remedies/${remedy?.id}/given`,
          timeline: id,
          thread: other,
        },
        {
          route: '/cases/:id/mail',
          path: `/cases/${other}/mail`,
          on: `/cases/${other}/mail`,
          fields: { mailSubject: 'Your machine', mailWords: 'We are on it.' },
          timeline: id,
          thread: other,
        },
        ...skips,
        {
          route: '/cases/:id/closure',
          path: `/cases/${other}/closure`,
          fields: { rootCause: 'quality', action: 'Mended', outcome: 'put_right' },
          timeline: id,
          thread: other,
        },
        {
          route: '/cases/:id/heard',
          path: `/cases/${other}/heard`,
          fields: { answer: 'yes', theirWords: 'It works again' },
          timeline: id,
          thread: other,
        },
        {
          route: '/cases/:id/reopening',
          path: `/cases/${other}/reopening`,
          fields: { reason: 'It drips again' },
          timeline: id,
          thread: other,
        },
      ]),
    ).toEqual([]);
  });

  test('winning somebody back, offers, next needs', async () => {
    const left = { status: 'left' as const, leftOn: '2026-08-01', telephone: '0431 5551', customerSince: '2020-01-01' };
    const [gone, written] = [await customer(left), await customer(left)];
    const [stays, other] = [await customer(), await customer()];
    const begin = { route: '/winback/:id/case' };
    await anna.get('/winback');
    expect(
      await walk([
        { ...begin, path: `/winback/${gone}/case`, timeline: gone },
        { ...begin, path: `/winback/${written}/case`, timeline: written },
      ]),
    ).toEqual([]);
    const openOf = async (id: string) =>
      (await app.app.recovery.cases.openOf(read(), [id], 'win_back')).get(id)?.[0]?.id ?? '';
    const [call, letter] = [`/cases/${await openOf(gone)}/call`, `/cases/${await openOf(written)}/letter`];
    await anna.post(`${call}/claim`);
    const gift = {
      'name-en': 'Tasting box',
      kind: 'gift',
      cost: '4',
      forWhom: 'everyone',
      leastRole: 'staff',
      codeKind: 'none',
      validDays: '30',
      revision: '0',
    };
    expect(
      await walk([
        {
          route: '/cases/:id/call',
          path: call,
          fields: { outcome: 'lost', reason: 'price_level', said: 'Too dear' },
          timeline: gone,
        },
        { route: '/cases/:id/letter', path: letter, fields: { kind: 'ask' } },
        { route: '/offers', path: '/offers', on: '/offers/new', fields: gift, who: carla },
        {
          route: '/offers',
          path: '/offers',
          fields: { ...gift, 'name-en': 'Machine', cost: '90' },
          who: carla,
        },
        { route: '/offers/limits', path: '/offers/limits', on: '/offers', who: boss },
      ]),
    ).toEqual([]);
    const offers = await app.app.recovery.offers.list();
    const idOf = (name: string) => offers.find((each) => each.name.en === name)?.id ?? '';
    const [box, machine] = [idOf('Tasting box'), idOf('Machine')];
    const given = async (state: 'given' | 'waiting') =>
      (await read().selectFrom('offer_given').selectAll().where('state', '=', state).orderBy('id', 'desc').execute())[0]
        ?.id;
    const give = { route: '/customers/:id/offers', path: `/customers/${stays}/offers`, timeline: stays };
    const fields = (offer: string) => ({ offer, case: '', anyway: '1' });
    expect(await lacks({ ...give, fields: fields(machine) })).toEqual([]);
    expect(
      await lacks({
        route: '/offers/given/:id/approval',
        path: `/offers/given/${await given('waiting')}/approval`,
        who: carla,
        timeline: stays,
      }),
    ).toEqual([]);
    await anna.post(`/customers/${other}/offers`, fields(machine));
    expect(
      await lacks({
        route: '/offers/given/:id/refusal',
        path: `/offers/given/${await given('waiting')}/refusal`,
        fields: { why: 'Once a year is enough' },
        who: carla,
        timeline: other,
      }),
    ).toEqual([]);
    expect(await lacks({ ...give, fields: fields(box) })).toEqual([]);
    expect(
      await lacks({
        route: '/offers/given/:id/redemption',
        path: `/offers/given/${await given('given')}/redemption`,
        fields: { on: '2026-11-10' },
        timeline: stays,
      }),
    ).toEqual([]);
    await anna.post(`/customers/${other}/offers`, fields(box));
    expect(
      await lacks({
        route: '/offers/given/:id/withdrawal',
        path: `/offers/given/${await given('given')}/withdrawal`,
        fields: { why: 'By mistake' },
        timeline: other,
      }),
    ).toEqual([]);
    const buys = await customer();
    const { reference: customerReference } = await app.app.customers.get(buys);
    await app.app.customers.addPurchases(
      COMMAND,
      ['2026-08-12', '2026-09-02', '2026-09-23', '2026-10-14'].map((purchasedOn) => ({
        customerReference,
        purchasedOn,
        amountMinor: 4200,
        item: 'Espresso',
        reference: purchasedOn,
      })),
    );
    expect(
      await walk([
        { route: '/offers/:id', path: `/offers/${box}`, on: `/offers/${box}`, fields: { cost: '5' }, who: carla },
        { route: '/offers/:id/retirement', path: `/offers/${box}/retirement`, who: carla },
        { route: '/offers/:id/return', path: `/offers/${box}/return`, who: carla },
        { route: '/next-needs/:id', path: `/next-needs/${buys}`, fields: { note: 'Brought beans' }, timeline: buys },
      ]),
    ).toEqual([]);
  });

  test('talking about what is open', async () => {
    const id = await customer({ street: 'Deichweg 4', postalCode: '24103', city: 'Kiel', country: 'DE' });
    const owes = await customer();
    for (const each of [id, owes]) {
      const { reference: customerReference } = await app.app.customers.get(each);
      const invoice = { customerReference, number: customerReference, amountMinor: 30_000, dueOn: '2026-10-01' };
      await app.app.customers.addInvoices(COMMAND, [{ ...invoice, issuedOn: '2026-09-01', paidOn: null }]);
    }
    const openOf = async (whose: string) =>
      (await app.app.recovery.cases.openOf(read(), [whose], 'payment_difficulty')).get(whose)?.[0]?.id ?? '';
    const caseId = await openOf(id);
    const at = `/cases/${caseId}/plan`;
    const terms = { amount: '300', instalments: '3', rhythm: 'month', firstOn: '2026-12-01' };
    const newest = async () =>
      (
        await read()
          .selectFrom('payment_plan')
          .selectAll()
          .where('case_id', '=', caseId)
          .orderBy('id', 'desc')
          .execute()
      )[0]?.id ?? '';
    const both = { timeline: id, thread: caseId };
    expect(
      await walk([
        { route: '/cases/:id/plan/no-letter', path: `${at}/no-letter`, on: at },
        { route: '/cases/:id/plan/posting', path: `${at}/posting`, on: at, timeline: id },
        { route: '/cases/:id/plan', path: at, fields: { ...terms, spoken: '1' }, ...both },
      ]),
    ).toEqual([]);
    const agreed = `${at}/${await newest()}`;
    expect(
      await walk([
        {
          route: '/cases/:id/plan/:plan/instalments/:number/payment',
          path: `${agreed}/instalments/1/payment`,
          ...both,
        },
        {
          route: '/cases/:id/plan/:plan/instalments/:number/no-payment',
          path: `${agreed}/instalments/1/no-payment`,
          ...both,
        },
        {
          route: '/cases/:id/plan/:plan/ending',
          path: `${agreed}/ending`,
          on: at,
          fields: { reason: 'Moved away' },
          ...both,
        },
      ]),
    ).toEqual([]);
    const suggest = () =>
      app.visitor().post(`${new URL(app.app.recovery.cases.linkFor(caseId)).pathname}/plan/instalments`, {
        instalments: '2',
        rhythm: 'month',
        firstOn: '2026-11-24',
        amount: '100',
        sure: '1',
      });
    expect((await suggest()).status).toBe(303);
    const wrong: Act = {
      route: '/cases/:id/plan/:plan/refusal',
      path: `${at}/${await newest()}/refusal`,
      on: at,
      fields: { reason: 'Too long' },
      ...both,
    };
    expect(await lacks(wrong)).toEqual([]);
    await suggest();
    expect(
      await lacks({
        route: '/cases/:id/plan/:plan/agreement',
        path: `${at}/${await newest()}/agreement`,
        on: at,
        who: carla,
        ...both,
      }),
    ).toEqual([]);
    const letter = `/cases/${await openOf(owes)}/plan`;
    expect(await lacks({ route: '/cases/:id/plan/letter', path: `${letter}/letter`, on: letter })).toEqual([]);
    expect(
      await lacks({
        route: '/settings/payment',
        path: '/settings/payment',
        on: '/settings/payment',
        fields: { days: '20' },
        who: carla,
      }),
    ).toEqual([]);
  });

  test('attentions, reports, comments, approved answers and settings', async () => {
    const id = await customer({ customerSince: '2020-11-12', street: 'Deichweg 4', city: 'Kiel' });
    await on
      .storage()
      .transaction((tx) =>
        tx
          .insertInto('contentment')
          .values({ customer_id: id, response_id: id, score: 5, said_at: '2026-11-01T08:00:00.000Z' })
          .execute(),
      );
    const trust = `/customers/${id}/trust`;
    const settings = (path: string, fields: Fields, who = carla): Act => ({ route: path, path, on: path, fields, who });
    expect(
      await walk([
        { route: '/customers/:id/greeting', path: `/customers/${id}/greeting`, fields: { way: 'post' }, timeline: id },
        { route: '/customers/:id/trust', path: trust, fields: { kind: 'word', way: 'talk' }, timeline: id },
        {
          route: '/customers/:id/trust/reference',
          path: `${trust}/reference`,
          fields: { often: '2', way: 'telephone', topics: '' },
          timeline: id,
        },
        {
          route: '/references/:id/uses',
          path: `/references/${id}/uses`,
          on: '/references',
          fields: { prospect: 'Hotel Nord', [`prospect-${id}`]: 'Hotel Nord' },
          timeline: id,
        },
        { route: '/customers/:id/trust/no-reference', path: `${trust}/no-reference`, timeline: id },
        { route: '/customers/:id/trust/answer', path: `${trust}/answer`, fields: { answer: 'no' }, timeline: id },
        { ...settings('/anniversaries/settings', { on: '1', fromYear: '1' }), on: '/anniversaries' },
        settings('/settings/comments', { on: '1' }),
        settings('/settings/cases', { actDays: '2' }),
        { route: '/today/absence', path: '/today/absence', fields: { who: anna.accountId, until: '2026-11-12' } },
        { route: '/today/absence/end', path: '/today/absence/end', fields: { who: anna.accountId } },
        {
          route: '/alert',
          path: '/alert',
          on: '/alert',
          fields: { who: 'The landlord by the harbour', what: 'Cold coffee' },
        },
        { route: '/alerts/links', path: '/alerts/links', fields: { name: 'Shop in Kiel' }, who: carla },
      ]),
    ).toEqual([]);
    const link = (await read().selectFrom('alert_link').select('id').executeTakeFirstOrThrow()).id;
    expect(
      await lacks({ route: '/alerts/links/:id/revocation', path: `/alerts/links/${link}/revocation`, who: carla }),
    ).toEqual([]);
  });

  test('cards, referrals, and letters that somebody sorts', async () => {
    const since = { customerSince: '2020-11-12', email: '', street: 'Deichweg 4', city: 'Kiel' };
    const [first, second] = [await customer(since), await customer(since)];
    await app.app.runDue();
    const cardOf = async (id: string) =>
      (await app.app.loyalty.anniversaries.ofCustomer(read(), id)).greetings[0]?.id ?? '';
    const cards = '/anniversaries/cards';
    const post = { route: cards, path: cards, fields: { ids: await cardOf(first) }, timeline: first };
    const none = { route: `${cards}/left-out`, path: `${cards}/left-out`, fields: { card: await cardOf(second) } };
    const back = { ...post, route: `${cards}/not-posted`, path: `${cards}/not-posted` };
    expect(await walk([post, back, { ...none, timeline: second }])).toEqual([]);

    const told = { customer_id: first, words: 'my sister', named_at: AT, outcome: 'open' as const, ask_id: null };
    const open_ = { outcome_by: null, outcome_at: null, new_customer_id: null, thanked_by: null, thanked_at: null };
    const referral = newId(app.clock);
    await on.storage().transaction((tx) =>
      tx
        .insertInto('referral')
        .values({ ...told, ...open_, id: referral })
        .execute(),
    );
    expect(
      await walk([
        {
          route: '/referrals/:id/outcome',
          path: `/referrals/${referral}/outcome`,
          fields: { outcome: 'became_customer' },
          timeline: first,
        },
        { route: '/referrals/:id/thanks', path: `/referrals/${referral}/thanks`, timeline: first },
      ]),
    ).toEqual([]);

    const { caseId, number } = await open('complaint', first);
    const unsorted = async (more: object = {}) => {
      const id = newId(app.clock);
      const from = { name: 'Kim', address: 'kim@example.com', address_key: id, language: 'en', trust: 'sure' as const };
      const blank = {
        error: '',
        automatic: 0,
        other_address: 0,
        refs: '',
        quoted: '',
        missing: '[]',
        account_id: null,
      };
      const about = { case_id: null, answered_at: null, customer_id: first, answers_kind: '', answers_id: null };
      const letter = {
        direction: 'in' as const,
        state: 'to_sort' as const,
        at: AT,
        subject: 'Hello',
        words: 'Where is it?',
      };
      const row = { id, message_id: id, fingerprint: id, ...from, ...blank, ...about, ...letter, ...more };
      await on.storage().transaction((tx) =>
        tx
          .insertInto('case_mail')
          .values(row as never)
          .execute(),
      );
      return id;
    };
    const sort = (what: string, id: string): Act => ({
      route: `/mail-to-sort/:id/${what}`,
      path: `/mail-to-sort/${id}/${what}`,
    });
    const { caseId: over } = await open('complaint', second);
    const closing = { rootCause: 'quality', action: 'Mended', outcome: 'put_right', noQuestion: '' };
    await on.storage().transaction((tx) => app.app.recovery.cases.close(tx, COMMAND, over, closing));
    await anna.get('/mail-to-sort');
    expect(
      await walk([
        {
          ...sort('attachment', await unsorted()),
          fields: { number: String(number) },
          thread: caseId,
          timeline: first,
        },
        { route: '/cases/:id/mail/answered', path: `/cases/${caseId}/mail/answered`, thread: caseId },
        { ...sort('case', await unsorted({ customer_id: second })), timeline: second },
        sort('removal', await unsorted()),
        { ...sort('settled', await unsorted({ case_id: over, customer_id: second })), timeline: second, thread: over },
      ]),
    ).toEqual([]);
  });

  test('what people tell us, and approved answers', async () => {
    const id = await customer({ email: 'erika@example.com' });
    const fresh = await customer();
    const { comments } = app.app.recovery;
    const said = async (kind: string) => {
      const body = { kind, words: 'It drips.', stamp: comments.stamp(), name: 'Erika', email: '', wish: '' };
      await comments.receive({ body, upload: 'none', language: 'en' });
      return (await read().selectFrom('public_comment').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow())
        .id;
    };
    await carla.get('/offers/new');
    const gift = { 'name-en': 'Thank-you bag', kind: 'gift', cost: '4', leastRole: 'staff', validDays: '30' };
    await carla.post('/offers', { ...gift, forWhom: 'everyone', codeKind: 'none' });
    const giftOfferId =
      (await app.app.recovery.offers.list()).find(({ name }) => name.en === gift['name-en'])?.id ?? '';
    const promise = { guarantee_on: '1', guarantee_ok_en: '1', gift_on: '1', gift_ok_en: '1', giftOfferId };
    const form = fieldsOf(await carla.get('/settings/comments'), '/settings/comments');
    expect((await carla.post('/settings/comments', { ...form, on: '1', answerHours: '8', ...promise })).status).toBe(
      303,
    );
    // Sent within a second: held until somebody has looked.
    const [claim, advert] = [await said('guarantee'), await said('praise')];
    const at = `/comments/${claim}`;
    await anna.get(at);
    const { caseId } = await open('complaint', null);
    const unnamed = await anna.get(`/cases/${caseId}/customer?q=T-1`);
    expect(
      await walk([
        { route: '/comments/:id/aside', path: `/comments/${advert}/aside` },
        { route: '/comments/:id/release', path: `${at}/release`, fields: { kind: 'guarantee' } },
        { route: '/comments/:id/customer', path: `${at}/customer`, fields: { customer: id, from: '' }, timeline: id },
        {
          route: '/comments/:id/claim',
          path: `${at}/claim`,
          fields: { state: 'granted', kind: 'refund', words: 'Money back', amount: '10' },
          timeline: id,
        },
        { route: '/comments/:id/gift', path: `${at}/gift`, timeline: id },
        {
          route: '/cases/:id/customer',
          path: `/cases/${caseId}/customer`,
          fields: { revision: /name="revision" value="(\d+)"/.exec(unnamed.text)?.[1] ?? '', customer: fresh },
          timeline: fresh,
          thread: caseId,
        },
      ]),
    ).toEqual([]);

    const answers = '/playbook/answers';
    const words = { question: 'Do I get a loan machine?', body: 'Yes, at once.' };
    const written: Act = {
      route: answers,
      path: answers,
      on: `${answers}/new?language=en`,
      fields: { ...words, ownerId: carla.accountId },
    };
    expect(await lacks(written)).toEqual([]);
    const text = await read().selectFrom('library_text').selectAll().executeTakeFirstOrThrow();
    const one = `${answers}/${text.answer_id}`;
    const decision = `${one}/texts/${text.id}/decision`;
    expect(
      await walk([
        { route: `${answers}/:id/texts/:text/decision`, path: decision, fields: { decision: 'approve' }, who: carla },
        {
          route: `${answers}/:id/:language`,
          path: `${one}/de`,
          on: `${one}/de`,
          fields: { question: 'Leihmaschine?', body: 'Ja.' },
        },
        {
          route: `${answers}/:id/review`,
          path: `${one}/review`,
          on: one,
          fields: { reviewOn: '2027-11-01' },
          who: carla,
        },
        { route: `${answers}/:id/retirement`, path: `${one}/retirement`, who: carla },
        { route: `${answers}/:id/revival`, path: `${one}/revival`, who: carla },
      ]),
    ).toEqual([]);
  });

  test('all of it is said in words, in every language, and so is every kind of mail', async () => {
    const kinds = await read().selectFrom('timeline_event').select('kind').distinct().execute();
    const actions = await read().selectFrom('audit_entry').select('action').distinct().execute();
    const keys = [
      ...kinds.map(({ kind }) => kind.replace('.', '.event.')),
      ...actions.map(({ action }) => action.replace('.', '.audit.')),
      ...app.app.mailer.kinds().map(kindKey),
    ].filter((key) => !key.startsWith('customers.'));
    expect(keys.length).toBeGreaterThan(90);
    for (const language of languageCodes) {
      const t = app.app.texts.in(language);
      expect(keys.filter((key) => t(key) === key)).toEqual([]);
    }
  });

  test('what a program reports for a colleague stands there as the program’s doing', async () => {
    const { id: tokenId, token } = await app.app.accounts.createToken({ name: 'Till', role: 'staff' });
    const send = async (route: string, path: string, body: object) => {
      done.add(route);
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const url = `${app.baseUrl}/api/v1${path}`;
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    };
    const telephone = '0431 555 9';
    const [id, gone] = [await customer(), await customer({ telephone, status: 'left', leftOn: '2026-10-20' })];
    const { caseId } = await open('win_back', gone);
    const marks = async () => [
      await count('audit_entry', 'actor_id', tokenId),
      await count('timeline_event', 'customer_id', id),
      await count('timeline_event', 'customer_id', gone),
      await count('case_event', 'case_id', caseId),
    ];
    const before = await marks();
    const [accountId, what] = [anna.accountId, 'It drips.'];
    expect(await send('/alerts', '/alerts', { accountId, customerId: id, what })).toBe(201);
    const reported = await marks();
    expect(reported.map((each, i) => each > (before[i] ?? 0))).toEqual([true, true, false, false]);
    const call = { accountId, outcome: 'not_reached' };
    expect(await send('/cases/:id/calls', `/cases/${caseId}/calls`, call)).toBe(201);
    expect((await marks()).map((each, i) => each > (reported[i] ?? 0))).toEqual([true, false, true, true]);
  });

  test('nothing that a colleague can do here is left out', () => {
    const { stack } = (app.app.handler as unknown as { router: { stack: Layer[] } }).router;
    const ours = [...new Set(postsIn(stack.filter(isOnScreens)))].filter(
      (route) => OURS.test(route) && !route.includes(':token'),
    );
    expect(ours.length).toBeGreaterThan(70);
    expect(ours.filter((route) => !done.has(route) && !MOMENTARY.includes(route))).toEqual([]);
  });
});
