import type { Customer } from './customer.ts';
import type { MergePart } from './merge-rules.ts';
import { countryName, languageNameIn, money, when, type Reader } from './words.ts';

type Said = (customer: Customer, reader: Reader, colleagues: { id: string; name: string }[]) => string;

const day = (on: string | null, reader: Reader) => (on === null ? '' : when(on, reader));
const listed = (parts: string[]) => parts.filter(Boolean).join(', ');

/** What does not say by itself what it means. */
const SAID: Partial<Record<MergePart, Said>> = {
  status: ({ status, leftOn }, reader) => listed([reader.t(`customers.status.${status}`), day(leftOn, reader)]),
  customerSince: ({ customerSince }, reader) => day(customerSince, reader),
  yearlyValueMinor: ({ yearlyValueMinor: minor }, reader) => (minor === null ? '' : money(minor, reader)),
  greeting: ({ greeting }, { t }) =>
    ['formal', 'familiar'].includes(greeting) ? t(`customers.greetingForm.${greeting}`) : greeting,
  country: ({ country }, { language }) => country && countryName(country, language),
  language: (customer, { language }) => languageNameIn(customer.language, language),
  contactAccountId: ({ contactAccountId }, _reader, colleagues) =>
    colleagues.find(({ id }) => id === contactAccountId)?.name ?? '',
  legalBasis: ({ legalBasis, legalBasisSource, legalBasisOn }, reader) =>
    legalBasis === ''
      ? ''
      : listed([reader.t(`customers.basis.${legalBasis}`), legalBasisSource, day(legalBasisOn, reader)]),
};

/** What a record says of one part, for a person to compare; '' where it says nothing. */
export function partText(
  customer: Customer,
  part: MergePart,
  reader: Reader,
  colleagues: { id: string; name: string }[],
): string {
  return SAID[part]?.(customer, reader, colleagues) ?? String(customer[part] ?? '');
}
