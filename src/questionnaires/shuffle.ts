import { hash } from 'node:crypto';
import { mostChoices } from './answers.ts';
import type { Answers } from './answers.ts';
import { CANT_SAY, OTHER, PREFER_NOT_TO_SAY } from './question.ts';
import type { ReasonsQuestion, Texts } from './question.ts';

const LAST = [OTHER, PREFER_NOT_TO_SAY];

/** One choice in a list. */
interface Choice {
  key: string;
  text: Texts;
}

/**
 * The options in an order of their own for each seed (the invitation's id), the same every time somebody returns, also
 * when a later version has one option more. "Other" and "prefer not to say" stay last, in this order.
 */
export function shuffled<T extends { key: string }>(options: readonly T[], seed: string): T[] {
  const keyed = options.map((option) => ({
    option,
    last: LAST.indexOf(option.key),
    by: hash('sha256', `${seed}\n${option.key}`),
  }));
  return keyed.sort((a, b) => a.last - b.last || compare(a.by, b.by)).map(({ option }) => option);
}

/** All that can be ticked in a list of reasons, in the order for this seed. */
export function reasonChoices(question: ReasonsQuestion, seed: string): Choice[] {
  const choices: Choice[] = question.options.map(({ key, text }) => ({ key, text }));
  if (question.other) choices.push({ key: OTHER, text: question.other.text });
  if (question.preferNotToSay) choices.push({ key: PREFER_NOT_TO_SAY, text: question.preferNotToSay });
  return question.shuffle ? shuffled(choices, seed) : choices;
}

/** What can be chosen as having mattered most: the reasons ticked, in the order that they had, then "can't say". */
export function mostReasons(question: ReasonsQuestion, answers: Answers, seed: string): Choice[] {
  const open = mostChoices(question, answers);
  const ticked = reasonChoices(question, seed).filter(({ key }) => open.includes(key));
  return [...ticked, { key: CANT_SAY, text: question.most.cantSay }];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
