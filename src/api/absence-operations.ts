import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import type { Recovery } from '../recovery/index.ts';
import { NotFound } from '../shared/errors.ts';
import { laterDay, type Days } from './days.ts';
import { idParams, operation, type Operation } from './operation.ts';

interface Deps extends Days {
  accounts: Pick<Accounts, 'colleague' | 'company'>;
  recovery: Pick<Recovery, 'today'>;
}

/** Who is away: meanwhile everybody finds their cases among those that are nobody's. */
export function absenceOperations(deps: Deps): Operation[] {
  const { accounts, recovery } = deps;
  const colleagueAt = async (id: string): Promise<string> => {
    if (!(await accounts.colleague(id))?.active) throw new NotFound();
    return id;
  };
  return [
    operation({
      method: 'post',
      path: '/colleagues/{id}/absence',
      summary: 'A colleague is away up to and with that day',
      role: 'manager',
      params: idParams,
      /** A plain date. */
      body: z.object({ until: z.string() }),
      response: z.object({ id: z.uuid(), until: z.string() }),
      async run({ params, body }, { actor }) {
        const id = await colleagueAt(params.id);
        const until = await laterDay(deps, 'until', body.until);
        await recovery.today.setAway(actor, id, until);
        return { id, until };
      },
    }),
    operation({
      method: 'post',
      path: '/colleagues/{id}/absence/end',
      summary: 'A colleague is back',
      role: 'manager',
      params: idParams,
      response: z.object({ id: z.uuid() }),
      async run({ params }, { actor }) {
        const id = await colleagueAt(params.id);
        await recovery.today.endAway(actor, id);
        return { id };
      },
    }),
  ];
}
