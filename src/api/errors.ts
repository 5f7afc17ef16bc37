import { z } from 'zod';
import type { Translate } from '../i18n/index.ts';
import { Conflict, Forbidden, Invalid, Problem } from '../shared/errors.ts';
import { issueMessage } from '../shared/too-long.ts';
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

type ErrorBody = z.infer<typeof errorSchema>;

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

/** For whoever writes a program, where the pages' own sentences would speak of browsers and forms. */
const MESSAGES: Record<number, string> = {
  400: 'This could not be read: the address or the body is not well-formed.',
  401: 'An access token is needed: “Authorization: Bearer …”. There was none, or it is not valid (any more).',
  409: 'That cannot be done as things stand: “fields” says why.',
  413: 'The body is larger than is taken at once. Send it in parts.',
  415: 'The body is not of the media type that is taken here; OpenAPI names it.',
  422: 'What was sent does not fit: “fields” says what and where.',
  429: 'Too many calls within a minute. Please wait and try again.',
};

export function errorBody(thrown: unknown, status: number, requestId: string, t: Translate): ErrorBody {
  const error = thrown instanceof RefusedAt ? thrown.problem : thrown;
  const fields =
    error instanceof Invalid
      ? Object.entries(error.fieldErrors).map(([field, { key, values }]) => ({ field, message: t(key, values) }))
      : [];
  if (thrown instanceof RefusedAt) fields.push({ field: thrown.field, message: messageOf(error, t) });
  const says = error instanceof Problem && error.key !== 'error.invalid';
  const message = (says ? undefined : MESSAGES[status]) ?? messageOf(error, t);
  const issues =
    error instanceof InvalidBody || error instanceof UnknownNames || error instanceof Unfit ? error.issues : [];
  return { error: { code: CODES[status] ?? 'unknown', message, requestId, fields: [...fields, ...issues] } };
}

/** What came in does not fit its schema: where, and what was expected. */
export class InvalidBody extends Error {
  readonly status = 422;
  readonly issues: { field: string; message: string }[];
  constructor(error: z.ZodError, t: Translate) {
    super('invalid');
    this.issues = error.issues.slice(0, 100).map((issue) => {
      const { key, values } = issueMessage(issue);
      const message = /^[a-z][\w-]*(\.[\w-]+)+$/i.test(key) ? t(key, values) : issue.message;
      return { field: issue.path.map(String).join('.'), message };
    });
  }
}

/** What a schema takes, and yet does not fit here: said for whoever writes the program. */
export class Unfit extends Error {
  readonly status: 409 | 422;
  readonly issues: { field: string; message: string }[];
  constructor(field: string, message: string, status: 409 | 422 = 422) {
    super('unfit');
    this.status = status;
    this.issues = [{ field, message }];
  }
}

/** What is to be replaced is no longer what the caller read. */
export const changedSince = (now: number): Unfit =>
  new Unfit('revision', `Somebody has changed it since: it is at ${now}. Read it again.`, 409);

/** What a rule of the app stands against, with the field that it is about. */
class RefusedAt extends Error {
  readonly status: 403 | 409;
  readonly field: string;
  readonly problem: Problem;
  constructor(field: string, problem: Conflict | Forbidden) {
    super('refused');
    this.status = problem instanceof Conflict ? 409 : 403;
    this.field = field;
    this.problem = problem;
  }
}

/** Where a rule stands against it, the answer names that field. */
export async function about<T>(field: string, doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    if (error instanceof Conflict || error instanceof Forbidden) throw new RefusedAt(field, error);
    throw error;
  }
}

/** Names that nothing here goes by. */
export class UnknownNames extends Error {
  readonly status = 422;
  readonly issues: { field: string; message: string }[];
  constructor(names: string[]) {
    super('unknown names');
    this.issues = names.map((field) => ({ field, message: 'Not known here. Is it misspelt?' }));
  }
}
