import { timestamp } from '../../shared/clock.ts';
import { addDays, addMinutes } from '../../shared/dates.ts';
import type { ImportsDeps } from './deps.ts';
import { dropFile, dropRows } from './reading.ts';
import { importsToForget, markForgotten } from './store.ts';

/** Long enough to mend rejected rows in; an undo ends after a day. */
const KEPT_DAYS = 7;
const BROKEN_OFF_MINUTES = 60;

/** Files and rows hold personal data: they go when nobody needs them any more. What was imported, and the counts, stay. */
export async function forgetOld({ storage, clock }: ImportsDeps, goOn: () => boolean): Promise<void> {
  const now = timestamp(clock);
  const old = addDays(now.slice(0, 10), -KEPT_DAYS) + now.slice(10);
  const brokenOff = addMinutes(now, -BROKEN_OFF_MINUTES);
  for (;;) {
    const due = await importsToForget(storage.read, { old, brokenOff });
    if (due.length === 0) return;
    for (const { id } of due) {
      if (!goOn()) return;
      await dropRows(storage, id);
      await dropFile(storage, id);
      await storage.transaction((tx) => markForgotten(tx, id, now));
    }
  }
}
