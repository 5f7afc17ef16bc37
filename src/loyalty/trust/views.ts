import { displayName, type Customer } from '../../customers/index.ts';
import { formatDay } from '../../i18n/index.ts';
import { dayIn } from '../../shared/dates.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import type { Against } from './rules.ts';
import type { Candidate, CustomerTrust, Reference } from './interface.ts';
import type { ReferralRow } from './trust-store.ts';

interface Who {
  name: string;
  href: string;
}

export interface ReferencesPage {
  form: FormView;
  book: (Who & {
    terms: string;
    topics: string;
    used: string;
    mayUse: boolean;
    action: string;
    field: string;
    revision: string;
  })[];
  bookMore: string | null;
  open: (Who & { words: string; when: string; action: string; field: string })[];
  openMore: string | null;
  thanks: (Who & { words: string; action: string })[];
  candidates: (Who & { said: string; why: string; ask: string | null; inPerson: boolean })[];
  more: string | null;
}

export interface CustomerTrustPage {
  name: string;
  customerPath: string;
  path: string;
  form: FormView;
  said: string;
  byMail: boolean;
  inPerson: boolean;
  why: string;
  lines: string[];
  reference: { text: string; end: string } | null;
  declined: boolean;
  /** Where it is written down what they said; null where nobody has asked them, or they have said no. */
  answer: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'loyalty/references': ReferencesPage;
    'loyalty/customer-trust': CustomerTrustPage;
  }
}

interface ReferencesFacts {
  references: { rows: Reference[]; next: string | null };
  open: { rows: ReferralRow[]; next: string | null };
  toThank: ReferralRow[];
  candidates: { rows: Candidate[]; next: string | null };
  people: Map<string, Customer>;
  rejected?: { typed: object; errors?: FieldErrors } | undefined;
}

const dayOf = (at: string, { language, timeZone }: Staff): string => formatDay(dayIn(timeZone, new Date(at)), language);

export function referencesPage(facts: ReferencesFacts, staff: Staff): ReferencesPage {
  const { t } = staff;
  const who = (id: string): Who => {
    const customer = facts.people.get(id);
    return { name: customer ? displayName(customer) : t('attentions.somebody'), href: `/customers/${id}` };
  };
  return {
    form: formView(facts.rejected?.typed ?? {}, facts.rejected?.errors, t),
    book: facts.references.rows.map((each) => ({
      ...who(each.customer_id),
      terms: `${t('attentions.often', { count: each.a_year })}, ${t(`attentions.by.${each.way}`)}`,
      topics: each.topics,
      used: usedWords(each, staff),
      mayUse: each.uses.length < each.a_year,
      action: `/references/${each.customer_id}/uses`,
      field: `prospect-${each.customer_id}`,
      revision: String(each.revision),
    })),
    bookMore: moreOf('book', facts.references.next),
    open: facts.open.rows.map((each) => ({
      ...who(each.customer_id),
      words: each.words,
      when: dayOf(each.named_at, staff),
      action: `/referrals/${each.id}/outcome`,
      field: `new-${each.id}`,
    })),
    openMore: moreOf('open', facts.open.next),
    thanks: facts.toThank.map((each) => ({
      ...who(each.customer_id),
      words: each.words,
      action: `/referrals/${each.id}/thanks`,
    })),
    candidates: facts.candidates.rows.map((each) => ({
      name: displayName(each.customer),
      href: `/customers/${each.customer.id}`,
      said: t('attentions.said', { score: each.score, day: dayOf(each.saidAt, staff) }),
      why: each.against === null || each.inPerson ? '' : t(`attentions.against.${each.against}`),
      ask: each.inPerson ? `/customers/${each.customer.id}/trust` : null,
      inPerson: each.inPerson && each.against !== null,
    })),
    more: moreOf('after', facts.candidates.next),
  };
}

const moreOf = (name: string, next: string | null) =>
  next === null ? null : `/references?${name}=${encodeURIComponent(next)}`;

function usedWords({ uses, a_year }: Reference, staff: Staff): string {
  const [last] = uses;
  if (!last) return staff.t('attentions.used.never');
  const day = dayOf(last.at, staff);
  return staff.t('attentions.used.times', { count: uses.length, most: a_year, day, prospect: last.prospect });
}

interface CustomerTrustFacts {
  customer: Customer;
  trust: CustomerTrust;
  byMail: Against | null;
  inPerson: Against | null;
  rejected?: { typed: object; errors?: FieldErrors } | undefined;
}

export function customerTrustPage(facts: CustomerTrustFacts, staff: Staff): CustomerTrustPage {
  const { customer, trust, byMail, inPerson, rejected } = facts;
  const { t } = staff;
  const path = `/customers/${customer.id}/trust`;
  const { contentment, reference } = trust;
  const why = inPerson ?? byMail;
  return {
    name: displayName(customer),
    customerPath: `/customers/${customer.id}`,
    path,
    form: formView({ often: '2', way: 'telephone', ...rejected?.typed }, rejected?.errors, t),
    said: contentment
      ? t('attentions.saidWhole', { score: contentment.score, day: dayOf(contentment.saidAt, staff) })
      : t('attentions.saidNothing'),
    byMail: byMail === null,
    inPerson: inPerson === null,
    why: why === null ? '' : t(`attentions.against.${why}`),
    lines: trustLines(trust, staff),
    reference: reference
      ? {
          text: `${t('attentions.often', { count: reference.a_year })}, ${t(`attentions.by.${reference.way}`)}. ${reference.topics}`,
          end: `${path}/no-reference`,
        }
      : null,
    declined: trust.declined,
    answer: trust.asks.length === 0 || trust.declined ? null : `${path}/answer`,
  };
}

/** What was asked, and what came of it, the newest first. */
export function trustLines({ asks, referrals }: CustomerTrust, staff: Staff): string[] {
  const { t } = staff;
  const asked = asks.map((ask) => {
    const answer = ask.answer === null ? '' : ` ${t(`attentions.answer.${ask.answer}`)}`;
    return `${t(`attentions.line.${ask.kind}`, { day: dayOf(ask.asked_at, staff), prospect: ask.prospect })}${answer}${ask.words && ` ${quoted(ask.words)}`}`;
  });
  const named = referrals.map((each) =>
    t(`attentions.line.referral.${each.outcome}`, { day: dayOf(each.named_at, staff), words: quoted(each.words) }),
  );
  return [...asked, ...named];
}

const quoted = (words: string): string => words && `“${words}”`;
