import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { COMMAND, SYSTEM } from '../../src/shared/actor.ts';
import type { Services } from '../../src/services.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { startServices } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { leavers } from '../support/waves.ts';

const OCTOBER = '2026-10';

onBothEngines((on) => {
  let app: TestApp;
  let second: Services;
  let manager: Person & { accountId: string };
  let token: string;

  const summary = () => app.app.insight.summary;
  const work = async (services: Pick<Services, 'insight'> = app.app) => {
    for (const job of services.insight.summary.jobs) await job();
  };
  const letters = () =>
    on
      .storage()
      .read.selectFrom('outgoing_mail')
      .select(['subject_id', 'state', 'last_error'])
      .where('kind', '=', 'summary')
      .orderBy('subject_id')
      .execute();
  const outbox = async () => {
    const { rows } = await app.app.mailer.outbox.list(null, { isAdministrator: true });
    return await Promise.all(rows.map(({ id }) => app.app.mailer.outbox.get(id, { isAdministrator: true })));
  };
  const person = (name: string, role: 'manager' | 'administrator', language: string) =>
    app.app.accounts.createAccount(
      {
        email: `${name.toLowerCase().replace(' ', '.')}@example.com`,
        name,
        role,
        language,
        password: 'correct horse battery',
      },
      COMMAND,
    );
  const api = async (path: string) => {
    const response = await fetch(`${app.baseUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as { figures: never; state: string } };
  };

  beforeAll(async () => {
    app = await startApp(on.storage(), { clock: testClock('2026-10-28T10:00:00.000Z') });
    second = await startServices(on.storage(), app.clock);
    manager = await app.signIn('manager', 'Carla Dahl');
    await app.signIn('staff', 'Anna Berg');
    await person('Jens Vogt', 'administrator', 'de');
    const bounced = await person('Returned', 'manager', 'en');
    await app.app.bounces.suppressions.addByHand(COMMAND, 'returned@example.com', 'came back', null);
    const gone = await person('Gone', 'manager', 'en');
    await app.app.accounts.people.deactivate(
      { kind: 'account', id: (await person('Admin', 'administrator', 'nl')).id },
      gone.id,
    );
    expect(bounced.id).not.toBe('');
    token = (await app.app.accounts.createToken({ name: 'figures', role: 'manager' }, COMMAND)).token;
    const left = (leftOn: string, yearlyValueMinor: number) => () => ({ leftOn, yearlyValueMinor });
    await app.app.customers.upsertMany(SYSTEM, leavers(3, left('2026-10-31', 30_000)));
    await app.app.customers.upsertMany(SYSTEM, leavers(2, left('2026-10-01', 12_050), 10));
    await app.app.customers.upsertMany(SYSTEM, leavers(4, left('2026-09-30', 30_000), 20));
    await app.app.customers.upsertMany(SYSTEM, leavers(1, left('2026-11-01', 99_900), 30));
  });
  afterAll(() => app.close());

  test('a month under way is live, up to today, against the same days of the month before', async () => {
    const { state, figures } = await summary().month(OCTOBER);
    expect(state).toBe('running');
    expect(figures).toMatchObject({ from: '2026-10-01', to: '2026-10-28', left: { count: 2, lostMinor: 24_100 } });
    expect(figures.before).toEqual({ count: 0, lostMinor: 0 });
    await work();
    expect(await letters()).toEqual([]);
    const page = await manager.get('/summary?month=2026-10');
    expect(page.text).toContain('Up to 28 October 2026 2 customers have left this month, worth €241 a year.');
  });

  test('on the first working day, at the opening hour, each reader is written to once, whoever restarts', async () => {
    app.clock.set('2026-11-02T07:59:00.000Z');
    await work();
    expect(await letters()).toEqual([]);
    expect((await summary().month(OCTOBER)).state).toBe('over');
    app.clock.set('2026-11-02T08:00:00.000Z');
    await Promise.all([work(), work(second)]);
    await work(await startServices(on.storage(), app.clock));
    expect(await letters()).toHaveLength(4);
    const kept = await on.storage().read.selectFrom('summary_letter').selectAll().execute();
    expect(kept.map(({ month }) => month)).toEqual([OCTOBER, OCTOBER, OCTOBER, OCTOBER]);
    app.clock.advance({ days: 3 });
    await work();
    await work(await startServices(on.storage(), app.clock));
    expect(await letters()).toHaveLength(4);
  });

  test('in the reader\u2019s own language, with no customer in it, and not to an address that came back', async () => {
    await app.app.accounts.settings.turnSendingOff(COMMAND);
    await app.app.mailer.sendDue();
    expect((await letters()).map(({ state }) => state)).toEqual(['queued', 'queued', 'queued', 'queued']);
    await app.app.accounts.settings.turnSendingOn(COMMAND);
    await app.app.mailer.sendDue();
    expect((await letters()).filter(({ state }) => state === 'cancelled')).toMatchObject([
      { last_error: 'suppressed' },
    ]);
    const mails = await outbox();
    expect(mails.map(({ to }) => to)).toContain('jens.vogt@example.com');
    expect(mails.map(({ to }) => to)).not.toContain('returned@example.com');
    const german = mails.find(({ subject }) => subject.startsWith('Oktober 2026: wer ging'));
    expect(german?.text).toMatch(/Im Oktober 2026 sind 5 Kunden gegangen, die 1\.141\s€ im Jahr wert waren\./);
    expect(german?.html).toContain('<html lang="de">');
    // Whatever is not of the month alone says of which days it is.
    expect(german?.text).toContain('In den zwölf Monaten bis zum letzten dieser Tage.');
    const english = mails.find(({ subject }) => subject.startsWith('October 2026: who left'));
    expect(english?.text).toContain(`${app.baseUrl}/summary?month=2026-10`);
    for (const { text, html } of mails) expect(`${text}${html}`).not.toMatch(/Kim Example|Example\d|W-\d{4}/);
  });

  test('mail, page, CSV and interface say the same, and what is learned later changes none of it', async () => {
    manager = await app.signIn('manager', 'Berit Dahl');
    await app.app.customers.upsertMany(
      SYSTEM,
      leavers(7, () => ({ leftOn: '2026-10-15', yearlyValueMinor: 5_000 }), 40),
    );
    const said = /5 customers left, worth €1,141 a year\. In September 2026 it was 4\./;
    const page = await manager.get('/summary');
    expect(page.text).toMatch(said);
    expect(page.text).toContain('As it stood on 2 November 2026');
    const english = (await outbox()).find(({ subject }) => subject.startsWith('October 2026: who left'));
    expect(english?.text).toMatch(said);
    const csv = (await manager.get('/summary.csv?month=2026-10')).text;
    const rows = parse<Record<string, string>>(csv, { columns: true, bom: true });
    expect(rows.find(({ row, key }) => row === 'left' && key === 'this')).toMatchObject({
      value: '5',
      lost_a_year: '1141.00',
    });
    const parts = rows.filter(({ row }) => ['reason', 'others', 'unknown'].includes(row ?? ''));
    expect(parts.reduce((sum, each) => sum + Number(each.lost_a_year), 0)).toBe(2341);
    // Every figure has the days that it is about.
    const daysOf = (row: string, key: string) => {
      const { from, to } = rows.find((each) => each.row === row && each.key === key) ?? {};
      return [from, to];
    };
    expect(daysOf('left', 'this')).toEqual(['2026-10-01', '2026-10-31']);
    expect(daysOf('left', 'before')).toEqual(['2026-09-01', '2026-09-30']);
    expect(daysOf('measure', 'retention')).toEqual(['2025-11-01', '2026-10-31']);
    expect(daysOf('measure_before', 'retention')).toEqual(['2025-10-01', '2026-09-30']);
    expect(daysOf('won_back', '')).toEqual(['2025-11-01', '2026-10-31']);
    const { body } = await api('/reports/summary');
    expect(body).toMatchObject({ month: OCTOBER, state: 'kept', figures: { left: { count: 5, lostMinor: 114_100 } } });
    expect(body.figures).toEqual((await summary().month(OCTOBER)).figures);
  });

  test('only managers read it, months that are none are not found, and who wants no mail gets none', async () => {
    const staff = await app.signIn('staff', 'Ben Berg');
    expect((await staff.get('/summary')).status).toBe(403);
    expect((await staff.get('/summary.csv')).status).toBe(403);
    for (const month of ['2026-13', '2027-01', '1999-01', 'x'])
      expect((await manager.get(`/summary?month=${month}`)).status).toBe(404);
    expect((await staff.get('/me')).text).not.toContain('/summary/mail');
    expect((await manager.get('/me')).text).toContain('value="1" checked');
    await manager.post('/summary/mail', {});
    expect((await manager.get('/me')).text).not.toContain('value="1" checked');
    app.clock.set('2026-12-01T08:00:00.000Z');
    await work();
    expect((await letters()).filter(({ subject_id }) => subject_id === manager.accountId)).toEqual([]);
    expect(await letters()).toHaveLength(8);
  });

  test('asked for, it comes at once, a few times an hour', async () => {
    const statuses = [];
    manager = await app.signIn('manager', 'Dora Dahl');
    for (let i = 0; i < 6; i++) statuses.push((await manager.post('/summary/send', { month: OCTOBER })).status);
    expect(statuses).toEqual([303, 303, 303, 303, 303, 429]);
    expect((await letters()).filter(({ subject_id }) => subject_id === manager.accountId)).toHaveLength(5);
  });
});
