import { timestamp } from '../../shared/clock.ts';
import type { Tx } from '../../storage/index.ts';
import { workingDaysLater } from '../cases/working-time.ts';
import type { PaymentDeps } from './deps.ts';

/** So many working days of the business from now. */
export async function inWorkingDays(
  { accounts, clock }: Pick<PaymentDeps, 'accounts' | 'clock'>,
  tx: Tx,
  days: number,
): Promise<string> {
  return workingDaysLater(await accounts.companyIn(tx), timestamp(clock), days);
}
