import type { Request, RequestHandler, Response } from 'express';
import type { Texts } from '../i18n/index.ts';
import { colleague, type Actor } from '../shared/actor.ts';
import { randomToken } from '../shared/tokens.ts';
import { renewSession, saveSession, setStaff, staffOf } from '../web/index.ts';
import type { SignedIn } from './interface.ts';
import type { Accounts } from './service.ts';
import { SignedOut } from './sign-in-service.ts';

declare module 'express-session' {
  interface SessionData {
    /** Ends the session with the password or role that it was opened under. */
    stamp: string;
  }
}

/** A fresh session for somebody who has just shown who they are. */
export async function enter(req: Request, { accountId, stamp }: SignedIn): Promise<void> {
  await renewSession(req);
  Object.assign(req.session, { accountId, stamp, csrf: randomToken() });
  await saveSession(req);
}

export function actorOf(res: Response): Actor {
  return colleague(staffOf(res).id);
}

/** Lets only people pass who are signed in now: their account is read for every page. */
export function authenticate({ accounts, texts }: { accounts: Accounts; texts: Texts }): RequestHandler {
  return async (req, res, next) => {
    const person = await accounts.entry.present(req.session);
    if (!person) return turnAway(req, res, next);
    const { timeZone, currency } = await accounts.company();
    setStaff(res, {
      ...person,
      t: texts.in(person.language),
      timeZone,
      currency,
      get csrf() {
        return req.session.csrf ?? '';
      },
    });
    next();
  };
}

const LONGEST_NEXT = 500;

const turnAway: RequestHandler = (req, res, next) => {
  if (req.method !== 'GET' && req.method !== 'HEAD') return next(new SignedOut());
  const back = req.originalUrl === '/' || req.originalUrl.length > LONGEST_NEXT ? '' : req.originalUrl;
  res.redirect(303, back ? `/sign-in?next=${encodeURIComponent(back)}` : '/sign-in');
};
