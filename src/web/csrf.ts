import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { Forbidden } from '../shared/errors.ts';
import { sameSecret, type Signer } from '../shared/tokens.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const COOKIE = 'comeback_form';

/**
 * The synchroniser token of a signed-in person's forms, kept in their session.
 * Forms with files are read after this: what takes them calls `checkToken` itself, once the fields are there.
 */
export function sessionToken(takesFiles: RegExp): RequestHandler {
  return (req, _res, next) => {
    req.session.csrf ??= randomBytes(24).toString('base64url');
    const isReadLater = takesFiles.test(req.path) && req.is('multipart/form-data');
    if (SAFE.has(req.method) || isReadLater) return next();
    next(checkToken(req) ? undefined : new Forbidden('error.formExpired'));
  };
}

export function checkToken(req: Request): boolean {
  const { csrf } = (req.body ?? {}) as { csrf?: unknown };
  return typeof csrf === 'string' && req.session.csrf !== undefined && sameSecret(csrf, req.session.csrf);
}

/** The token of forms for people who are not signed in: bound to a cookie, nothing stored. */
export function signedOutToken(signer: Signer, https: boolean): RequestHandler {
  return (req, res, next) => {
    const nonce = cookieOf(req) ?? randomBytes(18).toString('base64url');
    const token = signer.mac('form', nonce);
    (res.locals as { csrf?: string }).csrf = token;
    if (!SAFE.has(req.method)) {
      const { csrf } = (req.body ?? {}) as { csrf?: unknown };
      return next(typeof csrf === 'string' && sameSecret(csrf, token) ? undefined : new Forbidden('error.formExpired'));
    }
    res.cookie(COOKIE, nonce, { httpOnly: true, sameSite: 'lax', secure: https, path: '/' });
    next();
  };
}

function cookieOf(req: Request): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((each) => each.trim().split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}

export function signedOutCsrf(res: Response): string {
  return (res.locals as { csrf?: string }).csrf ?? '';
}
