import { formatShortWeekday, type Translate } from '../../i18n/index.ts';
import { addDays } from '../../shared/dates.ts';
import { localTime } from '../../shared/zones.ts';
import { workingMinutesBetween, type WorkingPlace } from './working-time.ts';

export interface Due {
  text: string;
  mood: 'late' | '';
}

const HOUR = 60;
/** What counts as a day where overdue time is told in working time. */
const DAY = 8 * HOUR;

/** When something is due, as one says it: 'overdue 2 h' in working time, 'in 40 min', 'today, 14:00', 'Fri 20 Nov'. */
export function dueWords(place: WorkingPlace, now: string, dueAt: string, t: Translate): Due {
  if (dueAt <= now) return { text: overdue(workingMinutesBetween(place, dueAt, now), t), mood: 'late' };
  const minutes = Math.ceil((Date.parse(dueAt) - Date.parse(now)) / 60_000);
  if (minutes <= HOUR) return { text: t('today.due.minutes', { count: minutes }), mood: '' };
  const [due, today] = [localTime(place.timeZone, dueAt), localTime(place.timeZone, now).day];
  const time = clock(due.minutes);
  if (due.day === today) return { text: t('today.due.today', { time }), mood: '' };
  if (due.day === addDays(today, 1)) return { text: t('today.due.tomorrow', { time }), mood: '' };
  return { text: formatShortWeekday(due.day, t.language), mood: '' };
}

function overdue(minutes: number, t: Translate): string {
  if (minutes < HOUR) return t('today.due.overdueMinutes', { count: Math.max(1, minutes) });
  if (minutes < 2 * DAY) return t('today.due.overdueHours', { count: Math.floor(minutes / HOUR) });
  return t('today.due.overdueDays', { count: Math.floor(minutes / DAY) });
}

/** 845 -> '14:05'. */
const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / HOUR)).padStart(2, '0')}:${String(minutes % HOUR).padStart(2, '0')}`;
