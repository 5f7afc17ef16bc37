import { Router, urlencoded, type Request, type RequestHandler, type Response } from 'express';
import { closedLetter } from '../../answering/index.ts';
import { cleanLine, cleanText, isBlank, lengthOf } from '../../questionnaires/index.ts';
import { languages, isLanguage } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { limited, noStore, sameOrigin } from '../../web/index.ts';
import { unknownLink } from '../opt-out-routes.ts';
import type { LoyaltyWeb } from '../web.ts';
import { MOST_A_YEAR, trustNoPage, trustPage } from './public-views.ts';
import { givesAway } from './rules.ts';
import type { AskRow } from './interface.ts';

const BODY = { extended: false, limit: '50kb', parameterLimit: 20 };
const GUESSES = { most: 60, minutes: 10 };
const POSTS = { most: 60, minutes: 10 };
const MOST_WORDS = 500;
const MOST_TOPICS = 300;

type Use = (ask: AskRow, req: Request, res: Response) => Promise<void>;

/**
 * Where somebody who is happy with us can put in a word, be a reference, or say no with one press. No cookies, no
 * scripts; reading changes nothing. We keep no addresses of people who have not given them to us themselves.
 */
export function publicTrustRoutes(web: LoyaltyWeb): Router {
  const { trust } = web.loyalty;
  const router = Router();
  const guess = limited(GUESSES);
  const posts = limited(POSTS);
  const own = [sameOrigin(web.baseUrl), posts, urlencoded(BODY)];

  const asked =
    (use: Use): RequestHandler =>
    async (req, res, next) => {
      const ask = await trust.byToken(String(req.params.token));
      const customer = ask && (await web.customers.find(ask.customer_id));
      if (ask && customer && customer.erasedAt === null) return await use(ask, req, res);
      guess(req, res, (error?: unknown) => {
        if (error) return next(error);
        void unknownLink(web, req, res).catch(next);
      });
    };
  const show = (ask: AskRow, req: Request, res: Response, rejected?: { typed: object; errors: FieldErrors }) =>
    showPage(web, ask, req, res, rejected);
  const changing = (use: Use): RequestHandler =>
    asked(async (ask, req, res) => {
      const { declined } = await trust.ofCustomer(web.storage.read, ask.customer_id);
      if (declined) return home(req, res);
      await use(ask, req, res);
    });

  router.use('/r/:token', noStore);
  router.get(
    '/r/:token',
    asked((ask, req, res) => show(ask, req, res)),
  );
  router.get(
    '/r/:token/no',
    asked(async (ask, req, res) => {
      const business = await web.accounts.company();
      const t = web.texts.in(ask.language);
      const view = trustNoPage(pathOf(req), business.name || t('mail.us'), t);
      web.pages.ask(res, 'loyalty/trust-no', view, closedLetter({ business, t }, view.heading));
    }),
  );
  // From the page, or by a mail program's one click (RFC 8058), which comes from anywhere.
  router.post(
    '/r/:token/no',
    posts,
    urlencoded(BODY),
    asked(async (ask, req, res) => {
      await trust.decline(ask, 'link');
      const oneClick = fieldsOf(req)['List-Unsubscribe'] === 'One-Click';
      if (!oneClick) return home(req, res);
      await web.storage.transaction((tx) => web.customers.unsubscribe(tx, ask.customer_id, 'link'));
      // Mail programs follow no redirect.
      await show(ask, req, res);
    }),
  );
  router.post(
    '/r/:token/again',
    ...own,
    asked(async (ask, req, res) => {
      await trust.takeDeclineBack(ask);
      home(req, res);
    }),
  );
  router.post(
    '/r/:token/word',
    ...own,
    changing(async (ask, req, res) => {
      const { words: given } = fieldsOf(req);
      const words = cleanText(typeof given === 'string' ? given : '');
      const wrong = wordsFault(words);
      if (wrong) return await show(ask, req, res, { typed: fieldsOf(req), errors: { words: wrong } });
      await trust.refer(ask.customer_id, ask.id, words);
      home(req, res);
    }),
  );
  router.post(
    '/r/:token/vouching',
    ...own,
    changing(async (ask, req, res) => {
      const { words: given } = fieldsOf(req);
      const words = cleanText(typeof given === 'string' ? given : '');
      const wrong = isBlank(words) ? { key: 'attentions.error.words' } : wordsFault(words);
      if (wrong) return await show(ask, req, res, { typed: fieldsOf(req), errors: { words: wrong } });
      await trust.vouch(ask, words);
      home(req, res);
    }),
  );
  router.post(
    '/r/:token/reference',
    ...own,
    changing(async (ask, req, res) => {
      const { often, way, topics: given } = fieldsOf(req);
      const aYear = Number(often);
      const topics = cleanLine(typeof given === 'string' ? given : '');
      const errors: FieldErrors = {};
      if (!Number.isInteger(aYear) || aYear < 1 || aYear > MOST_A_YEAR)
        errors.often = { key: 'attentions.error.choose' };
      if (way !== 'telephone' && way !== 'mail') errors.way = { key: 'attentions.error.choose' };
      if (lengthOf(topics) > MOST_TOPICS) errors.topics = { key: 'form.tooLong' };
      if (Object.keys(errors).length > 0 || (way !== 'telephone' && way !== 'mail')) {
        return await show(ask, req, res, { typed: fieldsOf(req), errors });
      }
      await trust.beReference(ask.customer_id, ask, { a_year: aYear, way, topics });
      home(req, res);
    }),
  );
  router.post(
    '/r/:token/no-reference',
    ...own,
    asked(async (ask, req, res) => {
      await trust.endReference(ask.customer_id);
      home(req, res);
    }),
  );
  return router;
}

function wordsFault(words: string) {
  if (lengthOf(words) > MOST_WORDS) return { key: 'form.tooLong' };
  return givesAway(words) ? { key: 'attentions.error.address' } : undefined;
}

async function showPage(
  { loyalty, storage, accounts, texts, pages }: LoyaltyWeb,
  ask: AskRow,
  req: Request,
  res: Response,
  rejected?: { typed: object; errors: FieldErrors },
): Promise<void> {
  const company = await accounts.company();
  const t = texts.in(isLanguage(req.query.lang) ? req.query.lang : ask.language);
  const path = pathOf(req);
  const trust = await loyalty.trust.ofCustomer(storage.read, ask.customer_id);
  const view = trustPage({ ask, path, trust, company, saved: req.query.saved === '1', ...rejected }, t);
  const offered = languages.map(({ code }) => ({ code, href: `${path}?lang=${code}` }));
  const around = { ...closedLetter({ business: company, t }, view.heading), languages: offered };
  pages.ask(res, 'loyalty/trust', view, { ...around, status: rejected ? 422 : 200 });
}

const pathOf = (req: Request): string => `/r/${String(req.params.token)}`;

function home(req: Request, res: Response): void {
  res.statusCode = 303;
  res.setHeader('Location', `${pathOf(req)}?saved=1`);
  res.end();
}

const fieldsOf = ({ body }: Request): Record<string, unknown> => (body ?? {}) as Record<string, unknown>;
