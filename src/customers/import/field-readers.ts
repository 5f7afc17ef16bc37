import type { Field, FieldOf } from './fields.ts';
import { parseEmail, parseTelephone } from './contact-value.ts';
import { parseDate } from './date-value.ts';
import { currencyFits, type DecimalMark, parseMoney } from './money-value.ts';
import { parseCountry, parseLanguage, parseTimeZone } from './place-value.ts';
import type { Cell } from './table.ts';
import { bad, cellText, good, hasHiddenCharacter, manyLines, nameLine, oneLine, type Parsed } from './text-value.ts';
import { type LegalBasis, parseDealingKind, parseLegalBasis, parseStatus, parseTags, yesOrNo } from './word-value.ts';

/** A legal basis that holds for every customer of a file. `on` is 'YYYY-MM-DD'. */
interface SharedBasis {
  basis: LegalBasis;
  source: string;
  on: string;
}

/**
 * `currency` ISO 4217; `locale` of who imports (en-US alone reads the month first); `today` 'YYYY-MM-DD' where the
 * business is; `decimal` null where the file does not tell.
 */
export interface CheckContext {
  currency: string;
  locale: string;
  today: string;
  decimal: DecimalMark | null;
  legalBasis?: SharedBasis | undefined;
}

type Reader<T> = (cell: Cell, context: CheckContext) => Parsed<T>;

/** Text of at most `max` characters, cleaned by `clean`; '' for an empty cell. */
function text(max: number, clean: (text: string) => string = oneLine): Reader<string> {
  return (cell) => {
    const value = clean(cellText(cell));
    return value.length > max ? bad('tooLong', { max }) : good(value);
  };
}

/** '1.23457E+11': a spreadsheet has cut a long number short. */
const SHORTENED = /^\d([.,]\d+)?E\+\d{1,3}$/i;

function code(max: number): Reader<string> {
  const plain = text(max);
  return (cell, context) => (SHORTENED.test(cellText(cell).trim()) ? bad('shortenedNumber') : plain(cell, context));
}

function required<T>(read: Reader<T | undefined>, key: string): Reader<T> {
  return (cell, context) => {
    const parsed = read(cell, context);
    if (!parsed.ok) return parsed;
    return parsed.value === undefined || parsed.value === '' ? bad(key) : good(parsed.value);
  };
}

const pastDay: Reader<string | undefined> = (cell, context) =>
  parseDate(cell, { ...anyDay(context), latest: context.today });
const someDay: Reader<string | undefined> = (cell, context) => parseDate(cell, anyDay(context));

function anyDay({ locale }: CheckContext) {
  return { monthFirst: locale === 'en-US' };
}

const positiveMoney: Reader<number | undefined> = (cell, context) => {
  const parsed = parseMoney(cell, context);
  return parsed.ok && (parsed.value ?? 0) < 0 ? bad('negative') : parsed;
};

const currency: Reader<string> = (cell, context) => {
  const written = oneLine(cellText(cell));
  return currencyFits(written, context.currency) ? good(written) : bad('notInCurrency', { currency: context.currency });
};

const telephone: Reader<string> = (cell) =>
  SHORTENED.test(cellText(cell).trim()) ? bad('shortenedNumber') : parseTelephone(cell);

/** A colleague, by address or by name. */
const contact: Reader<string> = (cell, context) =>
  cellText(cell).includes('@') ? parseEmail(cell) : text(200, nameLine)(cell, context);

/** The day of payment; true for a bare "yes". */
const paid: Reader<string | true | undefined> = (cell, context) => {
  const word = yesOrNo(cell);
  return word === undefined ? pastDay(cell, context) : good(word || undefined);
};

type Readers<F extends Field> = Record<F, Reader<unknown>>;

export const CUSTOMER_READERS = {
  reference: required(code(64), 'noReference'),
  title: text(40),
  givenName: text(100, nameLine),
  familyName: text(100, nameLine),
  fullName: text(200, nameLine),
  organisation: text(200, nameLine),
  email: parseEmail,
  telephone,
  street: text(200),
  postalCode: text(20),
  city: text(100),
  region: text(100),
  country: parseCountry,
  language: parseLanguage,
  timeZone: parseTimeZone,
  customerSince: pastDay,
  status: parseStatus,
  leftOn: pastDay,
  segment: text(60),
  tags: parseTags,
  contact,
  yearlyValue: positiveMoney,
  legalBasis: parseLegalBasis,
  legalBasisSource: text(200),
  legalBasisOn: pastDay,
  notes: text(5000, manyLines),
} satisfies Readers<FieldOf<'customers'>>;

const customer = required(code(64), 'noReference');

export const PURCHASE_READERS = {
  customer,
  date: required(pastDay, 'noDate'),
  amount: required<number>(parseMoney, 'noAmount'),
  currency,
  item: text(200),
  reference: code(64),
} satisfies Readers<FieldOf<'purchases'>>;

export const INVOICE_READERS = {
  customer,
  number: required(code(64), 'noNumber'),
  issued: pastDay,
  amount: required<number>(parseMoney, 'noAmount'),
  currency,
  due: required(someDay, 'noDueDate'),
  paid,
} satisfies Readers<FieldOf<'invoices'>>;

export const DEALING_READERS = {
  customer,
  kind: required(parseDealingKind, 'noKind'),
  from: required(someDay, 'noStart'),
  to: someDay,
  reference: code(64),
  note: text(1000, manyLines),
} satisfies Readers<FieldOf<'dealings'>>;

/** What is wrong with a cell: `column` is the field, 'row' where it is the whole row. */
export interface CellError {
  column: Field | 'row';
  key: string;
  values: Record<string, string | number>;
}

export type FieldCells<F extends Field> = Partial<Record<F, Cell>>;

type ValuesOf<R> = { -readonly [F in keyof R]?: R[F] extends Reader<infer T> ? T : never };

const FORMULA_ERROR =
  /^#(N\/A|NV|N\/B|REF|BEZUG|VERW|NAME|NAAM|NAVN|VALUE|WERT|WAARDE|VERDI|DIV\/0|DEEL\/0|NUM|ZAHL|GETAL|NULL)[!?]?$/i;

/** Reads the cells that are there; a field whose cell is wrong has an error in place of a value. */
export function readCells<R extends Partial<Readers<Field>>>(
  readers: R,
  cells: FieldCells<Field>,
  context: CheckContext,
): { values: ValuesOf<R>; errors: CellError[] } {
  const values: Record<string, unknown> = {};
  const errors: CellError[] = [];
  for (const field of Object.keys(cells) as Field[]) {
    const cell = cells[field];
    const read = Object.hasOwn(readers, field) ? readers[field] : undefined;
    if (cell === undefined || !read) continue;
    const parsed = refused(cell, field) ?? read(cell, context);
    if (parsed.ok) values[field] = parsed.value;
    else errors.push({ column: field, key: parsed.key, values: parsed.values });
  }
  return { values: values as ValuesOf<R>, errors };
}

function refused(cell: Cell, field: Field): Parsed<never> | undefined {
  if (typeof cell === 'number') return undefined;
  if (hasHiddenCharacter(cell)) return bad('hiddenCharacter');
  return field !== 'notes' && field !== 'note' && FORMULA_ERROR.test(cell.trim()) ? bad('formulaError') : undefined;
}
