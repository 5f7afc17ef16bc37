import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isHoliday } from '../../src/invitations/holidays.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { addDays, addMonths, daysBetween } from '../../src/shared/dates.ts';
import { localTime, weekdayOf } from '../../src/shared/zones.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { testClock, type TestClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { leavers, readyToSend, reference } from '../support/waves.ts';

const PEOPLE = 24;
/** Hours of UTC at which the app looks: in Berlin and New York they fall into days, evenings and nights. */
const LOOKS = [3, 8, 13, 20];
const FIRST = '2026-12-01';
/** Each month a fourth of them is asked. */
const PARTS = 4;
const inNewYork = (i: number) => i % 2 === 1;
const place = (newYork: boolean) =>
  newYork ? { timeZone: 'America/New_York', country: 'US' } : { timeZone: 'Europe/Berlin', country: 'DE' };

const isOff = (day: string, country: string) => [0, 6].includes(weekdayOf(day)) || isHoliday(country, day);
const nextWorking = (day: string, country: string): string =>
  isOff(day, country) ? nextWorking(addDays(day, 1), country) : day;

onBothEngines((on) => {
  let running: TestApp;
  let clock: TestClock;
  /** On PostgreSQL until the clocks of both places have been put forward. */
  const months = on.engine === 'sqlite' ? 12 : PARTS;
  const end = addMonths(FIRST, months);

  beforeAll(async () => {
    clock = testClock(`${FIRST}T00:00:00.000Z`);
    running = await startApp(on.storage(), { clock });
    const { senderId, questionnaireId } = await readyToSend(running.app);
    await running.app.customers.upsertMany(
      COMMAND,
      leavers(PEOPLE, (i) => ({ status: 'active', leftOn: null, ...place(inNewYork(i)) })),
    );
    const made = await running.app.invitations.createSchedule(COMMAND, {
      questionnaireId,
      name: 'Monthly',
      audience: {},
      senderAccountId: senderId,
      expiresDays: 60,
      reminderDays: [5, 12],
      moment: 'rolling',
      everyMonths: 1,
      parts: PARTS,
      dealingKinds: [],
      atMinutes: 540,
      startOn: FIRST,
    });
    expect(made.ok).toBe(true);
  });
  afterAll(() => running.close());

  /** What asking and reminding has to do; whatever else is due is no matter of cadence. */
  async function look(): Promise<void> {
    await running.app.invitations.work();
    await running.app.mailer.sendDue();
    await running.app.invitations.work();
  }

  /** Every fourth of those who were asked answers at once. */
  async function answer(): Promise<void> {
    const sent = await on
      .storage()
      .read.selectFrom('invitation')
      .innerJoin('customer', 'customer.id', 'invitation.customer_id')
      .select('invitation.id')
      .where('delivery', '=', 'sent')
      .where('progress', '=', 'none')
      .where('customer.reference', 'in', [reference(0), reference(5), reference(10), reference(15)])
      .execute();
    await on.storage().transaction(async (tx) => {
      for (const { id } of sent) await running.app.invitations.markStarted(tx, id);
    });
  }

  test('for months: each run on its day, reminders on theirs, nobody twice, nobody at night or on a holiday', async () => {
    for (let day = FIRST; day < end; day = addDays(day, 1)) {
      for (const hour of LOOKS) {
        clock.set(`${day}T${String(hour).padStart(2, '0')}:00:00.000Z`);
        await look();
        // The hold of a wave ends between two looks.
        clock.advance({ minutes: 6 });
        await running.app.mailer.sendDue();
      }
      await answer();
    }
    const { read } = on.storage();

    const waves = await read.selectFrom('wave').select(['name', 'started_at']).orderBy('id').execute();
    const firsts = Array.from({ length: months }, (_, i) => addMonths(FIRST, i));
    expect(waves.map(({ name }) => name)).toEqual(firsts.map((day) => `Monthly, ${day}`));
    for (const [i, { started_at }] of waves.entries()) {
      const local = localTime('Europe/Berlin', started_at ?? '');
      expect(local.day).toBe(nextWorking(firsts[i] ?? '', 'DE'));
      expect(local.minutes).toBeGreaterThanOrEqual(540);
      expect(local.minutes).toBeLessThan(12 * 60);
    }
    expect(await running.app.invitations.askingRuns()).toEqual([]);

    const asked = await read
      .selectFrom('invitation')
      .innerJoin('customer', 'customer.id', 'invitation.customer_id')
      .select(['invitation.id', 'customer.reference', 'sent_at', 'progress', 'time_zone', 'customer.country'])
      .where('delivery', '=', 'sent')
      .orderBy('sent_at')
      .execute();
    const byPerson = Map.groupBy(asked, (row) => row.reference);
    expect(byPerson.size).toBe(PEOPLE);
    for (const [, theirs] of byPerson) {
      expect(theirs).toHaveLength(months / PARTS);
      theirs.slice(1).forEach(({ sent_at }, i) => {
        expect(daysBetween((theirs[i]?.sent_at ?? '').slice(0, 10), (sent_at ?? '').slice(0, 10))).toBeGreaterThan(89);
      });
    }

    const reminders = await read.selectFrom('reminder').selectAll().where('state', '=', 'sent').execute();
    const days = [5, 12];
    for (const { id, sent_at, progress, time_zone, country } of asked) {
      const theirs = reminders.filter(({ invitation_id }) => invitation_id === id).sort((a, b) => a.number - b.number);
      const complete = (sent_at ?? '') < addMonths(end, -1);
      if (progress !== 'none') expect(theirs).toEqual([]);
      else if (complete) expect(theirs.map(({ number }) => number)).toEqual([1, 2]);
      for (const reminder of theirs) {
        const local = localTime(time_zone, reminder.sent_at ?? '');
        const due = addDays(localTime(time_zone, sent_at ?? '').day, days[reminder.number - 1] ?? 0);
        expect(isOff(local.day, country)).toBe(false);
        expect(local.minutes >= 480 && local.minutes < 1200).toBe(true);
        // The first look after it was due, which is on the same day, or on the next working one.
        const latest = nextWorking(addDays(nextWorking(due, country), 1), country);
        expect([nextWorking(due, country), latest]).toContain(local.day);
      }
    }

    const mails = await read
      .selectFrom('captured_mail')
      .innerJoin('outgoing_mail', 'outgoing_mail.id', 'captured_mail.mail_id')
      .select(['kind', 'subject_id'])
      .execute();
    expect(mails).toHaveLength(asked.length + reminders.length);
    expect(new Set(mails.map(({ kind, subject_id }) => kind + subject_id)).size).toBe(mails.length);
  });
});
