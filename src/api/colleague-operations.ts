import { z } from 'zod';
import type { Accounts, Colleague } from '../accounts/index.ts';
import { Unfit } from './errors.ts';
import { operation, type Operation } from './operation.ts';

const colleagueSchema = z.object({ id: z.uuid(), name: z.string(), role: z.string(), active: z.boolean() });

/**
 * The colleague under whose name something is done: a token is nobody, and cannot have spoken to a customer.
 * @throws Unfit
 */
export async function colleagueOf(accounts: Pick<Accounts, 'colleague'>, accountId: string): Promise<Colleague> {
  const found = await accounts.colleague(accountId);
  if (!found?.active)
    throw new Unfit('accountId', 'This belongs to a colleague: give the id of one who works here, from /colleagues.');
  return found;
}

export function colleagueOperations({ accounts }: { accounts: Pick<Accounts, 'colleagues'> }): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/colleagues',
      summary: 'Who works here: whose ids stand as owner, sender or reporter elsewhere',
      role: 'staff',
      response: z.object({ items: z.array(colleagueSchema) }),
      run: async () => ({ items: await accounts.colleagues() }),
    }),
  ];
}
