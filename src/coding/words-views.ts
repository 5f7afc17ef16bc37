import { pageKey, type Definition, type Question } from '../questionnaires/index.ts';
import type { StoredAnswer } from '../responses/index.ts';
import { textIn } from './codebook.ts';

export interface Words {
  asked: string;
  text: string;
  language: string;
}

/** The question that a page's key belongs to. */
function questionAt(definition: Definition, key: string): Question | undefined {
  return definition.questions.find((question) => question.key === key.split('.')[0]);
}

export function askedAt(definition: Definition, key: string, language: string): string {
  const question = questionAt(definition, key);
  if (!question) return '';
  const isProbe = key.endsWith('.probe') && 'probe' in question && question.probe;
  return textIn(isProbe ? isProbe.text : question.text, language);
}

export function wordsAt(
  definition: Definition,
  answers: ReadonlyMap<string, StoredAnswer>,
  key: string,
  language: string,
): Words | null {
  const answer = answers.get(key);
  if (answer?.value.kind !== 'open' || answer.value.text === '') return null;
  return { asked: askedAt(definition, key, language), text: answer.value.text, language: answer.language };
}

/** What else they wrote, and the number on the scale that a "why" belongs to. */
export function otherWords(
  definition: Definition,
  answers: ReadonlyMap<string, StoredAnswer>,
  key: string,
  language: string,
) {
  return definition.questions.flatMap((question): Words[] => {
    const value = answers.get(question.key)?.value;
    const scale = question.kind === 'scale' && value?.kind === 'scale' ? `${value.value} / ${question.max}` : null;
    const mark = scale === null ? [] : [{ asked: textIn(question.text, language), text: scale, language }];
    const keys = [question.key, pageKey({ question, part: 'probe' })].filter(
      (each) => each !== key && each !== `${key}.probe`,
    );
    return [
      ...mark,
      ...keys.map((each) => wordsAt(definition, answers, each, language)).filter((each) => each !== null),
    ];
  });
}

/** The first-level code that all answers to a question belong under, where it has one. */
export function groupOf(definition: Definition, key: string): string | undefined {
  const question = questionAt(definition, key);
  return question && 'group' in question ? question.group : undefined;
}
