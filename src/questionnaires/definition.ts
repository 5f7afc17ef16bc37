import type { z } from 'zod';
import { CANT_SAY, OTHER, PREFER_NOT_TO_SAY, reasonKeys } from './question.ts';
import type { Condition, Question, ReasonsQuestion } from './question.ts';
import { definitionShape } from './shape.ts';
import type { Definition } from './shape.ts';
import { hasText, textSlots } from './text-slots.ts';
import type { TextSlot } from './text-slots.ts';

export { REMINDERS } from './shape.ts';
export type { Definition, Mail } from './shape.ts';
export type { Condition, PageRef, Question, QuestionKind, ReasonsQuestion, ScaleQuestion, Texts } from './question.ts';

type Context = z.RefinementCtx;
type Path = (string | number)[];

/** What the invitation, the introduction and the thanks may be filled with; the questions stand as they are. */
const PLACEHOLDERS = ['company', 'sender', 'count', 'minutes'];

/** A questionnaire still being written: sound in its structure, but texts may be missing or empty. */
export const draftSchema = definitionShape.superRefine((definition, ctx) => {
  checkLanguages(definition.languages, ctx);
  checkKeys(definition.questions, ctx);
  definition.questions.forEach((question, i) => checkQuestion(question, i, definition.questions, ctx));
  textSlots(definition).forEach((slot) => checkPlaceholders(slot, ctx));
});

/**
 * A questionnaire that may be published: sound as a draft, with every text in every language listed.
 * The issues' messages are message keys ('definition.missingText'); `params` holds what the message needs.
 */
export const definitionSchema = draftSchema.superRefine((definition, ctx) => {
  for (const slot of textSlots(definition)) {
    for (const language of definition.languages.filter((each) => !hasText(slot.texts, each))) {
      problem(ctx, 'definition.missingText', [...slot.at, language], { language, path: slot.path });
    }
  }
});

/** The answers that people sort into the codebook, by page key. */
export function codedKeys(definition: Definition): string[] {
  return definition.questions.flatMap((question) => {
    if (question.kind === 'open' && question.coded) return [question.key];
    if (question.kind === 'scale' && question.coded && question.probe) return [`${question.key}.probe`];
    return [];
  });
}

function checkLanguages(languages: string[], ctx: Context): void {
  if (new Set(languages).size < languages.length) problem(ctx, 'definition.languageTwice', ['languages']);
}

function checkKeys(questions: Question[], ctx: Context): void {
  const twice = (key: string, i: number) => questions.findIndex((question) => question.key === key) < i;
  questions.forEach(({ key }, i) => {
    if (twice(key, i)) problem(ctx, 'definition.keyTwice', ['questions', i, 'key'], { key });
  });
}

function checkQuestion(question: Question, i: number, all: Question[], ctx: Context): void {
  if (question.kind === 'reasons') checkOptions(question, ['questions', i, 'options'], ctx);
  if (question.kind === 'scale' && (question.min === 0) !== (question.max === 10)) {
    problem(ctx, 'definition.badScale', ['questions', i, 'max']);
  }
  if (question.condition) checkCondition(question.condition, all.slice(0, i), ['questions', i, 'condition'], ctx);
}

function checkOptions(question: ReasonsQuestion, path: Path, ctx: Context): void {
  const seen = new Set([OTHER, PREFER_NOT_TO_SAY, CANT_SAY]);
  question.options.forEach(({ key }, i) => {
    if (seen.has(key)) problem(ctx, 'definition.optionTwice', [...path, i, 'key'], { key });
    seen.add(key);
  });
}

function checkCondition(condition: Condition, earlier: Question[], path: Path, ctx: Context): void {
  const asked = earlier.find((question) => question.key === condition.question);
  if (!asked) problem(ctx, 'definition.conditionNotEarlier', [...path, 'question'], { question: condition.question });
  else if (!fits(condition, asked)) problem(ctx, 'definition.conditionDoesNotFit', path, { op: condition.op });
}

function fits({ op, value }: Condition, asked: Question): boolean {
  switch (op) {
    case 'answered':
      return true;
    case 'ticked':
      return asked.kind === 'reasons' && reasonKeys(asked).includes(String(value));
    case 'atLeast':
    case 'atMost':
      return asked.kind === 'scale' && typeof value === 'number';
    case 'is':
    case 'isNot':
      return asked.kind === 'yesno'
        ? value === 'yes' || value === 'no'
        : asked.kind === 'scale' && Number.isInteger(value);
  }
}

function checkPlaceholders(slot: TextSlot, ctx: Context): void {
  const known = slot.at[0] === 'questions' ? [] : PLACEHOLDERS;
  for (const [language, text] of Object.entries(slot.texts)) {
    for (const [, name = ''] of text.matchAll(/\{([^{}]*)\}/g)) {
      if (known.includes(name)) continue;
      problem(ctx, 'definition.unknownPlaceholder', [...slot.at, language], { name, language });
    }
  }
}

function problem(ctx: Context, message: string, path: Path, params: Record<string, string> = {}): void {
  ctx.addIssue({ code: 'custom', message, path, params });
}
