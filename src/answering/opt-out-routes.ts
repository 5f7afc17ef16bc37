import { Router, type RequestHandler } from 'express';
import type { Pages } from '../web/index.ts';
import type { Answering } from './interface.ts';
import { closedLetter, closedPage } from './views.ts';

interface OptOutRoutes {
  answering: Answering;
  pages: Pages;
  /** Slows down whoever tries links that we never made. */
  guess: RequestHandler;
}

/**
 * The link at the end of every mail. Opening it shows a form; posting to it opts out, from the form or by a mail
 * program's one click (RFC 8058), which comes from anywhere and carries nothing but the link.
 */
export function optOutRoutes({ answering, pages, guess }: OptOutRoutes): Router {
  const router = Router();

  const show =
    (act: boolean): RequestHandler =>
    async (req, res, next) => {
      const { invitation, business, t } = await answering.findOptOut(
        String(req.params.token),
        req.headers['accept-language'],
      );
      if (!invitation) {
        const view = closedPage({ because: 'unknown', business, t });
        const letter = closedLetter({ business, t }, view.heading);
        return guess(req, res, (error?: unknown) => {
          if (error) return next(error);
          pages.ask(res, 'answering/closed', view, { ...letter, status: 404 });
        });
      }
      if (act) await answering.optOut(invitation);
      const done = act || invitation.progress === 'opted_out';
      const title = t(done ? 'answering.optOut.doneHeading' : 'answering.optOut.heading');
      pages.ask(res, 'answering/opt-out', { done, action: req.path }, closedLetter({ business, t }, title));
    };

  router.get('/u/:token', show(false));
  router.post('/u/:token', show(true));
  return router;
}
