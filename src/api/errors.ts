import { z } from 'zod';
import type { Translate } from '../i18n/index.ts';
import { Invalid } from '../shared/errors.ts';
import { messageOf } from '../web/index.ts';

export const errorSchema = z.object({
  error: z.object({
    /** A stable word for programs. */
    code: z.string(),
    /** A sentence for people, in English. */
    message: z.string(),
    requestId: z.string(),
    fields: z.array(z.object({ field: z.string(), message: z.string() })),
  }),
});

export type ErrorBody = z.infer<typeof errorSchema>;

const CODES: Record<number, string> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_media_type',
  422: 'invalid',
  429: 'too_many_requests',
};

export function errorBody(error: unknown, status: number, requestId: string, t: Translate): ErrorBody {
  const fields =
    error instanceof Invalid
      ? Object.entries(error.fieldErrors).map(([field, { key, values }]) => ({ field, message: t(key, values) }))
      : [];
  const message = error instanceof InvalidBody ? t('error.invalid') : messageOf(error, t);
  const issues = error instanceof InvalidBody ? error.issues : [];
  return { error: { code: CODES[status] ?? 'unknown', message, requestId, fields: [...fields, ...issues] } };
}

/** What came in does not fit its schema: where, and what was expected. */
export class InvalidBody extends Error {
  readonly status = 422;
  readonly issues: { field: string; message: string }[];
  constructor(error: z.ZodError, t: Translate) {
    super('invalid');
    this.issues = error.issues.slice(0, 100).map((issue) => ({
      field: issue.path.map(String).join('.'),
      message: /^[a-z][\w-]*(\.[\w-]+)+$/i.test(issue.message) ? t(issue.message) : issue.message,
    }));
  }
}
