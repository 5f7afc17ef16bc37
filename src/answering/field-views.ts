import type { FieldErrors } from '../shared/errors.ts';
import type { Translate } from '../i18n/index.ts';
import { fieldOf, mostReasons, OPEN_LIMIT, OTHER, reasonChoices } from '../questionnaires/index.ts';
import type { AnswerValue, Kept, PageRef, ReasonsQuestion, ScaleQuestion } from '../questionnaires/index.ts';
import { otherWords, reasonText } from '../responses/index.ts';
import type { FormView } from '../web/index.ts';
import type { Visit } from './visit.ts';
import { headingOf, hintOf, inLanguage } from './wording.ts';

export interface OpenAnswer {
  label: string;
  text: string;
  language: string;
  limit: number;
  error: string;
  /** Ids of what describes the field. */
  described: string;
  hint: string;
  over: string;
  counter: string;
  /** The same when there is less than no room. */
  excess: string;
}

interface Choice {
  value: string;
  text: string;
  checked: boolean;
  other: { label: string; text: string; error: string } | null;
}

export interface Choices {
  label: string;
  hint: string;
  name: string;
  type: 'checkbox' | 'radio';
  error: string;
  described: string;
  items: Choice[];
}

export interface Scale extends Choices {
  ends: string;
}

/** The field of a page; two of the three are null. */
export interface Fields {
  open: OpenAnswer | null;
  choices: Choices | null;
  scale: Scale | null;
}

/** What was posted and did not pass. */
export interface Rejected {
  errors: FieldErrors;
  kept: Kept;
}

const NO_FIELDS: Fields = { open: null, choices: null, scale: null };

export function fieldsOf(
  visit: Visit,
  page: PageRef,
  stands: AnswerValue | undefined,
  form: FormView,
  rejected?: Rejected,
): Fields {
  const { question, part } = page;
  const label = headingOf(page, visit);
  const hint = hintOf(page, visit);
  const name = fieldOf(page);
  const error = form.errors[name] ?? '';
  const described = [error && `${name}-error`, hint && 'hint'].filter(Boolean).join(' ');
  const common = { label, hint, name, error, described };
  if (part === 'probe' || question.kind === 'open') {
    return { ...NO_FIELDS, open: { ...common, ...openOf(visit, stands, rejected) } };
  }
  if (question.kind === 'scale') return { ...NO_FIELDS, scale: { ...common, ...scaleOf(visit, question, stands) } };
  if (question.kind === 'yesno') {
    return { ...NO_FIELDS, choices: { ...common, type: 'radio', items: yesNo(visit.t, stands) } };
  }
  const items =
    part === 'most' ? mostOf(visit, question, stands) : reasonsOf(visit, question, stands, form, rejected?.kept);
  return { ...NO_FIELDS, choices: { ...common, type: part === 'most' ? 'radio' : 'checkbox', items } };
}

function openOf({ t, language }: Visit, stands: AnswerValue | undefined, rejected?: Rejected) {
  const typed = rejected?.kept.answer;
  const over = Number(rejected?.errors.answer?.values?.over ?? 0);
  return {
    text: typeof typed === 'string' ? typed : stands?.kind === 'open' ? stands.text : '',
    language,
    limit: OPEN_LIMIT,
    over: over > 0 ? t('answering.over', { count: over }) : '',
    counter: t('answering.left'),
    excess: t('answering.excess'),
  };
}

function scaleOf(visit: Visit, question: ScaleQuestion, stands: AnswerValue | undefined) {
  const { min, max } = question;
  const values = Array.from({ length: max - min + 1 }, (_, i) => min + i);
  const labels = {
    min,
    minLabel: inLanguage(question.minLabel, visit),
    max,
    maxLabel: inLanguage(question.maxLabel, visit),
  };
  return {
    type: 'radio' as const,
    ends: visit.t('answering.scale.ends', labels),
    items: values.map((value) => ({
      value: String(value),
      text: String(value),
      checked: stands?.kind === 'scale' && stands.value === value,
      other: null,
    })),
  };
}

function yesNo(t: Translate, stands: AnswerValue | undefined): Choice[] {
  return ['yes', 'no'].map((value) => ({
    value,
    text: t(`responses.${value}`),
    checked: stands?.kind === 'yesno' && stands.value === value,
    other: null,
  }));
}

function reasonsOf(
  visit: Visit,
  question: ReasonsQuestion,
  stands: AnswerValue | undefined,
  form: FormView,
  kept?: Kept,
): Choice[] {
  const before = stands?.kind === 'reasons' ? stands : { ticked: [], other: '' };
  const ticked = kept ? [kept.reason ?? []].flat() : before.ticked;
  const words = kept ? String(kept.other ?? '') : (before.other ?? '');
  const label = question.other ? inLanguage(question.other.label, visit) : '';
  return reasonChoices(question, visit.seed).map(({ key, text }) => ({
    value: key,
    text: inLanguage(text, visit),
    checked: ticked.includes(key),
    other: key === OTHER ? { label, text: words, error: form.errors.other ?? '' } : null,
  }));
}

function mostOf(visit: Visit, question: ReasonsQuestion, stands: AnswerValue | undefined): Choice[] {
  const other = otherWords(question, visit);
  return mostReasons(question, visit.answers, visit.seed).map(({ key }) => ({
    value: key,
    text: reasonText(question, key, other, visit),
    checked: stands?.kind === 'most' && stands.code === key,
    other: null,
  }));
}
