import type { Request, Response } from 'express';
import type { Options } from 'multer';

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
      if (error instanceof multer.MulterError && error.code === 'LIMIT_FILE_SIZE') resolve('too large');
      else if (error) reject(Object.assign(new Error('unreadable upload'), { status: 400 }));
      else resolve(req.file ? { name: req.file.originalname, bytes: req.file.buffer } : 'none');
    });
  });
}
