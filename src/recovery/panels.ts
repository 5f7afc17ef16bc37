import type { Panel } from '../customers/index.ts';
import type { Staff } from '../web/index.ts';
import { casesPanel } from './cases/profile-views.ts';
import { offerPanels } from './offer-panels.ts';
import { paymentLines } from './payment/panel-views.ts';
import type { RecoveryWeb } from './web.ts';

/** What this feature has to say on a customer's profile. */
export async function recoveryPanels(
  web: Pick<RecoveryWeb, 'recovery' | 'storage' | 'clock' | 'accounts' | 'customers'>,
  customerId: string,
  staff: Staff,
): Promise<Panel[]> {
  return (await Promise.all([casesPanel, offerPanels, paymentLines].map((of) => of(web, customerId, staff)))).flat();
}
