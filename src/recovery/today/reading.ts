import { timestamp } from '../../shared/clock.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import { momentAt } from '../../shared/zones.ts';
import { page, type Db, type Page } from '../../storage/index.ts';
import { absencesOn } from '../cases/absence-store.ts';
import { asCase } from '../cases/case-store.ts';
import type { RecoveryDeps } from '../deps.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { decidedFor } from '../cases/remedy-store.ts';
import { tagsOf } from '../cases/tag-store.ts';
import { lastWritten } from '../cases/thread-store.ts';
import {
  closedSince,
  confirmedBetween,
  countCases,
  listCases,
  returnedSince,
  undecided,
  VIEWS,
  type View,
} from './today-store.ts';

export interface TodayList {
  list: Page<RecoveryCase>;
  tags: Map<string, string[]>;
  /** By case: what was decided of what the reader proposed above their limit. */
  decided: Map<string, ('approved' | 'declined')[]>;
  /** Of cases that were opened again: what the customer said last. */
  said: Map<string, string>;
  counts: Record<View, number>;
  /** Due until the end of the day, and what has passed its time already. */
  due: { count: number; worth: number };
  late: number;
  away: Map<string, string>;
  endOfDay: string;
  confirmed: RecoveryCase[];
  /** Whose conversation ended since yesterday because they bought again. */
  back: RecoveryCase[];
  /** Where something above a colleague's limit waits for a manager, the first few. */
  undecided: RecoveryCase[];
  /** Of those closed in so many days, the customers who confirmed that it is settled. */
  recovery: { days: number; closed: number; confirmed: number; share: Share };
}

type Deps = Pick<RecoveryDeps, 'storage' | 'clock' | 'accounts'>;

const A_PAGE = 50;
const MOST_COUNTED = 1000;
const MOST_CONFIRMED = 5;
const MOST_UNDECIDED = 5;
const RATE_DAYS = 90;
/** As long as a colleague sees that something was declined. */
const DECLINED_DAYS = 3;

/** What is due, as one colleague looks at it. The cursor is 'LOOKAT WORTH ID'. */
export async function readToday(deps: Deps, me: string, view: View, cursor: string | null): Promise<TodayList> {
  const { read } = deps.storage;
  const { at, today, endOfDay, midnight } = await dayOf(deps);
  const { away, ids } = await absent(deps, today);
  const whose = { me, absent: ids, now: at };
  const rows = await listCases(read, { ...whose, view }, placeOf(cursor), A_PAGE + 1);
  const list = page(rows.map(asCase), A_PAGE, (each) => `${each.lookAt} ${each.worth} ${each.id}`);
  const caseIds = list.rows.map(({ id }) => id);
  const all = { ...whose, view: 'due' as const };
  const confirmed = await confirmedBetween(read, midnight(addDays(today, -1)), midnight(today), MOST_CONFIRMED);
  return {
    list,
    tags: await tagsOf(read, caseIds),
    decided: await decidedFor(read, me, caseIds, midnight(addDays(today, -DECLINED_DAYS))),
    said: await lastWritten(read, reopenedOf(list.rows)),
    counts: await countsOf(read, whose),
    due: await countCases(read, all, MOST_COUNTED, endOfDay),
    late: (await countCases(read, all, MOST_COUNTED, at)).count,
    away,
    endOfDay,
    confirmed: confirmed.map(asCase),
    back: (await returnedSince(read, midnight(addDays(today, -1)), MOST_CONFIRMED)).map(asCase),
    undecided: distinct((await undecided(read, MOST_UNDECIDED)).map(asCase)),
    recovery: await recoveryRate(read, at),
  };
}

const reopenedOf = (cases: RecoveryCase[]) => cases.filter(({ state }) => state === 'reopened').map(({ id }) => id);

/** A case in which two things wait stands there once. */
const distinct = (cases: RecoveryCase[]) => [...new Map(cases.map((each) => [each.id, each])).values()];

/** Now, and the business's day. */
async function dayOf({ accounts, clock }: Deps) {
  const { timeZone } = await accounts.company();
  const today = dayIn(timeZone, clock.now());
  const midnight = (day: string) => momentAt(timeZone, { day, minutes: 0 });
  return { at: timestamp(clock), today, midnight, endOfDay: midnight(addDays(today, 1)) };
}

/** Who is away today, and everybody who works here no more. */
async function absent({ storage, accounts }: Deps, today: string) {
  const away = await absencesOn(storage.read, today);
  const gone = (await accounts.colleagues()).filter((each) => !each.active).map((each) => each.id);
  return { away, ids: [...new Set([...away.keys(), ...gone])] };
}

type Whose = Omit<Parameters<typeof countCases>[1], 'view'>;

async function countsOf(db: Db, whose: Whose): Promise<Record<View, number>> {
  const counted = await Promise.all(VIEWS.map((view) => countCases(db, { ...whose, view }, MOST_COUNTED)));
  return Object.fromEntries(VIEWS.map((view, i) => [view, counted[i]?.count ?? 0])) as Record<View, number>;
}

async function recoveryRate(db: Db, at: string): Promise<TodayList['recovery']> {
  const since = `${addDays(at.slice(0, 10), -RATE_DAYS)}${at.slice(10)}`;
  const { closed, confirmed } = await closedSince(db, since);
  return { days: RATE_DAYS, closed, confirmed, share: wilson(confirmed, closed) };
}

/** Over everybody: due until the end of the day, and past its time; each counted up to 1,000. */
export async function countToDo(deps: Deps): Promise<{ due: number; late: number }> {
  const { at, endOfDay } = await dayOf(deps);
  const all = { me: '', absent: [], now: at, view: 'due' as const };
  const before = async (moment: string) => (await countCases(deps.storage.read, all, MOST_COUNTED, moment)).count;
  return { due: await before(endOfDay), late: await before(at) };
}

const CURSOR = /^(\d{4}-[\dT:.-]{5,24}Z) (\d{1,15}) ([0-9a-f-]{36})$/;

function placeOf(cursor: string | null) {
  const [, lookAt, worth, id] = CURSOR.exec(cursor ?? '') ?? [];
  return lookAt === undefined || id === undefined ? null : { lookAt, worth: Number(worth), id };
}
