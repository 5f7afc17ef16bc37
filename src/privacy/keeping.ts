import { forgetQuotes } from '../coding/index.ts';
import { forgetWords, responsesBefore } from '../responses/index.ts';
import { timestamp } from '../shared/clock.ts';
import { addMonths, dayIn } from '../shared/dates.ts';
import type { PrivacyDeps } from './deps.ts';

const AT_ONCE = 50;

/** Words are kept for as many months as the business tells its customers, and then go by themselves. */
export function createKeeping({ storage, clock, leases, accounts }: PrivacyDeps) {
  const due = (before: string) => responsesBefore(storage.read, idAt(before), before, AT_ONCE);

  /** Once a day there is something new to find. */
  async function forgetOld(): Promise<number> {
    const { timeZone, retentionMonths } = await accounts.company();
    const before = addMonths(dayIn(timeZone, clock.now()), -retentionMonths);
    if ((await due(before)).length === 0) return 0;
    const lease = await leases.take('privacy');
    if (!lease) return 0;
    let count = 0;
    try {
      for (let some = await due(before); some.length > 0 && (await lease.keep()); some = await due(before)) {
        const [responses, at] = [some, timestamp(clock)];
        await storage.transaction(async (tx) => {
          await forgetWords(
            tx,
            responses.map(({ id }) => id),
            at,
          );
          await forgetQuotes(tx, responses, at);
        });
        count += some.length;
      }
    } finally {
      await lease.end();
    }
    await storage.scrub();
    return count;
  }

  return { forgetOld };
}

/** The first id that can be made on a day: ids begin with the time of their making. */
function idAt(day: string): string {
  const time = Date.parse(`${day}T00:00:00Z`).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}
