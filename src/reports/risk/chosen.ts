import type { Customer } from '../../customers/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import type { InsightWeb } from '../web.ts';

/** So many can be chosen at a time. */
export const MOST_AT_ONCE = 500;

/** A form that was typed wrong. */
export interface Typed {
  values: unknown;
  errors: FieldErrors;
}

export const idsIn = (values: unknown[]): string[] => [...new Set(values.filter(isId))].slice(0, MOST_AT_ONCE);

/** The customers that a form was about. */
export function postedIds(body: unknown): string[] {
  const { customers } = (body ?? {}) as { customers?: unknown };
  return idsIn(typeof customers === 'string' ? customers.split(' ') : []);
}

/** In the order given; the erased are nobody. */
export async function peopleOf(
  { customers, storage }: Pick<InsightWeb, 'customers' | 'storage'>,
  ids: string[],
): Promise<Customer[]> {
  const known = await customers.findMany(storage.read, ids);
  return ids.flatMap((id) => known.get(id) ?? []).filter(({ erasedAt }) => erasedAt === null);
}
