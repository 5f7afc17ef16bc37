import type { Condition, Question } from './definition.ts';
import { OTHER, PREFER_NOT_TO_SAY } from './question.ts';

/** 'recommend|atLeast|7' as a condition; empty for none. */
export function conditionFrom(choice: string): Question['condition'] {
  const [question = '', op = '', value = ''] = choice.split('|');
  if (question === '' || !isOp(op)) return undefined;
  if (op === 'answered') return { question, op };
  return { question, op, value: /^\d+$/.test(value) ? Number(value) : value };
}

export const conditionChoice = (condition: Question['condition']): string =>
  condition ? [condition.question, condition.op, condition.value ?? ''].join('|') : '';

const OPS = ['is', 'isNot', 'answered', 'atLeast', 'atMost', 'ticked'] as const;
const isOp = (op: string): op is (typeof OPS)[number] => OPS.some((each) => each === op);

/** All that can be asked of an earlier question's answer. */
export function conditionsOn(asked: Question): Condition[] {
  const { key: question } = asked;
  const answered: Condition = { question, op: 'answered' };
  switch (asked.kind) {
    case 'open':
      return [answered];
    case 'yesno':
      return [answered, { question, op: 'is', value: 'yes' }, { question, op: 'is', value: 'no' }];
    case 'reasons': {
      const keys = asked.options.map(({ key }) => key);
      if (asked.other) keys.push(OTHER);
      if (asked.preferNotToSay) keys.push(PREFER_NOT_TO_SAY);
      return [answered, ...keys.map((value): Condition => ({ question, op: 'ticked', value }))];
    }
    case 'scale': {
      const values = Array.from({ length: asked.max - asked.min }, (_, i) => asked.min + i);
      const atMost = values.map((value): Condition => ({ question, op: 'atMost', value }));
      const atLeast = values.map((value): Condition => ({ question, op: 'atLeast', value: value + 1 }));
      return [answered, ...atMost, ...atLeast];
    }
  }
}
