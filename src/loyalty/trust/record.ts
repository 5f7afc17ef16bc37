import { colleague, SYSTEM } from '../../shared/actor.ts';
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

/** Whose word it is: a colleague's, or the customer's own. */
export async function audited(
  { accounts }: Pick<LoyaltyDeps, 'accounts'>,
  tx: Tx,
  customerId: string,
  what: string,
  accountId: string | null,
): Promise<void> {
  const actor = accountId === null ? SYSTEM : colleague(accountId);
  await accounts.audit(tx, actor, `attentions.${what}`, { kind: 'customer', id: customerId });
}
