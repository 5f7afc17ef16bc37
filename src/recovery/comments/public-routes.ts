import { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import { closedPage, openLetter } from '../../answering/index.ts';
import type { Company } from '../../accounts/index.ts';
import { isLanguage, languageCodes, negotiate, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { limited, receivedFile, sameOrigin, statusOf } from '../../web/index.ts';
import { MOST_FILE_BYTES } from '../attachments/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { TELL_US, tellUsPage, thanksPage } from './public-views.ts';

/** Comments from one address: a family, a shop's counter, an office behind one line. */
const SENT = { most: 20, minutes: 30 };
/** Links to thanks that we never made. */
const GUESSES = { most: 60, minutes: 10 };
const FIELDS = { fields: 20, parts: 25, fieldSize: 256 * 1024, fileSize: MOST_FILE_BYTES };

interface Asking {
  company: Company;
  t: Translate;
}

/** Where anybody can tell us something: no cookies, no scripts, and opening it changes nothing. */
export function tellUsRoutes(web: RecoveryWeb): Router {
  const { recovery, pages } = web;
  const { comments } = recovery;
  const router = Router();
  const guess = limited(GUESSES);

  router.get(TELL_US, async (req, res) => {
    await show(web, await asking(web, req), res);
  });

  router.post(TELL_US, sameOrigin(web.baseUrl), limited(SENT), async (req, res) => {
    const who = await asking(web, req);
    if (!(await comments.settings()).on) return notHere(web, who, res);
    const upload = await receivedFile(req, res, 'file', FIELDS);
    const body: unknown = req.body;
    const taken = await comments.receive({ body, upload, language: who.t.language });
    if (!taken.ok) return await show(web, who, res, { ...taken, typed: body });
    res.statusCode = 303;
    res.setHeader('Location', `${TELL_US}/thanks/${taken.token}?lang=${who.t.language}`);
    res.end();
  });

  router.get(`${TELL_US}/thanks/:token`, async (req, res, next) => {
    const sent = await comments.sent(String(req.params.token));
    const { company, t } = await asking(web, req, sent?.comment.language);
    if (!sent) {
      return void guess(req as Request, res, (error?: unknown) =>
        error ? next(error) : unknown(web, { company, t }, res),
      );
    }
    const view = thanksPage(sent, { company, settings: await comments.settings() }, t);
    pages.ask(res, 'comments/thanks', view, openLetter({ business: company, t }, view.heading));
  });

  router.use(TELL_US, refused(web));
  return router;
}

/** The language of the address, else the one that it was written in, else the browser's. */
async function asking({ accounts, texts }: RecoveryWeb, req: Pick<Request, 'query' | 'headers'>, written?: string) {
  const company = await accounts.company();
  const { lang } = req.query;
  const asked = isLanguage(lang) ? lang : isLanguage(written) ? written : undefined;
  const language = asked ?? negotiate(req.headers['accept-language'], languageCodes, company.defaultLanguage);
  return { company, t: texts.to(language) };
}

interface Rejected {
  typed: unknown;
  errors: FieldErrors;
  stamp: string;
}

async function show(web: RecoveryWeb, { company, t }: Asking, res: Response, rejected?: Rejected): Promise<void> {
  const { comments } = web.recovery;
  const settings = await comments.settings();
  if (!settings.on) return notHere(web, { company, t }, res);
  const stamp = rejected?.stamp ?? comments.stamp();
  const kinds = await comments.kindsIn(t.language);
  const { typed, errors } = rejected ?? {};
  const view = tellUsPage({ company, settings, kinds, stamp, typed, errors }, t);
  const heading = t('comments.title');
  const title = rejected ? t('answering.error', { title: heading }) : heading;
  web.pages.ask(res, 'comments/tell-us', view, {
    ...openLetter({ business: company, t }, title),
    languages: languageCodes.map((code) => ({ code, href: `${TELL_US}?lang=${code}` })),
    status: rejected ? 422 : 200,
  });
}

/** Where the business has not opened the page: how to reach it all the same. */
function notHere(web: RecoveryWeb, who: Asking, res: Response): void {
  closedWith(web, who, res, { key: 'off', status: 404 });
}

function unknown({ pages }: RecoveryWeb, { company, t }: Asking, res: Response): void {
  const view = closedPage({ because: 'unknown', business: company, t });
  pages.ask(res, 'answering/closed', view, { ...openLetter({ business: company, t }, view.heading), status: 404 });
}

interface Because {
  key: 'off' | 'tooLarge' | 'tooMany' | 'crossSite';
  status: number;
}

function closedWith({ pages }: RecoveryWeb, { company, t }: Asking, res: Response, { key, status }: Because): void {
  const ways = [company.telephone, company.email].filter(Boolean).join(', ');
  const text = [t(`comments.refused.${key}.text`), ...(ways ? [t('comments.refused.ways', { ways })] : [])];
  const link = key === 'off' ? null : { href: `${TELL_US}?lang=${t.language}`, text: t('comments.refused.back') };
  const view = { heading: t(`comments.refused.${key}.heading`), text, link };
  pages.ask(res, 'answering/closed', view, { ...openLetter({ business: company, t }, view.heading), status });
}

const REFUSED: Record<number, Because['key']> = { 400: 'tooLarge', 403: 'crossSite', 413: 'tooLarge', 429: 'tooMany' };

/** Too much at once, too often, or from another site: said in the customer's language, with other ways to reach us. */
function refused(web: RecoveryWeb): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    const status = statusOf(error);
    const key = REFUSED[status];
    if (!key || res.headersSent) return next(error);
    closedWith(web, await asking(web, req), res, { key, status });
  };
}
