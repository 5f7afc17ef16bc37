import { Router, urlencoded, type RequestHandler } from 'express';
import { NotFound } from '../shared/errors.ts';
import { isLanguage, languageCodes } from '../i18n/index.ts';
import { limited, type Pages } from '../web/index.ts';
import { OPT_OUT_WISHES, type Answering, type OptOutWish } from './interface.ts';
import { GUESSES, howPosted } from './rules.ts';
import { closedLetter, closedPage, optOutPage } from './views.ts';

interface OptOutRoutes {
  answering: Answering;
  pages: Pages;
}

/**
 * The link at the end of every mail. Opening it shows a form; posting to it opts out, from the form or by a mail
 * program's one click (RFC 8058), which comes from anywhere and carries nothing but the link.
 */
export function optOutRoutes({ answering, pages }: OptOutRoutes): Router {
  const router = Router();
  const guess = limited(GUESSES);

  const show =
    (act: boolean): RequestHandler =>
    async (req, res, next) => {
      const asked = isLanguage(req.query.lang) ? req.query.lang : undefined;
      const accepted = req.headers['accept-language'];
      const { invitation, business, t, already } = await answering.findOptOut(
        String(req.params.token),
        asked,
        accepted,
      );
      if (!invitation) {
        const view = closedPage({ because: 'unknown', business, t });
        const letter = closedLetter({ business, t }, view.heading);
        return guess(req, res, (error?: unknown) => {
          if (error) return next(error);
          pages.ask(res, 'answering/closed', view, { ...letter, status: 404 });
        });
      }
      const wish = wishOf(req.body);
      if (act) await answering.optOut(invitation, wish, howPosted(req.body));
      const action = asked === undefined ? req.path : `${req.path}?lang=${asked}`;
      const view = optOutPage({ action, already, noted: act ? wish : null }, t);
      const letter = closedLetter(
        { business, t },
        t(act ? 'answering.optOut.doneHeading' : 'answering.optOut.heading'),
      );
      const languages = languageCodes.map((code) => ({ code, href: `${req.path}?lang=${code}` }));
      pages.ask(res, 'answering/opt-out', view, { ...letter, languages });
    };

  router.get('/u/:token', show(false));
  router.post('/u/:token', urlencoded({ extended: false, limit: '10kb', parameterLimit: 10 }), show(true));
  router.use('/u', (_req, _res, next) => next(new NotFound()));
  return router;
}

/** A mail program's one click names no wish: then nothing at all. */
function wishOf(body: unknown): OptOutWish {
  const { wish } = (body ?? {}) as { wish?: unknown };
  return OPT_OUT_WISHES.find((each) => each === wish) ?? 'all';
}
