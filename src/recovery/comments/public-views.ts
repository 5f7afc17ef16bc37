import type { Company } from '../../accounts/index.ts';
import { directionOf, formatLongMoment, type Translate } from '../../i18n/index.ts';
import { localTime } from '../../shared/zones.ts';
import { formView, type FormView } from '../../web/index.ts';
import { formatWeekday } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { COMMENT_KINDS, opensCase, WISHES, type CommentKind, type CommentRow } from './comment.ts';
import { hoursLines } from './hours.ts';
import type { Sent } from './interface.ts';
import { promisedIn, type CommentSettings } from './settings.ts';

/** Ways to reach the business without a form. */
export interface Reach {
  telephone: { href: string; text: string } | null;
  hours: string[];
  mail: string | null;
}

export interface TellUsPage {
  form: FormView;
  action: string;
  stamp: string;
  guarantee: string[];
  gift: string[];
  reach: Reach;
  kinds: { value: string; text: string; hint: string; checked: boolean }[];
  wishes: { value: string; text: string; checked: boolean }[];
}

export interface TellUsThanksPage {
  heading: string;
  text: string[];
  reference: string;
  sentAt: string;
  words: string;
  language: string;
  direction: 'ltr' | 'rtl';
  gift: string[];
  reach: Reach;
  /** They wait for something until a day. */
  sooner: boolean;
  who: { monogram: string; name: string; about: string } | null;
  again: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'comments/tell-us': TellUsPage;
    'comments/thanks': TellUsThanksPage;
    'comments/reach': Reach;
  }
}

export const TELL_US = '/tell-us';

interface TellUsFacts {
  company: Company;
  settings: CommentSettings;
  kinds: CommentKind[];
  stamp: string;
  typed?: unknown;
  errors?: FieldErrors | undefined;
}

export function tellUsPage(facts: TellUsFacts, t: Translate): TellUsPage {
  const { typed, errors, kinds } = facts;
  const form = formView(textOnly(typed), errors, t);
  return {
    form,
    action: `${TELL_US}?lang=${t.language}`,
    stamp: facts.stamp,
    guarantee: promiseLines('guarantee', facts, t),
    gift: promiseLines('gift', facts, t),
    reach: reachOf(facts.company, t),
    kinds: COMMENT_KINDS.filter((kind) => kinds.includes(kind)).map((value) => ({
      value,
      text: t(`comments.kind.${value}`),
      hint: t(`comments.kind.${value}.hint`),
      checked: form.values.kind === value,
    })),
    wishes: [...WISHES].map((value) => ({
      value,
      text: t(`comments.wish.${value}`),
      checked: form.values.wish === value,
    })),
  };
}

/** Whatever was posted, only texts stand in fields. */
function textOnly(typed: unknown): Record<string, string> {
  const entries = Object.entries((typed ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function promiseLines(
  which: 'guarantee' | 'gift',
  { company, settings }: Pick<TellUsFacts, 'company' | 'settings'>,
  t: Translate,
): string[] {
  const starter = () => t(`comments.starter.${which}`, { company: company.name });
  return linesOf(promisedIn(settings[which], t.language, starter) ?? '');
}

function reachOf({ telephone, email, workingHours }: Company, t: Translate): Reach {
  return {
    telephone: telephone ? { href: `tel:${telephone.replace(/[^\d+]/g, '')}`, text: telephone } : null,
    hours: telephone ? hoursLines(workingHours, t) : [],
    mail: email || null,
  };
}

export function thanksPage(
  { comment, owner, answerBy }: Sent,
  { company, settings }: Pick<TellUsFacts, 'company' | 'settings'>,
  t: Translate,
): TellUsThanksPage {
  const isProblem = opensCase(comment.kind);
  const way = wayOf(comment);
  const isAnswered = isProblem || way !== 'silent';
  const name = owner?.name || company.name || t('mail.us');
  const day = formatWeekday(localTime(company.timeZone, answerBy).day, t.language);
  return {
    heading: t(`comments.thanks.${isProblem ? 'problem' : comment.kind}`),
    text: [t(isAnswered ? `comments.thanks.answer.${way}` : 'comments.thanks.read', { name, day })],
    reference: comment.reference,
    sentAt: formatLongMoment(comment.created_at, t.language, company.timeZone),
    words: comment.words,
    language: comment.language,
    direction: directionOf(comment.language),
    gift: isProblem ? promiseLines('gift', { company, settings }, t) : [],
    reach: reachOf(company, t),
    sooner: isAnswered,
    who: owner && { monogram: monogramOf(owner.name), name: owner.name, about: aboutOf(owner.title, company.name) },
    again: `${TELL_US}?lang=${t.language}`,
  };
}

/** As they asked to be answered; a problem, where they did not say, by what they left us. */
function wayOf({ kind, wish, email, telephone }: CommentRow): 'phone' | 'mail' | 'silent' {
  if (wish === 'phone' || wish === 'mail') return wish;
  if (wish === 'no' || !opensCase(kind)) return 'silent';
  return email ? 'mail' : telephone ? 'phone' : 'silent';
}

const aboutOf = (title: string, house: string): string => [title, house].filter(Boolean).join(', ');

const monogramOf = (name: string): string =>
  name
    .split(/\s+/)
    .filter((_, i, all) => i === 0 || i === all.length - 1)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '');
