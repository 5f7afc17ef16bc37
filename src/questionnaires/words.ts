import { languageIn, type Translate } from '../i18n/index.ts';
import type { Change } from './changes.ts';
import type { Condition, Definition, Question, Texts } from './definition.ts';
import type { PlacedFinding } from './lint.ts';
import type { Problem } from './problems.ts';
import { OTHER, PREFER_NOT_TO_SAY } from './question.ts';

/** A language as the reader's language calls it in a sentence: 'German', 'Duits', 'tysk'. */
export function languageName(code: string, t: Translate): string {
  return languageIn(code, t.language);
}

/** The same standing alone: 'Tysk'. */
export function languageLabel(code: string, t: Translate): string {
  const name = languageName(code, t);
  return name.charAt(0).toLocaleUpperCase(t.language) + name.slice(1);
}

/** A text in the reader's language if it is written, else in the first language in which it is. */
export function textIn(texts: Texts | undefined, language: string, languages: string[]): string {
  const order = [language, ...languages];
  const found = order.find((each) => texts?.[each]);
  return (found && texts?.[found]) || '';
}

/** How staff call a question: by its own words. */
export function titleOf(question: Question, { languages }: Definition, t: Translate): string {
  return textIn(question.text, t.language, languages) || t('questionnaires.question.unwritten');
}

export const numberOf = ({ questions }: Definition, key: string): number =>
  questions.findIndex((question) => question.key === key) + 1;

/** 'Only when question 3 was answered with 7 or more'. */
export function conditionText(condition: Condition, draft: Definition, t: Translate): string {
  const asked = draft.questions.find(({ key }) => key === condition.question);
  if (!asked) return t('questionnaires.condition.gone');
  const values = { number: numberOf(draft, asked.key), value: valueText(condition, asked, draft, t) };
  return t(`questionnaires.condition.${condition.op}`, values);
}

function valueText({ value }: Condition, asked: Question, draft: Definition, t: Translate): string {
  if (value === 'yes' || value === 'no') return t(`questionnaires.${value}`);
  if (asked.kind !== 'reasons') return String(value ?? '');
  const texts =
    asked.options.find(({ key }) => key === value)?.text ??
    (value === OTHER ? asked.other?.text : value === PREFER_NOT_TO_SAY ? asked.preferNotToSay : undefined);
  return textIn(texts, t.language, draft.languages) || String(value ?? '');
}

export function problemText({ key, values }: Problem, t: Translate): string {
  const { language } = values;
  return t(key, typeof language === 'string' ? { ...values, language: languageName(language, t) } : values);
}

export const findingText = ({ messageKey, words }: Pick<PlacedFinding, 'messageKey' | 'words'>, t: Translate): string =>
  t(messageKey, { words });

export const languageList = (codes: string[], t: Translate): string =>
  new Intl.ListFormat(t.language).format(codes.map((code) => languageName(code, t)));

/** A difference between two definitions in a sentence; the questions of either are called by their words. */
export function changeText(change: Change, definitions: Definition[], t: Translate): string {
  const key = `questionnaires.change.${change.kind}`;
  switch (change.kind) {
    case 'moved':
    case 'minutes':
      return t(key);
    case 'languageAdded':
    case 'languageRemoved':
      return t(key, { language: languageName(change.language, t) });
    case 'letter':
      return t(key, { languages: languageList(change.languages, t) });
    case 'wording':
      return t(key, {
        question: called(change.question, definitions, t),
        languages: languageList(change.languages, t),
      });
    case 'added':
    case 'removed':
    case 'settings':
      return t(key, { question: called(change.question, definitions, t) });
  }
}

function called(key: string, definitions: Definition[], t: Translate): string {
  for (const definition of definitions) {
    const question = definition.questions.find((each) => each.key === key);
    if (question) return titleOf(question, definition, t);
  }
  return key;
}

/** Where in the editor something is put right. */
export function placeOf(id: string, path: string): string {
  const [first = '', key = '', ...rest] = path.split('.');
  if (first === 'questions' && key !== '') return `/questionnaires/${id}/questions/${key}#${rest.join('.') || 'text'}`;
  if (first === 'questions') return `/questionnaires/${id}#questions`;
  return first === 'languages' ? `/questionnaires/${id}/languages` : `/questionnaires/${id}/letter#${path}`;
}
