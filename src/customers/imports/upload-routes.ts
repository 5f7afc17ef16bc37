import type { Request, Response } from 'express';
import { receivedFile } from '../../web/index.ts';
import { LIMITS } from '../import/index.ts';

/** The file to import. */
export const receivedImport = (req: Request, res: Response) =>
  receivedFile(req, res, 'file', { fileSize: LIMITS.fileBytes, fields: 20, fieldSize: 10_000, parts: 30 });

const MOST_NAME = 120;
/** Separators of folders, control characters, and marks that turn the direction of the text. */
const ODD = /^.*[/\\]|[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A name to show, however it came. */
export function filenameOf(name: string): string {
  return name.replace(ODD, '').trim().slice(-MOST_NAME).toWellFormed() || '–';
}
