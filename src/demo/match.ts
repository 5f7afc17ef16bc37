import { daysBetween } from '../shared/dates.ts';
import type { LeavingText, Reason } from './content.ts';
import type { DemoCompany, DemoCustomer } from './model.ts';
import type { Random } from './random.ts';

/** What their records say about them, so that the words of an answer do not contradict it. */
export interface Trace {
  complained: boolean;
  owes: boolean;
}

export function tracesOf(company: DemoCompany): (customer: DemoCustomer) => Trace {
  const complained = new Set(company.dealings.filter((one) => one.kind === 'complaint').map((one) => one.customer));
  const late = company.invoices.filter((one) => one.paid_on === null && one.due_on < company.today);
  const owes = new Set(late.map((one) => one.customer));
  return ({ reference }) => ({ complained: complained.has(reference), owes: owes.has(reference) });
}

/** Whether these words can be theirs: language, kind of customer, years with us, who speaks. */
export function fits(text: Pick<LeavingText, 'lang' | 'segment' | 'years' | 'spoken_by'>, who: DemoCustomer): boolean {
  if (text.lang !== who.language) return false;
  if (text.segment !== undefined && text.segment !== who.segment) return false;
  if (text.spoken_by !== undefined && text.spoken_by !== who.gender) return false;
  return daysBetween(who.customer_since, who.left_on ?? who.customer_since) >= 365 * (text.years ?? 0);
}

const AFTER_A_COMPLAINT: readonly Reason[] = ['complaints', 'promises', 'responsiveness'];

/** The one that suits them best among those that fit; undefined where none is left. */
export function bestOf(
  texts: readonly LeavingText[],
  who: DemoCustomer,
  trace: Trace,
  random: Random,
): LeavingText | undefined {
  let best: LeavingText | undefined;
  let most = -1;
  for (const text of texts) {
    if (!fits(text, who)) continue;
    const score = suits(text, who, trace) + 4 * random.next();
    if (score > most) [best, most] = [text, score];
  }
  return best;
}

function suits(text: LeavingText, who: DemoCustomer, trace: Trace): number {
  const [main = 'other'] = text.codes;
  const own = text.segment === who.segment ? 2 : 0;
  const afterComplaint = trace.complained && AFTER_A_COMPLAINT.includes(main) ? 2 : 0;
  const inArrears = trace.owes && main === 'payment' ? 3 : 0;
  return own + afterComplaint + inArrears;
}
