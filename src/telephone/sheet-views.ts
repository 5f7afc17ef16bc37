import type { Company } from '../accounts/index.ts';
import { wholeView, wishView, type WholeBody, type WholeView, type WishView } from '../answering/index.ts';
import { displayName, spokenGreeting } from '../customers/index.ts';
import { formatDay, languageName, type Texts, type Translate } from '../i18n/index.ts';
import type { Response } from '../responses/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, type FormView } from '../web/index.ts';
import { readDraft } from './call-form.ts';
import { timeIn } from './list-views.ts';
import { OUTCOMES } from './rules.ts';
import type { CallSheet } from './service.ts';

export interface CallSheetPage {
  form: FormView;
  name: string;
  customer: string;
  telephone: string;
  dial: string;
  back: string;
  /** Answers that have come by another way meanwhile. */
  there: { text: string; href: string } | null;
  action: string;
  notes: string;
  release: string;
  facts: { term: string; value: string }[];
  script: string[];
  scriptLanguage: string;
  probes: string;
  whole: WholeView;
  note: string;
  wish: WishView;
  outcomes: { value: string; text: string; hint: string; checked: boolean }[];
  saved: string;
  unsaved: string;
  lost: string;
}

export interface RefusalPage {
  name: string;
  action: string;
  back: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'telephone/sheet': CallSheetPage;
    'telephone/refusal': RefusalPage;
  }
}

interface SheetFacts {
  sheet: CallSheet;
  company: Company;
  response: Response | undefined;
  me: string;
  texts: Texts;
  now: string;
  typed?: WholeBody;
  errors?: FieldErrors;
}

export function sheetPage(facts: SheetFacts, t: Translate): CallSheetPage {
  const { sheet, texts, company, response, now } = facts;
  const { call, customer, definition, invitation, language, wave } = sheet;
  const typed = facts.typed ?? readDraft(call.draft);
  const form = formView({ 'back-day': typed['back-day'], 'back-time': typed['back-time'] }, facts.errors, t);
  const own = texts.to(language, definition.familiar ?? []);
  const at = `/calls/${invitation.id}`;
  const common = { definition, language, seed: invitation.id, follow: 'spoken' as const };
  return {
    form,
    name: displayName(customer),
    customer: `/customers/${customer.id}`,
    telephone: customer.telephone,
    dial: `tel:${customer.telephone.replace(/[^\d+]/g, '')}`,
    back: `/waves/${wave.id}/calls`,
    there: response
      ? {
          text: t('post.entry.there', { mode: t(`responses.mode.${response.mode}`) }),
          href: `/responses/${response.id}`,
        }
      : null,
    action: at,
    notes: `${at}/notes`,
    release: `${at}/release`,
    facts: factsOf(facts, t),
    script: scriptOf(facts, own),
    scriptLanguage: language,
    probes: own('telephone.script.probes'),
    whole: wholeView({ ...common, typed, errors: form.errors, t: own }),
    note: String(typed.note ?? ''),
    wish: wishView(typed, own),
    outcomes: OUTCOMES.map((value) => ({
      value,
      text: t(`telephone.outcome.${value}`),
      hint: t(`telephone.outcome.${value}.hint`),
      checked: typed.outcome === value,
    })),
    saved: t('telephone.saved'),
    unsaved: t('telephone.unsaved'),
    lost: t('telephone.error.lost'),
  };

  function factsOf({ sheet: { customer: who } }: SheetFacts, say: Translate): CallSheetPage['facts'] {
    const zone = who.timeZone || company.timeZone;
    return [
      { term: say('telephone.fact.language'), value: languageName(language) },
      { term: say('telephone.fact.theirTime'), value: timeIn(now, say.language, zone) },
      { term: say('telephone.fact.since'), value: who.customerSince ? formatDay(who.customerSince, say.language) : '' },
      {
        term: say('telephone.fact.basis'),
        value: [say(`customers.basis.${who.legalBasis}`), who.legalBasisSource].join(', '),
      },
    ].filter(({ value }) => value !== '');
  }
}

/** What to say before the questions, in the customer's language. */
function scriptOf({ sheet, company, me }: SheetFacts, own: Translate): string[] {
  const { definition, customer } = sheet;
  const count = definition.questions.filter(({ condition }) => !condition).length;
  return [
    spokenGreeting(customer, own),
    own('telephone.script.opening', { name: me, company: company.name || own('mail.us') }),
    own('telephone.script.ask', { count, minutes: definition.minutes }),
  ];
}
