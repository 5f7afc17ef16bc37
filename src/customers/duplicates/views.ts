import { formatMoment, formatNumber } from '../../i18n/index.ts';
import type { Page } from '../../storage/index.ts';
import type { Staff } from '../../web/index.ts';
import { displayName, type Customer } from '../customer.ts';
import { countryName, listed } from '../words.ts';
import type { DifferentPair, LikelyPair } from './service.ts';
import { DIFFERENT, DUPLICATES } from './web.ts';

export interface Who {
  href: string;
  name: string;
  /** Their number, where they live, what else tells them apart. */
  about: string[];
  /** Where they have left. */
  left: string;
}

interface PairView {
  one: Who;
  other: Who;
  ids: { name: string; value: string }[];
  /** For whoever hears the button without the row. */
  both: string;
}

export interface DuplicatesPage {
  lead: string;
  comparing: boolean;
  pairs: (PairView & { certainty: { text: string; mood: string }; why: string; mergeHref: string })[];
  action: string;
  more: string | null;
  first: string | null;
  differentHref: string;
}

export interface DifferentPage {
  back: string;
  pairs: (PairView & { said: string })[];
  action: string;
  more: string | null;
  first: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'customers/duplicates': DuplicatesPage;
    'customers/duplicate-who': Who;
    'customers/different': DifferentPage;
  }
}

/** Counting stops here. */
export const COUNTED_PAIRS = 1000;

/** How many pairs there are, as the list of customers says it; '' where there are none. */
export function pairsInWords(count: number, { t, language }: Pick<Staff, 't' | 'language'>): string {
  if (count === 0) return '';
  return count > COUNTED_PAIRS
    ? t('customers.duplicates.many', { most: formatNumber(COUNTED_PAIRS, language) })
    : t('customers.duplicates.count', { count });
}

interface DuplicatesFacts {
  listed: Page<LikelyPair>;
  after: string;
  count: number;
  comparing: boolean;
}

const MOODS = { 3: 'bad', 2: 'late', 1: '' };

export function duplicatesPage(
  { listed: found, after, count, comparing }: DuplicatesFacts,
  staff: Staff,
): DuplicatesPage {
  const { t, language } = staff;
  return {
    lead:
      count === 0
        ? t('customers.duplicates.none')
        : t('customers.duplicates.lead', { pairs: pairsInWords(count, staff) }),
    comparing,
    pairs: found.rows.map(({ customer, other, certainty, why }) => ({
      ...pairView({ customer, other }, staff),
      ids: [...idsOf(customer, other), { name: 'after', value: after }],
      certainty: { text: t(`customers.duplicates.certainty.${certainty}`), mood: MOODS[certainty] },
      why: listed(
        why.map((each) => t(`customers.duplicate.${each}`)),
        language,
      ),
      mergeHref: `/customers/${customer.id}/merge/${other.id}`,
    })),
    action: DIFFERENT,
    ...pagesOf(DUPLICATES, found.next, after),
    differentHref: DIFFERENT,
  };
}

export function differentPage(
  { rows, next }: Page<DifferentPair>,
  after: string,
  names: Map<string, string>,
  staff: Staff,
): DifferentPage {
  const { t, language, timeZone } = staff;
  return {
    back: DUPLICATES,
    pairs: rows.map(({ customer, other, at, accountId }) => {
      const when = formatMoment(at, language, timeZone);
      const who = names.get(accountId ?? '');
      const said = who === undefined ? 'customers.duplicates.said.program' : 'customers.duplicates.said';
      return {
        ...pairView({ customer, other }, staff),
        ids: idsOf(customer, other),
        said: t(said, { who: who ?? '', when }),
      };
    }),
    action: `${DIFFERENT}/removal`,
    ...pagesOf(DIFFERENT, next, after),
  };
}

function pagesOf(path: string, next: string | null, after: string) {
  return {
    more: next === null ? null : `${path}?${new URLSearchParams({ after: next }).toString()}`,
    first: after === '' ? null : path,
  };
}

const idsOf = (customer: Customer, other: Customer) => [
  { name: 'id', value: customer.id },
  { name: 'otherId', value: other.id },
];

function pairView({ customer, other }: { customer: Customer; other: Customer }, staff: Staff): PairView {
  const [one, two] = [displayName(customer), displayName(other)];
  return {
    one: whoOf(customer, staff),
    other: whoOf(other, staff),
    ids: [],
    both: staff.t('customers.duplicates.both', { one, other: two }),
  };
}

function whoOf(customer: Customer, { t, language }: Staff): Who {
  const { id, reference, organisation, givenName, familyName, email, telephone, street, postalCode, city } = customer;
  const person = organisation ? [givenName, familyName].filter(Boolean).join(' ') : '';
  const place = [
    [postalCode, city].filter(Boolean).join(' '),
    customer.country && countryName(customer.country, language),
  ];
  const address = [street, ...place].filter(Boolean).join(', ');
  return {
    href: `/customers/${id}`,
    name: displayName(customer),
    about: [
      [reference, person].filter(Boolean).join(' · '),
      address,
      [email, telephone].filter(Boolean).join(' · '),
    ].filter(Boolean),
    left: customer.status === 'left' ? t('customers.status.left') : '',
  };
}
