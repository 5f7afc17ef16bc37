import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { colleague } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { png } from '../support/pictures.ts';

const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

const PNG = png(1, 1);

onBothEngines((on) => {
  let app: TestApp;
  let anna: Person & { accountId: string };
  let caseId = '';
  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna Example');
    const cause = { kind: 'complaint' as const, customerId: null, origin: 'hand' as const, originId: newId(app.clock) };
    const said = { words: 'Es tropft.', language: 'de' };
    const cases = app.app.recovery.cases;
    ({ caseId } = await on
      .storage()
      .transaction((tx) => cases.open(tx, colleague(anna.accountId), { ...cause, ...said })));
  });
  afterAll(() => app.close());

  const kept = () =>
    on.storage().read.selectFrom('attachment').selectAll().where('case_id', '=', caseId).orderBy('id').execute();
  async function put(files: [name: string, bytes: Buffer][], token?: string): Promise<Answer> {
    const { text } = await anna.get(`/cases/${caseId}/files`);
    const csrf = token ?? /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
    let post = anna.agent.post(`/cases/${caseId}/files`).set('Origin', app.baseUrl).field('csrf', csrf);
    for (const [name, bytes] of files) post = post.attach('files', bytes, name);
    return (await post) as unknown as Answer;
  }

  test('a colleague puts a file to a case; twice the same is one; it is served without running', async () => {
    expect((await anna.get(`/cases/${caseId}`)).text).toContain(`href="/cases/${caseId}/files"`);
    expect((await put([['rechnung\u202efdp.exe.png', PNG]])).status).toBe(303);
    expect((await put([['rechnung\u202efdp.exe.png', PNG]])).status).toBe(303);
    const [file, another] = await kept();
    expect([file?.name, file?.type, file?.from_customer, another]).toEqual([
      'rechnungfdp.exe.png',
      'image/png',
      0,
      undefined,
    ]);
    const { text } = await anna.get(`/cases/${caseId}`);
    expect(text).toContain(`href="/attachments/${file?.id}"`);
    expect(text).toContain('File added: rechnungfdp.exe.png');
    const { headers } = await anna.get(`/attachments/${file?.id}`);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain('sandbox');
    expect((await app.visitor().agent.get(`/attachments/${file?.id}`)).status).toBe(303);
  });

  const refused: [string, [string, Buffer][], string][] = [
    ['nothing', [], 'Choose a file.'],
    ['empty', [['leer.txt', Buffer.alloc(0)]], 'leer.txt is empty.'],
    ['a drawing with a script', [['bild.png', SVG]], 'bild.png cannot be taken'],
    ['a program', [['rechnung.pdf', Buffer.from('MZ\x90\0\x03\0')]], 'rechnung.pdf cannot be taken'],
    ['30 MB', [['gross.png', Buffer.concat([PNG, Buffer.alloc(30 * 1024 * 1024)])]], 'too large'],
    [
      'one of two',
      [
        ['gut.png', PNG],
        ['boese.svg', SVG],
      ],
      'boese.svg cannot be taken',
    ],
  ];
  test.each(refused)('refused with a sentence, and nothing is kept: %s', async (_, files, why) => {
    const before = (await kept()).length;
    const { status, text } = await put(files);
    expect([status, text.includes(why)]).toEqual([422, true]);
    expect(await kept()).toHaveLength(before);
  });

  test('not without the form’s token, nor on a case that is none', async () => {
    expect((await put([['gut2.png', PNG]], 'x')).status).toBe(403);
    expect((await anna.get(`/cases/${newId(app.clock)}/files`)).status).toBe(404);
    expect(await kept()).toHaveLength(1);
  });
});
