import { z } from 'zod';
import { isLanguage } from '../../i18n/index.ts';
import { PLAYBOOK_PLACES, written, writtenLine, type PlaybookPlace } from '../../web/index.ts';

const isPlace = (value: string): value is PlaybookPlace => PLAYBOOK_PLACES.some((each) => each === value);

export const pageForm = z.object({
  language: z.string().refine(isLanguage, 'form.invalid'),
  title: writtenLine(120, 'playbook.title.missing', 'playbook.title.tooLong'),
  body: written(8000, 'playbook.body.missing', 'playbook.body.tooLong'),
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
