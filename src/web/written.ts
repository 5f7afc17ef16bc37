import type { RequestHandler } from 'express';
import { z } from 'zod';
import { withoutInvisible, withoutInvisibleIn } from '../shared/invisible.ts';

/** What colleagues type is read beside our own words, in lists, sentences and letters: it must not turn them round. */
export const cleanBody: RequestHandler = (req, _res, next) => {
  req.body = withoutInvisibleIn(req.body);
  next();
};

/** Control characters have no business in a text that people read; lines do. */
export const cleanWritten = (text: string): string =>
  withoutInvisible(text)
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
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
