import { decimalsOf, isCurrency } from '../../shared/money.ts';
import type { Cell } from './table.ts';
import { bad, good, type Parsed } from './text-value.ts';

export type DecimalMark = ',' | '.';

/** `currency` is ISO 4217; `decimal` is the mark that the file was found to use, null where nothing tells. */
interface MoneyContext {
  currency: string;
  decimal: DecimalMark | null;
}

const MAX_WHOLE_DIGITS = 11;

/**
 * Minor units of an amount as people write it: '1.480,00 €', '-1 480.5', '(12,50)', 'kr 250,-'. Undefined for an empty
 * cell. Numbers of Excel are rounded to minor units (half away from zero); text must not be finer than they are.
 */
export function parseMoney(cell: Cell, { currency, decimal }: MoneyContext): Parsed<number | undefined> {
  if (typeof cell === 'number') return fromNumber(cell, currency);
  const written = writtenAmount(cell);
  if (written === undefined) return good(undefined);
  const figure = written && figureOf(written.figure);
  if (!written || !figure) return bad('notAnAmount');
  const meant = currencyFits(written.unit, currency);
  if (meant === undefined) return bad('notAnAmount');
  const swapped = decimal !== null && figure.mark !== null && !figure.open && figure.mark !== decimal;
  if (!meant) return bad(swapped ? 'notInCurrencySwapped' : 'notInCurrency', { currency });
  if (swapped) return bad('pointCommaSwapped');
  if (figure.open && decimal === null) return openQuestion(figure);
  const whole = figure.open && figure.mark !== decimal ? figure.whole + figure.fraction : figure.whole;
  const fraction = figure.open && figure.mark !== decimal ? '' : figure.fraction;
  return minorUnits(written.negative, whole, fraction, currency);
}

function openQuestion({ whole, fraction }: Figure): Parsed<never> {
  return bad('ambiguousAmount', { thousands: whole + fraction, decimals: `${whole},${fraction}` });
}

function fromNumber(number: number, currency: string): Parsed<number | undefined> {
  if (!Number.isFinite(number)) return bad('notAnAmount');
  if (Math.abs(number) >= 10 ** MAX_WHOLE_DIGITS) return bad('amountTooLarge');
  // Excel shows 15 digits; what lies behind them is noise of binary fractions. Below 1e-6 a number is written with an
  // exponent, which cannot be extended, and is nothing in any currency.
  const shown = Math.abs(Number(number.toPrecision(15)));
  const minor = shown < 1e-6 ? 0 : Math.round(Number(`${shown}e${decimalsOf(currency)}`));
  return good(number < 0 && minor !== 0 ? -minor : minor);
}

function minorUnits(negative: boolean, whole: string, fraction: string, currency: string): Parsed<number> {
  const decimals = decimalsOf(currency);
  const digits = whole.replace(/^0+(?=\d)/, '');
  if (digits.length > MAX_WHOLE_DIGITS) return bad('amountTooLarge');
  if (/[1-9]/.test(fraction.slice(decimals))) return bad('tooFine', { decimals });
  const minor = Number(digits + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return good(negative && minor !== 0 ? -minor : minor);
}

interface Written {
  negative: boolean;
  figure: string;
  unit: string;
}

const AMOUNT =
  /^(?<open>\()? ?(?<sign>[+-])? ?(?<before>[\p{L}\p{Sc}]+\.?)? ?(?<inner>[+-])? ?(?<figure>[\d.,][\d.,'’ ]*?) ?(?<after>-)? ?(?<behind>[\p{L}\p{Sc}]+\.?)? ?(?<close>\))?$/u;
/** The dash that stands for no cents: '250,-'. */
const NO_CENTS = /[.,]-{1,2}(?= ?[\p{L}\p{Sc}]*\.?\)?$)/u;

/** Undefined for an empty cell, null for what is no amount. */
function writtenAmount(cell: string): Written | null | undefined {
  const text = cell
    .replace(/[\s\u200E\u200F]+/gu, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .trim();
  if (text === '') return undefined;
  const parts = text.length > 40 ? undefined : AMOUNT.exec(text.replace(NO_CENTS, ''))?.groups;
  if (!parts || (parts['open'] === undefined) !== (parts['close'] === undefined)) return null;
  if (parts['before'] && parts['behind']) return null;
  const signs = [parts['sign'], parts['inner'], parts['after'], parts['open']].filter(Boolean);
  if (signs.length > 1) return null;
  const negative = signs.length === 1 && signs[0] !== '+';
  return { negative, figure: parts['figure'] ?? '', unit: parts['before'] ?? parts['behind'] ?? '' };
}

/** `mark` is the decimal mark that this figure speaks for; `open` where the mark might as well group thousands. */
interface Figure {
  whole: string;
  fraction: string;
  mark: DecimalMark | null;
  open: boolean;
}

const GROUPED = {
  space: /^\d{1,3}(?:[ '’]\d{3})+(?=[.,]|$)/,
  '.': /^\d{1,3}(?:\.\d{3})+(?=,|$)/,
  ',': /^\d{1,3}(?:,\d{3})+(?=\.|$)/,
};

function figureOf(text: string): Figure | null {
  const spaced = GROUPED.space.test(text);
  if (/[ '’]/.test(text) && !spaced) return null;
  const figure = text.replace(/[ '’]/g, '');
  const points = figure.split('.').length - 1;
  const commas = figure.split(',').length - 1;
  if (/[ '’]/.test(text.replace(GROUPED.space, ''))) return null;
  if (points + commas === 0) return { whole: figure, fraction: '', mark: null, open: false };
  if (points > 0 && commas > 0) return mixedFigure(figure, spaced);
  return points + commas === 1 ? singleMark(figure, spaced) : groupsOnly(figure, spaced);
}

function mixedFigure(figure: string, spaced: boolean): Figure | null {
  const mark = figure.lastIndexOf(',') > figure.lastIndexOf('.') ? ',' : '.';
  const grouping = mark === ',' ? '.' : ',';
  if (spaced || !GROUPED[grouping].test(figure)) return null;
  const [whole = '', fraction = '', ...rest] = figure.replaceAll(grouping, '').split(mark);
  return rest.length > 0 ? null : { whole, fraction, mark, open: false };
}

function singleMark(figure: string, spaced: boolean): Figure | null {
  const mark = figure.includes(',') ? ',' : '.';
  const [whole = '', fraction = ''] = figure.split(mark);
  if (whole === '' && fraction === '') return null;
  const open = !spaced && fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
  return { whole: whole || '0', fraction, mark, open };
}

function groupsOnly(figure: string, spaced: boolean): Figure | null {
  const grouping = figure.includes(',') ? ',' : '.';
  const whole = figure.replaceAll(grouping, '');
  if (spaced || GROUPED[grouping].exec(figure)?.[0] !== figure) return null;
  return { whole, fraction: '', mark: grouping === ',' ? '.' : ',', open: false };
}

/** Signs that several currencies share fit any of them. */
const SIGNS: Record<string, readonly string[]> = {
  '€': ['EUR'],
  EURO: ['EUR'],
  EUROS: ['EUR'],
  KR: ['NOK', 'SEK', 'DKK', 'ISK'],
  NKR: ['NOK'],
  KRONE: ['NOK', 'DKK'],
  KRONER: ['NOK', 'DKK'],
  KRONOR: ['SEK'],
  '£': ['GBP'],
  $: ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN'],
  US$: ['USD'],
  '¥': ['JPY', 'CNY'],
  FR: ['CHF'],
  SFR: ['CHF'],
  ZŁ: ['PLN'],
  KČ: ['CZK'],
};

/** Undefined where the word names no currency. */
export function currencyFits(word: string, currency: string): boolean | undefined {
  const unit = word.trim().replace(/\.$/, '').toUpperCase();
  if (unit === '' || unit === currency) return true;
  const signs = SIGNS[unit];
  if (signs) return signs.includes(currency);
  return /^[A-Z]{3}$/.test(unit) && isCurrency(unit) ? false : /^\p{Sc}$/u.test(unit) ? false : undefined;
}

/** How many cells speak for each decimal mark. */
type DecimalTally = Record<DecimalMark, number>;

/** Counts a cell whose figure can be read in one way only. */
export function tallyDecimal(tally: DecimalTally, cell: Cell): void {
  if (typeof cell === 'number') return;
  const written = writtenAmount(cell);
  const figure = written ? figureOf(written.figure) : null;
  if (figure?.mark && !figure.open) tally[figure.mark] += 1;
}

/** The file's decimal mark, or null where its cells do not tell or are divided equally. */
export function decimalOf(tally: DecimalTally): DecimalMark | null {
  if (tally[','] === tally['.']) return null;
  return tally[','] > tally['.'] ? ',' : '.';
}
