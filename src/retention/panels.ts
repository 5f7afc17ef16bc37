import type { Panel } from '../customers/index.ts';
import type { Staff } from '../web/index.ts';
import type { RetentionWeb } from './web.ts';

/** What this feature has to say on a customer's profile. */
export async function retentionPanels(
  _web: Pick<RetentionWeb, 'retention'>,
  _customerId: string,
  _staff: Staff,
): Promise<Panel[]> {
  return await Promise.resolve([]);
}
