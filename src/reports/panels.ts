import type { Panel } from '../customers/index.ts';
import type { Staff } from '../web/index.ts';
import { riskPanel } from './risk/panel.ts';
import { valuePanel } from './value/panel.ts';
import type { InsightWeb } from './web.ts';

/** What the figures say about one customer, on their profile. */
export async function insightPanels(
  web: Pick<InsightWeb, 'insight' | 'storage' | 'clock' | 'accounts' | 'customers'>,
  customerId: string,
  staff: Staff,
): Promise<Panel[]> {
  return (await Promise.all([valuePanel, riskPanel].map((of) => of(web, customerId, staff)))).flat();
}
