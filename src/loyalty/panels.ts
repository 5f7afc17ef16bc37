import type { Panel } from '../customers/index.ts';
import type { Staff } from '../web/index.ts';
import type { LoyaltyWeb } from './web.ts';

/** What this feature has to say on a customer's profile. */
export async function loyaltyPanels(
  _web: Pick<LoyaltyWeb, 'loyalty'>,
  _customerId: string,
  _staff: Staff,
): Promise<Panel[]> {
  return await Promise.resolve([]);
}
