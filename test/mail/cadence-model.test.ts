import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isHoliday } from '../../src/invitations/holidays.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { daysBetween } from '../../src/shared/dates.ts';
import { localTime, weekdayOf } from '../../src/shared/zones.ts';
import { onBothEngines } from '../support/engines.ts';
import { addressOf, forgetWaves, leavers, newWave, reference } from '../support/waves.ts';
import { wavesOn } from '../support/waves-on.ts';

const PEOPLE = 8;
const WAVES = 3;
const person = fc.nat({ max: PEOPLE - 1 });
const wave = fc.nat({ max: WAVES - 1 });

/** What can happen, in any order. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('start' as const), wave }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('send' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('enrol' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('optOut' as const), person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unsubscribe' as const), person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('bounce' as const), person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pause' as const), wave }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('resume' as const), wave }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const), wave }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('decide' as const), wave, again: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 24 * 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('time' as const), hours: fc.constant(24 * 45) }) },
);
/** Without a wave that has been sent, little can go wrong. */
const BEGINNING = [
  { kind: 'start' as const, wave: 1 },
  { kind: 'enrol' as const },
  { kind: 'time' as const, hours: 1 },
  { kind: 'send' as const },
];
/** With the wave already sent, or still waiting to be. */
const beginning = fc.boolean().map((sent) => BEGINNING.slice(0, sent ? undefined : 2));
type Happening = (typeof happening)['generate'] extends (...args: never[]) => fc.Value<infer T> ? T : never;

onBothEngines((on) => {
  const here = wavesOn(on, { keepsMail: true });

  const read = () => on.storage().read;
  const conflictsAreFine = (error: Error) => {
    if (error.name !== 'Conflict' && !('key' in error)) throw error;
  };

  /** One history of a small business, checked after each thing that happens. */
  class History {
    waves: string[] = [];
    customers: string[] = [];
    silent = new Set<string>();
    answered = new Set<string>();
    returned = new Set<string>();
    seen = new Set<string>();

    async begin(): Promise<void> {
      await forgetWaves(on.storage());
      here.clock.set('2026-11-10T08:05:00.000Z');
      await here.app.customers.upsertMany(
        COMMAND,
        leavers(PEOPLE, (i) => ({
          // The last two share an address.
          ...(i === PEOPLE - 1 ? { email: addressOf(PEOPLE - 2) } : {}),
          ...(i % 2 ? { timeZone: 'America/New_York', country: 'US' } : { country: 'DE' }),
        })),
      );
      for (let i = 0; i < PEOPLE; i++)
        this.customers.push((await here.app.customers.findByReference(reference(i)))?.id ?? '');
      for (let i = 0; i < WAVES; i++)
        this.waves.push(await newWave(here.app, here.ready, { reminderDays: i === 0 ? [5] : [5, 12] }));
    }

    async happen(what: Happening): Promise<void> {
      const { invitations, customers } = here.app;
      const at = 'wave' in what ? (this.waves[what.wave] ?? '') : '';
      const who = 'person' in what ? (this.customers[what.person] ?? '') : '';
      switch (what.kind) {
        case 'start':
          return await invitations.startWave(COMMAND, at).catch(conflictsAreFine);
        case 'send':
          return void (await here.app.runDue());
        case 'enrol':
          return await invitations.work();
        case 'crash':
          return await this.crash(what.count);
        case 'pause':
          return await invitations.pauseWave(COMMAND, at).catch(conflictsAreFine);
        case 'resume':
          return await invitations.resumeWave(COMMAND, at).catch(conflictsAreFine);
        case 'stop':
          return await invitations.stopWave(COMMAND, at).catch(conflictsAreFine);
        case 'decide':
          await invitations.decideAllUnknown(COMMAND, at, what.again ? 'again' : 'sent').catch(conflictsAreFine);
          return;
        case 'time':
          return here.clock.advance({ hours: what.hours });
        case 'unsubscribe':
          this.silent.add(who);
          await on.storage().transaction((tx) => customers.unsubscribe(tx, who, 'link'));
          return;
        default:
          return await this.hear(what.kind, who);
      }
    }

    /** Something comes back about the newest invitation that somebody has received. */
    async hear(kind: 'answer' | 'optOut' | 'bounce', customerId: string): Promise<void> {
      const { invitations } = here.app;
      const sent = await read()
        .selectFrom('invitation')
        .select('id')
        .where('customer_id', '=', customerId)
        .where('delivery', '=', 'sent')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (!sent) return;
      await on.storage().transaction(async (tx) => {
        if (kind === 'answer') await invitations.markStarted(tx, sent.id);
        else if (kind === 'optOut') await invitations.optOut(tx, sent.id);
        else await invitations.markBounced(tx, sent.id);
      });
      (kind === 'bounce' ? this.returned : this.answered).add(sent.id);
    }

    /** As a process leaves it that dies between claiming and hearing from the mail server. */
    async crash(count: number): Promise<void> {
      const now = here.clock.now().toISOString();
      await on.storage().transaction(async (tx) => {
        const due = await tx
          .selectFrom('outgoing_mail')
          .select(['id', 'kind', 'subject_id'])
          .where('state', '=', 'queued')
          .where('not_before', '<=', now)
          .where('kind', '=', 'invitation')
          .orderBy('id')
          .limit(count)
          .execute();
        for (const mail of due) {
          const mine = await tx
            .selectFrom('invitation')
            .innerJoin('wave', 'wave.id', 'invitation.wave_id')
            .select(['invitation.id', 'wave.state'])
            .where('invitation.id', '=', mail.subject_id)
            .executeTakeFirstOrThrow();
          if (mine.state === 'paused') continue;
          const claim = { state: 'sending' as const, claimed_by: 'a dead process', claimed_at: now };
          await tx.updateTable('outgoing_mail').set(claim).where('id', '=', mail.id).execute();
          await tx.updateTable('invitation').set({ delivery: 'sending' }).where('id', '=', mine.id).execute();
        }
      });
    }

    async check(what: Happening): Promise<void> {
      await this.ledger();
      await this.budget();
      await this.mails(what);
    }

    /** Everybody is in exactly one place, and the place is where their mail is. */
    async ledger(): Promise<void> {
      for (const id of this.waves) {
        const { accounts: all } = await here.app.invitations.waveStatus(id);
        const { sent, unknown, failed, cancelled, queued, sending, withheld, skipped } = all;
        expect(sent + unknown + failed + cancelled + queued + sending + withheld + skipped).toBe(all.recipients);
      }
      const mails = await read()
        .selectFrom('outgoing_mail')
        .innerJoin('invitation', 'invitation.id', 'outgoing_mail.subject_id')
        .select(['outgoing_mail.state', 'invitation.delivery'])
        .where('kind', '=', 'invitation')
        .execute();
      expect(mails.filter(({ state, delivery }) => state !== delivery)).toEqual([]);
      const reminders = await read()
        .selectFrom('reminder')
        .leftJoin('outgoing_mail', 'outgoing_mail.subject_id', 'reminder.id')
        .select(['reminder.state as told', 'outgoing_mail.state'])
        .execute();
      for (const { told, state } of reminders) expect(state ?? 'none').toBe(this.expected(told, state));
    }

    /** A reminder that was dropped before it was due has no mail. */
    expected(told: string, state: string | null): string {
      if (told === 'planned') return 'none';
      return told === 'cancelled' && state === null ? 'none' : told;
    }

    async budget(): Promise<void> {
      const counted = await read()
        .selectFrom('invitation')
        .innerJoin('customer', 'customer.id', 'invitation.customer_id')
        .select(['customer.email_key', 'invitation.created_at'])
        .where('delivery', 'in', ['queued', 'sending', 'sent', 'unknown'])
        .orderBy('invitation.created_at')
        .execute();
      for (const [, theirs] of Map.groupBy(counted, (row) => row.email_key)) {
        theirs.slice(1).forEach(({ created_at }, i) => {
          const before = theirs[i]?.created_at ?? '';
          expect(daysBetween(before.slice(0, 10), created_at.slice(0, 10))).toBeGreaterThanOrEqual(90);
        });
      }
    }

    /** Whatever has left since the last look was allowed to. */
    async mails(what: Happening): Promise<void> {
      const all = await read()
        .selectFrom('captured_mail')
        .innerJoin('outgoing_mail', 'outgoing_mail.id', 'captured_mail.mail_id')
        .select(['captured_mail.id', 'kind', 'subject_id'])
        // What managers get each month is no matter of cadence.
        .where('kind', '<>', 'summary')
        .execute();
      expect(new Set(all.map((mail) => `${mail.kind} ${mail.subject_id}`)).size).toBe(all.length);
      const fresh = all.filter(({ id }) => !this.seen.has(id));
      if (what.kind !== 'send') expect(fresh).toEqual([]);
      for (const mail of fresh) {
        this.seen.add(mail.id);
        await this.mayHaveLeft(mail);
      }
    }

    async mayHaveLeft({ kind, subject_id }: { kind: string; subject_id: string }): Promise<void> {
      const reminder = await read().selectFrom('reminder').selectAll().where('id', '=', subject_id).executeTakeFirst();
      expect(kind === 'invitations.reminder').toBe(reminder !== undefined);
      const found = await read()
        .selectFrom('invitation')
        .innerJoin('wave', 'wave.id', 'invitation.wave_id')
        .innerJoin('customer', 'customer.id', 'invitation.customer_id')
        .select(['invitation.id', 'customer_id', 'wave.state', 'time_zone', 'customer.country'])
        .where('invitation.id', '=', reminder?.invitation_id ?? subject_id)
        .executeTakeFirstOrThrow();
      expect(this.silent.has(found.customer_id)).toBe(false);
      expect(['paused', 'stopped']).not.toContain(found.state);
      if (!reminder) return;
      expect(this.answered.has(found.id) || this.returned.has(found.id)).toBe(false);
      const { day, minutes } = localTime(found.time_zone || 'Europe/Berlin', here.clock.now().toISOString());
      expect([0, 6]).not.toContain(weekdayOf(day));
      expect(isHoliday(found.country, day)).toBe(false);
      expect(minutes >= 480 && minutes < 1200).toBe(true);
    }
  }

  test('in whatever order things happen: accounts add up, nobody twice, nobody who asked us to stop', async () => {
    const numRuns = Number(process.env.MODEL_RUNS ?? (on.engine === 'sqlite' ? 25 : 5));
    await fc.assert(
      fc.asyncProperty(beginning, fc.array(happening, { minLength: 15, maxLength: 40 }), async (first, happenings) => {
        const history = new History();
        await history.begin();
        for (const what of [...first, ...happenings]) {
          await history.happen(what);
          await history.check(what);
        }
      }),
      { numRuns, endOnFailure: true },
    );
  });
});
