import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import { leavers } from '../support/waves.ts';

/** Pages that count something. */
const PAGES = [
  ...['/today', '/comments', '/exceptions', '/winback', '/next-needs', '/anniversaries', '/references', '/offers'],
  ...[
    '/customers',
    '/waves',
    '/answers/leaving',
    '/answers/leaving/agreement',
    '/leaving',
    '/satisfaction',
    '/value',
    '/risk',
  ],
  ...['/summary', '/value/customers', '/goals', '/policies', '/outbox', '/mail-to-sort'],
];
/** What a machine would say where there is nothing yet. */
const BARE =
  /\b0 (of|von|van|av) (the |der |de )?0\b|0(\s*€)? (for|für|voor) 0\b|NaN|Infinity|undefined|In \w+ \d{4} (it was|waren es|waren het er|var det) 0\b/;

onBothEngines((on) => {
  let app: TestApp;
  let manager: Person & { accountId: string };
  beforeAll(async () => {
    app = await startApp(on.storage());
    manager = await app.signIn('manager', 'Kim Example');
  });
  afterAll(() => app.close());

  test.each(['en', 'de', 'nl', 'nb'])(
    'a business that has just begun meets sentences, not sums of nothing: %s',
    async (language) => {
      await manager.post('/me', { ...fieldsOf(await manager.get('/me'), '/me'), language });
      const bare: string[] = [];
      for (const path of PAGES) {
        const { status, text } = await manager.get(path);
        const main = text.slice(text.indexOf('<main')).replace(/<script[^]*?<\/script>|<[^>]+>/g, ' ');
        const found = BARE.exec(main)?.[0];
        if (status !== 200 || found !== undefined) bare.push(`${path}: ${status} ${found}`);
      }
      expect(bare).toEqual([]);
    },
  );

  test('the calculator asks for figures where there are none, and reckons with those that are tried', async () => {
    await manager.post('/me', { ...fieldsOf(await manager.get('/me'), '/me'), language: 'en' });
    const [none, tried] = [await manager.get('/value'), await manager.get('/value?customers=200&lost=10&spend=300')];
    const ASKED = 'not enough figures of your own yet';
    const LOST = />Lost in a year<[^]*?<b>(.*?)<\/b>/;
    expect([none.text.includes(ASKED), LOST.exec(none.text)?.[1]]).toEqual([true, '–']);
    expect([tried.text.includes(ASKED), LOST.exec(tried.text)?.[1]]).toEqual([false, '€6,000']);
    expect(tried.text).toMatch(/€1,350<\/b><br><span class="small">€27,000 for 20</);
  });

  test('customers who left and of whom no purchase is known are not worth nothing: the pages say what is missing', async () => {
    await app.app.customers.upsertMany(COMMAND, leavers(3));
    const [why, value] = [(await manager.get('/leaving')).text, (await manager.get('/value')).text];
    expect(why).toContain(
      'Import their purchases, or type a yearly value on their page; until then the money reads 0.',
    );
    expect(value).toContain('3 customers left; what they were worth is not on record.');
    expect((await manager.get('/winning-back')).text).not.toContain('Bought again at any time since they left.');
    await app.app.customers.upsertMany(
      COMMAND,
      leavers(1, () => ({ yearlyValueMinor: 30_000 })),
    );
    expect((await manager.get('/leaving')).text).not.toContain('until then the money reads 0');
    expect((await manager.get('/value')).text).toContain('3 customers left, and €300 a year with them.');
  });
});
