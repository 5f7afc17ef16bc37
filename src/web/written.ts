import { z } from 'zod';

/** Control characters have no business in a text that people read; lines do. */
export const cleanWritten = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu, '')
    .trim();

/** A text in lines that somebody has to write, at most so many characters; `missing` and `tooLong` are message keys. */
export const written = (most: number, missing: string, tooLong: string) =>
  z
    .string(missing)
    .transform(cleanWritten)
    .refine((text) => text !== '', missing)
    .refine((text) => text.length <= most, tooLong);

/** The same on one line. */
export const writtenLine = (most: number, missing: string, tooLong: string) =>
  written(most, missing, tooLong).transform((text) => text.replace(/\s+/g, ' '));
