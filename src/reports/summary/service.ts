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
import { createTelling, LATE_MINUTES } from './telling.ts';

export type Summary = ReturnType<typeof createSummary>;

/** Mails that bring the month. */
const SUMMARY = 'summary';

/** How far back months can be asked for. */
const MOST_MONTHS = 120;
/** The month on one page, for managers, and the letter that brings it. */
export function createSummary(deps: SummaryDeps) {
  const { storage, clock, accounts, mailer } = deps;
  const { read } = storage;
  const sources = sourcesOf(deps);

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

  const enqueue = (tx: Tx, of: string, accountIds: string[]): Promise<void> =>
    mailer.enqueue(
      tx,
      accountIds.map((subjectId) => ({ kind: SUMMARY, subjectId, detail: { month: of } })),
    );

  mailer.register(SUMMARY, summaryComposer(deps, month));

  const jobs: Job[] = [createTelling(deps, { workOut, enqueue })];
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
