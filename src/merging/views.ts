import {
  differences,
  displayName,
  MERGE_PART_NAMES,
  partText,
  type Customer,
  type ListedCustomer,
  type MergePart,
  type MergeSide,
  type Panel,
  type PossibleDuplicate,
} from '../customers/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, hasRole, type FormView, type Staff } from '../web/index.ts';
import type { Merging } from './service.ts';

interface Candidate {
  href: string;
  name: string;
  about: string;
}

export interface OtherRecordPage {
  name: string;
  back: string;
  action: string;
  q: string;
  likely: Candidate[];
  found: Candidate[];
  /** Something was looked for, and nobody is there. */
  nobody: boolean;
}

interface Compared {
  part: MergePart;
  label: string;
  error: string;
  sides: { id: string; value: MergeSide; text: string; whose: string; isChosen: boolean }[];
}

export interface MergingPage {
  name: string;
  back: string;
  action: string;
  form: FormView;
  kept: { name: string; reference: string };
  other: { name: string; reference: string; href: string };
  swapHref: string;
  seen: { kept: string; other: string };
  compared: Compared[];
  same: { label: string; text: string }[];
  moves: string[];
  both: string[];
  final: string[];
}

declare module '../web/render.ts' {
  interface Templates {
    'merging/other-record': OtherRecordPage;
    'merging/merging': MergingPage;
  }
}

const mergePath = (id: string, otherId?: string) =>
  otherId === undefined ? `/customers/${id}/merge` : `/customers/${id}/merge/${otherId}`;

export function otherRecordPage(
  customer: Customer,
  { q, likely, found }: { q: string; likely: PossibleDuplicate[]; found: ListedCustomer[] },
  { t }: Staff,
): OtherRecordPage {
  const { id } = customer;
  const about = (reference: string, city: string) => [reference, city].filter(Boolean).join(', ');
  return {
    name: displayName(customer),
    back: `/customers/${id}`,
    action: mergePath(id),
    q,
    likely: likely.map((each) => ({
      href: mergePath(id, each.id),
      name: each.name,
      about: [about(each.reference, each.city), ...each.why.map((why) => t(`customers.duplicate.${why}`))].join(' · '),
    })),
    found: found
      .filter((each) => each.id !== id)
      .map((each) => ({
        href: mergePath(id, each.id),
        name: displayName(each),
        about: about(each.reference, each.city),
      })),
    nobody: q !== '' && found.every((each) => each.id === id),
  };
}

interface MergingFacts {
  kept: Customer;
  other: Customer;
  colleagues: { id: string; name: string }[];
  holdings: Awaited<ReturnType<Merging['holdings']>>;
  typed?: Record<string, unknown> | undefined;
  errors?: FieldErrors | undefined;
}

export function mergingPage(facts: MergingFacts, staff: Staff): MergingPage {
  const { kept, other, typed, errors, colleagues } = facts;
  const { t } = staff;
  const [keptName, otherName] = [displayName(kept), displayName(other)];
  const differing = new Set(differences(kept, other).map(({ part }) => part));
  const text = (customer: Customer, part: MergePart) => partText(customer, part, staff, colleagues);
  const form = formView(typed, errors, t);
  // Each says the same: the summary names what is to be chosen.
  const summary = form.summary.map(({ field, text: words }) => ({
    field,
    text: `${t(`customers.field.${field}`)}: ${words}`,
  }));
  return {
    name: keptName,
    back: `/customers/${kept.id}`,
    action: mergePath(kept.id, other.id),
    form: { ...form, summary },
    kept: { name: keptName, reference: kept.reference },
    other: { name: otherName, reference: other.reference, href: `/customers/${other.id}` },
    swapHref: mergePath(other.id, kept.id),
    seen: { kept: String(kept.revision), other: String(other.revision) },
    compared: comparedOf(facts, form, staff),
    same: MERGE_PART_NAMES.filter((part) => !differing.has(part) && text(kept, part) !== '').map((part) => ({
      label: t(`customers.field.${part}`),
      text: text(kept, part),
    })),
    moves: facts.holdings.map(({ table, count }) => t(`merging.moves.${table}`, { count })),
    both: ['notes', 'wishes', 'numbers', 'waves', 'cases'].map((each) => t(`merging.both.${each}`)),
    final: ['undo', 'reference', 'withdrawn', 'links'].map((each) =>
      t(`merging.final.${each}`, { reference: other.reference }),
    ),
  };
}

function comparedOf({ kept, other, typed, colleagues }: MergingFacts, form: FormView, staff: Staff): Compared[] {
  const { t } = staff;
  return differences(kept, other).map(({ part, preset }) => {
    const chosen = typed?.[part] ?? preset;
    const side = (value: MergeSide, customer: Customer) => ({
      id: value === 'kept' ? part : `${part}-other`,
      value,
      text: partText(customer, part, staff, colleagues) || t('merging.nothing'),
      whose: customer.reference,
      isChosen: chosen === value,
    });
    return {
      part,
      label: t(`customers.field.${part}`),
      error: form.errors[part] ?? '',
      sides: [side('kept', kept), side('other', other)],
    };
  });
}

/** Where a manager says that two records are one person, on either of them. */
export function mergingPanels(customerId: string, staff: Staff): Panel[] {
  if (!hasRole(staff.role, 'manager')) return [];
  const { t } = staff;
  return [
    {
      id: 'merging',
      heading: t('merging.heading'),
      lines: [],
      empty: t('merging.lead'),
      links: [{ text: t('merging.link'), href: mergePath(customerId) }],
    },
  ];
}
