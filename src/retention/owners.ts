import type { Accounts } from '../accounts/index.ts';
import { Invalid } from '../shared/errors.ts';

/** @throws Invalid where whoever is to answer for something does not work here */
export async function needsOwner(
  { accounts }: { accounts: Pick<Accounts, 'colleague'> },
  ownerId: string,
): Promise<void> {
  const colleague = await accounts.colleague(ownerId);
  if (!colleague?.active) throw new Invalid({ owner: { key: 'goals.error.owner' } });
}
