import { Router, urlencoded, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { closedPage, openLetter } from '../../answering/index.ts';
import { isLanguage, languageCodes, negotiate, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { limited, sameOrigin } from '../../web/index.ts';
import type { LoyaltyWeb } from '../web.ts';
import type { AlertLinkRow } from './alert.ts';
import { readAlert } from './rules.ts';
import { ALERT, publicAlertPage } from './views.ts';

/** A shop on a bad day. */
const SENT = { most: 30, minutes: 30 };
const GUESSES = { most: 60, minutes: 10 };

interface Asking {
  company: Awaited<ReturnType<LoyaltyWeb['accounts']['company']>>;
  t: Translate;
}

/** Reporting by a shop's link: no account, no cookies, and nothing of any customer to be seen. */
export function shopAlertRoutes(web: LoyaltyWeb): Router {
  const { alerts } = web.loyalty;
  const router = Router();
  const guess = limited(GUESSES);
  const sent = limited({ ...SENT, by: (req) => String(req.params.token) });
  const form = urlencoded({ extended: false, limit: '64kb', parameterLimit: 20 }) as RequestHandler;

  const opening =
    (use: (link: AlertLinkRow, who: Asking, req: Request, res: Response) => Promise<void> | void) =>
    async (req: Request, res: Response, next: NextFunction) => {
      const link = await alerts.openLink(String(req.params.token));
      const who = await asking(web, req);
      if (link) return await use(link, who, req, res);
      void guess(req, res, (error?: unknown) => (error ? next(error) : closed(web, who, res)));
    };

  router.get(
    `${ALERT}/:token`,
    opening((_link, who, req, res) => show(web, who, req, res)),
  );
  router.post(
    `${ALERT}/:token`,
    sameOrigin(web.baseUrl),
    sent,
    form,
    opening(async (link, who, req, res) => {
      const read = readAlert(req.body, true);
      if (!read.ok) return show(web, who, req, res, read.errors);
      const { who: customer, what, name } = read.value;
      const [only, ...others] = await alerts.candidates(customer);
      const customerId = only && others.length === 0 ? only.id : null;
      const { language } = who.t;
      await alerts.report({ linkId: link.id, name }, { who: customer, what, customerId, language });
      res.statusCode = 303;
      res.setHeader('Location', `${req.path}?sent=1&lang=${language}`);
      res.end();
    }),
  );
  return router;
}

async function asking({ accounts, texts }: LoyaltyWeb, { query, headers }: Request): Promise<Asking> {
  const company = await accounts.company();
  const { lang } = query;
  const language = isLanguage(lang)
    ? lang
    : negotiate(headers['accept-language'], languageCodes, company.defaultLanguage);
  return { company, t: texts.in(language) };
}

function show({ pages }: LoyaltyWeb, { company, t }: Asking, req: Request, res: Response, errors?: FieldErrors): void {
  const action = `${req.path}?lang=${t.language}`;
  const typed: unknown = errors ? req.body : undefined;
  const view = publicAlertPage({ action, sent: req.query.sent === '1' && !errors, typed, errors }, t);
  const heading = t('alerts.title');
  pages.ask(res, 'alerts/public', view, {
    ...openLetter({ business: company, t }, errors ? t('answering.error', { title: heading }) : heading),
    languages: languageCodes.map((code) => ({ code, href: `${req.path}?lang=${code}` })),
    status: errors ? 422 : 200,
  });
}

function closed({ pages }: LoyaltyWeb, { company, t }: Asking, res: Response): void {
  const view = { ...closedPage({ because: 'unknown', business: company, t }), text: [t('alerts.link.closed')] };
  pages.ask(res, 'answering/closed', view, { ...openLetter({ business: company, t }, view.heading), status: 404 });
}
