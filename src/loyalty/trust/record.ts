import type { Tx } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';

export const A_PAGE = 30;

/** Writes a line on the customer's timeline. */
export const recorder =
  ({ customers }: Pick<LoyaltyDeps, 'customers'>) =>
  async (
    tx: Tx,
    customerId: string,
    what: string,
    by: { accountId?: string | null; subjectId?: string | null } = {},
  ): Promise<void> => {
    await customers.recordEvents(tx, [{ customerId, kind: `attentions.${what}`, ...by }]);
  };
