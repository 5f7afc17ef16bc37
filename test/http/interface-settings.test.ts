import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import {
  actorsOf,
  CALLED_ELSEWHERE,
  fieldsAt,
  missing,
  NOBODY,
  program,
  statuses,
  type Program,
} from '../support/interface.ts';
import type { Role } from '../../src/web/index.ts';

const GIFT = { kind: 'gift', costMinor: 900, codeKind: 'none', validDays: 30 };

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;
  let anna: Person & { accountId: string };
  let carla: Person & { accountId: string };
  let offers = 0;

  beforeAll(async () => {
    app = await startApp(on.storage());
    from = await program(app);
    anna = await app.signIn('staff', 'Anna');
    carla = await app.signIn('manager', 'Carla');
  });
  afterAll(() => app.close());

  const read = async (what: string) => (await from.call('GET', `/settings/${what}`)).body as Record<string, unknown>;
  const put = (what: string, body: object, role: Role | null = 'manager') =>
    from.call('POST', `/settings/${what}`, body, role);
  const changes = (action: string) => actorsOf(on.storage(), action);
  const byToken = () => ['token', from.tokenIds.get('manager')];
  const retire = (offerId: string) => from.call('POST', `/offers/${offerId}/retirement`);
  const offer = async () =>
    (await from.call('POST', '/offers', { ...GIFT, name: { en: `Box ${++offers}` } })).body.id as string;

  test.each(['cases', 'payment', 'comments', 'anniversaries'])('staff read and change nothing of %s', async (what) => {
    const setting = await read(what);
    expect((await from.call('GET', `/settings/${what}`, undefined, 'staff')).status).toBe(403);
    expect((await put(what, setting, 'staff')).status).toBe(403);
    expect((await put(what, setting, null)).status).toBe(401);
  });

  test('how cases are dealt with is put in place as a whole, as the page shows it, and the same again is nothing', async () => {
    const wanted = {
      ...(await read('cases')),
      actDays: 2,
      lowScorePercent: 0,
      reasons: ['price'],
      keywords: ['lawyer'],
      staffLimitMinor: 7550,
    };
    const kept = { ...wanted, revision: 1 };
    for (const _ of [1, 2]) expect((await put('cases', wanted)).body).toEqual(kept);
    expect(await read('cases')).toEqual(kept);
    expect(fieldsOf(await carla.get('/settings/cases'), '/settings/cases')).toMatchObject({
      ...{ actDays: '2', lowScorePercent: '0', reasons: 'price', keywords: 'lawyer', staffLimit: '75.50' },
    });
    expect(await changes('recovery.caseSettings')).toEqual([byToken()]);
    for (const [wrong, field] of [
      [{ actDays: 0 }, 'actDays'],
      [{ apologiseHours: 81 }, 'apologiseHours'],
      [{ silentDays: undefined }, 'silentDays'],
      [{ reasons: ['price', 'nothing'] }, 'reasons.1'],
      [{ staffLimitMinor: -1 }, 'staffLimitMinor'],
      [{ actDay: 1 }, 'actDay'],
    ] as const)
      expect(fieldsAt(await put('cases', { ...kept, ...wrong }))).toEqual([422, [field]]);
    expect(await read('cases')).toEqual(kept);
  });

  test('how payment difficulties are dealt with', async () => {
    const advice = [{ country: 'NL', name: 'Geldfit', href: 'https://geldfit.nl/' }];
    const wanted = { ...(await read('payment')), days: 30, staffMinor: 50_000, staffInstalments: 4, advice };
    const kept = { ...wanted, revision: 1 };
    for (const _ of [1, 2]) expect((await put('payment', wanted)).body).toEqual(kept);
    expect(fieldsOf(await carla.get('/settings/payment'), '/settings/payment')).toMatchObject({
      ...{ days: '30', staff: '500', staffInstalments: '4', advice: 'NL Geldfit https://geldfit.nl/' },
    });
    expect(await changes('payment.setting')).toEqual([byToken()]);
    for (const [wrong, field] of [
      [{ days: 0 }, 'days'],
      [{ staffInstalments: 1 }, 'staffInstalments'],
      [{ advice: [{ ...advice[0], href: 'http://geldfit.nl/' }] }, 'advice.0.href'],
    ] as const)
      expect(fieldsAt(await put('payment', { ...kept, ...wrong }))).toEqual([422, [field]]);
    expect(await read('payment')).toEqual(kept);
  });

  test('what the public page promises, as it was read: of several at one moment one is kept', async () => {
    const { usualTexts, ...before } = await read('comments');
    const usual = usualTexts as Record<'guarantee' | 'gift', Record<string, string>>;
    const giftOfferId = await offer();
    const texts = { en: 'You get a box.', de: usual.gift.de, nl: ' ' };
    const gift = { on: true, texts, approved: ['en', 'de'] };
    const wanted = { ...before, ownerId: anna.accountId, answerHours: 4, gift, giftOfferId };
    const kept = { ...wanted, gift: { ...gift, texts: { en: 'You get a box.' } }, revision: 1, usualTexts };
    const other = { ...wanted, answerHours: 6 };
    expect((await put('comments', wanted)).body).toEqual(kept);
    expect((await put('comments', wanted)).body).toEqual(kept);
    expect(fieldsAt(await put('comments', other))).toEqual([409, ['revision']]);
    expect(fieldsOf(await carla.get('/settings/comments'), '/settings/comments')).toMatchObject({
      ...{
        answerHours: '4',
        ownerId: anna.accountId,
        gift_en: 'You get a box.',
        gift_de: usual.gift.de,
        revision: '1',
      },
    });
    const page = (await app.visitor().agent.get('/tell-us?lang=en')) as unknown as { text: string };
    expect(page.text).toContain('You get a box.');
    const hours = [10, 11, 12].map((answerHours) => put('comments', { ...other, answerHours, revision: 1 }));
    expect(statuses(await Promise.all(hours))).toEqual([200, 409, 409]);
    expect(await changes('comments.settings')).toEqual([byToken(), byToken()]);
  });

  test('the public page promises what the form lets it, by those who work here', async () => {
    const { usualTexts: _, ...before } = await read('comments');
    const gift = { on: true, texts: {}, approved: [] };
    for (const [wrong, field] of [
      [{ answerHours: 0 }, 'answerHours'],
      [{ ownerId: NOBODY }, 'ownerId'],
      [{ giftOfferId: NOBODY }, 'giftOfferId'],
      [{ gift: { ...gift, texts: { de: 'x'.repeat(601) } } }, 'gift.texts.de'],
      [{ gift: { ...gift, texts: { xx: 'x' } } }, 'gift.texts'],
      [{ gift: { ...gift, approved: ['xx'] } }, 'gift.approved.0'],
    ] as const)
      expect(fieldsAt(await put('comments', { ...before, ...wrong }))).toEqual([422, [field]]);
    const giftOfferId = await offer();
    await retire(giftOfferId);
    expect(fieldsAt(await put('comments', { ...before, giftOfferId }))).toEqual([422, ['giftOfferId']]);
  });

  test('which anniversaries are greeted, and with what: in every language, or by an offer that speaks for itself', async () => {
    const offerId = await offer();
    const text = { de: 'Ein Päckchen Kaffee', en: 'A bag of coffee', nb: 'En pose kaffe', nl: 'Een zak koffie' };
    const tiers = [
      { years: 10, text: {}, offerId },
      { years: 1, text, offerId: null },
    ];
    const nothing = { de: '', en: '', nb: '', nl: '' };
    const kept = { on: true, fromYear: 2, tiers: [tiers[1], { years: 10, text: nothing, offerId }], revision: 1 };
    const wanted = { on: true, fromYear: 2, tiers, revision: 0 };
    for (const _ of [1, 2]) expect((await put('anniversaries', wanted)).body).toEqual(kept);
    expect(fieldsOf(await carla.get('/anniversaries'), '/anniversaries/settings')).toMatchObject({
      ...{ on: '1', fromYear: '2', 'years-0': '1', 'text-0-de': 'Ein Päckchen Kaffee', 'years-1': '10' },
    });
    expect(await changes('attentions.setting')).toEqual([byToken()]);
    for (const [wrong, field] of [
      [{ fromYear: 0 }, 'fromYear'],
      [{ tiers: [{ ...tiers[1], years: 101 }] }, 'tiers.0.years'],
      [{ tiers: [{ years: 1, text: {}, offerId: null }] }, 'tiers.0.text'],
      [{ tiers: [tiers[1], { years: 5, text: { de: 'Kaffee' }, offerId }] }, 'tiers.1.text'],
      [{ tiers: [{ ...tiers[1], offerId: NOBODY }] }, 'tiers'],
    ] as const)
      expect(fieldsAt(await put('anniversaries', { ...kept, ...wrong }))).toEqual([422, [field]]);
    await retire(offerId);
    expect((await put('anniversaries', { ...kept, on: false })).status).toBe(200);
    const gone = await offer();
    await retire(gone);
    const late = { ...kept, tiers: [{ years: 1, text, offerId: gone }], revision: 2 };
    expect(fieldsAt(await put('anniversaries', late))).toEqual([422, ['tiers']]);
    expect(await read('anniversaries')).toEqual({ ...kept, on: false, revision: 2 });
  });

  test.each([
    ['cases', 'actDays'],
    ['payment', 'days'],
    ['anniversaries', 'fromYear'],
  ])(
    'of %s, what was made from earlier settings changes nothing, and of several at one moment one is kept',
    async (what, field) => {
      const before = await read(what);
      const now = before.revision as number;
      for (const revision of [now - 1, now + 1])
        expect(fieldsAt(await put(what, { ...before, [field]: 20, revision }))).toEqual([409, ['revision']]);
      expect(await read(what)).toEqual(before);
      const several = [10, 11, 12].map((each) => put(what, { ...before, [field]: each }));
      expect(statuses(await Promise.all(several))).toEqual([200, 409, 409]);
      expect((await read(what)).revision).toBe(now + 1);
    },
  );

  test('each of these calls has been made, and answered as its description says', () => {
    expect(missing(from, CALLED_ELSEWHERE.settings)).toEqual([]);
  });
});
