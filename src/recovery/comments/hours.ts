import { WEEKDAYS, type Hours, type WorkingHours } from '../../accounts/index.ts';
import type { Translate } from '../../i18n/index.ts';

interface Run {
  first: number;
  last: number;
  hours: Hours;
}

/** When somebody is there, days with the same hours taken together: 'Monday to Friday, 9:00 to 17:00'. */
export function hoursLines(week: WorkingHours, t: Translate): string[] {
  return runsOf(week).map(({ first, last, hours: { from, to } }) => {
    const times = { from: plainTime(from), to: plainTime(to) };
    const [start, end] = [weekdayName(first, t.language), weekdayName(last, t.language)];
    if (first === last) return t('comments.hours.day', { day: start, ...times });
    return t('comments.hours.days', { first: start, last: end, ...times });
  });
}

function runsOf(week: WorkingHours): Run[] {
  const runs: Run[] = [];
  WEEKDAYS.forEach((day, i) => {
    const hours = week[day];
    if (!hours) return;
    const run = runs.at(-1);
    if (run?.last === i - 1 && run.hours.from === hours.from && run.hours.to === hours.to) run.last = i;
    else runs.push({ first: i, last: i, hours });
  });
  return runs;
}

const plainTime = (time: string): string => time.replace(/^0/, '');

/** 5 January 1970 was a Monday. */
function weekdayName(i: number, language: string): string {
  const moment = Date.UTC(1970, 0, 5 + i);
  return new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(moment);
}
