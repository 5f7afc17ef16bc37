import type { Request, Response } from 'express';
import multer from 'multer';
import { LIMITS } from '../import/index.ts';

const upload = multer({
  storage: multer.memoryStorage(),
  // Browsers write the name in UTF-8.
  defParamCharset: 'utf8',
  limits: { fileSize: LIMITS.fileBytes, files: 1, fields: 20, fieldSize: 10_000, parts: 30 },
});

/** The file in the field 'file'; the other fields are in the request's body afterwards. */
export function receivedFile(
  req: Request,
  res: Response,
): Promise<{ name: string; bytes: Buffer } | 'none' | 'too large'> {
  return new Promise((resolve, reject) => {
    upload.single('file')(req, res, (error: unknown) => {
      if (error instanceof multer.MulterError && error.code === 'LIMIT_FILE_SIZE') resolve('too large');
      else if (error) reject(Object.assign(new Error('unreadable upload'), { status: 400 }));
      else resolve(req.file ? { name: req.file.originalname, bytes: req.file.buffer } : 'none');
    });
  });
}

const MOST_NAME = 120;
/** Separators of folders, control characters, and marks that turn the direction of the text. */
const ODD = /^.*[/\\]|[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A name to show, however it came. */
export function filenameOf(name: string): string {
  return name.replace(ODD, '').trim().slice(-MOST_NAME).toWellFormed() || '–';
}
