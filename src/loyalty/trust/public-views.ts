import type { Company } from '../../accounts/index.ts';
import { formatDay, type Translate } from '../../i18n/index.ts';
import { dayIn } from '../../shared/dates.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView } from '../../web/index.ts';
import type { CustomerTrust } from './interface.ts';
import type { AskRow } from './trust-store.ts';

interface Option {
  value: string;
  text: string;
}

export interface TrustPage {
  saved: string | null;
  heading: string;
  lead: string[];
  form: FormView;
  /** They said no: nothing is asked. */
  declined: { text: string; action: string } | null;
  /** A prospect who knows them. */
  vouch: { question: string; action: string; done: string | null } | null;
  refer: { action: string; passOn: string; told: string[] } | null;
  reference: { action: string; often: Option[]; ways: Option[]; standing: string | null; end: string } | null;
  no: string | null;
}

export interface TrustNoPage {
  heading: string;
  text: string;
  action: string;
  back: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'loyalty/trust': TrustPage;
    'loyalty/trust-no': TrustNoPage;
  }
}

interface TrustFacts {
  ask: AskRow;
  path: string;
  /** '' or '?lang=de'. */
  query: string;
  trust: CustomerTrust;
  company: Company;
  saved: boolean;
  typed?: object | undefined;
  errors?: FieldErrors | undefined;
}

export const MOST_A_YEAR = 4;

export function trustPage(facts: TrustFacts, t: Translate): TrustPage {
  const { ask, path, trust, company, typed, errors } = facts;
  const values = { company: company.name || t('mail.us'), prospect: ask.prospect };
  const vouching = ask.kind === 'vouch';
  const page = { saved: facts.saved ? t('attentions.page.saved') : null, form: formView(typed ?? {}, errors, t) };
  if (trust.declined) {
    const declined = { text: t('attentions.page.declined', values), action: `${path}/again${facts.query}` };
    return {
      ...page,
      heading: t('attentions.page.declinedHeading'),
      lead: [],
      declined,
      vouch: null,
      refer: null,
      reference: null,
      no: null,
    };
  }
  return {
    ...page,
    heading: t(vouching ? 'attentions.vouch.heading' : 'attentions.page.heading', values),
    lead: [t(vouching ? 'attentions.vouch.lead' : 'attentions.page.lead', values)],
    declined: null,
    vouch: vouching ? vouchPart(facts, values, t) : null,
    refer: vouching ? null : referPart(facts, values, t),
    reference: vouching ? null : referencePart(facts, t),
    no: `${path}/no${facts.query}`,
  };
}

type Values = Record<string, string>;

function vouchPart({ ask, path, query }: TrustFacts, values: Values, t: Translate): TrustPage['vouch'] {
  const done = ask.answer === 'agreed' ? t('attentions.vouch.done') : null;
  return { question: t('attentions.vouch.question', values), action: `${path}/vouching${query}`, done };
}

function referPart({ path, query, trust, company }: TrustFacts, values: Values, t: Translate): TrustPage['refer'] {
  const reach = [company.telephone, company.email].filter(Boolean).join(', ');
  const told = trust.referrals.map(({ words, named_at }) => {
    const day = formatDay(dayIn(company.timeZone, new Date(named_at)), t.language);
    return words ? t('attentions.page.toldWords', { day, words }) : t('attentions.page.told', { day });
  });
  return { action: `${path}/word${query}`, passOn: t('attentions.page.passOn', { ...values, reach }), told };
}

function referencePart({ path, query, trust }: TrustFacts, t: Translate): TrustPage['reference'] {
  const { reference } = trust;
  return {
    action: `${path}/reference${query}`,
    often: Array.from({ length: MOST_A_YEAR }, (_, i) => ({
      value: String(i + 1),
      text: t('attentions.often', { count: i + 1 }),
    })),
    ways: (['telephone', 'mail'] as const).map((value) => ({ value, text: t(`attentions.by.${value}`) })),
    standing: reference
      ? t('attentions.page.standing', {
          often: t('attentions.often', { count: reference.a_year }),
          way: t(`attentions.by.${reference.way}`),
        })
      : null,
    end: `${path}/no-reference${query}`,
  };
}

export const trustNoPage = (path: string, query: string, company: string, t: Translate): TrustNoPage => ({
  heading: t('attentions.no.heading'),
  text: t('attentions.no.text', { company }),
  action: `${path}/no${query}`,
  back: `${path}${query}`,
});
