import type { z } from 'zod';
import type { Actor } from '../shared/actor.ts';
import type { Role } from '../web/index.ts';
import { about, Unfit } from './errors.ts';
import { idParams, operation, type Operation } from './operation.ts';

interface Retired<R extends z.ZodType> {
  /** Of one of them: '/offers/{id}'. */
  path: string;
  role: Role;
  summaries: { retirement: string; return: string };
  response: R;
  /** @throws NotFound */
  retiredAt(id: string): Promise<string | null>;
  /** @throws Conflict where somebody just did */
  retire(actor: Actor, role: Role, id: string, retires: boolean): Promise<void>;
  shown(id: string): Promise<z.input<R>>;
}

/** Taking something out of use, and using it again. */
export function retiring<R extends z.ZodType>(of: Retired<R>): Operation[] {
  return (['retirement', 'return'] as const).map((verb) =>
    operation({
      method: 'post',
      path: `${of.path}/${verb}`,
      summary: of.summaries[verb],
      role: of.role,
      params: idParams,
      response: of.response,
      async run({ params: { id } }, { actor, role }) {
        const retires = verb === 'retirement';
        if (retires === ((await of.retiredAt(id)) !== null))
          throw new Unfit('id', retires ? 'It is out of use already.' : 'It is in use already.', 409);
        await about('id', of.retire(actor, role, id, retires));
        return await of.shown(id);
      },
    }),
  );
}
