import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { addDays, dayIn } from '../../src/shared/dates.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { leavers, reference } from '../support/waves.ts';

/** Left a year and more ago: most of them have had the time to come back. */
const EARLIER = 100;
const EARLIER_BACK = 60;
const LATELY = 100;
const LATELY_BACK = 3;
const LATELY_DAYS = 100;

onBothEngines((on) => {
  let running: TestApp;
  let boss: Person;
  let token: string;

  beforeAll(async () => {
    running = await startApp(on.storage());
    boss = await running.signIn('manager', 'Carla Dahl');
    ({ token } = await running.app.accounts.createToken({ name: 'Report', role: 'manager' }));
    const { customers } = running.app;
    await customers.upsertMany(COMMAND, leavers(EARLIER, left(500)));
    await customers.upsertMany(COMMAND, leavers(LATELY, left(LATELY_DAYS), EARLIER));
    const back = [...Array(EARLIER_BACK).keys(), ...Array.from({ length: LATELY_BACK }, (_, i) => EARLIER + i)];
    await customers.addPurchases(
      COMMAND,
      back.map((i) => ({
        customerReference: reference(i),
        purchasedOn: daysAgo(5),
        amountMinor: 2000,
        item: 'Espresso',
        reference: '',
      })),
    );
  });
  afterAll(() => running.close());

  const daysAgo = (days: number) => addDays(dayIn('Europe/Berlin', running.clock.now()), -days);
  const left = (days: number) => () => ({ leftOn: daysAgo(days), yearlyValueMinor: 20_000, segment: 'Office' });

  const report = async (query: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${running.baseUrl}/api/v1/reports/leaving${query}`, { headers });
    return (await answer.json()) as { leavers: number; returned: number; changes: { about: string }[] };
  };

  test('whoever has come back is not counted, and the page says how many they are', async () => {
    const { text } = await boss.get('/leaving');
    expect(text).toContain(`${LATELY - LATELY_BACK} customers left`);
    expect(text).toContain('3 more left in this time and have come back since.');
    expect(await report('')).toMatchObject({ leavers: LATELY - LATELY_BACK, returned: LATELY_BACK });
    expect(await report('?segment=Home')).toMatchObject({ leavers: 0, returned: 0 });
    expect((await boss.get('/leaving?segment=Home')).text).not.toContain('have come back since');
  });

  test('that those who left earlier have had more time to come back is not told as a change', async () => {
    expect((await report('')).changes).toEqual([]);
    expect((await report('?period=6m&compare=last-year')).changes).toEqual([]);
  });

  test('whoever is back counts once, also where a list still says that they left on that day', async () => {
    await running.app.customers.upsertMany(COMMAND, leavers(1, left(LATELY_DAYS), EARLIER));
    expect(await report('')).toMatchObject({ leavers: LATELY - LATELY_BACK, returned: LATELY_BACK });
  });

  test('where more did leave, the sentence counts all who left', async () => {
    await running.app.customers.upsertMany(COMMAND, leavers(90, left(50), EARLIER + LATELY));
    const { text } = await boss.get('/leaving');
    expect(text).toContain('More customers left, those who came back included: 190, before that 100');
    expect((await report('')).changes.map(({ about }) => about)).toEqual(['leavers', 'money']);
  });
});
