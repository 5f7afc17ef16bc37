import type { Translate } from '../i18n/index.ts';
import { OPT_OUT_WISHES, type OptOutWish } from './interface.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formatLongMoment, formatWeekday } from '../i18n/index.ts';
import { dayIn } from '../shared/dates.ts';
import { answersPage, fillIn, firstUnanswered, pageKey, pagesFor, paragraphs } from '../questionnaires/index.ts';
import type { PageRef, Texts as Wording } from '../questionnaires/index.ts';
import { answerLines } from '../responses/index.ts';
import { formView, type AskPage, type FormView } from '../web/index.ts';
import type { Choices, OpenAnswer, Scale } from './field-views.ts';
import { whoOf, type Who } from './people-views.ts';
import type { QuestionPage } from './question-views.ts';
import { addWorkingDays, CHECK, CONTACT, privacyAt } from './rules.ts';
import { addressOf, isComplete, type Business, type Closed, type Visit } from './visit.ts';
import { headingOf } from './wording.ts';

export interface CheckPage {
  preview: boolean;
  heading: string;
  lead: string;
  rows: {
    question: string;
    answer: { lines: string[]; voice: boolean; language: string } | null;
    href: string;
    change: string;
  }[];
  /** Null where there is nothing left to send. */
  action: string | null;
  back: { href: string; text: string } | null;
}

export interface ThanksPage {
  preview: boolean;
  saved: boolean;
  text: string[];
  reference: string;
  sentAt: string;
  contact: { action: string; form: FormView; choices: { value: string; text: string; checked: boolean }[] } | null;
  who: Who | null;
  change: string | null;
  mail: string | null;
}

export interface ClosedPage {
  heading: string;
  text: string[];
  link: { href: string; text: string } | null;
}

export interface OptOutPage {
  /** What has just been noted; null before anything is. */
  done: string | null;
  /** What they have asked for before. */
  already: string[];
  action: string;
  choices: { value: OptOutWish; text: string; hint: string; chosen: boolean }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'answering/question': QuestionPage;
    'answering/open': OpenAnswer;
    'answering/choices': Choices;
    'answering/scale': Scale;
    'answering/who': Who;
    'answering/check': CheckPage;
    'answering/thanks': ThanksPage;
    'answering/closed': ClosedPage;
    'answering/opt-out': OptOutPage;
  }
}

/** The letter around a page: whose it is, in which languages, what stands below. `page` is where a switch of language stays. */
export function letterOf(visit: Visit, title: string, page = '', query?: { changing: '1' }): AskPage {
  const { business, t, offered, token } = visit;
  return {
    title,
    t,
    ...headOf(business),
    footer: footerOf(visit),
    languages: offered.map((code) => ({ code, href: addressOf({ token, chosen: code }, page, query) })),
  };
}

/** The letter where no questions can be shown. */
export function closedLetter(closed: Omit<Closed, 'because'>, title: string): AskPage {
  return { title, t: closed.t, ...headOf(closed.business), footer: footerOf(closed), languages: [] };
}

/** The letter of pages that everybody may open: nothing in it is somebody's own. */
export function openLetter(closed: Omit<Closed, 'because'>, title: string): AskPage {
  const letter = closedLetter(closed, title);
  const sender = senderOf(closed.business);
  return { ...letter, footer: { ...letter.footer, text: sender && `${sender}.` } };
}

/** A heavy picture would keep somebody with a slow telephone from the question. */
function headOf({ name, logo }: Business): Pick<AskPage, 'house' | 'logo'> {
  return { house: name, logo: logo?.light ? logo.picture : null };
}

function footerOf({ business, t }: Pick<Closed, 'business' | 't'>): AskPage['footer'] {
  const sender = senderOf(business);
  return {
    text: sender ? `${t('answering.footer')} ${sender}.` : t('answering.footer'),
    privacy: { href: privacyAt(t.language), text: t('answering.privacy') },
  };
}

const senderOf = ({ name, address }: Business): string => [name, ...linesOf(address)].filter(Boolean).join(', ');

export function checkPage(visit: Visit): CheckPage {
  const { definition, answers, t } = visit;
  const complete = isComplete(visit);
  const last = pagesFor(definition, answers).at(-1);
  return {
    preview: visit.preview,
    heading: t(complete ? 'answering.check.sentHeading' : 'answering.check.heading'),
    lead: t(leadKey(visit, complete)),
    rows: pagesFor(definition, answers).map((page) => checkRow(visit, page)),
    action: complete ? null : addressOf(visit, CHECK),
    back: complete
      ? { href: addressOf(visit), text: t('answering.check.toThanks') }
      : last
        ? { href: addressOf(visit, pageKey(last)), text: t('form.back') }
        : null,
  };
}

function leadKey({ definition, answers }: Visit, complete: boolean): string {
  if (complete) return 'answering.check.sentLead';
  return firstUnanswered(definition, answers) ? 'answering.check.openLead' : 'answering.check.lead';
}

function checkRow(visit: Visit, page: PageRef): CheckPage['rows'][number] {
  const { answers, found, t, language } = visit;
  const key = pageKey(page);
  const value = answers.get(key);
  const lines = value && answersPage(page, value, answers) && !visit.preview ? answerLines(page, value, visit) : null;
  const voice = value?.kind === 'open';
  return {
    question: headingOf(page, visit),
    answer: lines && { lines, voice, language: voice ? (found?.answers.get(key)?.language ?? language) : language },
    href: addressOf(visit, key, { changing: '1' }),
    change: t(lines ? 'answering.check.change' : 'answering.check.answer'),
  };
}

const PROMISED_WORKING_DAYS = 3;

export function thanksPage(visit: Visit, saved: boolean, errors?: FieldErrors): ThanksPage {
  const { business, found, sender, t, language, preview, reach } = visit;
  const response = found?.response;
  const sentAt = response?.submittedAt ?? null;
  const wish = response?.contactWish ?? '';
  return {
    preview,
    saved,
    text: thanksText(visit, sentAt),
    reference: response?.reference ?? '–',
    sentAt: sentAt === null ? '–' : formatLongMoment(sentAt, language, business.timeZone),
    contact:
      visit.open && (reach.phone || reach.mail)
        ? {
            action: addressOf(visit, CONTACT),
            form: formView({}, errors, t),
            choices: (['phone', 'mail', 'no'] as const)
              .filter((way) => way === 'no' || reach[way])
              .map((value) => ({
                value,
                text: t(`answering.contact.${value}`),
                checked: value === wish,
              })),
          }
        : null,
    who: whoOf(visit),
    change: visit.open ? addressOf(visit, CHECK) : null,
    mail: sender?.email || business.email || null,
  };
}

/** What happens by when, unless the questionnaire has words of its own. */
function thanksText({ definition, business, sender, t, language }: Visit, sentAt: string | null): string[] {
  const own = definition.thanks && wording(definition.thanks, language);
  if (own) return paragraphs(fillIn(own, { company: business.name, sender: sender?.name ?? business.name }));
  const name = sender?.name || business.name;
  if (sentAt === null) return [t('answering.thanks.reads', { name })];
  const sentOn = dayIn(business.timeZone, new Date(sentAt));
  const by = addWorkingDays(sentOn, PROMISED_WORKING_DAYS, business.workingHours);
  return [t('answering.thanks.readsBy', { name, day: formatWeekday(by, language) })];
}

export function closedPage({ because, business, t }: Closed): ClosedPage {
  const ways = [business.email, business.telephone].filter(Boolean).join(', ');
  const text = [t(`answering.closed.${because}.text`)];
  if (ways && because !== 'unknown') text.push(t('answering.closed.write', { ways }));
  return { heading: t(`answering.closed.${because}.heading`), text, link: null };
}

/** What was posted was not taken, and why; the link leads back to where they were. */
export function refusedPage(visit: Visit, status: 403 | 413): ClosedPage {
  const why = status === 413 ? 'tooLarge' : 'crossSite';
  const { t } = visit;
  return {
    heading: t(`answering.refused.${why}.heading`),
    text: [t(`answering.refused.${why}.text`)],
    link: { href: addressOf(visit), text: t('answering.refused.back') },
  };
}

function wording(texts: Wording, language: string): string | undefined {
  return texts[language]?.trim() ? texts[language] : undefined;
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export function optOutPage(
  {
    action,
    already,
    noted,
    usual = 'all',
  }: { action: string; already: OptOutWish[]; noted: OptOutWish | null; usual?: OptOutWish },
  t: Translate,
): OptOutPage {
  return {
    done: noted && t(`answering.optOut.done.${noted}`),
    already: already.map((wish) => t(`answering.optOut.already.${wish}`)),
    action,
    choices: OPT_OUT_WISHES.map((value) => ({
      value,
      text: t(`answering.optOut.${value}`),
      hint: t(`answering.optOut.${value}Hint`),
      chosen: value === usual,
    })),
  };
}
