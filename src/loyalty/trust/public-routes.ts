import { Router, urlencoded, type Request, type RequestHandler, type Response } from 'express';
import { closedLetter, howPosted } from '../../answering/index.ts';
import { languages, isLanguage } from '../../i18n/index.ts';
import type { FieldErrors, Result } from '../../shared/errors.ts';
import { limited, sameOrigin } from '../../web/index.ts';
import { unknownLink } from '../opt-out-routes.ts';
import type { LoyaltyWeb } from '../web.ts';
import { readReference, readVouching, readWord, type Fields } from './public-forms.ts';
import { trustNoPage, trustPage } from './public-views.ts';
import type { AskRow } from './interface.ts';

const BODY = { extended: false, limit: '50kb', parameterLimit: 20 };
const GUESSES = { most: 60, minutes: 10 };
const POSTS = { most: 60, minutes: 10 };

type Use = (ask: AskRow, req: Request, res: Response) => Promise<void>;
type Wrap = (use: Use) => RequestHandler;

/**
 * Where somebody who is happy with us can put in a word, be a reference, or say no with one press. No cookies, no
 * scripts; reading changes nothing. We keep no addresses of people who have not given them to us themselves.
 */
export function publicTrustRoutes(web: LoyaltyWeb): Router {
  const asked = askedBy(web);
  const router = Router();
  router.post('/r/:token/:what', limited(POSTS), urlencoded(BODY));
  router.get(
    '/r/:token',
    asked((ask, req, res) => showPage(web, ask, req, res)),
  );
  refusalRoutes(router, web, asked);
  // All else comes from our own page.
  router.post('/r/:token/:what', sameOrigin(web.baseUrl));
  answerRoutes(router, web, asked);
  return router;
}

/** Whoever follows a link that leads nowhere may do so only so often. */
function askedBy(web: LoyaltyWeb): Wrap {
  const guess = limited(GUESSES);
  return (use) => async (req, res, next) => {
    const ask = await web.loyalty.trust.byToken(String(req.params.token));
    const customer = ask && (await web.customers.find(ask.customer_id));
    if (ask && customer && customer.erasedAt === null) return await use(ask, req, res);
    guess(req, res, (error?: unknown) => {
      if (error) return next(error);
      void unknownLink(web, req, res).catch(next);
    });
  };
}

/** Saying no, with one press. */
function refusalRoutes(router: Router, web: LoyaltyWeb, asked: Wrap): void {
  router.get(
    '/r/:token/no',
    asked(async (ask, req, res) => {
      const business = await web.accounts.company();
      const t = web.texts.to(isLanguage(req.query.lang) ? req.query.lang : ask.language);
      const path = pathOf(req);
      const view = trustNoPage(path, queryOf(req), business.name || t('mail.us'), t);
      const offered = languages.map(({ code }) => ({ code, href: `${path}/no?lang=${code}` }));
      web.pages.ask(res, 'loyalty/trust-no', view, {
        ...closedLetter({ business, t }, view.heading),
        languages: offered,
      });
    }),
  );
  // From the page, or by a mail program's one click (RFC 8058), which comes from anywhere.
  router.post(
    '/r/:token/no',
    asked(async (ask, req, res) => {
      await web.loyalty.trust.decline(ask, 'link');
      const how = howPosted(req.body);
      if (how !== 'oneClick') return home(req, res);
      await web.storage.transaction((tx) => web.customers.unsubscribe(tx, ask.customer_id, how));
      // Mail programs follow no redirect.
      await showPage(web, ask, req, res);
    }),
  );
}

/** Putting in a word, being a reference, and the ways back. */
function answerRoutes(router: Router, web: LoyaltyWeb, asked: Wrap): void {
  const { trust } = web.loyalty;
  /** Whoever has said no is asked nothing more. */
  const saying = <T>(read: (fields: Fields) => Result<T>, keep: (ask: AskRow, value: T) => Promise<void>) =>
    asked(async (ask, req, res) => {
      const { declined } = await trust.ofCustomer(web.storage.read, ask.customer_id);
      if (declined) return home(req, res);
      const given = read(fieldsOf(req));
      if (!given.ok) return await showPage(web, ask, req, res, { typed: fieldsOf(req), errors: given.errors });
      await keep(ask, given.value);
      home(req, res);
    });
  const takingBack = (act: (ask: AskRow) => Promise<void>) =>
    asked(async (ask, req, res) => {
      await act(ask);
      home(req, res);
    });

  const word = saying(readWord, (ask, words) => trust.refer(ask.customer_id, ask.id, words));
  const vouching = saying(readVouching, (ask, words) => trust.vouch(ask, words));
  const reference = saying(readReference, (ask, terms) => trust.beReference(ask.customer_id, ask, terms));
  router.post('/r/:token/word', word);
  router.post('/r/:token/vouching', vouching);
  router.post('/r/:token/reference', reference);
  router.post(
    '/r/:token/no-reference',
    takingBack((ask) => trust.endReference(ask.customer_id)),
  );
  router.post(
    '/r/:token/again',
    takingBack((ask) => trust.takeDeclineBack(ask)),
  );
}

async function showPage(
  { loyalty, storage, accounts, texts, pages }: LoyaltyWeb,
  ask: AskRow,
  req: Request,
  res: Response,
  rejected?: { typed: object; errors: FieldErrors },
): Promise<void> {
  const company = await accounts.company();
  const t = texts.to(isLanguage(req.query.lang) ? req.query.lang : ask.language);
  const path = pathOf(req);
  const trust = await loyalty.trust.ofCustomer(storage.read, ask.customer_id);
  const view = trustPage(
    { ask, path, query: queryOf(req), trust, company, saved: req.query.saved === '1', ...rejected },
    t,
  );
  const offered = languages.map(({ code }) => ({ code, href: `${path}?lang=${code}` }));
  const around = { ...closedLetter({ business: company, t }, view.heading), languages: offered };
  pages.ask(res, 'loyalty/trust', view, { ...around, status: rejected ? 422 : 200 });
}

/** The language that they chose goes along. */
const queryOf = (req: Request): string => (isLanguage(req.query.lang) ? `?lang=${req.query.lang}` : '');

const pathOf = (req: Request): string => `/r/${String(req.params.token)}`;

function home(req: Request, res: Response): void {
  res.statusCode = 303;
  res.setHeader('Location', `${pathOf(req)}?saved=1${queryOf(req).replace('?', '&')}`);
  res.end();
}

const fieldsOf = ({ body }: Request): Fields => (body ?? {}) as Fields;
