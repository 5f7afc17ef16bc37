import type { FieldErrors } from '../shared/errors.ts';
import { fieldOf, pageAt, pageKey, parseAnswer, reasonKeys } from '../questionnaires/index.ts';
import type { AnswerValue, Definition, PageRef, Question } from '../questionnaires/index.ts';

/** A posted form with every question on one page; its fields are named by `wholeName`. */
export type WholeBody = Readonly<Record<string, unknown>>;

export type ParsedWhole = { ok: true; answers: Map<string, AnswerValue> } | { ok: false; errors: FieldErrors };

/** Which questions after a question stand on the page: paper asks why behind a number, a caller clarifies as well. */
export type FollowUps = 'printed' | 'spoken';

/** The form field of a page: 'why-answer', 'why.probe-answer', 'reasons-reason', 'reasons-other', 'reasons.most-most'. */
export const wholeName = (page: PageRef, field: string = fieldOf(page)): string => `${pageKey(page)}-${field}`;

/** Everything that is asked at once, in order, whatever the answers. */
export function wholePages({ questions }: Definition, follow: FollowUps): PageRef[] {
  return questions.flatMap((question): PageRef[] => {
    // Somebody who answers on paper passes over what they like: nothing can be demanded of who types it.
    const asked: Question = { ...question, required: false };
    const parts: PageRef[] = [{ question: asked, part: 'main' }];
    if (hasFollowUp(question, follow)) parts.push({ question: asked, part: 'probe' });
    if (question.kind === 'reasons') parts.push({ question: asked, part: 'most' });
    return parts;
  });
}

function hasFollowUp(question: Question, follow: FollowUps): boolean {
  if (question.kind === 'scale') return question.probe !== undefined;
  return follow === 'spoken' && question.kind === 'open' && question.probe !== undefined;
}

/** The answers in such a form, without what was passed over. Never throws, whatever the body holds. */
export function parseWhole(definition: Definition, body: WholeBody, follow: FollowUps): ParsedWhole {
  const answers = new Map<string, AnswerValue>();
  const errors: FieldErrors = {};
  for (const page of wholePages(definition, follow)) {
    const parsed = parseAnswer(page, fieldsOf(page, body), answers);
    if (parsed.ok && parsed.value.kind !== 'skipped') answers.set(pageKey(page), parsed.value);
    if (parsed.ok) continue;
    for (const [field, message] of Object.entries(parsed.errors)) errors[wholeName(page, field)] = message;
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, answers: withClarifications(definition, answers) };
}

/** A page's own fields under the names that a page of its own has. Marking a reason as the main one ticks it. */
function fieldsOf(page: PageRef, body: WholeBody): Record<string, unknown> {
  const own = (field: string) => body[wholeName(page, field)];
  const { question, part } = page;
  if (part !== 'main' || question.kind !== 'reasons') return { answer: own('answer'), most: own('most') };
  const main = String(body[wholeName({ question, part: 'most' })] ?? '');
  const ticked = [own('reason') ?? []].flat();
  const more = reasonKeys(question).includes(main) && !ticked.includes(main) ? [main] : [];
  return { reason: [...ticked, ...more], other: own('other') };
}

/** What was clarified belongs to the answer itself, unless a page of the questionnaire would have asked for it. */
function withClarifications(definition: Definition, given: Map<string, AnswerValue>): Map<string, AnswerValue> {
  const answers = new Map(given);
  for (const { key, kind } of definition.questions) {
    const [first, more] = [given.get(key), given.get(`${key}.probe`)];
    if (kind !== 'open' || more?.kind !== 'open') continue;
    if (first?.kind === 'open' && pageAt(definition, given, `${key}.probe`)) continue;
    answers.delete(`${key}.probe`);
    answers.set(key, { kind: 'open', text: first?.kind === 'open' ? `${first.text}\n\n${more.text}` : more.text });
  }
  return answers;
}
