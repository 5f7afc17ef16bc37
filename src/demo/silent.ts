import { addDays } from '../shared/dates.ts';
import type { DemoCompany } from './model.ts';

/** Good customers of whom nothing has been heard for so long that hardly anybody like them still comes back. */
const SILENT_DAYS = 240;
const MOST_SILENT = 3;
/** Somebody who bought less often may just be slow. */
const USED_TO_BUY = 20;
const SILENT_ALREADY_DAYS = 60;

/** A few who were silent anyway have been so for much longer: what they bought since is left out, and what followed from it. */
export function withSilentOnes(company: DemoCompany): DemoCompany {
  const silent = silentOnes(company);
  const since = addDays(company.today, -SILENT_DAYS);
  const stays = (customer: string, day: string) => !silent.has(customer) || day < since;
  return {
    ...company,
    purchases: company.purchases.filter(({ customer, date }) => stays(customer, date)),
    invoices: company.invoices.filter(({ customer, issued_on }) => stays(customer, issued_on)),
    dealings: company.dealings.filter(({ customer, from }) => stays(customer, from)),
  };
}

function silentOnes({ today, customers, purchases, invoices }: DemoCompany): Set<string> {
  const bought = Map.groupBy(purchases, ({ customer }) => customer);
  const owing = new Set(invoices.filter(({ paid_on }) => paid_on === null).map(({ customer }) => customer));
  const quiet = customers.filter(({ reference, status }) => {
    const theirs = bought.get(reference) ?? [];
    const last = theirs.at(-1)?.date ?? today;
    const known = status === 'active' && !owing.has(reference) && theirs.length >= USED_TO_BUY;
    return known && last < addDays(today, -SILENT_ALREADY_DAYS);
  });
  return new Set(quiet.slice(0, MOST_SILENT).map(({ reference }) => reference));
}
