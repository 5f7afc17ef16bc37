import { Router, urlencoded } from 'express';
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';
import { NotFound } from '../shared/errors.ts';
import { firstUnanswered, pageAt, pageKey, type PageRef } from '../questionnaires/index.ts';
import type { ContactWish } from '../responses/index.ts';
import { limited, noStore, sameOrigin, statusOf, type Pages } from '../web/index.ts';
import type { Rejected } from './field-views.ts';
import { optOutRoutes } from './opt-out-routes.ts';
import { questionPage } from './question-views.ts';
import { CHECK, CONTACT, THANKS } from './rules.ts';
import type { Answering } from './service.ts';
import { checkPage, closedLetter, closedPage, letterOf, refusedPage, thanksPage } from './views.ts';
import { addressOf, isComplete, type Closed, type Visit } from './visit.ts';

export interface AnsweringRoutes {
  answering: Answering;
  pages: Pages;
  baseUrl: string;
}

/** The longest answer that is allowed, in the longest emoji there are, percent-encoded: just under a megabyte. */
const BODY_LIMIT = '1mb';
/** Tokens that we never made, from one address: far more than anybody mistypes, far fewer than guessing needs. */
const GUESSES = { most: 60, minutes: 10 };

type Visiting = (visit: Visit, req: Request, res: Response) => void | Promise<void>;

/** The questionnaire behind a personal link, and the way out of the mailings. No cookies; reading changes nothing. */
export function answeringRoutes({ answering, pages, baseUrl }: AnsweringRoutes): Router {
  const router = Router();
  const guess = limited(GUESSES);
  const body: RequestHandler[] = [
    sameOrigin(baseUrl),
    urlencoded({ extended: false, limit: BODY_LIMIT, parameterLimit: 200 }) as RequestHandler,
  ];

  const open = (req: Request) =>
    answering.open(String(req.params.token), textOf(req.query.lang), req.headers['accept-language']);

  const visiting =
    (use: Visiting): RequestHandler =>
    async (req, res, next) => {
      const opened = await open(req);
      if ('because' in opened) return sayClosed(opened, req, res, next);
      await use(opened, req, res);
    };

  function sayClosed(closed: Closed, req: Request, res: Response, next: NextFunction): void {
    const show = (error?: unknown) => {
      if (error) return next(error);
      const view = closedPage(closed);
      const status = closed.because === 'unknown' ? 404 : 410;
      pages.ask(res, 'answering/closed', view, { ...closedLetter(closed, view.heading), status });
    };
    if (closed.because === 'unknown') void guess(req, res, show);
    else show();
  }

  function showQuestion(visit: Visit, page: PageRef, changing: boolean, res: Response, rejected?: Rejected): void {
    const view = questionPage(visit, page, { changing, rejected });
    const title = rejected ? visit.t('answering.error', { title: view.heading }) : view.place;
    const letter = letterOf(visit, title, pageKey(page), changing ? { changing: '1' } : undefined);
    const scripts = view.open ? ['counter'] : [];
    pages.ask(res, 'answering/question', view, { ...letter, scripts, status: rejected ? 422 : 200 });
  }

  const showCheck = (visit: Visit, res: Response) => {
    const view = checkPage(visit);
    pages.ask(res, 'answering/check', view, letterOf(visit, view.heading, CHECK));
  };

  function showThanks(visit: Visit, res: Response, saved: boolean, rejected?: Pick<Rejected, 'errors'>): void {
    const { t } = visit;
    const title = t('answering.thanks.title');
    const view = thanksPage(visit, saved, rejected?.errors);
    const letter = letterOf(visit, rejected ? t('answering.error', { title }) : title, THANKS);
    pages.ask(res, 'answering/thanks', view, { ...letter, status: rejected ? 422 : 200 });
  }

  /** Where somebody stands: the first open question, the check before sending, or the thanks. */
  function showNext(visit: Visit, res: Response): void {
    if (isComplete(visit)) return showThanks(visit, res, false);
    const page = firstUnanswered(visit.definition, visit.preview ? new Map() : visit.answers);
    if (page) showQuestion(visit, page, false, res);
    else showCheck(visit, res);
  }

  const home = (visit: Visit, res: Response) => seeOther(res, addressOf(visit));

  router.use(['/q', '/u'], noStore);
  router.get(
    '/q/:token',
    visiting((visit, _req, res) => showNext(visit, res)),
  );
  router.get(
    `/q/:token/${CHECK}`,
    visiting((visit, _req, res) => {
      if (!visit.open || (!visit.found && !visit.preview)) return home(visit, res);
      showCheck(visit, res);
    }),
  );
  router.get(
    `/q/:token/${THANKS}`,
    visiting((visit, req, res) => {
      if (!isComplete(visit) && !visit.preview) return home(visit, res);
      showThanks(visit, res, req.query.saved === '1');
    }),
  );
  router.get(
    '/q/:token/:page',
    visiting((visit, req, res) => {
      const page = pageAt(visit.definition, visit.answers, String(req.params.page));
      if (!page || !visit.open) return home(visit, res);
      showQuestion(visit, page, req.query.changing === '1', res);
    }),
  );

  router.post(
    `/q/:token/${CHECK}`,
    body,
    visiting(async (visit, _req, res) => {
      if (!visit.open) return home(visit, res);
      const { missing } = await answering.send(visit);
      seeOther(res, addressOf(visit, missing ?? THANKS));
    }),
  );
  router.post(
    `/q/:token/${CONTACT}`,
    body,
    visiting(async (visit, req, res) => {
      if (!visit.open) return home(visit, res);
      const wish = textOf((req.body as Record<string, unknown> | undefined)?.contact);
      if (!isWish(wish))
        return showThanks(visit, res, false, { errors: { contact: { key: 'answering.contact.choose' } } });
      await answering.saveContactWish(visit, wish);
      seeOther(res, addressOf(visit, THANKS, { saved: '1' }));
    }),
  );
  router.post(
    '/q/:token/:page',
    body,
    visiting(async (visit, req, res) => {
      if (!visit.open) return home(visit, res);
      const answered = await answering.answer(visit, String(req.params.page), req.body);
      if (!answered) return home(visit, res);
      const changing = (req.body as Record<string, unknown> | undefined)?.changing === '1';
      if (!answered.ok) return showQuestion(visit, answered.page, changing, res, answered);
      // The answer has kept the language: the address need not carry it on.
      const from = visit.preview ? visit : { ...visit, chosen: undefined };
      seeOther(res, addressOf(from, answered.next));
    }),
  );

  router.use(optOutRoutes({ answering, pages, guess }));

  /** Too much at once, or sent from another site: said in the customer's language, with the way back. */
  const refused: ErrorRequestHandler = async (error: unknown, req, res, next) => {
    const status = statusOf(error);
    const token = /^\/q\/([^/?]+)/.exec(req.path)?.[1];
    if (!token || (status !== 413 && status !== 403) || res.headersSent) return next(error);
    const opened = await answering.open(token, textOf(req.query.lang), req.headers['accept-language']);
    if ('because' in opened) return next(new NotFound());
    const view = refusedPage(opened, status);
    pages.ask(res, 'answering/closed', view, { ...letterOf(opened, view.heading), status });
  };
  router.use(refused);
  return router;
}

/** Express's redirect negotiates a body that no browser shows. */
function seeOther(res: Response, address: string): void {
  res.statusCode = 303;
  res.setHeader('Location', address);
  res.end();
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isWish(value: string | undefined): value is ContactWish {
  return value === 'phone' || value === 'mail' || value === 'no';
}
