import { SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import { momentAt } from '../../shared/zones.ts';
import { page, type Page } from '../../storage/index.ts';
import { absencesOn, endAbsence, setAbsence } from '../cases/absence-store.ts';
import { asCase, changeCase } from '../cases/case-store.ts';
import type { CaseContext } from '../cases/context.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { tagsOf } from '../cases/tag-store.ts';
import { ESCALATION, escalationComposer } from './escalation-mail.ts';
import {
  closedSince,
  confirmedBetween,
  countCases,
  listCases,
  overdueUntold,
  VIEWS,
  type View,
} from './today-store.ts';

export { VIEWS };

export interface Absence {
  accountId: string;
  untilOn: string;
}

export interface TodayList {
  list: Page<RecoveryCase>;
  tags: Map<string, string[]>;
  counts: Record<View, number>;
  /** Due until the end of the day, and what has passed its time already. */
  due: { count: number; worth: number };
  late: number;
  away: Map<string, string>;
  endOfDay: string;
  confirmed: RecoveryCase[];
  recovery: { days: number; closed: number; confirmed: number; share: Share };
}

export interface Today {
  read(me: string, view: View, cursor: string | null): Promise<TodayList>;
  /** Away up to and with that day. */
  setAway(actor: Actor, accountId: string, untilOn: string): Promise<void>;
  endAway(actor: Actor, accountId: string): Promise<void>;
  /** Tells managers, once for each due time that has passed. @returns how many cases */
  escalate(): Promise<number>;
}

const A_PAGE = 50;
const MOST_COUNTED = 1000;
const MOST_CONFIRMED = 5;
const RATE_DAYS = 90;
const MOST_AT_ONCE = 50;

/** One list of what is due, for everybody. */
export function createToday(context: CaseContext): Today {
  const { deps, now } = context;
  const { storage, accounts, clock, mailer } = deps;
  mailer.register(ESCALATION, escalationComposer(deps));

  /** Who is away today, and everybody who works here no more. */
  async function absent(today: string) {
    const away = await absencesOn(storage.read, today);
    const gone = (await accounts.colleagues()).filter((each) => !each.active).map((each) => each.id);
    return { away, ids: [...new Set([...away.keys(), ...gone])] };
  }

  async function recoveryRate(at: string): Promise<TodayList['recovery']> {
    const since = `${addDays(at.slice(0, 10), -RATE_DAYS)}${at.slice(10)}`;
    const { closed, confirmed } = await closedSince(storage.read, since);
    return { days: RATE_DAYS, closed, confirmed, share: wilson(confirmed, closed) };
  }

  return {
    async read(me, view, cursor) {
      const { read } = storage;
      const at = timestamp(clock);
      const { timeZone } = await accounts.company();
      const today = dayIn(timeZone, clock.now());
      const midnight = (day: string) => momentAt(timeZone, { day, minutes: 0 });
      const { away, ids } = await absent(today);
      const whose = { me, absent: ids, now: at };
      const rows = await listCases(read, { ...whose, view }, placeOf(cursor), A_PAGE + 1);
      const list = page(rows.map(asCase), A_PAGE, (each) => `${each.lookAt} ${each.worth} ${each.id}`);
      const counted = await Promise.all(VIEWS.map((each) => countCases(read, { ...whose, view: each }, MOST_COUNTED)));
      const endOfDay = midnight(addDays(today, 1));
      const all = { ...whose, view: 'due' as const };
      return {
        list,
        tags: await tagsOf(
          read,
          list.rows.map(({ id }) => id),
        ),
        counts: Object.fromEntries(VIEWS.map((each, i) => [each, counted[i]?.count ?? 0])) as Record<View, number>,
        due: await countCases(read, all, MOST_COUNTED, endOfDay),
        late: (await countCases(read, all, MOST_COUNTED, at)).count,
        away,
        endOfDay,
        confirmed: (await confirmedBetween(read, midnight(addDays(today, -1)), midnight(today), MOST_CONFIRMED)).map(
          asCase,
        ),
        recovery: await recoveryRate(at),
      };
    },
    async setAway(actor, accountId, untilOn) {
      await storage.transaction(async (tx) => {
        const set_by = actor.kind === 'account' ? actor.id : null;
        await setAbsence(tx, { account_id: accountId, until_on: untilOn, set_by, set_at: now() });
        await accounts.audit(tx, actor, 'recovery.absence', { kind: 'account', id: accountId }, { untilOn });
      });
    },
    async endAway(actor, accountId) {
      await storage.transaction(async (tx) => {
        await endAbsence(tx, accountId);
        await accounts.audit(tx, actor, 'recovery.absence', { kind: 'account', id: accountId }, { untilOn: null });
      });
    },
    escalate: () => escalate(context),
  };
}

/** Tells of what has passed its due time, each due time once. */
async function escalate({ deps, now, write, tell }: CaseContext): Promise<number> {
  const { storage, accounts, clock, mailer } = deps;
  // Read first, so that a pass with nothing to tell writes nothing.
  if ((await overdueUntold(storage.read, timestamp(clock), 1)).length === 0) return 0;
  const managers = (await accounts.colleagues()).filter((each) => each.active && each.role === 'manager');
  return await storage.transaction(async (tx) => {
    const caseIds: string[] = [];
    for (const theCase of (await overdueUntold(tx, now(), MOST_AT_ONCE)).map(asCase)) {
      const { id, revision, nextDueAt } = theCase;
      if (!(await changeCase(tx, id, { open: true, revision }, { escalated_for: nextDueAt }, now()))) continue;
      await write(tx, SYSTEM, id, { kind: 'escalated' });
      await tell(tx, SYSTEM, theCase, 'caseEscalated');
      caseIds.push(id);
    }
    const mails = managers.map(({ id }) => ({ kind: ESCALATION, subjectId: id, detail: { caseIds } }));
    if (caseIds.length > 0) await mailer.enqueue(tx, mails);
    return caseIds.length;
  });
}

const CURSOR = /^(\d{4}-[\dT:.-]{5,24}Z) (\d{1,15}) ([0-9a-f-]{36})$/;

function placeOf(cursor: string | null) {
  const [, lookAt, worth, id] = CURSOR.exec(cursor ?? '') ?? [];
  return lookAt === undefined || id === undefined ? null : { lookAt, worth: Number(worth), id };
}
