import { addMonths } from '../shared/dates.ts';
import { actorOf, type Stage } from './stage.ts';

const KNOWS_BETTER = 'jonas';
/** So that the most valuable ones stay on the list. */
const AFTER = 8;

/** So many of them wait for a call. */
const CALLED = 6;

const WHY: Record<string, string> = {
  de: 'Im Winter geschlossen, bestellt ab März wieder.',
  en: 'Closed for the winter, orders again from March.',
  nl: 'In de winter gesloten, bestelt weer vanaf maart.',
  nb: 'Stengt om vinteren, bestiller igjen fra mars.',
};

/**
 * The past is looked back at now that all of it is there; the most valuable silent ones are to be called, and about one a
 * colleague knows better.
 */
export async function raiseFlags(stage: Stage): Promise<void> {
  const { insight } = stage.present;
  await insight.risk.lookBackAgain();
  for (const job of insight.risk.jobs) await job();
  const { rows, people } = await insight.risk.list({ kind: 'silence' }, null);
  const called = rows.slice(0, CALLED).map(({ customerId }) => customerId);
  await insight.risk.calls.start(actorOf(stage, KNOWS_BETTER), called);
  const closed = rows.slice(AFTER).find(({ customerId }) => people.get(customerId)?.organisation);
  const customer = closed && people.get(closed.customerId);
  if (!customer) return;
  const order = { untilOn: addMonths(stage.company.today, 4), why: WHY[customer.language] ?? WHY.en ?? '' };
  await insight.risk.calm.set(actorOf(stage, KNOWS_BETTER), [customer.id], order);
}
