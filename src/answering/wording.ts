import { CANT_SAY, OTHER, reasonChoices } from '../questionnaires/index.ts';
import type { AnswerValue, PageRef, ReasonsQuestion, Texts } from '../questionnaires/index.ts';
import type { Visit } from './visit.ts';

/** What the page asks, in the visitor's language. */
export function headingOf({ question, part }: PageRef, visit: Visit): string {
  if (part === 'most' && question.kind === 'reasons') return inLanguage(question.most.text, visit);
  if (part === 'probe' && (question.kind === 'open' || question.kind === 'scale') && question.probe) {
    return inLanguage(question.probe.text, visit);
  }
  return inLanguage(question.text, visit);
}

export function hintOf({ question, part }: PageRef, visit: Visit): string {
  if (part === 'most') return question.kind === 'reasons' ? optional(question.most.hint, visit) : '';
  if (part === 'main') return optional(question.hint, visit);
  return question.kind === 'open' || question.kind === 'scale' ? optional(question.probe?.hint, visit) : '';
}

function optional(texts: Texts | undefined, visit: Visit): string {
  return texts ? inLanguage(texts, visit) : '';
}

export function inLanguage(texts: Texts, { language, definition }: Pick<Visit, 'language' | 'definition'>): string {
  return texts[language] || texts[definition.languages[0] ?? ''] || '';
}

/** An answer as its giver reads it again; null where they passed the question over. */
export function said(visit: Visit, { question }: PageRef, value: AnswerValue): string[] | null {
  switch (value.kind) {
    case 'open':
      return [value.text];
    case 'reasons':
      return question.kind === 'reasons'
        ? value.ticked.map((key) => reasonText(visit, question, key, value.other))
        : null;
    case 'most':
      return question.kind === 'reasons' ? [reasonText(visit, question, value.code, otherWords(visit, question))] : null;
    case 'scale':
      return question.kind === 'scale'
        ? [visit.t('answering.scale.chosen', { value: value.value, max: question.max })]
        : null;
    case 'yesno':
      return [visit.t(`answering.${value.value}`)];
    case 'skipped':
      return null;
  }
}

export function otherWords({ answers }: Visit, { key }: ReasonsQuestion): string | undefined {
  const ticked = answers.get(key);
  return ticked?.kind === 'reasons' ? ticked.other : undefined;
}

/** "Other" reads as what they wrote for it. */
export function reasonText(visit: Visit, question: ReasonsQuestion, key: string, other: string | undefined): string {
  if (key === OTHER && other) return other;
  if (key === CANT_SAY) return inLanguage(question.most.cantSay, visit);
  const choice = reasonChoices(question, visit.seed).find((each) => each.key === key);
  return choice ? inLanguage(choice.text, visit) : key;
}
