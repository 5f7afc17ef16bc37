import { questionText, textIn } from '../responses/index.ts';
import type { PageRef, Texts } from '../questionnaires/index.ts';
import type { Visit } from './visit.ts';

/** What the page asks, in the visitor's language. */
export function headingOf(page: PageRef, { language, definition }: Visit): string {
  return questionText(page, language, definition);
}

export function hintOf({ question, part }: PageRef, visit: Visit): string {
  if (part === 'most') return question.kind === 'reasons' ? optional(question.most.hint, visit) : '';
  if (part === 'main') return optional(question.hint, visit);
  return question.kind === 'open' || question.kind === 'scale' ? optional(question.probe?.hint, visit) : '';
}

function optional(texts: Texts | undefined, visit: Visit): string {
  return texts ? inLanguage(texts, visit) : '';
}

export function inLanguage(texts: Texts, { language, definition }: Visit): string {
  return textIn(texts, language, definition);
}
