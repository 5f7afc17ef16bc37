import { colleague, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes, dayIn } from '../../shared/dates.ts';
import { NotFound } from '../../shared/errors.ts';
import type { Job } from '../../scheduler/index.ts';
import type { Tx } from '../../storage/index.ts';
import { readMonth, type MonthFigures } from './figures.ts';
import type { MonthSummary, SummaryDeps } from './deps.ts';
import { gather } from './gathering.ts';
import { summaryComposer } from './mail.ts';
import { daysOf, isMonth, monthIn, monthsLater, toldAt } from './month.ts';
import { sourcesOf } from './sources.ts';
import * as store from './summary-store.ts';

export type Summary = ReturnType<typeof createSummary>;

/** Mails that bring the month. */
export const SUMMARY = 'summary';

/** How far back months can be asked for. */
const MOST_MONTHS = 120;
/** A letter that could not be written in time is written so many days later at most. */
const LATE_MINUTES = 7 * 24 * 60;

/** The month on one page, for managers, and the letter that brings it. */
export function createSummary(deps: SummaryDeps) {
  const { storage, clock, accounts, leases, mailer } = deps;
  const { read } = storage;
  const sources = sourcesOf(deps);
  /** The month that nothing more is to be done for. */
  let done = '';

  const currentMonth = async () => monthIn((await accounts.company()).timeZone, clock.now());

  /** @throws NotFound for what is no month, has not begun, or was over ten years ago */
  async function month(wanted: string): Promise<MonthSummary> {
    const current = await currentMonth();
    if (!isMonth(wanted) || wanted > current || wanted < monthsLater(current, -MOST_MONTHS)) throw new NotFound();
    const kept = await store.findKept(read, wanted);
    if (kept) return { month: wanted, state: 'kept', computedAt: kept.computed_at, figures: readMonth(kept.content) };
    return {
      month: wanted,
      state: wanted === current ? 'running' : 'over',
      computedAt: timestamp(clock),
      figures: await workOut(wanted, current),
    };
  }

  async function workOut(wanted: string, current: string): Promise<MonthFigures> {
    const company = await accounts.company();
    const upTo = wanted === current ? dayIn(company.timeZone, clock.now()) : daysOf(wanted).to;
    const stands = timestamp(clock) <= addMinutes(toldAt(company, wanted), LATE_MINUTES);
    return await gather(sources, wanted, { upTo, stands });
  }

  /** Keeps the month that is over once the first working day after it has begun, and writes the letters about it. */
  async function work(): Promise<void> {
    const company = await accounts.company();
    const current = monthIn(company.timeZone, clock.now());
    const last = monthsLater(current, -1);
    const due = toldAt(company, last);
    if (last === done || timestamp(clock) < due) return;
    if (!(await store.findKept(read, last))?.told_at) {
      const lease = await leases.take('monthly-summary');
      if (!lease) return;
      try {
        await keepAndTell(last, current, timestamp(clock) <= addMinutes(due, LATE_MINUTES));
      } finally {
        await lease.end();
      }
    }
    done = last;
  }

  async function keepAndTell(last: string, current: string, inTime: boolean): Promise<void> {
    if (!(await store.findKept(read, last))) {
      const content = JSON.stringify(await workOut(last, current));
      const row = { month: last, computed_at: timestamp(clock), content, told_at: null };
      await storage.transaction((tx) => store.keep(tx, row));
    }
    const kept = await store.findKept(read, last);
    const readers = inTime && kept && !isBlank(readMonth(kept.content)) ? await readersOf() : [];
    await storage.transaction(async (tx) => {
      // Whoever comes second finds it told.
      if (!(await store.markTold(tx, last, timestamp(clock)))) return;
      const queued_at = timestamp(clock);
      await store.insertLetters(
        tx,
        readers.map((account_id) => ({ month: last, account_id, queued_at })),
      );
      await enqueue(tx, last, readers);
    });
  }

  /** Managers and administrators who can sign in and have not said that they want none. */
  async function readersOf(): Promise<string[]> {
    const unwanted = await store.refusers(read);
    const people = await accounts.people.list();
    return people
      .filter(({ id, role, state }) => state === 'active' && role !== 'staff' && !unwanted.has(id))
      .map(({ id }) => id);
  }

  const enqueue = (tx: Tx, of: string, accountIds: string[]) =>
    mailer.enqueue(
      tx,
      accountIds.map((subjectId) => ({ kind: SUMMARY, subjectId, detail: { month: of } })),
    );

  mailer.register(SUMMARY, summaryComposer(deps, month));

  const jobs: Job[] = [work];
  return {
    jobs,
    month,
    currentMonth,
    lastMonth: async () => monthsLater(await currentMonth(), -1),
    /** Whether somebody gets the letter at the beginning of the month. */
    wantsMail: async (accountId: string) => !(await store.refusers(read)).has(accountId),
    async setMail(accountId: string, wants: boolean): Promise<void> {
      await storage.transaction(async (tx) => {
        if (wants) await store.accept(tx, accountId);
        else await store.refuse(tx, accountId, timestamp(clock));
        await accounts.audit(tx, colleague(accountId), 'summary.mail', { kind: 'account', id: accountId }, { wants });
      });
    },
    /** One letter now, to whoever asks for it. @throws NotFound */
    async sendTo(accountId: string, wanted: string): Promise<void> {
      const { month: found } = await month(wanted);
      const actor: Actor = colleague(accountId);
      await storage.transaction(async (tx) => {
        await enqueue(tx, found, [accountId]);
        await accounts.audit(tx, actor, 'summary.sent', { kind: 'account', id: accountId }, { month: found });
      });
    },
  };
}

/** A business that has only begun is not told about a month in which there was nothing. */
function isBlank({ left, before, asked, cases, measures, risk }: MonthFigures): boolean {
  const bases = Object.values(measures).map(({ now }) => now.base);
  return [left.count, before.count, asked, cases.opened, cases.closed, risk?.customers ?? 0, ...bases].every(
    (count) => count === 0,
  );
}
