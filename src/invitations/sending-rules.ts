import type { Contacts } from './contacts.ts';
import type { InvitationsDeps } from './deps.ts';
import type { Holdouts, HoldoutState } from './holdouts.ts';

/** How often people are written to, and who is kept out to compare with. */
export interface SendingRules {
  budget: Awaited<ReturnType<Contacts['budget']>>;
  /** How many customers have left, ever. */
  leavers: number;
  programmes: { id: string; name: string; holdout: HoldoutState }[];
}

export interface SendingParts {
  contacts: Contacts;
  holdouts: Holdouts;
}

export async function sendingRules(deps: InvitationsDeps, { contacts, holdouts }: SendingParts): Promise<SendingRules> {
  const { read } = deps.storage;
  const programmes = await deps.questionnaires.programmes();
  return {
    budget: await contacts.budget(read),
    leavers: await deps.customers.leavers(),
    programmes: await Promise.all(
      programmes.map(async ({ id, name }) => ({ id, name, holdout: await holdouts.state(read, id) })),
    ),
  };
}
