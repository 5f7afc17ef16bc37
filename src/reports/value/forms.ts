import { parseMoney, typedMoney } from '../../customers/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import type { Given, Trying } from './calculator.ts';
import { percentage } from './settings.ts';

interface Writing {
  currency: string;
  language: string;
}

/** Beyond this no business has customers, and no spend can be told from a slip of the keyboard. */
const MOST_CUSTOMERS = 100_000_000;
const MOST_MINOR = 1e13;

/** What of the typed figures can be tried; the rest stays the business's own, with what is wrong with it. */
export function readTrying(typed: Trying, writing: Writing): { given: Partial<Given>; errors: FieldErrors } {
  const given: Partial<Given> = {};
  const errors: FieldErrors = {};
  const take = (field: keyof Trying, name: keyof Given, read: (text: string) => number | undefined, wrong: string) => {
    const text = typed[field]?.trim();
    if (!text) return;
    const value = read(text);
    if (value === undefined) errors[field] = { key: wrong };
    else given[name] = value;
  };
  const share = (text: string) => {
    const found = percentage.safeParse(text);
    return found.success ? found.data : undefined;
  };
  take('customers', 'customers', customersOf, 'value.error.customers');
  take('lost', 'shareLost', share, 'value.error.percent');
  take('spend', 'spendMinor', (text) => moneyOf(text, writing), 'value.error.money');
  take('margin', 'margin', share, 'value.error.percent');
  take('discount', 'discount', share, 'value.error.percent');
  return { given, errors };
}

/** Signs between thousands are no matter; "1.5" is no whole number. */
function customersOf(text: string): number | undefined {
  if (!/^(?:\d{1,9}|\d{1,3}(?:[\s.,'’]\d{3}){1,2})$/.test(text)) return undefined;
  const count = Number(text.replace(/\D/g, ''));
  return count <= MOST_CUSTOMERS ? count : undefined;
}

function moneyOf(text: string, { currency, language }: Writing): number | undefined {
  const first = parseMoney(text, { currency, decimal: null });
  const parsed = first.ok ? first : parseMoney(text, { currency, decimal: language === 'en' ? '.' : ',' });
  const minor = parsed.ok ? (parsed.value ?? undefined) : undefined;
  return minor !== undefined && minor >= 0 && minor <= MOST_MINOR ? minor : undefined;
}

/** As people write it, without the sign: 0.125 -> '12.5' or '12,5'. */
export function typedShare(share: number, language: string): string {
  const text = String(Math.round(share * 10_000) / 100);
  return language === 'en' ? text : text.replace('.', ',');
}

/** The figures as they stand in the form's fields, to be read again by `readTrying`. */
export function typedGiven(given: Given, { currency, language }: Writing): Record<keyof Trying, string> {
  return {
    customers: String(given.customers),
    lost: typedShare(given.shareLost, language),
    spend: typedMoney(given.spendMinor, { currency, language, today: '' }),
    margin: typedShare(given.margin, language),
    discount: typedShare(given.discount, language),
  };
}
