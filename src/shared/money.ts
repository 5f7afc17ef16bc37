/** Money is whole minor units of the one reporting currency (ISO 4217), never floating point. */

const digits = new Map<string, number>();

/** How many decimals a currency has: EUR 2, JPY 0, BHD 3. */
export function decimalsOf(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) {
    known = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    digits.set(currency, known);
  }
  return known;
}

const formats = new Map<string, Intl.NumberFormat>();

function formatter(currency: string, language: string, whole: boolean): Intl.NumberFormat {
  const key = `${currency} ${language} ${whole}`;
  let format = formats.get(key);
  if (!format) {
    const options: Intl.NumberFormatOptions = { style: 'currency', currency };
    if (whole) Object.assign(options, { maximumFractionDigits: 0, minimumFractionDigits: 0 });
    formats.set(key, (format = new Intl.NumberFormat(language, options)));
  }
  return format;
}

/** With a minus, where Intl writes a hyphen. */
const signed = (text: string): string => text.replace('-', '−');

/** As a person reads it: '42.000,00 €'. */
export function formatMoney(minor: number, currency: string, language: string): string {
  return signed(formatter(currency, language, false).format(minor / 10 ** decimalsOf(currency)));
}

/** Without decimals, for tables of large sums: '42.000 €'. */
export function formatMoneyWhole(minor: number, currency: string, language: string): string {
  return signed(formatter(currency, language, true).format(minor / 10 ** decimalsOf(currency)));
}

/** Rounded to whole units of the currency so that together they are their rounded sum: rows in a table visibly add up. */
export function wholeTogether(minors: readonly number[], currency: string): number[] {
  const unit = 10 ** decimalsOf(currency);
  const parts = minors.map((minor) => ({
    whole: Math.floor(minor / unit),
    rest: (((minor % unit) + unit) % unit) / unit,
  }));
  const sum = Math.round(minors.reduce((all, minor) => all + minor, 0) / unit);
  const missing = sum - parts.reduce((all, { whole }) => all + whole, 0);
  const up = new Set(parts.toSorted((a, b) => b.rest - a.rest).slice(0, missing));
  return parts.map((part) => (part.whole + (up.has(part) ? 1 : 0)) * unit);
}

/** As a machine reads it, exact: '42000.00'. */
export function plainMoney(minor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  if (decimals === 0) return String(minor);
  const text = String(Math.abs(minor)).padStart(decimals + 1, '0');
  return `${minor < 0 ? '-' : ''}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

const PLAIN = /^(-?)(\d{1,13})(?:\.(\d+))?$/;

/** Minor units of a plain decimal ('42000.00', '42000', '-3.5'), or undefined where it is none or has too many decimals. */
export function parsePlainMoney(text: string, currency: string): number | undefined {
  const [, sign, whole = '', fraction = ''] = PLAIN.exec(text.trim()) ?? [];
  const decimals = decimalsOf(currency);
  if (sign === undefined || fraction.length > decimals) return undefined;
  const minor = Number(whole + fraction.padEnd(decimals, '0'));
  return sign ? -minor : minor;
}

export function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf('currency').includes(code);
}
