import { z } from 'zod';
import { isLanguage } from '../../i18n/index.ts';
import { isPlainDate } from '../../shared/dates.ts';
import { isId } from '../../shared/ids.ts';
import { cleanWritten, written, writtenLine } from '../../web/index.ts';
import { unknownPlaceholders } from './rules.ts';

export const textForm = z.object({
  language: z.string().refine(isLanguage, 'form.invalid'),
  question: writtenLine(200, 'library.question.missing', 'library.question.tooLong'),
  body: written(5000, 'library.body.missing', 'library.body.tooLong').refine(
    (text) => unknownPlaceholders(text).length === 0,
    'library.body.placeholder',
  ),
});
export type TextFields = z.infer<typeof textForm>;

const ownership = {
  ownerId: z.string('library.owner.missing').refine(isId, 'library.owner.missing'),
  reviewOn: z.string('library.review.missing').refine(isPlainDate, 'library.review.missing'),
};

const ticked = z
  .string()
  .optional()
  .transform((value) => value === 'yes');

export const newAnswerForm = textForm.extend({ ...ownership, approved: ticked });
export const writeForm = textForm.extend({ number: z.coerce.number().int().min(0).max(100_000), approved: ticked });
export const reviewForm = z.object({ ...ownership, seen: z.string().refine(isPlainDate, 'form.invalid') });
export const decisionForm = z
  .object({
    decision: z.enum(['approve', 'decline']),
    reason: z.string().max(1000).default('').transform(cleanWritten),
  })
  .refine(({ decision, reason }) => decision === 'approve' || reason !== '', {
    path: ['reason'],
    message: 'library.reason.missing',
  });
