import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { CustomerRow, DealingRow } from '../../src/customers/index.ts';
import type { ScheduleInput } from '../../src/invitations/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { leavers, reference } from '../support/waves.ts';
import { wavesOn } from '../support/waves-on.ts';

onBothEngines((on) => {
  const here = wavesOn(on, { at: '2026-11-10T07:00:00.000Z', keepsMail: true });

  const invitations = () => here.app.invitations;
  const add = (count: number, more: (i: number) => Partial<CustomerRow> = () => ({ status: 'active', leftOn: null })) =>
    here.app.customers.upsertMany(COMMAND, leavers(count, more));
  async function schedule(more: Partial<ScheduleInput>): Promise<string> {
    const made = await invitations().createSchedule(COMMAND, {
      questionnaireId: here.ready.questionnaireId,
      name: 'Touch',
      audience: {},
      senderAccountId: here.ready.senderId,
      expiresDays: 60,
      reminderDays: [],
      moment: 'rolling',
      dealingKinds: [],
      atMinutes: 540,
      startOn: '2026-11-10',
      ...more,
    });
    if (!made.ok) throw new Error(JSON.stringify(made.errors));
    return made.value.id;
  }
  /** Everybody who was written to, by wave, in the order of the waves. */
  async function asked(): Promise<[string, string[]][]> {
    const rows = await on
      .storage()
      .read.selectFrom('invitation')
      .innerJoin('wave', 'wave.id', 'invitation.wave_id')
      .innerJoin('customer', 'customer.id', 'invitation.customer_id')
      .select(['wave.name', 'customer.reference'])
      .where('invitation.delivery', 'in', ['queued', 'sending', 'sent'])
      .orderBy('wave.id')
      .orderBy('customer.reference')
      .execute();
    return [...Map.groupBy(rows, (row) => row.name)].map(([name, group]) => [name, group.map((row) => row.reference)]);
  }
  const buy = (on: [number, string][]) =>
    here.app.customers.addPurchases(
      COMMAND,
      on.map(([i, purchasedOn]) => ({
        customerReference: reference(i),
        purchasedOn,
        amountMinor: 1000,
        item: 'x',
        reference: `${i}-${purchasedOn}`,
      })),
    );
  const deal = (rows: [number, string, string | null][]) =>
    here.app.customers.addDealings(
      COMMAND,
      rows.map(([i, fromOn, toOn]): DealingRow => ({
        customerReference: reference(i),
        kind: 'delivery',
        fromOn,
        toOn,
        reference: `${i}-${fromOn}`,
        note: '',
      })),
    );

  test('a quarter of the customers every three months: after a year everybody had their turn, once', async () => {
    await add(60);
    await schedule({ everyMonths: 3, parts: 4 });
    for (const day of ['2026-11-10', '2027-02-10', '2027-05-10', '2027-08-10']) {
      await here.run(`${day}T09:00:00.000Z`);
      await here.run(`${day}T12:00:00.000Z`);
    }
    const waves = await asked();
    expect(waves.map(([name]) => name)).toEqual([
      'Touch, 2026-11-10',
      'Touch, 2027-02-10',
      'Touch, 2027-05-10',
      'Touch, 2027-08-10',
    ]);
    expect(waves.flatMap(([, who]) => who).sort()).toEqual(Array.from({ length: 60 }, (_, i) => reference(i)));
    expect(waves.every(([, who]) => who.length > 3 && who.length < 30)).toBe(true);
    await here.run('2027-11-10T09:00:00.000Z');
    expect((await asked()).at(-1)?.[1]).toEqual(waves[0]?.[1]);
  });

  test('once, whoever looks: several processes, restarts, a clock that is put back and forth', async () => {
    await add(10);
    await schedule({ everyMonths: 1, parts: 1 });
    here.clock.set('2026-11-10T08:00:00.000Z');
    const other = await startApp(on.storage(), { clock: here.clock });
    await Promise.all([here.app.runDue(), other.app.runDue(), here.app.invitations.work()]);
    await other.close();
    await here.run('2026-11-09T08:00:00.000Z');
    await here.run('2026-11-10T08:00:30.000Z');
    const runs = await on.storage().read.selectFrom('schedule_run').select('run_on').execute();
    expect(runs).toEqual([{ run_on: '2026-11-10' }]);
    expect((await on.storage().read.selectFrom('wave').select('id').execute()).length).toBe(1);
    // A clock that is a year fast fires nothing late; when it is right again, a person is asked about each.
    await here.run('2027-12-01T08:00:00.000Z');
    const waves = await on.storage().read.selectFrom('wave').select('name').orderBy('id').execute();
    expect(waves.map(({ name }) => name)).toEqual(['Touch, 2026-11-10']);
    here.clock.set('2026-12-10T08:00:00.000Z');
    expect((await invitations().askingRuns()).map(({ day }) => day)[0]).toBe('2026-12-10');
  });

  test('so many days after a purchase, on working days; what was told late is still asked, nobody twice', async () => {
    await add(6);
    await schedule({ moment: 'after_purchase', days: 3 });
    await buy([
      [0, '2026-11-09'],
      [1, '2026-11-10'],
      [2, '2026-11-11'],
    ]);
    await here.run('2026-11-10T08:30:00.000Z');
    expect(await asked()).toEqual([]);
    await here.run('2026-11-12T08:30:00.000Z'); // Thursday
    await here.run('2026-11-13T08:30:00.000Z');
    await buy([[3, '2026-11-08']]); // due on the 11th, told on the 13th
    await here.run('2026-11-14T08:30:00.000Z'); // Saturday
    await here.run('2026-11-16T08:30:00.000Z');
    await here.run('2026-11-16T12:30:00.000Z');
    expect(await asked()).toEqual([
      ['Touch, 2026-11-12', [reference(0)]],
      ['Touch, 2026-11-13', [reference(1)]],
      ['Touch, 2026-11-16', [reference(2), reference(3)]],
    ]);
  });

  test('what was overdue for more than a day asks a person, who lets it run or skips it', async () => {
    await add(6);
    await schedule({ moment: 'after_purchase', days: 1 });
    await buy([
      [0, '2026-11-10'],
      [1, '2026-11-12'],
      [2, '2026-11-17'],
    ]);
    await here.run('2026-11-10T08:30:00.000Z');
    await here.run('2026-11-18T08:30:00.000Z'); // away for a week
    expect(await asked()).toEqual([['Touch, 2026-11-18', [reference(2)]]]);
    const [waiting, ...others] = await invitations().askingRuns();
    expect(others).toEqual([]);
    expect(waiting).toMatchObject({ day: '2026-11-17', why: 'late', customers: 2 });
    await here.run('2026-11-19T08:30:00.000Z');
    expect((await asked()).length).toBe(1);
    await invitations().decideRun(COMMAND, waiting?.id ?? '', 'run');
    await expect(invitations().decideRun(COMMAND, waiting?.id ?? '', 'skip')).rejects.toMatchObject({
      key: 'schedules.error.decided',
    });
    await here.app.runDue();
    expect(await asked()).toEqual([
      ['Touch, 2026-11-18', [reference(2)]],
      ['Touch, 2026-11-17', [reference(0), reference(1)]],
    ]);
    await buy([[3, '2026-11-20']]);
    await here.run('2026-11-30T08:30:00.000Z');
    const [again] = await invitations().askingRuns();
    await invitations().decideRun(COMMAND, again?.id ?? '', 'skip');
    await here.run('2026-12-01T08:30:00.000Z');
    expect((await asked()).length).toBe(2);
    expect(await invitations().askingRuns()).toEqual([]);
  });

  test('before, during and after a dealing is one sequence; another survey has to wait', async () => {
    await add(3);
    await schedule({ name: 'Before', moment: 'before_dealing', days: 2, dealingKinds: ['delivery'] });
    await schedule({ name: 'During', moment: 'during_dealing', days: 1 });
    await schedule({ name: 'After', moment: 'after_dealing', days: 2 });
    await deal([[0, '2026-11-12', '2026-11-16']]);
    for (const day of ['10', '11', '12', '13', '16', '17', '18', '19']) await here.run(`2026-11-${day}T08:30:00.000Z`);
    expect(await asked()).toEqual([
      ['Before, 2026-11-10', [reference(0)]],
      ['During, 2026-11-13', [reference(0)]],
      ['After, 2026-11-18', [reference(0)]],
    ]);
    await schedule({ name: 'All', moment: 'rolling', everyMonths: 1, parts: 1, startOn: '2026-11-20' });
    await here.run('2026-11-20T08:30:00.000Z');
    expect((await asked()).at(-1)).toEqual(['All, 2026-11-20', [reference(1), reference(2)]]);
  });

  test('a run that begins late asks nobody before a dealing that has begun, nor during one that is over', async () => {
    await add(4);
    await schedule({ name: 'Before', moment: 'before_dealing', days: 7 });
    await schedule({ name: 'During', moment: 'during_dealing', days: 0 });
    await here.run('2026-11-10T08:30:00.000Z');
    await deal([
      [0, '2026-11-13', '2026-11-13'],
      [1, '2026-11-19', null],
      [2, '2026-11-11', '2026-11-20'],
      [3, '2026-11-11', '2026-11-12'],
    ]);
    here.clock.set('2026-11-13T08:30:00.000Z'); // away for two days
    await here.app.invitations.work();
    const waiting = await invitations().askingRuns();
    expect(waiting.map(({ name, customers }) => [name, customers])).toEqual([
      ['Before', 2],
      ['During', 2],
    ]);
    here.clock.set('2026-11-18T08:30:00.000Z');
    const [before = '', during = ''] = waiting.map(({ id }) => id);
    await invitations().decideRun(COMMAND, before, 'run');
    await here.app.runDue();
    expect(await asked()).toEqual([
      ['During, 2026-11-13', [reference(0)]],
      ['Before, 2026-11-12', [reference(1)]],
    ]);
    here.clock.set('2026-11-21T08:30:00.000Z');
    const over = { key: 'schedules.error.over' };
    await expect(invitations().decideRun(COMMAND, during, 'run')).rejects.toMatchObject(over);
    await invitations().decideRun(COMMAND, during, 'skip');
  });

  // Twenty thousand rows take their time; the statements are the same on both.
  const onOne = on.engine === 'sqlite' ? test : test.skip;
  onOne('the many that earlier runs have taken up leave room for the new ones behind them', async () => {
    await add(2);
    await schedule({ moment: 'after_purchase', days: 0 });
    const buyer = (await here.app.customers.findByReference(reference(0)))?.id ?? '';
    await on.storage().transaction((tx) =>
      sql
        .raw(
          `insert into purchase (id, customer_id, purchased_on, amount_minor, item, reference, created_at)
             with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 20000)
             select '00000000-0000-7000-8000-' || printf('%012d', n), '${buyer}', '2026-11-10', 100, 'x', 'm-' || n, '2026-11-10'
             from numbers`,
        )
        .execute(tx),
    );
    await here.run('2026-11-10T08:30:00.000Z');
    await buy([[1, '2026-11-11']]);
    await here.run('2026-11-11T08:30:00.000Z');
    expect(await asked()).toEqual([
      ['Touch, 2026-11-10', [reference(0)]],
      ['Touch, 2026-11-11', [reference(1)]],
    ]);
  });

  test('what is asked a day before is asked on Friday where Monday would be too late', async () => {
    await add(3);
    await schedule({ moment: 'before_dealing', days: 1, startOn: '2026-11-12' });
    await deal([
      [0, '2026-11-16', null],
      [1, '2026-11-14', null],
      [2, '2026-11-17', null],
    ]);
    await here.run('2026-11-13T10:00:00.000Z');
    expect((await asked()).at(-1)).toEqual(['Touch, 2026-11-13', [reference(0), reference(1)]]);
    await here.run('2026-11-16T10:00:00.000Z');
    expect((await asked()).at(-1)).toEqual(['Touch, 2026-11-16', [reference(2)]]);
  });

  test('so many days after somebody leaves; leaving again later is another leaving', async () => {
    await add(2);
    await schedule({ name: 'Left', moment: 'after_leaving', days: 7 });
    const customers = here.app.customers;
    const id = (await customers.findByReference(reference(0)))?.id ?? '';
    await customers.markLeft(COMMAND, id, '2026-11-10');
    await here.run('2026-11-16T08:30:00.000Z');
    expect(await asked()).toEqual([]);
    await here.run('2026-11-17T08:30:00.000Z');
    expect(await asked()).toEqual([['Left, 2026-11-17', [reference(0)]]]);
    await here.run('2026-11-18T08:30:00.000Z');
    expect((await asked()).length).toBe(1);
  });

  test('paused it rests, and what fell into the pause stays passed; a sender who left asks a person', async () => {
    await add(4);
    const id = await schedule({ moment: 'after_purchase', days: 1 });
    await invitations().pauseSchedule(COMMAND, id);
    await buy([[0, '2026-11-10']]);
    await here.run('2026-11-11T08:30:00.000Z');
    await here.run('2026-11-16T08:30:00.000Z');
    await invitations().resumeSchedule(COMMAND, id);
    await buy([[1, '2026-11-16']]);
    await here.run('2026-11-17T08:30:00.000Z');
    expect(await asked()).toEqual([['Touch, 2026-11-17', [reference(1)]]]);
    expect(await invitations().askingRuns()).toEqual([]);
    await buy([[2, '2026-11-17']]);
    const gone = (at: string | null) =>
      on
        .storage()
        .transaction((tx) =>
          tx.updateTable('account').set({ deactivated_at: at }).where('id', '=', here.ready.senderId).execute(),
        );
    await gone('2026-11-17T09:00:00.000Z');
    await here.run('2026-11-18T08:30:00.000Z');
    const [waiting] = await invitations().askingRuns();
    expect(waiting).toMatchObject({ why: 'sender', customers: 1 });
    await expect(invitations().decideRun(COMMAND, waiting?.id ?? '', 'run')).rejects.toMatchObject({
      key: 'schedules.error.sender',
    });
    await gone(null);
    here.clock.advance({ minutes: 5 });
    await invitations().decideRun(COMMAND, waiting?.id ?? '', 'run');
    await here.app.runDue();
    expect((await asked()).at(-1)?.[1]).toEqual([reference(2)]);
  });

  test('on screen: the list, the form with its faults, pausing, and an overdue run', async () => {
    await add(3);
    let staff = await here.running.signIn('staff', 'Ingrid Solheim');
    expect((await staff.get('/waves/schedules')).text).toContain('None yet.');
    const blank = (await staff.get('/waves/schedules/new')).text;
    expect(blank).toContain('value="09:00"');
    // What is only tried out must not begin on the spot.
    expect(blank).toContain(`name="startOn" type="date" value="2026-11-11"`);
    const fields = {
      questionnaireId: here.ready.questionnaireId,
      name: 'Quarter',
      senderAccountId: here.ready.senderId,
      status: 'active',
      reminders: '0',
      moment: 'rolling',
      everyMonths: '3',
      parts: '4',
      at: '09:30',
      startOn: '2026-11-10',
    };
    const wrong = await staff.post('/waves/schedules', { ...fields, name: '', everyMonths: '99', at: '23:00' });
    expect(wrong.status).toBe(422);
    for (const field of ['name', 'everyMonths', 'at']) expect(wrong.text).toContain(`href="#${field}"`);
    expect((await staff.post('/waves/schedules', { ...fields, moment: 'before_dealing', days: '0' })).status).toBe(422);
    const nobody = await staff.post('/waves/schedules', { ...fields, moment: 'after_leaving', days: '7' });
    expect([nobody.status, nobody.text]).toEqual([422, expect.stringContaining('href="#status"')]);
    expect((await staff.post('/waves/schedules', fields)).status).toBe(303);
    const list = (await staff.get('/waves/schedules')).text;
    expect(list).toContain('every 3 months, each time one of 4 equal parts of the customers');
    expect(list).toContain('10 November 2026');
    const edit = /href="(\/waves\/schedules\/[^"]+\/edit)"/.exec(list)?.[1] ?? '';
    expect((await staff.get(edit)).text).toContain('value="09:30"');
    expect((await staff.post(edit.replace('/edit', ''), { ...fields, name: 'Quarterly' })).status).toBe(303);
    expect((await staff.post(edit.replace('/edit', '/pause'))).status).toBe(303);
    expect((await staff.post(edit.replace('/edit', '/pause'))).status).toBe(409);
    expect((await staff.post(edit.replace('/edit', '/resume'))).status).toBe(303);
    here.clock.set('2026-11-10T08:40:00.000Z');
    staff = await here.running.signIn('staff', 'Ingrid Solheim');
    expect((await staff.get('/waves/schedules')).text).toContain('begins now');
    here.clock.set('2026-11-11T10:00:00.000Z');
    await invitations().work();
    staff = await here.running.signIn('staff', 'Ingrid Solheim');
    const waiting = 'A recurring wave did not run and waits for a decision';
    expect((await staff.get('/today')).text).toContain(`<a href="/waves/schedules">${waiting}</a>`);
    const waves = (await staff.get('/waves')).text;
    expect(waves).toContain('“Quarterly” should have run on');
    const action = /action="(\/waves\/runs\/[^"]+)"/.exec(waves)?.[1] ?? '';
    expect((await staff.post(action, { decision: 'skip' })).status).toBe(303);
    expect((await staff.get('/waves')).text).not.toContain('should have run');
    expect((await staff.get('/today')).text).not.toContain(waiting);
    await schedule({ everyMonths: 1, parts: 1, startOn: '2026-11-11' });
    await here.run('2026-11-11T10:05:00.000Z');
    const wave = await on.storage().read.selectFrom('wave').select('id').executeTakeFirstOrThrow();
    const ran = (await staff.get('/waves/schedules')).text;
    expect(ran).toContain(`<a href="/waves/${wave.id}">11 November 2026: started</a>`);
    expect(ran).toContain('10 November 2026: skipped');
    for (const language of ['de', 'nl', 'nb']) {
      await on
        .storage()
        .transaction((tx) => tx.updateTable('account').set({ language }).where('id', '=', staff.accountId).execute());
      here.clock.advance({ seconds: 30 });
      for (const path of ['/waves/schedules', '/waves/schedules/new', '/waves/rules', edit]) {
        expect((await staff.get(path)).text).not.toMatch(/>[^<]*\b(waves|schedules|form|list)\.[a-z]+[.\w]*[^<]*</);
      }
    }
  });
});
