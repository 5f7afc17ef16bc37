import type { Request, Response } from 'express';
import type { Options } from 'multer';
import { withoutInvisibleIn } from '../shared/invisible.ts';

export interface Upload {
  name: string;
  bytes: Buffer;
}

/**
 * The file in a field of a form, kept in memory; the other fields are in the request's body afterwards. What cannot be
 * read as a form with one file is the sender's fault. The parser is loaded with the first file: few requests have one.
 */
export async function receivedFile(
  req: Request,
  res: Response,
  field: string,
  limits: Options['limits'] & { fileSize: number },
): Promise<Upload | 'none' | 'too large'> {
  const { default: multer } = await import('multer');
  // Browsers write the file's name in UTF-8.
  const parse = multer({ storage: multer.memoryStorage(), defParamCharset: 'utf8', limits: { files: 1, ...limits } });
  return new Promise((resolve, reject) => {
    parse.single(field)(req, res, (error: unknown) => {
      req.body = withoutInvisibleIn(req.body);
      if (error instanceof multer.MulterError && error.code === 'LIMIT_FILE_SIZE') resolve('too large');
      else if (error) reject(Object.assign(new Error('unreadable upload'), { status: 400 }));
      else resolve(req.file ? { name: req.file.originalname, bytes: req.file.buffer } : 'none');
    });
  });
}

/**
 * All files in a field of a form, kept in memory, at most so many of that size each; what is beyond is 'too large'. The
 * other fields are in the request's body afterwards. What cannot be read as such a form is the sender's fault.
 */
export async function receivedFiles(
  req: Request,
  res: Response,
  field: string,
  limits: Options['limits'] & { fileSize: number; files: number },
): Promise<Upload[] | 'too large'> {
  const { default: multer } = await import('multer');
  const parse = multer({ storage: multer.memoryStorage(), defParamCharset: 'utf8', limits });
  return new Promise((resolve, reject) => {
    parse.array(field)(req, res, (error: unknown) => {
      req.body = withoutInvisibleIn(req.body);
      const tooLarge = error instanceof multer.MulterError && TOO_LARGE.has(error.code);
      if (tooLarge) return resolve('too large');
      if (error) return reject(Object.assign(new Error('unreadable upload'), { status: 400 }));
      const files = (req.files ?? []) as Express.Multer.File[];
      // A field for files that was left empty comes as a file without a name.
      resolve(
        files
          .map((file) => ({ name: file.originalname, bytes: file.buffer }))
          .filter(({ name, bytes }) => name !== '' || bytes.length > 0),
      );
    });
  });
}

const TOO_LARGE = new Set(['LIMIT_FILE_SIZE', 'LIMIT_FILE_COUNT', 'LIMIT_UNEXPECTED_FILE']);
