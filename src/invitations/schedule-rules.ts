import type { Company } from '../accounts/index.ts';
import type { MomentsQuery } from '../customers/index.ts';
import { addDays, addMinutes, addMonths } from '../shared/dates.ts';
import { localTime, momentAt, weekdayOf } from '../shared/zones.ts';
import { isHoliday } from './holidays.ts';
import { placeOf } from './reminder-rules.ts';
import type { Schedule } from './schedule.ts';

/** A run that could not begin within a day asks a person instead. */
const LATE_MINUTES = 24 * 60;
/** Records often arrive some days after what they tell of, and nothing runs on days off. */
const LOOKS_BACK_DAYS = 10;
/** So far back it is looked for days on which nothing ran. */
const MISSED_DAYS = 60;
/** Before and after all days on record. */
const [FIRST_DAY, LAST_DAY] = ['0000-01-01', '9999-12-31'];

type Place = Pick<Company, 'timeZone' | 'country' | 'workingHours'>;

/** A run that should have begun by now. */
export interface DueRun {
  /** The day it stands for. */
  day: string;
  /** Counted from the first of a rolling schedule; 0 in others. */
  turn: number;
  late: boolean;
}

/** Runs of a schedule that should have begun, the oldest first. */
export function dueRuns(schedule: Schedule, company: Place, now: string): DueRun[] {
  const { day: today } = localTime(company.timeZone, now);
  return candidates(schedule, company, today).flatMap(({ day, turn }) => {
    const at = beginsAt(schedule, day, company);
    if (at > now) return [];
    return [{ day, turn, late: addMinutes(at, LATE_MINUTES) < now }];
  });
}

/** When the next run begins, after those that are due now. */
export function nextRun(schedule: Schedule, company: Place, now: string): string {
  const { day: today } = localTime(company.timeZone, now);
  const horizon = addMonths(today > schedule.startOn ? today : schedule.startOn, (schedule.everyMonths ?? 1) + 1);
  const days = candidates(schedule, company, horizon, today).map(({ day }) => beginsAt(schedule, day, company));
  return days.find((at) => at > now) ?? '';
}

function candidates(schedule: Schedule, company: Place, upTo: string, today = upTo): { day: string; turn: number }[] {
  return schedule.moment === 'rolling'
    ? turnsOf(schedule, upTo)
    : workingDays(schedule, company, { upTo, today }).map((day) => ({ day, turn: 0 }));
}

function turnsOf({ startOn, activeFrom, everyMonths }: Schedule, upTo: string): { day: string; turn: number }[] {
  const turns = [];
  for (let turn = 0; ; turn++) {
    const day = addMonths(startOn, turn * Math.max(1, everyMonths ?? 1));
    if (day > upTo) return turns;
    if (day >= activeFrom) turns.push({ day, turn });
  }
}

function workingDays(schedule: Schedule, company: Place, { upTo, today }: { upTo: string; today: string }): string[] {
  const first = [schedule.startOn, schedule.activeFrom, addDays(today, -MISSED_DAYS)].sort().at(-1) ?? today;
  const days = [];
  for (let day = first; day <= upTo; day = addDays(day, 1)) if (works(day, company)) days.push(day);
  return days;
}

function works(day: string, company: Place): boolean {
  const { workingDays: week, country } = placeOf({ timeZone: '', country: '' }, company);
  return week.has(weekdayOf(day)) && !isHoliday(country, day);
}

/** At the time of day that was chosen, on that day or the next working day. */
export function beginsAt({ atMinutes }: Pick<Schedule, 'atMinutes'>, day: string, company: Place): string {
  return momentAt(company.timeZone, { day: workingDayFrom(day, company), minutes: atMinutes });
}

/** That day, or the next on which somebody works. */
function workingDayFrom(day: string, company: Place): string {
  return works(day, company) ? day : workingDayFrom(addDays(day, 1), company);
}

/** Which of all customers have their turn: each once in so many runs. */
export function partOf({ parts }: Pick<Schedule, 'parts'>, turn: number): { part: number; of: number } | undefined {
  return parts === null || parts < 2 ? undefined : { part: turn % parts, of: parts };
}

/** What a run on that day is about; what an earlier run has taken up is left to that. `since`: the first of several missed days. */
export function momentsFor(
  schedule: Schedule,
  company: Place,
  day: string,
  since = day,
): Omit<MomentsQuery, 'audience' | 'limit'> {
  const days = schedule.days ?? 0;
  const latest = addDays(day, -days);
  const earliest =
    [addDays(since, -days - LOOKS_BACK_DAYS), addDays(schedule.activeFrom, -days)].sort().at(-1) ?? latest;
  const kinds = schedule.dealingKinds;
  switch (schedule.moment) {
    case 'after_purchase':
      return { what: 'purchase', from: earliest, to: latest };
    case 'after_leaving':
      return { what: 'leaving', from: earliest, to: latest };
    case 'before_dealing':
      // The next run, after a weekend or a holiday, would be too late for what is before its own days.
      return {
        what: 'dealing',
        from: addDays(day, 1),
        to: addDays(workingDayFrom(addDays(day, 1), company), days - 1),
        kinds,
      };
    case 'during_dealing':
      return { what: 'dealing', from: earliest, to: latest, kinds, underWayOn: day };
    case 'after_dealing':
    case 'rolling':
      return { what: 'dealingEnd', from: earliest, to: latest, kinds };
  }
}

/** Which dealings a run that begins on that day may still be about; undefined where it is never too late. */
export function stillTimely(
  { moment }: Pick<Schedule, 'moment'>,
  today: string,
): Omit<MomentsQuery, 'audience' | 'limit'> | undefined {
  if (moment === 'before_dealing') return { what: 'dealing', from: addDays(today, 1), to: LAST_DAY };
  if (moment === 'during_dealing') return { what: 'dealing', from: FIRST_DAY, to: today, underWayOn: today };
  return undefined;
}
