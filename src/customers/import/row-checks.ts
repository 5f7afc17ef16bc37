import type { CellError, FieldCells } from './field-readers.ts';
import type { Field } from './fields.ts';
import { bad } from './text-value.ts';

/** What may stand in a file only once, under the column that says so. */
export type Identity = [column: Field, key: string];

/** A row as it was read, or what is wrong with it cell by cell. */
export type Checked<T> = { identities: Identity[] } & ({ ok: true; data: T } | { ok: false; errors: CellError[] });

export function checked<T>(identities: Identity[], errors: CellError[], data: () => T): Checked<T> {
  return errors.length > 0 ? { identities, ok: false, errors } : { identities, ok: true, data: data() };
}

export function wrong(column: Field, key: string): CellError {
  const { key: full, values } = bad(key);
  return { column, key: full, values };
}

/** For cells that must be there even when the file or the caller has none. */
export function withRequired<F extends Field>(cells: FieldCells<F>, fields: readonly F[]): FieldCells<F> {
  const all = { ...cells };
  for (const field of fields) all[field] ??= '';
  return all;
}
