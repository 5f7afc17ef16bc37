import type { Panel } from '../customers/index.ts';
import type { Staff } from '../web/index.ts';
import type { InsightWeb } from './web.ts';

/** What the figures say about one customer, on their profile. */
export async function insightPanels(
  _web: Pick<InsightWeb, 'insight' | 'storage' | 'clock'>,
  _customerId: string,
  _staff: Staff,
): Promise<Panel[]> {
  return await Promise.resolve([]);
}
