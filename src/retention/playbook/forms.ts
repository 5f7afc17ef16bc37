import { z } from 'zod';
import { isLanguage } from '../../i18n/index.ts';
import { PLAYBOOK_PLACES, type PlaybookPlace } from '../../web/index.ts';

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

const isPlace = (value: string): value is PlaybookPlace => PLAYBOOK_PLACES.some((each) => each === value);

export const pageForm = z.object({
  language: z.string().refine(isLanguage, 'form.invalid'),
  title: words(120, 'playbook.title.missing', 'playbook.title.tooLong').transform((text) => text.replace(/\s+/g, ' ')),
  body: words(8000, 'playbook.body.missing', 'playbook.body.tooLong'),
  places: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((value) => [value].flat().filter(isPlace)),
});

export const writeForm = pageForm.extend({
  seen: z.coerce.number('form.invalid').int().min(1).max(100_000),
  asks: z
    .string()
    .optional()
    .transform((value) => value === '1'),
});
