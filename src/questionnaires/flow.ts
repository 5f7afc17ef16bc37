import { answersPage } from './answers.ts';
import type { Answers, AnswerValue } from './answers.ts';
import type { Definition } from './definition.ts';
import { PREFER_NOT_TO_SAY, pageKey } from './question.ts';
import type { Condition, PagePart, PageRef, Question } from './question.ts';
import { graphemes, mostlyCjk } from './verbatim.ts';

export { pageKey } from './question.ts';
export type { PageRef } from './question.ts';

const PARTS: PagePart[] = ['main', 'probe', 'most'];

/**
 * The pages that a respondent with these answers meets, in order: each question whose condition holds, after it its
 * probe or "which mattered most" where the answer calls for one. Answers to questions that are not shown count for
 * nothing.
 */
export function pagesFor(definition: Definition, answers: Answers): PageRef[] {
  const shown = new Map<string, AnswerValue>();
  return definition.questions.flatMap((question) => {
    if (question.condition && !holds(question.condition, shown.get(question.condition.question))) return [];
    const page: PageRef = { question, part: 'main' };
    const value = answers.get(question.key);
    if (!value || !answersPage(page, value, answers)) return [page];
    shown.set(question.key, value);
    return [page, ...followUps(question, value)];
  });
}

/** The answers that stand: those of pages which this respondent meets. The rest are left from before a change of mind. */
export function standingAnswers(definition: Definition, answers: Answers): Map<string, AnswerValue> {
  const standing = new Map<string, AnswerValue>();
  for (const page of pagesFor(definition, answers)) {
    const value = answers.get(pageKey(page));
    if (value && answersPage(page, value, answers)) standing.set(pageKey(page), value);
  }
  return standing;
}

/** Where to go on: the first page neither answered nor skipped, or null when there is only sending left. */
export function firstUnanswered(definition: Definition, answers: Answers): PageRef | null {
  const open = (page: PageRef) => !answersPage(page, answers.get(pageKey(page)), answers);
  return pagesFor(definition, answers).find(open) ?? null;
}

/** The page with this key if this respondent meets it. */
export const pageAt = (definition: Definition, answers: Answers, key: string): PageRef | null =>
  pagesFor(definition, answers).find((page) => pageKey(page) === key) ?? null;

/** The page after that key, also when the page of that key is not shown any more; null after the last. */
export function nextPage(definition: Definition, answers: Answers, after: string): PageRef | null {
  const from = rankOf(definition, after);
  return pagesFor(definition, answers).find((page) => rankOf(definition, pageKey(page)) > from) ?? null;
}

/** The page before that key; null before the first. */
export function previousPage(definition: Definition, answers: Answers, before: string): PageRef | null {
  const from = rankOf(definition, before);
  return pagesFor(definition, answers).findLast((page) => rankOf(definition, pageKey(page)) < from) ?? null;
}

/** "Question 2 of 4": the pages that follow a question up bear its number, so that the total stays as promised. */
export function questionNumber(
  definition: Definition,
  answers: Answers,
  page: PageRef,
): { number: number; of: number } {
  const shown = pagesFor(definition, answers).filter(({ part }) => part === 'main');
  return { number: shown.findIndex(({ question }) => question.key === page.question.key) + 1, of: shown.length };
}

function followUps(question: Question, value: AnswerValue): PageRef[] {
  if (value.kind === 'open' && question.kind === 'open' && question.probe && isShort(value.text, question.probe)) {
    return [{ question, part: 'probe' }];
  }
  if (value.kind === 'scale' && question.kind === 'scale' && question.probe) return [{ question, part: 'probe' }];
  if (value.kind !== 'reasons') return [];
  const reasons = value.ticked.filter((key) => key !== PREFER_NOT_TO_SAY);
  return reasons.length > 1 ? [{ question, part: 'most' }] : [];
}

const isShort = (text: string, { under, underCjk }: { under: number; underCjk: number }): boolean =>
  graphemes(text) < (mostlyCjk(text) ? underCjk : under);

/** A question that was skipped, or is not shown itself, has no value: only "is not" holds for it. */
function holds({ op, value: wanted }: Condition, value: AnswerValue | undefined): boolean {
  const given = value?.kind === 'scale' || value?.kind === 'yesno' ? value.value : undefined;
  switch (op) {
    case 'answered':
      return value !== undefined && value.kind !== 'skipped';
    case 'ticked':
      return value?.kind === 'reasons' && value.ticked.includes(String(wanted));
    case 'is':
      return given !== undefined && given === wanted;
    case 'isNot':
      return given !== wanted;
    case 'atLeast':
      return Number(given) >= Number(wanted);
    case 'atMost':
      return Number(given) <= Number(wanted);
  }
}

/** A page's place among all that a questionnaire can have; -1 for a key that it has not. */
function rankOf(definition: Definition, key: string): number {
  const [name = '', part = 'main'] = key.split('.');
  const question = definition.questions.findIndex((each) => each.key === name);
  return question < 0 ? -1 : question * PARTS.length + PARTS.indexOf(part as PagePart);
}
