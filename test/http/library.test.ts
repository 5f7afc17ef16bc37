import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitOf, filled, ranked, unknownPlaceholders, wordsOf } from '../../src/recovery/library/rules.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf, fillIn, type Fields } from '../support/forms.ts';

const AT = '/playbook/answers';

onBothEngines(({ storage }) => {
  let running: TestApp;
  let anna: Person & { accountId: string };
  let carla: Person & { accountId: string };
  let caseId: string;

  beforeAll(async () => {
    running = await startApp(storage());
    anna = await running.signIn('staff', 'Anna Berg');
    carla = await running.signIn('manager', 'Carla Dahl');
    caseId = await openCase('Die Maschine tropft seit drei Wochen.');
  });
  afterAll(() => running.close());

  async function openCase(words: string): Promise<string> {
    const contact = { name: 'Greta Holm', email: 'greta@example.com', telephone: '' };
    const fresh = { kind: 'complaint', customerId: null, origin: 'hand', originId: null, language: 'de' } as const;
    const opened = await storage().transaction((tx) =>
      running.app.recovery.cases.open(tx, COMMAND, { ...fresh, contact, words }),
    );
    return opened.caseId;
  }

  const write = (person: Person, fields: Fields) =>
    fillIn(person, `${AT}/new?language=de`, { ownerId: carla.accountId, ...fields }, AT);
  const loan = {
    question: 'Bekomme ich eine Leihmaschine, solange meine in Reparatur ist?',
    body: '{greeting}\n\nheute noch bringen wir Ihnen eine Leihmaschine. Ihre Nummer bei uns ist {case}.\n\n{colleague}, {company}',
  };
  const shown = async (path: string, person: Person = anna) => (await person.get(path)).text;

  test('staff propose, managers approve, and only then is an answer found', async () => {
    const proposed = await write(anna, { ...loan, approved: 'yes' });
    const at = proposed.headers.location!;
    expect(await shown(at)).toContain('waits for approval');
    expect(await shown(`/cases/${caseId}?answer=leihmaschine`)).toContain(
      'No answer in German holds all of these words.',
    );
    expect(await shown(at)).not.toContain('/decision"');
    const [, decision = ''] = /action="([^"]+\/decision)"/.exec(await shown(at, carla)) ?? [];
    expect((await anna.post(decision, { decision: 'approve' })).status).toBe(403);
    await shown(at, carla);
    const bare = await carla.post(decision, { decision: 'decline' });
    expect(bare.status).toBe(422);
    // What is missing is said at the place where it is missing, and that place stands open.
    const [, place = '', faults = ''] = /<a href="#(reason-[^"]+)">([^<]+)</.exec(bare.text) ?? [];
    expect(bare.text).toMatch(
      new RegExp(`<details open>[^]*id="${place}-error">${faults}<[^]*<textarea id="${place}"`),
    );
    // In the line for the reason, Enter must not approve: approving is a form of its own.
    const approving = bare.text.split('</form>').find((form) => form.includes('value="approve"')) ?? '';
    expect(approving.slice(approving.lastIndexOf('<form'))).not.toContain('name="reason"');
    expect((await carla.post(decision, { decision: 'approve' })).status).toBe(303);
    expect((await carla.post(decision, { decision: 'approve' })).status).toBe(409);
    expect(await shown(`/cases/${caseId}?answer=leihmaschine`)).toContain('Bekomme ich eine Leihmaschine');
  });

  test('is found from the case by any of its words, inserted with the greeting filled in, and counted when sent', async () => {
    const found = await shown(`/cases/${caseId}?answer=Maschine+REPARATUR`);
    const [, insert = ''] = /href="(\/cases\/[^"]+\?insert=[^"#]+)/.exec(found) ?? [];
    const page = await anna.get(insert.replaceAll('&amp;', '&'));
    const number = String((await running.app.recovery.cases.get(caseId)).number);
    expect(page.text).toMatch(/<textarea id="mailWords"[^>]*>Guten Tag/);
    expect(page.text).toContain(`Ihre Nummer bei uns ist ${number}.\n\nAnna Berg, `);
    const sent = await anna.post(`/cases/${caseId}/mail`, fieldsOf(page, `/cases/${caseId}/mail`));
    expect([sent.status, sent.text.slice(0, 200)]).toEqual([303, expect.anything()]);
    const uses = await storage().read.selectFrom('library_use').selectAll().execute();
    expect(uses).toMatchObject([{ case_id: caseId, account_id: anna.accountId }]);
    expect(await shown(`/cases/${caseId}?answer=leihmaschine`)).toContain('used once');
  });

  test('is found by the search box, once, in whatever language it fits, and only when it is approved', async () => {
    const found = await shown('/search?q=leihmaschine+reparatur');
    expect(found.match(/Bekomme ich eine Leihmaschine/g)).toHaveLength(1);
    const [, href = ''] = /href="(\/playbook\/answers\/[^"]+)"/.exec(found) ?? [];
    expect(await shown(href)).toContain('heute noch bringen wir Ihnen');
    expect(await shown('/search?q=leihmaschine+gibtesnicht')).not.toContain('Approved answers');
    expect(await shown('/search?q=%3C%25')).not.toContain('Approved answers');
  });

  test('says what customers said after it was used, with the base', async () => {
    const [{ answerId } = { answerId: '' }] = (await running.app.recovery.library.list()).found;
    expect(await shown(`${AT}/${answerId}`)).toContain('Nobody has been asked afterwards yet');
    await storage().transaction((tx) =>
      running.app.recovery.cases.close(tx, COMMAND, caseId, {
        rootCause: 'delay',
        action: 'done',
        outcome: 'put_right',
      }),
    );
    await running.app.recovery.caseWork.settling.noteSilence();
    const why = { words: 'Still drips', fromCustomer: true };
    await storage().transaction((tx) => running.app.recovery.cases.reopen(tx, COMMAND, caseId, why));
    const text = await shown(`${AT}/${answerId}`);
    expect(text).toContain('Of one customer asked afterwards: settled 0, not quite 1, no answer 0.');
  });

  test('says which languages are missing, and takes the answer in another', async () => {
    const [{ answerId } = { answerId: '' }] = (await running.app.recovery.library.list()).found;
    expect(await shown(AT)).toContain('(not in English, Dutch, Norwegian)');
    const english = { question: 'Do I get a loan machine?', body: '{greeting}\n\nyes.', approved: 'yes' };
    expect((await fillIn(carla, `${AT}/${answerId}/en`, english)).status).toBe(303);
    expect(await shown(AT)).toContain('(not in Dutch, Norwegian)');
    expect(await shown(`${AT}?q=loan`)).toContain('Do I get a loan machine?');
  });

  test('a new version replaces the old one when approved; of two writers one is told and keeps their words', async () => {
    const [{ answerId } = { answerId: '' }] = (await running.app.recovery.library.list()).found;
    const at = `${AT}/${answerId}/de`;
    const annas = fieldsOf(await anna.get(at), at);
    const carlas = fieldsOf(await carla.get(at), at);
    const answers = await Promise.all([
      anna.post(at, { ...annas, body: 'Neu von Anna.' }),
      carla.post(at, { ...carlas, body: 'Neu von Carla.', approved: 'no' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(answers.find(({ status }) => status === 409)!.text).toMatch(/Neu von (Anna|Carla)\.<\/textarea>/);
    const [, decision = ''] = /action="([^"]+\/decision)"/.exec(await shown(`${AT}/${answerId}`, carla)) ?? [];
    expect((await carla.post(decision, { decision: 'approve' })).status).toBe(303);
    const texts = await storage()
      .read.selectFrom('library_text')
      .select(['number', 'state'])
      .where('language', '=', 'de')
      .orderBy('number')
      .execute();
    expect(texts).toEqual([
      { number: 1, state: 'replaced' },
      { number: 2, state: 'approved' },
    ]);
  });

  test('lists what should be read again for its owner, until somebody has', async () => {
    const late = { question: 'Wann liefern Sie?', body: 'Morgen.', reviewOn: '2026-11-01', ownerId: anna.accountId };
    const at = (await write(carla, { ...late, approved: 'yes' })).headers.location!;
    expect(await shown(AT)).toContain('One of your answers should be read again');
    expect(await shown(`${AT}?view=review`)).toContain('to be read again since 1 November 2026');
    expect(await running.app.recovery.library.overdueOf(anna.accountId)).toBe(1);
    expect((await fillIn(anna, at, { reviewOn: '' }, `${at}/review`)).status).toBe(422);
    expect((await fillIn(anna, at, { reviewOn: '2027-05-01' }, `${at}/review`)).status).toBe(303);
    expect(await running.app.recovery.library.overdueOf(anna.accountId)).toBe(0);
    const bert = await running.signIn('staff', 'Bert');
    expect(
      (await bert.post(`${at}/review`, { seen: '2027-05-01', reviewOn: '2028-01-01', ownerId: anna.accountId })).status,
    ).toBe(403);
  });

  test('a retired answer is found no more, and comes back', async () => {
    const late = (await running.app.recovery.library.list()).found.find(
      ({ question }) => question === 'Wann liefern Sie?',
    )!;
    const at = `${AT}/${late.answerId}`;
    expect((await anna.post(`${at}/retirement`)).status).toBe(403);
    await shown(at, carla);
    expect((await carla.post(`${at}/retirement`)).status).toBe(303);
    expect(await shown(`${AT}?q=liefern`)).toContain('No answer holds all of these words.');
    expect(await shown(`/cases/${caseId}?insert=${late.textId}`)).not.toContain('Morgen.</textarea>');
    expect((await carla.post(`${at}/retirement`)).status).toBe(409);
    expect((await carla.post(`${at}/revival`)).status).toBe(303);
  });

  test('takes nothing that would not fill in, and shows whatever was typed as text', async () => {
    const odd = {
      question: '<b>Was?</b> 😀 \u202Egnal\u0000',
      body: '{greeting} {surname}',
      ownerId: 'x',
      reviewOn: '2026-02-31',
    };
    const refused = await write(carla, odd);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Words in braces must be among those listed');
    expect(refused.text).toContain('Say who keeps it true');
    expect(refused.text).toContain('&lt;b&gt;Was?&lt;/b&gt;');
    expect((await write(carla, { question: 'a'.repeat(201), body: 'b'.repeat(5001) })).status).toBe(422);
    for (const answer of ['%00', '%', '😀', "'--", 'a'.repeat(3000)])
      expect(
        (await anna.get(`/cases/${caseId}?answer=${encodeURIComponent(answer)}&insert=${answer.slice(0, 9)}`)).status,
      ).not.toBe(500);
    for (const path of [
      `${AT}/x`,
      `${AT}/0198c0de-0000-7000-8000-000000000000`,
      `${AT}/0198c0de-0000-7000-8000-000000000000/xx`,
    ])
      expect([path, (await carla.get(path)).status]).toEqual([path, 404]);
    expect((await running.visitor().get(AT)).status).toBe(303);
  });
});

test('every text is found by each of its own words, in any case, and by nothing that it lacks', () => {
  const word = fc.stringMatching(/^[a-zäöüßøæé]{2,12}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), word, (words, other) => {
      const text = { question: words.join(' '), body: '' };
      for (const each of words) expect(fitOf(each.toUpperCase(), text)).toBeGreaterThan(0);
      const lacks = wordsOf(other).every((each) => !wordsOf(text.question).some((own) => own.includes(each)));
      if (lacks) expect(fitOf(`${words[0]} ${other}`, text)).toBe(0);
    }),
  );
});

test('a word of the question weighs more than one of the answer, and use decides between equals', () => {
  const answer = (question: string, body: string, uses = 0) => ({ question, body, uses });
  const all = [
    answer('b', 'loan machine'),
    answer('loan machine', ''),
    answer('a', 'loan machine'),
    answer('c', 'loan machine', 3),
  ];
  expect(ranked(all, 'machine').map(({ question }) => question)).toEqual(['loan machine', 'c', 'a', 'b']);
  expect(ranked(all, 'machine nowhere')).toEqual([]);
  expect(fitOf('maschine', { question: 'Leihmaschine', body: '' })).toBeGreaterThan(0);
});

test('what is filled in is never filled in itself', () => {
  const values = { greeting: 'Dear {company},', name: '$&', company: 'Beans', colleague: '', case: '1', telephone: '' };
  expect(filled('{greeting} { name } {company} {other}', values)).toBe('Dear {company}, $& Beans {other}');
  expect(unknownPlaceholders('{greeting} {vorname} {x y}')).toEqual(['vorname']);
});
