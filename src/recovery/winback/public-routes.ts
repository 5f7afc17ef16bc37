import { Router, urlencoded, type RequestHandler } from 'express';
import { closedLetter, howPosted } from '../../answering/index.ts';
import type { RecoveryWeb } from '../web.ts';

export interface OptOutView {
  action: string;
  done: boolean;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/opt-out': OptOutView;
  }
}

/**
 * The opt-out link at the end of a letter that would win somebody back. Opening it shows a form; posting to it opts
 * out, from the form or by a mail program's one click (RFC 8058). Other tokens are somebody else's.
 */
export function winbackOptOut(web: RecoveryWeb): Router {
  const { recovery, pages, texts, accounts, customers, storage } = web;
  const router = Router();

  const show =
    (act: boolean): RequestHandler =>
    async (req, res, next) => {
      const found = await recovery.winback.letters.optOutOf(String(req.params.token));
      if (!found) return next();
      if (act)
        await storage.transaction((tx) => customers.unsubscribe(tx, found.letter.customer_id, howPosted(req.body)));
      const t = texts.to(found.language);
      const company = await accounts.company();
      const business = { ...company, logo: null };
      const page = closedLetter({ business, t }, t('winback.optOut.heading'));
      pages.ask(res, 'recovery/opt-out', { action: req.path, done: act }, page);
    };

  router.get('/u/:token', show(false));
  router.post('/u/:token', urlencoded({ extended: false, limit: '10kb', parameterLimit: 10 }), show(true));
  return router;
}
