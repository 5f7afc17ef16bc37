import type { Translate } from '../i18n/index.ts';
import { CANT_SAY, OTHER, reasonChoices } from '../questionnaires/index.ts';
import type { AnswerValue, Definition, PageRef, ReasonsQuestion, Texts } from '../questionnaires/index.ts';

/** A text in that language, else in the first of the questionnaire. */
export function textIn(texts: Texts, language: string, { languages }: Definition): string {
  return texts[language] || texts[languages[0] ?? ''] || '';
}

/** What a page asks. */
export function questionText({ question, part }: PageRef, language: string, definition: Definition): string {
  if (part === 'most' && question.kind === 'reasons') return textIn(question.most.text, language, definition);
  if (part === 'probe' && (question.kind === 'open' || question.kind === 'scale') && question.probe) {
    return textIn(question.probe.text, language, definition);
  }
  return textIn(question.text, language, definition);
}

/** What is needed to read an answer out. */
interface Told {
  definition: Definition;
  language: string;
  t: Translate;
  answers: ReadonlyMap<string, AnswerValue>;
}

/** An answer as its giver reads it again; null where they passed the question over. */
export function answerLines({ question }: PageRef, value: AnswerValue, told: Told): string[] | null {
  const { t } = told;
  switch (value.kind) {
    case 'open':
      return [value.text];
    case 'reasons':
      return question.kind === 'reasons'
        ? value.ticked.map((key) => reasonText(question, key, value.other, told))
        : null;
    case 'most':
      return question.kind === 'reasons' ? [reasonText(question, value.code, otherWords(question, told), told)] : null;
    case 'scale':
      return question.kind === 'scale' ? [t('responses.outOf', { value: value.value, max: question.max })] : null;
    case 'yesno':
      return [t(`responses.${value.value}`)];
    case 'skipped':
      return null;
  }
}

/** What they wrote for "other". */
export function otherWords({ key }: ReasonsQuestion, { answers }: Pick<Told, 'answers'>): string | undefined {
  const ticked = answers.get(key);
  return ticked?.kind === 'reasons' ? ticked.other : undefined;
}

/** "Other" reads as what they wrote for it. */
export function reasonText(
  question: ReasonsQuestion,
  key: string,
  other: string | undefined,
  { language, definition }: Pick<Told, 'language' | 'definition'>,
): string {
  if (key === OTHER && other) return other;
  if (key === CANT_SAY) return textIn(question.most.cantSay, language, definition);
  const choice = reasonChoices(question, '').find((each) => each.key === key);
  return choice ? textIn(choice.text, language, definition) : key;
}
