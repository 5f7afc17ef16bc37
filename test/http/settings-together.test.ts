import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf, fillIn } from '../support/forms.ts';

/** A page with a form of settings: where it leads, a field of its, what two people type, and what does not fit. */
const FORMS = [
  { page: '/settings/cases', action: '/settings/cases', field: 'actDays', typed: ['2', '3'], wrong: 'soon' },
  { page: '/settings/payment', action: '/settings/payment', field: 'days', typed: ['14', '28'], wrong: 'late' },
  { page: '/settings/comments', action: '/settings/comments', field: 'answerHours', typed: ['6', '9'], wrong: '0' },
  { page: '/anniversaries', action: '/anniversaries/settings', field: 'fromYear', typed: ['2', '5'], wrong: '0' },
];

const OFFER = { 'name-en': 'Free shipping', kind: 'gift', cost: '4', forWhom: 'everyone', leastRole: 'staff' };

onBothEngines((on) => {
  let app: TestApp;
  let carla: Person;
  let mia: Person;

  beforeAll(async () => {
    app = await startApp(on.storage());
    carla = await app.signIn('manager', 'Carla');
    mia = await app.signIn('manager', 'Mia');
    const first = await carla.post('/offers', { ...OFFER, codeKind: 'none', validDays: '30' });
    expect(first.status).toBe(303);
  });
  afterAll(() => app.close());

  test.each(FORMS)(
    '$action: who saves second hears of it and decides',
    async ({ page, action, field, typed, wrong }) => {
      const stands = async () => fieldsOf(await carla.get(page), action)[field];
      const seen = fieldsOf(await mia.get(page), action);
      expect((await fillIn(carla, page, { [field]: typed[0] ?? '' }, action)).status).toBe(303);

      // A mistake in between does not make it the newer one.
      const mistaken = await mia.post(action, { ...seen, [field]: wrong });
      expect(mistaken.status).toBe(422);
      const late = await mia.post(action, { ...fieldsOf(mistaken, action), [field]: typed[1] ?? '' });
      expect(late.status).toBe(409);
      expect(late.text).toContain('Somebody else has saved this in the meantime.');
      expect(fieldsOf(late, action)[field]).toBe(typed[1]);
      expect(await stands()).toBe(typed[0]);

      expect((await mia.post(action, fieldsOf(late, action))).status).toBe(303);
      expect(await stands()).toBe(typed[1]);
    },
  );

  test('so it is with an offer of the catalogue', async () => {
    const page = /href="(\/offers\/[0-9a-f-]{36})"/.exec((await mia.get('/offers')).text)?.[1] ?? '';
    const seen = fieldsOf(await mia.get(page), page);
    expect((await fillIn(carla, page, { cost: '5' })).status).toBe(303);
    const late = await mia.post(page, { ...seen, cost: '6' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Somebody else has saved this in the meantime.');
    expect(fieldsOf(late, page).cost).toBe('6');
    expect((await mia.post(page, fieldsOf(late, page))).status).toBe(303);
    expect(fieldsOf(await carla.get(page), page).cost).toMatch(/^6/);
  });
});
