import type { Colleague } from '../../accounts/index.ts';
import { displayName } from '../../customers/index.ts';
import { formatNumber } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import { BULK_KINDS, LEFT_OUT, type BulkKind } from './rules.ts';
import { MOST_AT_ONCE, type BulkCheck } from './service.ts';

interface Option {
  value: string;
  text: string;
}

export interface BulkPage {
  lead: string;
  /** The same people, with each kind of case. */
  kinds: { text: string; href: string; current: boolean }[];
  leftOut: { text: string; names: { name: string; href: string }[]; more: string }[];
  /** Null where nobody gets a case. */
  order: {
    form: FormView;
    kind: BulkKind;
    customers: string;
    once: string;
    owners: Option[];
    button: string;
  } | null;
  back: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/bulk': BulkPage;
  }
}

export interface BulkGiven {
  kind: BulkKind;
  check: BulkCheck;
  /** How the same people are asked for once more. */
  again: { name: string; value: string }[];
  back: string;
  once: string;
  colleagues: Colleague[];
  typed?: unknown;
  errors?: FieldErrors | undefined;
}

const MOST_NAMED = 10;

/** Whom the owner's choice leaves to each customer. */
export const OWN_CONTACT = 'contact';

export function bulkPage(given: BulkGiven, staff: Staff): BulkPage {
  const { kind, check, again, back } = given;
  const { t, language } = staff;
  const number = (value: number) => formatNumber(value, language);
  const fit = check.fit.length;
  return {
    lead: check.chosen === 0 ? t('caselist.nobody') : t('caselist.lead', { count: check.chosen, cases: number(fit) }),
    kinds: check.chosen === 0 ? [] : kindsOf(kind, again, staff),
    leftOut: [...leftOutOf(check, staff), ...onlyCounted(check, staff)],
    order: fit === 0 ? null : orderOf(given, staff),
    back,
  };
}

function kindsOf(kind: BulkKind, again: BulkGiven['again'], { t }: Staff): BulkPage['kinds'] {
  return BULK_KINDS.map((each) => {
    const asked = [...again.filter(({ name }) => name !== 'kind'), { name: 'kind', value: each }];
    const query = new URLSearchParams(asked.map(({ name, value }): [string, string] => [name, value]));
    return { text: t(`cases.kind.${each}`), href: `/cases/list?${query.toString()}`, current: each === kind };
  });
}

function leftOutOf({ leftOut }: BulkCheck, { t }: Staff): BulkPage['leftOut'] {
  return LEFT_OUT.flatMap((why) => {
    const people = leftOut.get(why) ?? [];
    if (people.length === 0) return [];
    const named = why === 'erased' ? [] : people.slice(0, MOST_NAMED);
    const rest = people.length - named.length;
    return {
      text: t(`caselist.why.${why}`, { count: people.length }),
      names: named.map((each) => ({ name: displayName(each), href: `/customers/${each.id}` })),
      more: rest > 0 && named.length > 0 ? t('caselist.more', { count: rest }) : '',
    };
  });
}

/** Those of whom only the number is known. */
function onlyCounted({ unknown, beyond }: BulkCheck, { t }: Staff): BulkPage['leftOut'] {
  return [
    unknown > 0 ? t('caselist.unknown', { count: unknown }) : '',
    beyond > 0 ? t('caselist.beyond', { count: beyond, most: MOST_AT_ONCE }) : '',
  ].flatMap((text) => (text === '' ? [] : { text, names: [], more: '' }));
}

function orderOf({ kind, check, once, colleagues, typed, errors }: BulkGiven, { t }: Staff): BulkPage['order'] {
  const people = colleagues.filter(({ active }) => active).map(({ id, name }) => ({ value: id, text: name }));
  return {
    form: formView(typed ?? { owner: OWN_CONTACT }, errors, t),
    kind,
    customers: check.fit.map(({ id }) => id).join(' '),
    once,
    owners: [
      { value: OWN_CONTACT, text: t('caselist.owner.contact') },
      { value: '', text: t('cases.owner.nobody') },
      ...people,
    ],
    button: t('caselist.button', { count: check.fit.length }),
  };
}
