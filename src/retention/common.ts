import { Conflict, Invalid, type FieldErrors } from '../shared/errors.ts';
import type { RetentionWeb } from './web.ts';

export const typedIn = (req: { body?: unknown }): Record<string, unknown> => ({
  ...(req.body as Record<string, unknown> | undefined),
});

/** Who can answer for something: the colleagues who work here. */
export async function ownersOf({ accounts }: Pick<RetentionWeb, 'accounts'>): Promise<{ id: string; name: string }[]> {
  return (await accounts.colleagues()).filter(({ active }) => active).map(({ id, name }) => ({ id, name }));
}

/** How a form is shown again: what came too late is said at this field. */
export interface Again {
  field: string;
  show(errors: FieldErrors, status: number): Promise<void>;
}

/** Does it, or shows the form again with what is wrong. */
export async function attempt({ field, show }: Again, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Invalid) return show(error.fieldErrors, 422);
    if (!(error instanceof Conflict)) throw error;
    await show({ [field]: { key: error.key } }, 409);
  }
}
