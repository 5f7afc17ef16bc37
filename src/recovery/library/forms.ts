import { z } from 'zod';
import { isLanguage } from '../../i18n/index.ts';
import { isPlainDate } from '../../shared/dates.ts';
import { isId } from '../../shared/ids.ts';
import { unknownPlaceholders } from './rules.ts';

/** Control characters have no business in a letter; lines do. */
const clean = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu, '')
    .trim();

const words = (most: number, missing: string, tooLong: string) =>
  z
    .string(missing)
    .transform(clean)
    .refine((text) => text !== '', missing)
    .refine((text) => text.length <= most, tooLong);

export const textForm = z.object({
  language: z.string().refine(isLanguage, 'form.invalid'),
  question: words(200, 'library.question.missing', 'library.question.tooLong').transform((text) =>
    text.replace(/\s+/g, ' '),
  ),
  body: words(5000, 'library.body.missing', 'library.body.tooLong').refine(
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
  .object({ decision: z.enum(['approve', 'decline']), reason: z.string().max(1000).default('').transform(clean) })
  .refine(({ decision, reason }) => decision === 'approve' || reason !== '', {
    path: ['reason'],
    message: 'library.reason.missing',
  });
