import type { Panel } from '../customers/index.ts';
import type { Staff } from '../web/index.ts';
import { attentionPanels } from './attention-panels.ts';
import type { LoyaltyWeb } from './web.ts';

/** What this feature has to say on a customer's profile. */
export async function loyaltyPanels(
  web: Pick<LoyaltyWeb, 'loyalty' | 'storage' | 'clock'>,
  customerId: string,
  staff: Staff,
): Promise<Panel[]> {
  return (await Promise.all([attentionPanels].map((of) => of(web, customerId, staff)))).flat();
}
