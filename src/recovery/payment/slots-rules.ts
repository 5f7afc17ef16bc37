import type { WorkingPlace } from '../cases/working-time.ts';
import { WEEKDAYS } from '../../accounts/index.ts';
import { isHoliday } from '../../invitations/index.ts';
import { addDays, addMinutes, dayIn } from '../../shared/dates.ts';
import { localTime, momentAt, weekdayOf } from '../../shared/zones.ts';
import { isCallDay, type CallPlace } from '../../telephone/index.ts';

/** A time at which we can call: UTC moments. */
export interface Slot {
  from: string;
  to: string;
}

const DAYS = 5;
const LOOK_AHEAD_DAYS = 30;
const HOURS_A_SLOT = 2;
/** Nobody is called before or after that, by their own clocks. */
const EARLIEST = 8 * 60;
const LATEST = 20 * 60;
/** Somebody has to see it first. */
const NOTICE_MINUTES = 60;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/**
 * The next five days on which the business works, in stretches of up to two hours, in daylight where the customer lives,
 * and on no Sunday or holiday of theirs.
 */
export function callSlots(place: WorkingPlace, theirs: CallPlace, now: string): Slot[] {
  const today = dayIn(place.timeZone, new Date(now));
  const slots: Slot[] = [];
  let days = 0;
  for (let i = 0; i < LOOK_AHEAD_DAYS && days < DAYS; i++) {
    const found = slotsOn(place, addDays(today, i)).filter((slot) => fits(slot, place, theirs, now));
    slots.push(...found);
    if (found.length > 0) days++;
  }
  return slots;
}

function slotsOn({ workingHours, country, timeZone }: WorkingPlace, day: string): Slot[] {
  const hours = workingHours[WEEKDAYS[(weekdayOf(day) + 6) % 7] ?? 'mon'];
  if (!hours || isHoliday(country, day)) return [];
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const slots: Slot[] = [];
  for (let start = from; start < to; start += HOURS_A_SLOT * 60) {
    const end = Math.min(start + HOURS_A_SLOT * 60, to);
    slots.push({
      from: momentAt(timeZone, { day, minutes: start }),
      to: momentAt(timeZone, { day, minutes: end }),
    });
  }
  return slots;
}

function fits({ from, to }: Slot, place: WorkingPlace, theirs: CallPlace, now: string): boolean {
  const theirZone = theirs.timeZone || place.timeZone;
  const [begins, ends] = [localTime(theirZone, from), localTime(theirZone, to)];
  const daylight = begins.day === ends.day && begins.minutes >= EARLIEST && ends.minutes <= LATEST;
  return daylight && isCallDay(theirs, place, from) && from >= addMinutes(now, NOTICE_MINUTES);
}
