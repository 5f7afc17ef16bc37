import type { CustomerRow } from '../customer.ts';
import { type CellError, withLostZeros } from '../import/index.ts';
import type { Customers } from '../interface.ts';
import type { Facts } from './facts.ts';

/** A row as it will be kept; where its postal code has got its zeros back, that is said, with the cell as it was. */
interface ReadRow {
  data: CustomerRow;
  cells: string[];
  errors: CellError[];
}

/**
 * Spreadsheets take the zeros off postal codes. They are put back by the row's own country, else by that of the
 * customer who is here already, else by the one that the file's new customers get.
 */
export async function withPostalCodes(
  customers: Pick<Customers, 'countriesOf'>,
  rows: CustomerRow[],
  { given, mapping }: Facts,
): Promise<ReadRow[]> {
  const homeless = rows.filter((row) => isShort(row) && !row.country).map((row) => row.reference);
  const known = homeless.length > 0 ? await customers.countriesOf(homeless) : [];
  const countries = new Map(homeless.map((reference, at) => [reference, known[at] ?? given.country]));
  return rows.map((row) =>
    readIn(row.country || (countries.get(row.reference) ?? ''), row, mapping['postalCode'] ?? 0),
  );
}

function isShort({ postalCode = '' }: CustomerRow): boolean {
  return postalCode !== '' && postalCode.length < 5;
}

function readIn(country: string, row: CustomerRow, column: number): ReadRow {
  const { postalCode: written = '' } = row;
  const postalCode = withLostZeros(written, country);
  if (postalCode === written) return { data: row, cells: [], errors: [] };
  const cells = [...Array<string>(column).fill(''), written];
  return {
    data: { ...row, postalCode },
    cells,
    errors: [{ column: 'postalCode', key: 'import.zeros.readAs', values: { postalCode } }],
  };
}
