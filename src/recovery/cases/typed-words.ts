import { z } from 'zod';
import { cleanText, isBlank } from '../../questionnaires/index.ts';

const TOO_LONG = 'form.tooLong';

/** Words that have to be there: marks that nobody sees are none. */
export const words = (most: number, missing: string) =>
  z
    .string({ error: missing })
    .overwrite(cleanText)
    .refine((text) => !isBlank(text), missing)
    .max(most, TOO_LONG);

/** Words that may be missing. */
export const maybeWords = (most: number) => z.string().catch('').pipe(z.string().overwrite(seen).max(most, TOO_LONG));

const seen = (text: string): string => (isBlank(text) ? '' : cleanText(text));
