import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NewCase } from '../../src/recovery/index.ts';
import { colleague, SYSTEM } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import { leavers, reference } from '../support/waves.ts';

const WORDS = 'Seit drei Wochen tropft die Maschine. Ich habe dreimal angerufen.';
const BY_HAND: NewCase = {
  kind: 'complaint',
  customerId: null,
  origin: 'hand',
  originId: null,
  words: WORDS,
  language: 'de',
};
type Colleague = Person & { accountId: string };

onBothEngines((on) => {
  let app: TestApp;
  let anna: Colleague;
  let ben: Colleague;
  let manager: Colleague;
  let people = 0;
  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna');
    ben = await app.signIn('staff', 'Ben');
    manager = await app.signIn('manager', 'Miriam');
  });
  afterAll(() => app.close());

  const cases = () => app.app.recovery.cases;
  const customer = async (more = {}) => {
    const from = ++people;
    await app.app.customers.upsertMany(
      SYSTEM,
      leavers(1, () => ({ language: 'de', status: 'active', leftOn: null, yearlyValueMinor: 432_000, ...more }), from),
    );
    return (await app.app.customers.findByReference(reference(from)))?.id ?? '';
  };
  const open = (fresh: Partial<NewCase>) =>
    on.storage().transaction((tx) => cases().open(tx, colleague(anna.accountId), { ...BY_HAND, ...fresh }));

  describe('opening', () => {
    test('one cause opens one case, also when it comes twice at the same moment', async () => {
      const customerId = await customer();
      const cause = { customerId, origin: 'answer' as const, originId: newId(app.clock) };
      const opened = await Promise.all([open(cause), open(cause), open(cause)]);
      expect(opened.filter((each) => each.opened)).toHaveLength(1);
      expect(new Set(opened.map((each) => each.caseId)).size).toBe(1);
      const theCase = await cases().get(opened[0]?.caseId ?? '');
      expect(theCase).toMatchObject({ state: 'open', worth: 432_000, words: WORDS, nextStep: 'apologise' });
      // Tuesday, 10 November 2026, 09:05 in Berlin: four working hours later.
      expect(theCase.nextDueAt).toBe('2026-11-10T12:05:00.000Z');
    });

    test('a customer has one open win-back at a time, and what comes meanwhile joins it', async () => {
      const customerId = await customer();
      const winBack = { kind: 'win_back' as const, customerId };
      const [first, second] = await Promise.all([open({ ...winBack }), open({ ...winBack, words: 'Noch etwas.' })]);
      expect([first.opened, second.opened].sort()).toEqual([false, true]);
      expect(second.caseId).toBe(first.caseId);
      const thread = await on
        .storage()
        .read.selectFrom('case_event')
        .select(['kind'])
        .where('case_id', '=', first.caseId)
        .execute();
      expect(thread.map((each) => each.kind).sort()).toEqual(['joined', 'opened']);
    });

    test('32 opened at the same moment get 32 numbers', async () => {
      const opened = await Promise.all(Array.from({ length: 32 }, () => open({})));
      expect(new Set(opened.map(({ number }) => number)).size).toBe(32);
    });

    // SQLite has one writer at a time: there is nothing to wait for but the transaction itself.
    (on.engine === 'postgres' ? test : test.skip)('nobody waits for a number until another case is kept', async () => {
      const [taken, done] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()];
      const slow = on.storage().transaction(async (tx) => {
        const { number } = await cases().open(tx, SYSTEM, { ...BY_HAND });
        taken.resolve(number);
        await done.promise;
      });
      const mine = await taken.promise;
      const { number } = await open({});
      done.resolve();
      await slow;
      expect(number).not.toBe(mine);
    });

    test('what the customer is worth is followed', async () => {
      const customerId = await customer();
      const { caseId } = await open({ customerId });
      const { reference: named } = await app.app.customers.get(customerId);
      await app.app.customers.upsertMany(SYSTEM, [{ reference: named, yearlyValueMinor: 99_900 }]);
      expect((await cases().get(caseId)).worth).toBe(99_900);
    });
  });

  describe('opening for a list of customers', () => {
    const look = (query: string) => anna.get(`/cases/list?${query}`);

    test('says who is left out and why, opens the others once, and lets a filter choose too', async () => {
      const organisation = 'Rückruf GmbH';
      const [first, second, busy] = [
        await customer({ organisation }),
        await customer({ organisation }),
        await customer({ organisation: `${organisation} Nord` }),
      ];
      await open({ customerId: busy });
      const listed = await anna.get('/customers?q=R%C3%BCckruf');
      expect(listed.text).toContain(`name="pick" value="${first}"`);
      expect(listed.text).toContain('Open cases for all 3');
      const page = await look(`scope=picked&pick=${first}&pick=${second}&pick=${busy}&pick=nonsense`);
      expect(page.text).toContain('3 customers chosen; cases that would be opened: 2.');
      expect(page.text).toMatch(new RegExp(`One has an open case of this kind: <a href="/customers/${busy}">`));
      // What would be opened is what is shown: another kind is another page, with the same people.
      const returns = /href="(\/cases\/list\?[^"]*kind=return)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const other = await anna.get(returns);
      expect(other.text).toContain('3 customers chosen; cases that would be opened: 3.');
      expect(fieldsOf(other, '/cases/list/openings').kind).toBe('return');
      const form = fieldsOf(page, '/cases/list/openings');
      expect((await anna.post('/cases/list/openings', { ...form, summary: ' ' })).status).toBe(422);
      const sent = { ...form, summary: 'Rückruf der Mühle', owner: ben.accountId };
      expect((await anna.post('/cases/list/openings', { ...sent, owner: newId(app.clock) })).status).toBe(422);
      const done = await Promise.all([
        anna.post('/cases/list/openings', sent),
        anna.post('/cases/list/openings', sent),
      ]);
      expect(done.map(({ status }) => status)).toEqual([303, 303]);
      expect((await anna.get('/today')).text).toContain('2 cases are open.');
      const found = await cases().openOf(on.storage().read, [first, second, busy]);
      expect([first, second, busy].map((id) => found.get(id)?.length)).toEqual([1, 1, 1]);
      expect(found.get(first)).toMatchObject([
        { origin: 'list', ownerId: ben.accountId, summary: 'Rückruf der Mühle' },
      ]);
    });

    test('says of whom nothing is known that they are left out', async () => {
      const page = await look(`scope=picked&pick=${newId(app.clock)}`);
      expect(page.text).toContain('One customer chosen; cases that would be opened: 0.');
      expect(page.text).toContain('One is no longer among the customers');
    });

    test('of a filter, those who left get a win-back, and nobody who may not be contacted', async () => {
      const left = { organisation: 'Abschied AG', status: 'left' as const, leftOn: '2026-10-20' };
      const gone = await customer(left);
      await customer({ ...left, legalBasis: '', legalBasisSource: '', legalBasisOn: null });
      await customer({ organisation: 'Abschied AG' });
      const page = await look('scope=all&q=Abschied&kind=win_back');
      expect(page.text).toContain('3 customers chosen; cases that would be opened: 1.');
      expect(page.text).toContain('One has not left');
      expect(page.text).toContain('One has no legal basis on record');
      const form = fieldsOf(page, '/cases/list/openings');
      await anna.post('/cases/list/openings', { ...form, summary: 'Herbst', owner: '' });
      expect(await cases().ofCustomer(on.storage().read, gone)).toMatchObject([
        { kind: 'win_back', origin: 'list', ownerId: null, summary: 'Herbst' },
      ]);
      expect((await look('scope=picked')).text).toContain('Nobody was selected');
    });
  });

  describe('closing and reopening', () => {
    test('of two that close at the same moment one wins; reopening begins a new round', async () => {
      const { caseId } = await open({ customerId: await customer() });
      const { revision } = await cases().get(caseId);
      const close = () =>
        on
          .storage()
          .transaction((tx) =>
            cases().close(tx, SYSTEM, caseId, { rootCause: 'x', action: 'y', outcome: 'settled', revision }),
          );
      const ends = await Promise.allSettled([close(), close()]);
      expect(ends.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
      await on
        .storage()
        .transaction((tx) => cases().reopen(tx, SYSTEM, caseId, { words: 'Es tropft noch.', fromCustomer: true }));
      expect(await cases().get(caseId)).toMatchObject({
        state: 'reopened',
        round: 2,
        closedAt: null,
        nextStep: 'apologise',
      });
    });
  });

  describe('the five steps, from the complaint to the customer\u2019s word', () => {
    const at = (caseId: string, rest = '') => `/cases/${caseId}${rest}`;
    const send = async (who: Person, caseId: string, rest: string, fields: Record<string, string> = {}) => {
      const page = await who.get(at(caseId));
      const own = page.text.includes(`action="${at(caseId, rest)}"`) ? fieldsOf(page, at(caseId, rest)) : {};
      return await who.post(at(caseId, rest), { ...own, ...fields });
    };
    const sign = (who: Person, caseId: string, step: string, said = 'Es tut mir leid.') =>
      send(who, caseId, `/steps/${step}`, { [`said_${step}`]: said, [`channel_${step}`]: 'telephone' });
    const finish = async (caseId: string) => {
      for (const step of ['apologise', 'act', 'empathy', 'make_good', 'follow_up'])
        expect((await sign(anna, caseId, step)).status).toBe(303);
    };
    const close = (caseId: string, fields: Record<string, string> = {}) =>
      send(anna, caseId, '/closure', {
        rootCause: 'delay',
        action: 'Techniker kommen binnen eines Tages.',
        outcome: 'put_right',
        ...fields,
      });
    const asVisitor = async (caseId: string) => {
      const path = new URL(cases().linkFor(caseId)).pathname;
      return { path, visitor: app.visitor() };
    };

    test('five signatures, closing, "not quite", opening again, confirmation', async () => {
      const { caseId } = await open({ customerId: await customer({ email: 'anker@example.com' }) });
      const page = await anna.get(at(caseId));
      expect(page.status).toBe(200);
      expect(page.text).toContain(WORDS);
      expect(page.text).toContain('Guten Tag');
      expect((await close(caseId)).text).toContain('Sign or skip the steps that are still open first.');
      await finish(caseId);
      // Closing is due the next working day, not late at once.
      expect(await cases().get(caseId)).toMatchObject({ nextStep: 'close', nextDueAt: '2026-11-11T08:05:00.000Z' });
      expect((await close(caseId)).status).toBe(303);
      expect(await cases().get(caseId)).toMatchObject({ state: 'closed', settled: null });
      await app.app.mailer.sendDue();
      const [mail] = (await app.app.mailer.outbox.list(null, { isAdministrator: true })).rows;
      expect(mail?.subject).toBe('Ist es für Sie erledigt?');
      const { path, visitor } = await asVisitor(caseId);
      const asked = await visitor.get(path);
      expect(asked.text).toContain('Ist es für Sie erledigt?');
      expect(asked.text).toContain('Techniker kommen binnen eines Tages.');
      expect((await cases().get(caseId)).settled).toBeNull();
      expect((await visitor.post(`${path}/words`, { words: '' })).status).toBe(422);
      expect((await visitor.post(`${path}/words`, { words: 'Es tropft noch.' })).status).toBe(303);
      expect((await visitor.post(`${path}/words`, { words: 'Es tropft noch.' })).status).toBe(303);
      expect(await cases().get(caseId)).toMatchObject({ state: 'reopened', round: 2 });
      const row = (await anna.get('/today')).text.split('<li').find((each) => each.includes(caseId));
      expect(row).toContain('reopened');
      // What they say by now, not what they said at first.
      expect(row).toContain('Es tropft noch.');
      expect(row).not.toContain(WORDS.slice(0, 20));
      const { text: again } = await anna.get(at(caseId));
      // Before everything else, and once in the thread.
      expect(again.split('Es tropft noch.')).toHaveLength(3);
      expect(again.indexOf('Es tropft noch.')).toBeLessThan(again.indexOf('What Kim Example11 said first'));
      await visitor.post(`${path}/proposal`, { proposal: 'Ein Leihgerät.' });
      expect((await anna.get(at(caseId))).text).toContain('The customer’s own idea');
      const own = (await visitor.get(path)).text;
      expect(own).toMatch(/Es tropft noch\.[^]*geschrieben am 10\. November[^]*Ein Leihgerät\.[^]*Ihr Vorschlag vom/);
      expect(own).toContain('Darauf haben wir noch nicht geantwortet.');
      expect(own).toMatch(/liest, was Sie geschrieben haben, und meldet sich bis zum 1\d\. November 2026 bei Ihnen\./);
      const [, decision = ''] = /action="([^"]+\/decision)"/.exec((await anna.get(at(caseId))).text) ?? [];
      expect((await anna.post(decision, { answer: 'yes' })).status).toBe(303);
      expect((await visitor.get(path)).text).toContain('Dazu haben wir am 10. November 2026 Ja gesagt.');
      app.clock.advance({ days: 6 });
      expect((await visitor.get(path)).text).toContain('und meldet sich bei Ihnen.');
      app.clock.advance({ days: -6 });
      await finish(caseId);
      await close(caseId);
      expect((await visitor.get(path)).text).not.toContain('meldet sich bei Ihnen');
      expect((await visitor.post(`${path}/settled`)).status).toBe(303);
      await visitor.post(`${path}/settled`);
      expect(await cases().get(caseId)).toMatchObject({ state: 'closed', settled: 'yes' });
      const after = (await manager.get(at(caseId))).text;
      expect(after).toMatch(/What .+ said before it was settled/);
      expect(after).not.toContain('not quite settled</h2>');
      expect((await visitor.get(path)).text).toContain('Schön, dass es für Sie erledigt ist');
    });

    test('whoever wrote in another language than their own is asked in the one that was spoken about it', async () => {
      const customerId = await customer({ email: 'brug@example.com', language: 'nl' });
      const { caseId } = await open({ customerId });
      await anna.get(at(caseId));
      await finish(caseId);
      await close(caseId);
      await app.app.mailer.sendDue();
      const [mail] = (await app.app.mailer.outbox.list(null, { isAdministrator: true })).rows;
      expect(mail?.subject).toBe('Ist es für Sie erledigt?');
    });

    test('two who sign the same step at the same moment: one is told who did, and keeps the words', async () => {
      const { caseId } = await open({ customerId: await customer() });
      await Promise.all([anna.get(at(caseId)), ben.get(at(caseId))]);
      const both = await Promise.all([
        anna.post(at(caseId, '/steps/act'), { said_act: 'Anna war da.', channel_act: 'visit' }),
        ben.post(at(caseId, '/steps/act'), { said_act: 'Ben war da.', channel_act: 'visit' }),
      ]);
      expect(both.map((each) => each.status).sort()).toEqual([303, 409]);
      const loser = both.find((each) => each.status === 409);
      expect(loser?.text).toContain('A colleague was faster.');
      expect(loser?.text).toMatch(/Last: Act at once, in person, (Anna|Ben)/);
      expect(loser?.text).toContain('Anna war da.');
      expect(loser?.text).toContain('Ben war da.');
    });

    test('two who sign different steps of what is nobody\u2019s at the same moment: both are signed, and one looks after it', async () => {
      const { caseId } = await open({ customerId: await customer(), ownerId: null });
      await Promise.all([anna.get(at(caseId)), ben.get(at(caseId))]);
      const both = await Promise.all([
        anna.post(at(caseId, '/steps/apologise'), { said_apologise: 'Entschuldigt.', channel_apologise: 'visit' }),
        ben.post(at(caseId, '/steps/act'), { said_act: 'Getauscht.', channel_act: 'visit' }),
      ]);
      expect(both.map((each) => each.status)).toEqual([303, 303]);
      expect([anna.accountId, ben.accountId]).toContain((await cases().get(caseId)).ownerId);
      const { text } = await manager.get(at(caseId));
      expect(text.match(/(Anna|Ben) looks after it from now on/g)).toHaveLength(1);
      for (const words of ['Entschuldigt.', 'Getauscht.']) expect(text).toContain(words);
      // Whose it is stays so, whoever signs.
      const { ownerId } = await cases().get(caseId);
      await sign(ownerId === anna.accountId ? ben : anna, caseId, 'empathy');
      expect((await cases().get(caseId)).ownerId).toBe(ownerId);
    });

    test('words that hurt are shown before they are signed; skipping needs a reason; a signature can be taken back', async () => {
      const { caseId } = await open({ customerId: await customer() });
      const hurtful = await sign(anna, caseId, 'apologise', 'Leider haben Sie das Sieb falsch eingesetzt.');
      expect(hurtful.status).toBe(422);
      expect(hurtful.text).toContain('“Leider haben Sie” puts it on them.');
      expect((await sign(anna, caseId, 'apologise')).status).toBe(303);
      expect((await send(anna, caseId, '/steps/act/skip', { reason_act: ' ' })).text).toContain('Give a reason.');
      expect((await send(anna, caseId, '/steps/act/skip', { reason_act: 'Nichts zu tun' })).status).toBe(303);
      expect((await send(ben, caseId, '/steps/apologise/undo')).status).toBe(409);
      expect((await send(anna, caseId, '/steps/apologise/undo')).status).toBe(303);
      expect((await cases().get(caseId)).nextStep).toBe('apologise');
    });

    test('who takes back a step that went by e-mail hears before and after that the mail has gone', async () => {
      const { caseId } = await open({ customerId: await customer() });
      const signed = { said_apologise: 'Es tut uns leid.', mail_apologise: '1' };
      const undone = async (fields: Record<string, string>) => {
        await send(anna, caseId, '/steps/apologise', { channel_apologise: 'telephone', ...fields });
        const before = (await anna.get(at(caseId))).text;
        await send(anna, caseId, '/steps/apologise/undo');
        return [before, (await anna.get(at(caseId))).text];
      };
      const [before, after] = await undone(signed);
      expect(before).toMatch(/Take back[^]*Your signature only: the e-mail has gone out\./);
      expect(after).toContain('Taken back. The e-mail has gone out all the same.');
      for (const page of await undone({ said_apologise: 'Es tut uns leid.' }))
        expect(page).not.toContain('has gone out');
    });

    test('who closes a case sees what waits for a yes or no and what has not arrived, and hears whether they are asked', async () => {
      const { caseId } = await open({ customerId: await customer() });
      for (const [what, amount] of [
        ['Gutschrift', '30'],
        ['Neue Maschine', '300'],
      ] as const)
        await send(anna, caseId, '/remedies', { kind: 'credit', what, amount });
      await finish(caseId);
      expect((await anna.get(at(caseId))).text).toMatch(
        /nobody can give once the case is closed:<\/p>\s*<ul>\s*<li dir="auto">Neue Maschine<\/li>\s*<\/ul>\s*<p class="late">Granted, but they do not have it yet:<\/p>\s*<ul>\s*<li dir="auto">Gutschrift</,
      );
      await close(caseId, { noQuestion: 'They told us on the telephone.' });
      expect((await anna.get(at(caseId))).text).toContain('Nobody is asked by e-mail whether it is settled');
      const { caseId: asked } = await open({ customerId: await customer() });
      await finish(asked);
      await close(asked);
      expect((await anna.get(at(asked))).text).toContain('Now the customer says whether it is settled.');
    });

    test('a remedy above the limit waits for a manager; two at the same moment cannot spend it twice', async () => {
      const { caseId } = await open({ customerId: await customer() });
      const offer = (amount: string) =>
        anna.post(at(caseId, '/remedies'), { kind: 'credit', what: 'Gutschrift', amount });
      await anna.get(at(caseId));
      await Promise.all([offer('30'), offer('30,00')]);
      const states = async () =>
        (await on.storage().read.selectFrom('case_remedy').select('state').where('case_id', '=', caseId).execute())
          .map((each) => each.state)
          .sort();
      expect(await states()).toEqual(['approved', 'proposed']);
      const page = await anna.get(at(caseId));
      expect(page.text).not.toContain('/decision');
      const shown = await manager.get(at(caseId));
      const [decision = ''] = /\/cases\/[^"]+\/decision/.exec(shown.text) ?? [];
      expect((await anna.post(decision, { answer: 'yes' })).status).toBe(403);
      expect((await manager.post(decision, { answer: 'yes', reason: 'Stammkunde' })).status).toBe(303);
      expect(await states()).toEqual(['approved', 'approved']);
      // Who closes the case sees what was granted and has not arrived.
      const owed = async () =>
        (await manager.get(at(caseId))).text.match(/Granted, but they do not have it yet:\s*<\/p>/g);
      expect(await owed()).toHaveLength(1);
      for (const [given] of (await manager.get(at(caseId))).text.matchAll(/\/cases\/[^"]+\/given/g))
        expect((await manager.post(given, {})).status).toBe(303);
      expect(await owed()).toBeNull();
    });

    test('urgent: exceptions stand there with who and why; snooze, hand over, merge', async () => {
      const customerId = await customer();
      const { caseId } = await open({ customerId });
      const before = (await cases().get(caseId)).nextDueAt ?? '';
      await send(anna, caseId, '/urgency', { hurry: 'Vierzig Gäste am Samstag' });
      const urgent = await cases().get(caseId);
      expect(urgent.urgent).toBe(true);
      expect((urgent.nextDueAt ?? '') < before).toBe(true);
      await send(anna, caseId, '/exceptions', { waived: 'Leihgerät ohne Kaution', why: 'Er ist seit 2017 da.' });
      expect((await anna.get(at(caseId))).text).toContain('Exception: Leihgerät ohne Kaution');
      expect((await send(anna, caseId, '/snooze', { day: '2026-11-10' })).text).toContain('Choose a day after today.');
      await send(anna, caseId, '/snooze', { day: '2026-11-14' });
      // The 14th is a Saturday: work begins on Monday at nine.
      expect((await cases().get(caseId)).snoozedUntil).toBe('2026-11-16T08:00:00.000Z');
      await anna.get(at(caseId));
      const hands = await Promise.all(
        [anna, ben].map((who) => who.post(at(caseId, '/owner'), { owner: who.accountId, from: '' })),
      );
      expect(hands.map((each) => each.status).sort()).toEqual([303, 409]);
      const mergeInto = async (id: string) =>
        /<select id="number"[\s\S]*?<\/select>/.exec((await anna.get(at(id))).text)?.[0];
      expect(await mergeInto(caseId)).toBeUndefined();
      const other = await open({ customerId, words: 'Und noch einmal.' });
      expect(await mergeInto(other.caseId)).toContain(`value="${urgent.number}"`);
      expect(await mergeInto(other.caseId)).not.toContain('Und noch einmal.');
      expect((await send(anna, other.caseId, '/merge', { number: '999999' })).status).toBe(422);
      const merged = await send(anna, other.caseId, '/merge', { number: String(urgent.number) });
      expect([merged.status, merged.headers.location]).toEqual([303, at(caseId)]);
      expect((await anna.get(at(other.caseId))).text).toContain(`<a href="${at(caseId)}">`);
      expect(await cases().get(other.caseId)).toMatchObject({ state: 'closed', mergedIntoId: caseId });
      expect((await anna.get(at(caseId))).text).toContain('Und noch einmal.');
      const { path, visitor } = await asVisitor(other.caseId);
      expect((await visitor.get(path)).text).toContain(`Nummer ${urgent.number}`);
    });

    test('exceptions and what was made urgent stand on one page: what, why, who, on which case', async () => {
      const { caseId } = await open({});
      const empty = (await anna.get('/exceptions')).text;
      expect(empty.includes('Leihgerät & Kaution')).toBe(false);
      await send(anna, caseId, '/exceptions', { waived: 'Leihgerät & <Kaution>', why: 'Café öffnet um 6.' });
      await send(ben, caseId, '/urgency', { hurry: 'Sie steht in der Tür.' });
      const { text } = await anna.get('/exceptions');
      const items = text.split('<li class="sheet').slice(1);
      expect(items[0]).toMatch(/Made urgent[^]*Sie steht in der Tür\.[^]*Ben/);
      expect(items[1]).toMatch(/Leihgerät &amp; &lt;Kaution&gt;[^]*Café öffnet um 6\.[^]*Anna/);
      for (const item of items.slice(0, 2)) expect(item).toContain(`href="/cases/${caseId}"`);
      expect((await anna.get(`/exceptions?before=${'x'.repeat(40)}`)).status).toBe(200);
      expect((await app.visitor().get('/exceptions')).status).toBe(303);
    });

    test('hostile input is refused or shown as text', async () => {
      const { caseId } = await open({
        customerId: null,
        contact: { name: '<b>Ö</b>\u202e', email: '', telephone: '' },
        words: '<script>x</script>🙂',
      });
      const page = await anna.get(at(caseId));
      expect(page.text).toContain('&lt;script&gt;x&lt;/script&gt;🙂');
      expect(page.text).not.toContain('<b>Ö');
      expect((await sign(anna, caseId, 'act', 'x'.repeat(5001))).status).toBe(422);
      expect((await sign(anna, caseId, 'nothing')).status).toBe(404);
      expect((await anna.get('/cases/00000000-0000-7000-8000-000000000000')).status).toBe(404);
      expect((await app.visitor().get('/c/' + 'A'.repeat(43))).status).toBe(404);
      expect((await app.visitor().post('/c/nonsense/settled')).status).toBe(404);
    });

    test('a customer\u2019s words are kept, whatever a colleague does with the closed case at the same moment', async () => {
      for (const [rest, field] of [
        ['/words', 'words'],
        ['/proposal', 'proposal'],
      ] as const) {
        const { caseId } = await open({ customerId: await customer() });
        await finish(caseId);
        await close(caseId);
        const { path, visitor } = await asVisitor(caseId);
        await Promise.all([anna.get(at(caseId)), ben.get(at(caseId)), visitor.get(path)]);
        const answers = await Promise.all([
          anna.post(at(caseId, '/reopening'), { reason: 'Er rief an.' }),
          visitor.post(`${path}${rest}`, { [field]: 'Sie tropft wieder.' }),
          visitor.post(`${path}${rest}`, { [field]: 'Sie tropft wieder.' }),
          ben.post(at(caseId, '/reopening'), { reason: 'Er war da.' }),
        ]);
        expect(answers.slice(1, 3).map((each) => each.status)).toEqual([303, 303]);
        expect(await cases().get(caseId)).toMatchObject({ state: 'reopened', round: 2 });
        expect((await visitor.get(path)).text.match(/Sie tropft wieder\./g)).toHaveLength(1);
      }
    });

    test('no answer in the time that there was is said so, once', async () => {
      const { caseId } = await open({ customerId: await customer({ email: 'still@example.com' }) });
      await finish(caseId);
      await close(caseId);
      app.clock.advance({ days: 15 });
      await app.app.recovery.work();
      await app.app.recovery.work();
      expect((await cases().get(caseId)).settled).toBe('silent');
      const { path, visitor } = await asVisitor(caseId);
      await visitor.get(path);
      await visitor.post(`${path}/settled`);
      expect((await cases().get(caseId)).settled).toBe('yes');
    });
  });

  test('words to begin with are put into the field, and the keyboard goes on where something was done', async () => {
    const eve = await app.signIn('staff', 'Eve');
    const { caseId } = await open({ customerId: await customer() });
    expect((await eve.get(`/cases/${caseId}`)).text).toContain(`href="/cases/${caseId}?begin=empathy#step-empathy"`);
    const begun = fieldsOf(await eve.get(`/cases/${caseId}?begin=empathy`), `/cases/${caseId}/steps/empathy`);
    expect(begun.said_empathy).toContain('ich möchte verstehen, was das für Sie bedeutet hat');
    expect(fieldsOf(await eve.get(`/cases/${caseId}?begin=x`), `/cases/${caseId}/steps/empathy`).said_empathy).toBe('');
    const signed = await eve.post(`/cases/${caseId}/steps/empathy`, begun as Record<string, string>);
    expect(signed.headers.location).toBe(`/cases/${caseId}#step-empathy`);
  });
});
