import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { languageCodes } from '../../src/i18n/index.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';

jest.setTimeout(30_000);

const WORDS = 'Die Maschine kam mit einem Sprung im Tank an, und niemand ging ans Telefon.';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

onBothEngines((on) => {
  let app: TestApp;
  let anna: Person & { accountId: string };
  let manager: Person & { accountId: string };
  beforeAll(async () => {
    app = await startApp(on.storage(), { environment: { TRUST_PROXY: '1' } });
    const { settings } = app.app.accounts;
    await settings.saveCompany(COMMAND, {
      name: 'Hollerbach Kaffee',
      address: 'Speicherstraße 14\n24103 Kiel',
      telephone: '+49 431 555 0100',
      email: 'hallo@example.com',
    });
    anna = await app.signIn('staff', 'Anna Berg');
    manager = await app.signIn('manager', 'Miriam Adler');
  });
  afterAll(() => app.close());

  let addresses = 0;
  /** Somebody at an address of their own. */
  const stranger = () => {
    const from = `203.0.113.${++addresses}`;
    const { agent } = app.visitor();
    return {
      get: async (path: string) => (await agent.get(path).set('X-Forwarded-For', from)) as unknown as Answer,
      async send(
        fields: Record<string, string>,
        { lang = 'de', file }: { lang?: string; file?: [string, Buffer] } = {},
      ) {
        let post = agent.post(`/tell-us?lang=${lang}`).set('Origin', app.baseUrl).set('X-Forwarded-For', from);
        for (const [name, value] of Object.entries(fields)) post = post.field(name, value);
        return (await (file ? post.attach('file', file[1], file[0]) : post)) as unknown as Answer;
      },
    };
  };
  const stampIn = (text: string) => /name="stamp" value="([^"]+)"/.exec(text)?.[1] ?? '';
  /** Opens the page, takes a minute to write, and sends. */
  const tell = async (fields: Record<string, string> = {}, options?: { lang?: string; file?: [string, Buffer] }) => {
    const somebody = stranger();
    const stamp = stampIn((await somebody.get('/tell-us?lang=de')).text);
    app.clock.advance({ minutes: 1 });
    const answer = await somebody.send({ kind: 'problem', words: WORDS, stamp, ...fields }, options);
    return { somebody, answer, stamp };
  };
  const all = () => on.storage().read.selectFrom('public_comment').selectAll().orderBy('id').execute();
  const last = async () => (await all()).at(-1);

  describe('somebody with a problem', () => {
    test('is thanked with a reference, a name, a day, a copy; it is a case in the same moment', async () => {
      const { somebody, answer } = await tell({ name: 'Erika Muster', telephone: '0431 555 0177', wish: 'phone' });
      expect(answer.status).toBe(303);
      const thanks = await somebody.get(answer.headers.location ?? '');
      const comment = await last();
      expect(thanks.text).toContain('Danke, dass Sie es uns gesagt haben');
      expect(thanks.text).toContain(comment?.reference ?? '?');
      expect(thanks.text).toMatch(/Hollerbach Kaffee ruft Sie bis \w+, \d+\. \w+ an\./);
      expect(thanks.text).toContain(WORDS);
      expect(thanks.text).toContain('+49 431 555 0100');
      const theCase = await app.app.recovery.cases.get(comment?.case_id ?? '');
      expect(theCase).toMatchObject({
        kind: 'complaint',
        origin: 'comment',
        words: WORDS,
        language: 'de',
        customerId: null,
      });
      expect(theCase.contact).toEqual({ name: 'Erika Muster', email: '', telephone: '0431 555 0177' });
    });
  });
});
