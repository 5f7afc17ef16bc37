import { z } from 'zod';
import { day, lines, parseMoney, typedMoney, type FormContext } from '../../customers/index.ts';
import { isId } from '../../shared/ids.ts';
import { MEASURES, type Measure } from '../figures.ts';
import { typedWording, wordingForm } from '../wording.ts';
import { GOAL_PARTS, unitOf, type Goal } from './goal.ts';

const MISSING = 'goals.error.words';

export const versionSeen = z.coerce.number('form.invalid').int('form.invalid').min(1, 'form.invalid').max(100_000);

const asks = z
  .string()
  .optional()
  .transform((value) => value === '1');

/** 'owner', 'due' and, for a goal with a measure, 'target' as people type it. */
const common = z.object({
  owner: z.string('goals.error.owner').refine(isId, { error: 'goals.error.owner' }),
  due: day,
  target: z.string().max(40, 'goals.error.target').default(''),
});

const newOnly = z.object({
  measure: z.union([z.literal(''), z.enum(MEASURES)], 'form.invalid'),
  direction: z.enum(['up', 'down'], 'form.invalid').default('up'),
});

export function newGoalForm(context: FormContext, own: string) {
  return z
    .intersection(
      z.intersection(common, newOnly),
      wordingForm(GOAL_PARTS, own, MISSING).transform((texts) => ({ texts })),
    )
    .transform(({ owner, due, target, measure, direction, texts }, issues) => {
      const read = measure === '' ? null : readTarget(target, measure, context);
      if (read === undefined) issues.addIssue({ code: 'custom', path: ['target'], message: 'goals.error.target' });
      const aimed = { measure: measure === '' ? null : measure, direction: measure === '' ? null : direction };
      return { texts, ownerId: owner, dueOn: due, target: read ?? null, ...aimed };
    });
}

export function changeGoalForm(measure: Measure | null, context: FormContext, own: string) {
  return z
    .intersection(
      common.extend({ seen: versionSeen, asks }),
      wordingForm(GOAL_PARTS, own, MISSING).transform((texts) => ({ texts })),
    )
    .transform(({ owner, due, target, seen, asks: asked, texts }, issues) => {
      const read = measure === null ? null : readTarget(target, measure, context);
      if (read === undefined) issues.addIssue({ code: 'custom', path: ['target'], message: 'goals.error.target' });
      return { seen, given: { texts, ownerId: owner, dueOn: due, target: read ?? null, asks: asked } };
    });
}

export const endForm = z.object({
  seen: versionSeen,
  state: z.enum(['reached', 'given_up'], 'form.invalid'),
  words: lines(1000).refine((text) => text.trim() !== '', { error: 'goals.error.end' }),
});

/** The day and, for a goal with a measure, the target stand in it as they were. */
export function reopenForm(measure: Measure | null, context: FormContext) {
  return z
    .object({ seen: versionSeen, words: endForm.shape.words, due: day, target: common.shape.target })
    .transform(({ seen, words, due, target }, issues) => {
      const read = measure === null ? null : readTarget(target, measure, context);
      if (read === undefined) issues.addIssue({ code: 'custom', path: ['target'], message: 'goals.error.target' });
      return { seen, how: { words, dueOn: due, target: read ?? null } };
    });
}

/** A share in per cent, with a point or a comma; or an amount of money. Undefined where it is neither. */
export function readTarget(typed: string, measure: Measure, context: FormContext): number | undefined {
  if (unitOf(measure) === 'money') {
    const parsed = parseMoney(typed, { currency: context.currency, decimal: context.language === 'en' ? '.' : ',' });
    return parsed.ok && parsed.value !== undefined && parsed.value >= 0 ? parsed.value : undefined;
  }
  const [, number] = /^(\d{1,3}(?:[.,]\d{1,2})?) ?%?$/.exec(typed.trim()) ?? [];
  const percent = number === undefined ? NaN : Number(number.replace(',', '.'));
  return percent >= 0 && percent <= 100 ? Number((percent / 100).toFixed(4)) : undefined;
}

export function typedGoal({ texts, ownerId, dueOn, aim }: Goal, context: FormContext): Record<string, string> {
  return {
    ...typedWording(texts),
    owner: ownerId,
    due: dueOn,
    target: aim ? typedTarget(aim, context) : '',
    asks: '1',
  };
}

function typedTarget({ measure, target }: { measure: Measure; target: number }, context: FormContext): string {
  if (unitOf(measure) === 'money') return typedMoney(target, context);
  const percent = String(Number((target * 100).toFixed(2)));
  return context.language === 'en' ? percent : percent.replace('.', ',');
}
