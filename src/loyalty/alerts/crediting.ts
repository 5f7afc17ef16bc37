import type { RecoveryCase } from '../../recovery/index.ts';
import { SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays } from '../../shared/dates.ts';
import type { Hooks, Tx } from '../../storage/index.ts';
import type { AlertRow, LedTo } from './alert.ts';
import type { AlertsDeps } from './deps.ts';
import { tellReporters } from './news-mail.ts';
import { isWonBack } from './rules.ts';
import * as store from './store.ts';

/** Whoever was reported this long ago was won back thanks to others. */
const CREDIT_DAYS = 365;

type Crediting = AlertsDeps & { credited: Hooks<AlertRow> };

/** Reports lead somewhere when what they were about is settled, or the customer is won back: then reporters hear of it. */
export function followCases(deps: Crediting): void {
  const { cases } = deps;
  cases.onSettled((tx, theCase) => creditSettled(deps, tx, theCase));
  cases.onSilent((tx, theCase) => tellOfEnd(deps, tx, theCase));
  cases.onClosed(async (tx, theCase) => {
    await creditWon(deps, tx, theCase);
    // Where the customer is asked, what they say is the news.
    if ((await cases.find(tx, theCase.id))?.askedAt === null) await tellOfEnd(deps, tx, theCase);
  });
}

async function creditSettled(deps: Crediting, tx: Tx, theCase: RecoveryCase): Promise<void> {
  const caseIds = [theCase.id, ...(await deps.cases.duplicatesOf(tx, theCase.id))];
  const credited = await store.creditCases(tx, caseIds, 'settled', timestamp(deps.clock));
  await tell(deps, tx, credited, 'settled');
}

/** It is over, and whether it is settled nobody has said. */
async function tellOfEnd(deps: AlertsDeps, tx: Tx, { id }: RecoveryCase): Promise<void> {
  const caseIds = [id, ...(await deps.cases.duplicatesOf(tx, id))];
  await tellReporters(deps, tx, await store.alertsOfCases(tx, caseIds));
}

async function creditWon(deps: Crediting, tx: Tx, theCase: RecoveryCase): Promise<void> {
  const { customerId } = theCase;
  if (customerId === null || !isWonBack(theCase)) return;
  const at = timestamp(deps.clock);
  const since = `${addDays(at.slice(0, 10), -CREDIT_DAYS)}${at.slice(10)}`;
  await tell(deps, tx, await store.creditCustomer(tx, { customerId, since }, 'won_back', at), 'won_back');
}

async function tell(deps: Crediting, tx: Tx, credited: AlertRow[], ledTo: LedTo): Promise<void> {
  if (credited.length === 0) return;
  await tellReporters(deps, tx, credited);
  const [first] = credited;
  const detail = { count: credited.length, ledTo };
  await deps.accounts.audit(tx, SYSTEM, 'alerts.credited', { kind: 'case', id: first?.case_id ?? null }, detail);
  for (const alert of credited) await deps.credited.tell(tx, alert);
}
