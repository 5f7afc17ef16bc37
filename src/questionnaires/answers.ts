import { z } from 'zod';
import type { FieldErrors, Message } from '../shared/errors.ts';
import { CANT_SAY, OPEN_LIMIT, OTHER, OTHER_LIMIT, PREFER_NOT_TO_SAY, pageKey, reasonKeys } from './question.ts';
import type { PageRef, Question, ReasonsQuestion, ScaleQuestion } from './question.ts';
import { cleanLine, cleanText, isBlank, lengthOf } from './verbatim.ts';

export const answerValueSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), text: z.string() }),
  z.object({ kind: z.literal('reasons'), ticked: z.array(z.string()), other: z.string().optional() }),
  z.object({ kind: z.literal('most'), code: z.string() }),
  z.object({ kind: z.literal('scale'), value: z.number().int() }),
  z.object({ kind: z.literal('yesno'), value: z.enum(['yes', 'no']) }),
  z.object({ kind: z.literal('skipped') }),
]);

/** What somebody answered on one page. `skipped` says that they saw it and passed on. */
export type AnswerValue = z.infer<typeof answerValueSchema>;

/** The answers of a response by page key ('why', 'why.probe', 'reasons.most'). */
export type Answers = ReadonlyMap<string, AnswerValue>;

/** What was typed or ticked, to be shown again beside the error. */
export type Kept = Record<string, string | string[]>;

type ParsedAnswer = { ok: true; value: AnswerValue } | { ok: false; errors: FieldErrors; kept: Kept };

type Body = Readonly<Record<string, unknown>> | undefined;

const SKIPPED: AnswerValue = { kind: 'skipped' };

/**
 * The answer in a posted form: fields `answer` (open, probe, scale, yes or no), `reason` (one or several), `other`,
 * `most`, and `skip` for whoever pressed that button. Never throws, whatever the body holds; the errors' fields are
 * those names, and nothing that was typed is lost with them. The page keys of `answers` are those answered before.
 */
export function parseAnswer(page: PageRef, body: Body, answers: Answers): ParsedAnswer {
  const required = page.part === 'main' && page.question.required;
  const parsed = !required && isSkip(body) ? answered(SKIPPED) : parsePart(page, body ?? {}, answers);
  if (!required || !parsed.ok || parsed.value.kind !== 'skipped') return parsed;
  return rejected({ [fieldOf(page)]: { key: `answer.required.${page.question.kind}` } }, {});
}

/** The form field that a page's answer arrives in. */
export function fieldOf({ question, part }: PageRef): 'answer' | 'reason' | 'most' {
  if (part === 'most') return 'most';
  return part === 'main' && question.kind === 'reasons' ? 'reason' : 'answer';
}

/** Whether a stored answer still answers this page: it may be of another kind, or name a reason no longer ticked. */
export function answersPage({ question, part }: PageRef, value: AnswerValue | undefined, answers: Answers): boolean {
  if (!value) return false;
  if (value.kind === 'skipped') return part !== 'main' || !question.required;
  if (part === 'probe') return value.kind === 'open';
  if (part === 'most') return value.kind === 'most' && mostChoices(question, answers).includes(value.code);
  if (value.kind !== question.kind) return false;
  if (value.kind === 'reasons') return value.ticked.every((key) => optionsOf(question).includes(key));
  return value.kind !== 'scale' || isOnScale(question as ScaleQuestion, value.value);
}

/** What can be chosen as having mattered most: the reasons ticked, in their order, then "can't say". */
export function mostChoices(question: Question, answers: Answers): string[] {
  const ticked = answers.get(question.key);
  return ticked?.kind === 'reasons' ? [...ticked.ticked, CANT_SAY] : [CANT_SAY];
}

/** What somebody said of their own reasons. `main` is null when they ticked several and named none. */
interface StatedReasons {
  ticked: string[];
  main: string | null;
  other: string | null;
  /** They ticked "prefer not to say". */
  declined: boolean;
}

/** The reasons that a respondent gave on a list, or null when they passed it over. A single one is the main one. */
export function statedReasons(question: ReasonsQuestion, answers: Answers): StatedReasons | null {
  const value = answers.get(question.key);
  if (value?.kind !== 'reasons') return null;
  const ticked = value.ticked.filter((key) => key !== PREFER_NOT_TO_SAY);
  const most = answers.get(pageKey({ question, part: 'most' }));
  const named = most?.kind === 'most' && ticked.includes(most.code) ? most.code : null;
  const main = ticked.length === 1 ? (ticked[0] ?? null) : named;
  return { ticked, main, other: value.other ?? null, declined: ticked.length < value.ticked.length };
}

function parsePart(page: PageRef, body: NonNullable<Body>, answers: Answers): ParsedAnswer {
  const { question, part } = page;
  if (part === 'probe') return parseOpen(body);
  if (part === 'most') return parseMost(mostChoices(question, answers), body);
  switch (question.kind) {
    case 'open':
      return parseOpen(body);
    case 'reasons':
      return parseReasons(question, body);
    case 'scale':
      return parseScale(question, body);
    case 'yesno':
      return parseYesNo(body);
  }
}

function parseOpen(body: NonNullable<Body>): ParsedAnswer {
  const text = cleanText(one(body.answer));
  const tooLong = overLimit(text, OPEN_LIMIT);
  if (tooLong) return rejected({ answer: tooLong }, { answer: text });
  return answered(isBlank(text) ? SKIPPED : { kind: 'open', text });
}

/** Words in the field for "other" count as ticking it; "prefer not to say" stands alone, whatever else is ticked. */
function parseReasons(question: ReasonsQuestion, body: NonNullable<Body>): ParsedAnswer {
  const posted = many(body.reason);
  const known = reasonKeys(question);
  const words = question.other ? cleanLine(one(body.other)) : '';
  const kept = { reason: posted.filter((key) => known.includes(key)), other: words };
  if (posted.some((key) => !known.includes(key))) return rejected({ reason: { key: 'answer.unknownOption' } }, kept);
  if (posted.includes(PREFER_NOT_TO_SAY)) return answered({ kind: 'reasons', ticked: [PREFER_NOT_TO_SAY] });
  const tooLong = overLimit(words, OTHER_LIMIT);
  if (tooLong) return rejected({ other: tooLong }, kept);
  const other = isBlank(words) ? undefined : words;
  const ticked = known.filter((key) => posted.includes(key) || (key === OTHER && other !== undefined));
  if (ticked.length === 0) return answered(SKIPPED);
  return answered(other === undefined ? { kind: 'reasons', ticked } : { kind: 'reasons', ticked, other });
}

function parseMost(choices: string[], body: NonNullable<Body>): ParsedAnswer {
  const code = one(body.most);
  if (code === '') return answered(SKIPPED);
  return choices.includes(code)
    ? answered({ kind: 'most', code })
    : rejected({ most: { key: 'answer.unknownOption' } });
}

function parseScale(question: ScaleQuestion, body: NonNullable<Body>): ParsedAnswer {
  const typed = one(body.answer).trim();
  if (typed === '') return answered(SKIPPED);
  const value = /^\d{1,2}$/.test(typed) ? Number(typed) : NaN;
  return isOnScale(question, value) ? answered({ kind: 'scale', value }) : unknownAnswer();
}

function parseYesNo(body: NonNullable<Body>): ParsedAnswer {
  const value = one(body.answer).trim();
  if (value === '') return answered(SKIPPED);
  return value === 'yes' || value === 'no' ? answered({ kind: 'yesno', value }) : unknownAnswer();
}

const answered = (value: AnswerValue): ParsedAnswer => ({ ok: true, value });
const rejected = (errors: FieldErrors, kept: Kept = {}): ParsedAnswer => ({ ok: false, errors, kept });
const unknownAnswer = (): ParsedAnswer => rejected({ answer: { key: 'answer.unknownOption' } });

const isSkip = (body: Body): boolean => one(body?.skip) !== '';
const isOnScale = ({ min, max }: ScaleQuestion, value: number) =>
  Number.isInteger(value) && value >= min && value <= max;
const optionsOf = (question: Question) => (question.kind === 'reasons' ? reasonKeys(question) : []);

function overLimit(text: string, limit: number): Message | null {
  const length = lengthOf(text);
  return length <= limit ? null : { key: 'answer.tooLong', values: { limit, length, over: length - limit } };
}

/** A form field as text. A field sent several times counts by its last; anything that is no text counts as empty. */
function one(field: unknown): string {
  const last = Array.isArray(field) ? field.at(-1) : field;
  if (typeof last === 'number') return String(last);
  return typeof last === 'string' ? last : '';
}

const many = (field: unknown): string[] =>
  (Array.isArray(field) ? field : [field]).map(one).filter((key) => key !== '');
