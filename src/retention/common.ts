import type { RetentionWeb } from './web.ts';

export const typedIn = (req: { body?: unknown }): Record<string, unknown> => ({
  ...(req.body as Record<string, unknown> | undefined),
});

/** Who can answer for something: the colleagues who work here. */
export async function ownersOf({ accounts }: Pick<RetentionWeb, 'accounts'>): Promise<{ id: string; name: string }[]> {
  return (await accounts.colleagues()).filter(({ active }) => active).map(({ id, name }) => ({ id, name }));
}
