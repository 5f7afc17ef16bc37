import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { negotiate, languageCodes, type Texts, type Translate } from '../i18n/index.ts';
import { Conflict, Forbidden, Invalid, NotFound, Problem } from '../shared/errors.ts';
import type { Pages } from './pages.ts';
import type { Staff } from './staff.ts';

export interface ProblemPage {
  heading: string;
  text: string;
  requestId: string | null;
  home: { href: string; text: string } | null;
}

declare module './render.ts' {
  interface Templates {
    'shared/problem': ProblemPage;
  }
}

/** Every request has an id that a person can read out to us; the log has it too. */
export const requestId: RequestHandler = (_req, res, next) => {
  const id = randomUUID();
  (res.locals as { requestId?: string }).requestId = id;
  res.setHeader('X-Request-Id', id);
  next();
};

export function requestIdOf(res: Response): string {
  return (res.locals as { requestId?: string }).requestId ?? '';
}

/** What PostgreSQL says of text with a NUL in it: nobody types one, and nothing stored has one. */
const UNREADABLE_TEXT = '22021';

/** The one place where what went wrong becomes an HTTP status. */
export function statusOf(error: unknown): number {
  if (error instanceof NotFound) return 404;
  if (error instanceof Forbidden) return 403;
  if (error instanceof Conflict) return 409;
  if (error instanceof Invalid) return 422;
  const { status, code } = (error ?? {}) as { status?: unknown; code?: unknown };
  if (code === UNREADABLE_TEXT) return 400;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

const KEYS: Record<number, string> = {
  400: 'error.badRequest',
  403: 'error.forbidden',
  404: 'error.notFound',
  413: 'error.tooLarge',
  429: 'error.tooMany',
};

export function messageOf(error: unknown, t: Translate): string {
  if (error instanceof Problem) return t(error.key, error.values);
  return t(KEYS[statusOf(error)] ?? 'error.unknown');
}

/** Whoever may not do it hears so; of a form that was refused for its age or its way here that would be wrong. */
function headingOf(error: unknown, t: Translate): string {
  const status = statusOf(error);
  if (status === 500) return t('error.unknown.heading');
  const isRefusedForm = error instanceof Forbidden && error.key !== KEYS[403];
  return t(KEYS[status] && !isRefusedForm ? `${KEYS[status]}.heading` : 'error.heading');
}

/** What is wrong with a form that is not shown again; where that says nothing to a person, what to do. */
function faultsOf({ fieldErrors }: Invalid, t: Translate): string {
  const said = Object.values(fieldErrors).filter(({ key }) => key !== 'form.invalid');
  return said.length > 0 ? said.map(({ key, values }) => t(key, values)).join(' ') : t('form.unseen');
}

export const notFound: RequestHandler = (_req, _res, next) => next(new NotFound());

interface ErrorPages {
  pages: Pages;
  texts: Texts;
  logger: Logger;
}

/** Shows a person what went wrong, in their language; logs what we did not expect, without anything personal. */
export function errorPages({ pages, texts, logger }: ErrorPages): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const status = statusOf(error);
    if (status === 500) logUnexpected(logger, error, req, res);
    if (res.headersSent) return next(error);
    const staff = (res.locals as { staff?: Staff }).staff;
    const t = staff?.t ?? texts.to(negotiate(req.headers['accept-language'], languageCodes, 'en'));
    const heading = headingOf(error, t);
    const view: ProblemPage = {
      heading,
      text: error instanceof Invalid ? faultsOf(error, t) : messageOf(error, t),
      requestId: status === 500 ? requestIdOf(res) : null,
      home: staff ? { href: '/', text: t('error.home') } : null,
    };
    if (staff) pages.staff(req, res, 'shared/problem', view, { title: heading, status });
    else pages.plain(res, 'shared/problem', view, { title: heading, t, status });
  };
}

/** The route's pattern, not its address: an address may hold a link's token or what somebody searched for. */
export function logUnexpected(logger: Logger, error: unknown, req: Request, res: Response): void {
  const route = (req.route as { path?: string } | undefined)?.path ?? null;
  logger.error({ requestId: requestIdOf(res), method: req.method, route, err: plainError(error) }, 'request failed');
}

/** Name, code and stack; a driver's detail may quote a row. */
function plainError(error: unknown): { name: string; message: string; code?: unknown; stack?: string } {
  if (!(error instanceof Error)) return { name: 'unknown', message: typeof error };
  const { name, message, stack } = error;
  return { name, message, code: (error as { code?: unknown }).code, ...(stack ? { stack } : {}) };
}
