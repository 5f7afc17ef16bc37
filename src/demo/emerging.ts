import { addMonths } from '../shared/dates.ts';
import type { DemoContent, LeavingText, Theme } from './content.ts';
import { bestOf, tracesOf } from './match.ts';
import type { DemoCompany, DemoCustomer } from './model.ts';
import { randomOf } from './random.ts';
import { scaled } from './timing.ts';

/** Of so many answers so many are about what no reason covers. */
const SAID: { theme: Theme; count: number }[] = [
  { theme: 'packaging', count: 12 },
  { theme: 'mail', count: 7 },
];
const OF = 90;
/** It came up in the last months. */
const MONTHS = 9;

/** Who of those who answer says what no reason covers, each in words of their own. */
export function emergingFor(
  answering: readonly DemoCustomer[],
  company: DemoCompany,
  content: DemoContent,
): Map<DemoCustomer, LeavingText> {
  const random = randomOf(company.seed, 'emerging themes');
  const traceOf = tracesOf(company);
  const since = addMonths(company.today, -MONTHS);
  const lately = random.shuffled(answering.filter(({ left_on }) => (left_on ?? '') > since));
  const inTurn = languagesInTurn(smallestFirst(lately, company));
  const said = new Map<DemoCustomer, LeavingText>();
  for (const { theme, count } of SAID) {
    const left = new Set(content.leaving.filter((text) => text.theme === theme));
    const wanted = said.size + scaled(answering.length, count, OF);
    for (const customer of inTurn) {
      if (said.size >= wanted) break;
      const text = said.has(customer) ? undefined : bestOf([...left], customer, traceOf(customer), random);
      if (!text) continue;
      said.set(customer, text);
      left.delete(text);
    }
  }
  return said;
}

/** Who orders little at a time minds the packaging most; so what no reason covers costs less than the reasons known. */
function smallestFirst(people: DemoCustomer[], { purchases }: DemoCompany): DemoCustomer[] {
  const spent = new Map<string, number>();
  for (const { customer, amount_minor } of purchases) spent.set(customer, (spent.get(customer) ?? 0) + amount_minor);
  const spentBy = ({ reference }: DemoCustomer) => spent.get(reference) ?? 0;
  return [...people].sort((a, b) => spentBy(a) - spentBy(b));
}

/** It is said in every language: one of each, as long as there are any. */
function languagesInTurn(people: DemoCustomer[]): DemoCustomer[] {
  const turns = new Map<string, number>();
  const turnOf = ({ language }: DemoCustomer) => turns.set(language, (turns.get(language) ?? 0) + 1).get(language) ?? 0;
  return people
    .map((customer) => ({ customer, turn: turnOf(customer) }))
    .sort((a, b) => a.turn - b.turn)
    .map(({ customer }) => customer);
}
