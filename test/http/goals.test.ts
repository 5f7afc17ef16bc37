import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { colleague, COMMAND } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answered } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf, fillIn } from '../support/forms.ts';

const HOSTILE = '\u202E🙂 <script>alert(1)</script> " & Å';
const NOBODY = '0198c0de-0000-7000-8000-000000000000';

onBothEngines((on) => {
  let app: TestApp;
  let anna: Person & { accountId: string };
  let carla: Person & { accountId: string };

  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna Berg');
    carla = await app.signIn('manager', 'Carla Dahl');
  });
  afterAll(() => app.close());

  const read = () => on.storage().read;
  const idIn = ({ headers }: Answer) =>
    /\/(?:goals|policies)\/([0-9a-f-]{36})$/.exec(headers.location ?? '')?.[1] ?? '';
  const audited = async (action: string) =>
    (await read().selectFrom('audit_entry').select('action').where('action', '=', action).execute()).length;

  describe('goals', () => {
    const write = (fields: Record<string, string>) =>
      fillIn(carla, '/goals/new', { due: '2027-06-30', ...fields }, '/goals');
    let goal: string;

    test('are written by managers, in one language at least, and read by everybody', async () => {
      const made = await write({ 'title-en': 'Nobody waits', 'words-en': 'We answer **within** a day.' });
      goal = idIn(made);
      expect([made.status, goal === '']).toEqual([303, false]);
      expect((await anna.get('/customers')).text).toContain('(7 to read)');
      const seen = (await anna.get(`/goals/${goal}`)).text;
      expect(seen).toMatch(/Nobody waits[\s\S]*within<\/b> a day/);
      expect(seen).not.toContain('Carla Dahl</li>');
      const action = `/goals/${goal}/reading`;
      expect((await anna.post(action, fieldsOf(await anna.get(`/goals/${goal}`), action))).status).toBe(303);
      expect((await anna.post(action, { number: '1' })).status).toBe(303);
      expect((await anna.get('/customers')).text).toContain('(6 to read)');
      expect((await carla.get(`/goals/${goal}`)).text).toMatch(/Read by 1 of 2[\s\S]*Not yet:[\s\S]*Carla Dahl/);
      expect(await audited('goals.read')).toBe(1);
    });

    test('ask again once they change, and of two who change one version one is told', async () => {
      const other = await app.signIn('manager', 'Otto Kern');
      const read = async (person: Person) => fieldsOf(await person.get(`/goals/${goal}/edit`), `/goals/${goal}`);
      const mine = await read(carla);
      const theirs = await read(other);
      const both = await Promise.all([
        carla.post(`/goals/${goal}`, { ...mine, 'words-en': 'Mine.' }),
        other.post(`/goals/${goal}`, { ...theirs, 'words-en': 'Theirs.' }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect(both.find(({ status }) => status === 409)?.text).toMatch(/(Mine|Theirs)\.<\/textarea>/);
      expect((await anna.get(`/goals/${goal}`)).text).toContain('This has changed since you read it.');
      for (const number of ['1', '3', 'x', '', '-1', '9'.repeat(20)])
        expect([number, (await anna.post(`/goals/${goal}/reading`, { number })).status]).toEqual([number, 409]);
      await on
        .storage()
        .transaction((tx) =>
          tx
            .updateTable('account')
            .set({ deactivated_at: '2026-11-10T08:00:00.000Z' })
            .where('id', '=', other.accountId)
            .execute(),
        );
    });

    test('hold a figure from the start, and say so where nothing is known yet', async () => {
      const made = await write({
        'title-en': 'More of them answer',
        'words-en': 'Because we ask better.',
        measure: 'response_rate',
        direction: 'up',
        target: '72,5',
      });
      const page = (await anna.get(`/goals/${idIn(made)}`)).text;
      expect(page).toMatch(/at least 72\.5\s?% by 30 June 2027/);
      expect(page).toContain('no figure yet');
      const [row] = await read().selectFrom('goal').selectAll().where('measure', 'is not', null).execute();
      expect(row).toMatchObject({ direction: 'up', started_on: '2026-11-10', state: 'open' });
    });

    test('refuse what makes no goal, and keep what was typed', async () => {
      const wrong: [Record<string, string>, string][] = [
        [{ 'title-en': '', 'words-en': '' }, 'Write the goal and what it means'],
        [{ 'title-en': 'x' }, 'Write the goal and what it means'],
        [{ 'title-en': 'x', 'words-en': 'y', measure: 'service', target: '101' }, 'Give the target'],
        [{ 'title-en': 'x', 'words-en': 'y', measure: 'service', target: 'much' }, 'Give the target'],
        [{ 'title-en': 'x', 'words-en': 'y', owner: NOBODY }, 'Choose who answers for it'],
        [{ 'title-en': 'x', 'words-en': 'y', owner: "' or 1=1" }, 'Choose who answers for it'],
        [{ 'title-en': 'a'.repeat(121), 'words-en': 'y' }, 'aaaa'],
        [{ 'title-en': 'x', 'words-en': 'y', due: '2027-02-30' }, 'x'],
      ];
      for (const [fields, said] of wrong) {
        const answer = await write(fields);
        expect([fields, answer.status, answer.text.includes(said)]).toEqual([fields, 422, true]);
      }
      const odd = await write({ 'title-en': HOSTILE.replace('\u202E', ''), 'words-en': HOSTILE.replace('\u202E', '') });
      const shown = (await anna.get(`/goals/${idIn(odd)}`)).text;
      expect(shown).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(shown).not.toContain('<script>alert(1)');
    });

    test('are closed with words, once, and ask nobody any more', async () => {
      const end = (fields: Record<string, string>) => carla.post(`/goals/${goal}/end`, { seen: '2', ...fields });
      await carla.get(`/goals/${goal}`);
      expect((await end({ state: 'reached', words: ' ' })).status).toBe(422);
      expect((await end({ state: 'won', words: 'x' })).status).toBe(422);
      const two = await Promise.all([
        end({ state: 'reached', words: 'The phone is answered.' }),
        end({ state: 'given_up', words: 'Too hard.' }),
      ]);
      expect(two.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect((await anna.get(`/goals/${goal}`)).text).toMatch(/(Reached|Given up) on 10 November 2026/);
      expect((await anna.post(`/goals/${goal}/reading`, { number: '2' })).status).toBe(409);
      expect((await app.app.retention.goals.progress('2026-11-10')).map((each) => each.goal.id)).not.toContain(goal);
    });

    test('are taken up again with a reason, and ask again only where something changed', async () => {
      const again = (fields: Record<string, string>) =>
        fillIn(carla, `/goals/${goal}`, { words: 'It slipped.', ...fields }, `/goals/${goal}/reopening`);
      const turns = async () => (await app.app.retention.goals.turns(goal)).map(({ state, words }) => [state, words]);
      expect((await again({ words: ' ' })).status).toBe(422);
      expect((await again({ due: 'soon' })).status).toBe(422);
      expect((await anna.post(`/goals/${goal}/reopening`)).status).toBe(403);
      const [closed] = await turns();
      const open = fieldsOf(await carla.get(`/goals/${goal}`), `/goals/${goal}/reopening`);
      const sent = () => carla.post(`/goals/${goal}/reopening`, { ...open, words: 'It slipped.' });
      const two = await Promise.all([sent(), sent()]);
      expect(two.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect(await turns()).toEqual([['open', 'It slipped.'], closed]);
      const page = (await anna.get(`/goals/${goal}`)).text;
      expect(page).toMatch(/Taken up again on 10 November 2026[\s\S]*It slipped\./);
      expect(await audited('goals.reopened')).toBe(1);
      expect((await app.app.retention.goals.get(goal)).number).toBe(2);

      await carla.post(`/goals/${goal}/end`, { seen: '2', state: 'given_up', words: 'Not now.' });
      await again({ words: 'Now.', due: '2027-12-31' });
      expect(await app.app.retention.goals.get(goal)).toMatchObject({ number: 3, asked: 3, dueOn: '2027-12-31' });
      expect((await anna.get(`/goals/${goal}`)).text).toContain('This has changed since you read it.');
      const history = (await carla.get(`/goals/${goal}/versions`)).text;
      expect(history).toMatch(/Now\.[\s\S]*Not now\.[\s\S]*It slipped\.[\s\S]*Version 3[\s\S]*Version 1/);
    });

    test('go out as a file, and through the interface with the same figures', async () => {
      const file = await carla.get('/goals.csv');
      expect(file.headers['content-disposition']).toContain('goals-2026-11-10.csv');
      expect(file.text.split('\r\n')[0]).toContain('id,title,state,owner');
      expect(file.text).toContain('response_rate,up');
      const made = await app.app.accounts.createToken({ name: 'x', role: 'staff' }, COMMAND);
      const asked = await fetch(`${app.baseUrl}/api/v1/goals`, { headers: { authorization: `Bearer ${made.token}` } });
      const { goals } = (await asked.json()) as { goals: { id: string; target: number | null; state: string }[] };
      expect(goals.find(({ target }) => target !== null)).toMatchObject({ target: 0.725, standing: 'unknown' });
      const known = await fetch(`${app.baseUrl}/api/v1/policies`, {
        headers: { authorization: `Bearer ${made.token}` },
      });
      expect(await known.json()).toEqual({ policies: [] });
    });

    test('are written by managers alone', async () => {
      for (const path of ['/goals/new', '/goals.csv', `/goals/${goal}/edit`, `/goals/${goal}/versions`])
        expect([path, (await anna.get(path)).status]).toEqual([path, 403]);
      for (const path of ['/goals', `/goals/${goal}`, `/goals/${goal}/end`])
        expect([path, (await anna.post(path)).status]).toEqual([path, 403]);
      expect((await carla.get(`/goals/${NOBODY}`)).status).toBe(404);
      expect((await carla.get('/goals/x')).status).toBe(404);
      expect((await app.visitor().get('/goals')).status).toBe(303);
    });
  });

  describe('policies', () => {
    let policy: string;
    let code: string;
    const people: Answered[] = [];
    const at = () => `/policies/${policy}/message`;

    /** Six who said in September that it is too dear: German, English, and others who may not be written to. */
    beforeAll(async () => {
      app.clock.set('2026-09-01T08:00:00.000Z');
      const asking = await startAnswering(on.storage(), app.app, app.clock, 'leaving');
      for (let i = 0; i < 7; i++) {
        const given = await asking.answer({ words: `Too dear ${i}`, language: i === 1 ? 'en' : 'de' });
        people.push(given);
        const coded = { responseId: given.responseId, questionKey: 'happened', codes: ['price'], main: 'price' };
        await app.app.coding.codeResponse(colleague(carla.accountId), coded);
        const email = `said-${i}@example.com`;
        const basis =
          i === 2 ? {} : { legal_basis: 'contract' as const, legal_basis_source: 'shop', legal_basis_on: '2020-01-01' };
        const fields = { email, email_key: email, family_name: `Brandes ${i}`, ...basis };
        await on
          .storage()
          .transaction((tx) => tx.updateTable('customer').set(fields).where('id', '=', given.customerId).execute());
      }
      const [, , , unwilling, greeted, lately] = people.map(({ customerId }) => customerId) as string[];
      await app.app.customers.unsubscribeByHand(COMMAND, unwilling!, 'telephone');
      await on.storage().transaction((tx) => app.app.customers.refuse(tx, greeted!, 'greetings', 'link'));
      app.clock.set('2026-11-10T08:05:00.000Z');
      await on.storage().transaction(async (tx) => {
        const person = { id: lately!, email: 'said-5@example.com' };
        await app.app.invitations.contacts.record(
          tx,
          'survey',
          [{ id: newId(app.clock), customer: person }],
          '2026-10-20T08:00:00.000Z',
        );
      });
      code = (await read().selectFrom('code').select('id').where('key', '=', 'price').executeTakeFirstOrThrow()).id;
    });

    const messages = () => read().selectFrom('policy_message').selectAll().where('policy_id', '=', policy).execute();
    const mails = () => read().selectFrom('captured_mail').selectAll().execute();

    test('come from a reason, are read by everybody, and say nothing of an effect that nobody can know', async () => {
      const fields = { 'said-en': 'It has become too dear', 'did-en': 'We keep the price of the house blend.' };
      const made = await fillIn(carla, '/policies/new', { ...fields, code, inForce: '2026-10-01' }, '/policies');
      policy = idIn(made);
      expect(made.status).toBe(303);
      const page = (await carla.get(`/policies/${policy}`)).text;
      expect(page).toContain('In force since 1 October 2026, for 41 days');
      expect(page).toContain('Too few answers to say');
      expect(page).toContain('href="/leaving/reasons/price"');
      expect((await anna.get(`/policies/${policy}`)).text).not.toContain('/leaving/reasons/price');
      const action = `/policies/${policy}/reading`;
      expect((await anna.post(action, fieldsOf(await anna.get(`/policies/${policy}`), action))).status).toBe(303);
      const unknown = await fillIn(
        carla,
        '/policies/new',
        { ...fields, code: NOBODY, inForce: '2026-10-01' },
        '/policies',
      );
      expect(unknown.text).toContain('Choose a reason that is in use');
    });

    test('are named where somebody reads about the reason', async () => {
      const named = async (key: string) =>
        (await carla.get(`/codebook/leaving/codes/${key}`)).text.includes(`<a href="/policies/${policy}"`);
      expect([await named('price'), await named('quality')]).toEqual([true, false]);
    });

    test('two changes of one version: one is told', async () => {
      const change = () =>
        fillIn(carla, `/policies/${policy}/edit`, { 'did-en': 'Changed.', seen: '1' }, `/policies/${policy}`);
      const both = await Promise.all([change(), change()]);
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect((await carla.get(`/policies/${policy}/versions`)).text.match(/<h2>Version \d/g)).toHaveLength(2);
    });

    test('say before anything is written who may be told, and why the others are not', async () => {
      const page = (await carla.get(at())).text;
      expect(page).toContain('3 customers can be told once you have written the letter.');
      expect(page).toMatch(/Still missing: Deutsch \(2\) and English \(1\)/);
      for (const line of [
        'No legal basis on record: 1',
        'Want no mail from us: 1',
        'Want no friendly letters: 1',
        'Heard from us lately: 1',
      ])
        expect(page).toContain(line);
      expect((await carla.post(`${at()}/send`, { seen: '1' })).status).toBe(409);
    });

    test('are told in the customer’s language, once, however many click at the same moment', async () => {
      const letter = { 'subject-de': 'Sie haben es gesagt', 'body-de': 'Danke.\n\nDer Preis bleibt.' };
      const both = [letter, letter].map((fields) => carla.post(at(), { seen: '0', ...fields }));
      expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([303, 409]);
      const page = await carla.get(at());
      expect(page.text).toContain('Write to 2 customers');
      expect((await carla.post(`${at()}/test`, { language: 'de' })).status).toBe(303);
      const fields = fieldsOf(page, `${at()}/send`);
      const clicks = await Promise.all([1, 2, 3].map(() => carla.post(`${at()}/send`, fields)));
      expect(clicks.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
      expect((await messages()).map(({ state, language }) => [state, language])).toEqual([
        ['queued', 'de'],
        ['queued', 'de'],
      ]);
      await app.app.mailer.sendDue();
      expect((await mails()).map(({ subject }) => subject)).toEqual(['Test: Sie haben es gesagt']);
    });

    test('can be stopped for five minutes, and told after all later', async () => {
      expect((await carla.post(`${at()}/stop`)).status).toBe(303);
      expect((await carla.post(`${at()}/stop`)).status).toBe(409);
      app.clock.advance({ minutes: 6 });
      await app.app.mailer.sendDue();
      expect(await mails()).toHaveLength(1);
      const page = await carla.get(at());
      expect(page.text).toContain('Write to 2 customers');
      // By a process that has just begun and knows nothing yet.
      const fresh = await startApp(on.storage(), { clock: app.clock });
      expect(await fresh.app.retention.policies.telling.send(colleague(carla.accountId), policy, 1)).toBe(2);
      await fresh.close();
      // One of them opens a complaint before it leaves: the last look holds it back, and the budget is free again.
      const complaining = people[0]!.customerId;
      const complaint = {
        kind: 'complaint' as const,
        customerId: complaining,
        origin: 'hand' as const,
        originId: null,
      };
      await on
        .storage()
        .transaction((tx) => app.app.recovery.cases.open(tx, COMMAND, { ...complaint, words: 'x', language: 'de' }));
      app.clock.advance({ minutes: 6 });
      await app.app.mailer.sendDue();
      const sent = (await mails()).filter(({ subject }) => subject === 'Sie haben es gesagt');
      expect(sent).toHaveLength(1);
      expect(sent[0]?.text).toMatch(/Der Preis bleibt\.[\s\S]*Carla Dahl[\s\S]*Bitte keine solchen Briefe mehr: http/);
      expect(sent[0]?.headers).toContain('List-Unsubscribe-Post');
      expect((await messages()).map(({ state, reason }) => [state, reason]).sort()).toEqual([
        ['cancelled', 'talking'],
        ['sent', ''],
      ]);
      const counted = await app.app.invitations.contacts.mayContact(
        read(),
        [complaining],
        'survey',
        '2026-11-11T08:00:00.000Z',
      );
      expect(counted.get(complaining)).toEqual({ may: true });
    });

    test('never again to the same customer, and seen on their profile', async () => {
      const [sent] = (await messages()).filter(({ state }) => state === 'sent');
      const page = await carla.get(at());
      expect(page.text).toContain('Told already: 1');
      expect((await carla.post(`${at()}/send`, { seen: '1', after: '' })).status).toBe(409);
      expect((await anna.get(`/customers/${sent!.customer_id}`)).text).toContain(
        'Told what we did because of their words',
      );
      const allowed = await app.app.invitations.contacts.mayContact(
        read(),
        [sent!.customer_id],
        'survey',
        '2026-11-11T08:00:00.000Z',
      );
      expect(allowed.get(sent!.customer_id)).toMatchObject({ may: false });
    });

    test('have a way out that opening never takes', async () => {
      const [mail] = (await mails()).filter(({ subject }) => subject === 'Sie haben es gesagt');
      const link = new URL(/http\S+\/w\/\S+/.exec(mail!.text)![0]).pathname;
      const visitor = app.visitor();
      const [sent] = (await messages()).filter(({ state }) => state === 'sent');
      expect((await visitor.get(link)).status).toBe(200);
      expect((await app.app.customers.find(sent!.customer_id))?.unsubscribedAt).toBeNull();
      expect((await visitor.get(`${link}x`)).status).toBe(404);
      expect((await visitor.post(link, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200);
      expect((await app.app.customers.find(sent!.customer_id))?.unsubscribedAt).not.toBeNull();
    });

    test('are written by managers alone, and a withdrawn one tells nobody', async () => {
      for (const path of ['/policies/new', '/policies.csv', `/policies/${policy}/edit`, at()])
        expect([path, (await anna.get(path)).status]).toEqual([path, 403]);
      for (const path of [
        '/policies',
        `/policies/${policy}`,
        `/policies/${policy}/withdrawal`,
        `${at()}/send`,
        `${at()}/stop`,
      ])
        expect([path, (await anna.post(path)).status]).toEqual([path, 403]);
      expect((await carla.get('/policies.csv')).text).toContain(
        `${policy},It has become too dear,Changed.,leaving,price`,
      );
      for (const seen of ['1', 'x', ''])
        expect((await carla.post(`/policies/${policy}/withdrawal`, { seen })).status).toBe(409);
      expect((await carla.post(`/policies/${policy}/withdrawal`, { seen: '2' })).status).toBe(303);
      expect((await carla.post(`${at()}/send`, { seen: '1' })).status).toBe(409);
      expect((await carla.get('/policies')).text).toContain('No policy is in force.');
    });
  });
});
