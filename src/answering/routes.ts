import { Router, urlencoded } from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { NotFound } from '../shared/errors.ts';
import { pageAt } from '../questionnaires/index.ts';
import type { ContactWish } from '../responses/index.ts';
import { limited, noStore, sameOrigin, statusOf, type Pages } from '../web/index.ts';
import type { Answering } from './interface.ts';
import { optOutRoutes } from './opt-out-routes.ts';
import { CHECK, CONTACT, THANKS } from './rules.ts';
import { createShowing, type Showing } from './showing-routes.ts';
import { addressOf, isComplete, type Visit } from './visit.ts';

export interface AnsweringRoutes {
  answering: Answering;
  pages: Pages;
  baseUrl: string;
}

/** The longest answer that is allowed, in the longest emoji there are, percent-encoded: just under a megabyte. */
const BODY_LIMIT = '1mb';
/** Tokens that we never made, from one address: far more than anybody mistypes, far fewer than guessing needs. */
const GUESSES = { most: 60, minutes: 10 };

type Visiting = (
  use: (visit: Visit, req: Request, res: Response) => void | Promise<void>,
) => RequestHandler<{ token: string; page?: string }>;

/** The questionnaire behind a personal link, and the way out of the mailings. No cookies; reading changes nothing. */
export function answeringRoutes({ answering, pages, baseUrl }: AnsweringRoutes): Router {
  const router = Router();
  const guess = limited(GUESSES);
  const showing = createShowing(pages, guess);
  const body = [
    sameOrigin(baseUrl),
    urlencoded({ extended: false, limit: BODY_LIMIT, parameterLimit: 200 }) as RequestHandler,
  ];
  const visiting: Visiting = (use) => async (req, res, next) => {
    const { token } = req.params;
    const opened = await answering.open(token, textOf(req.query.lang), req.headers['accept-language']);
    if ('because' in opened) return showing.closed(opened, req as Request, res, next);
    await use(opened, req as Request, res);
  };
  router.use(['/q', '/u'], noStore);
  readingRoutes(router, visiting, showing);
  router.post(['/q/:token', '/q/:token/:page'], body);
  writingRoutes(router, visiting, showing, answering);
  router.use(optOutRoutes({ answering, pages, guess }));
  router.use(['/q', '/u'], (_req, _res, next) => next(new NotFound()));
  router.use(refused(answering, showing));
  return router;
}

function readingRoutes(router: Router, visiting: Visiting, showing: Showing): void {
  router.get(
    '/q/:token',
    visiting((visit, _req, res) => showing.next(visit, res)),
  );
  router.get(
    `/q/:token/${CHECK}`,
    visiting((visit, _req, res) => {
      if (!visit.open || (!visit.found && !visit.preview)) return home(visit, res);
      showing.check(visit, res);
    }),
  );
  router.get(
    `/q/:token/${THANKS}`,
    visiting((visit, req, res) => {
      if (!isComplete(visit) && !visit.preview) return home(visit, res);
      showing.thanks(visit, res, req.query.saved === '1');
    }),
  );
  router.get(
    '/q/:token/:page',
    visiting((visit, req, res) => {
      const page = pageAt(visit.definition, visit.answers, String(req.params.page));
      if (!page || !visit.open) return home(visit, res);
      showing.question(visit, page, req.query.changing === '1', res);
    }),
  );
}

function writingRoutes(router: Router, visiting: Visiting, showing: Showing, answering: Answering): void {
  router.post(
    `/q/:token/${CHECK}`,
    visiting(async (visit, _req, res) => {
      if (!visit.open) return home(visit, res);
      const { missing } = await answering.send(visit);
      seeOther(res, addressOf(visit, missing ?? THANKS));
    }),
  );
  router.post(
    `/q/:token/${CONTACT}`,
    visiting(async (visit, req, res) => {
      if (!visit.open) return home(visit, res);
      const wish = textOf(fieldsOf(req).contact);
      if (!isWish(wish)) {
        return showing.thanks(visit, res, false, { errors: { contact: { key: 'answering.contact.choose' } } });
      }
      await answering.saveContactWish(visit, wish);
      seeOther(res, addressOf(visit, THANKS, { saved: '1' }));
    }),
  );
  router.post(
    '/q/:token/:page',
    visiting(async (visit, req, res) => {
      if (!visit.open) return home(visit, res);
      const answered = await answering.answer(visit, String(req.params.page), req.body);
      if (!answered) return home(visit, res);
      if (!answered.ok) return showing.question(visit, answered.page, fieldsOf(req).changing === '1', res, answered);
      // The answer has kept the language: the address need not carry it on.
      const from = visit.preview ? visit : { ...visit, chosen: undefined };
      seeOther(res, addressOf(from, answered.next));
    }),
  );
}

/** Too much at once, or sent from another site: said in the customer's language, with the way back. */
function refused(answering: Answering, showing: Showing): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    const status = statusOf(error);
    const token = /^\/q\/([^/?]+)/.exec(req.path)?.[1];
    if (!token || (status !== 413 && status !== 403) || res.headersSent) return next(error);
    const opened = await answering.open(token, textOf(req.query.lang), req.headers['accept-language']);
    if ('because' in opened) return next(new NotFound());
    showing.refused(opened, status, res);
  };
}

const home = (visit: Visit, res: Response): void => seeOther(res, addressOf(visit));

/** Express's redirect negotiates a body that no browser shows. */
function seeOther(res: Response, address: string): void {
  res.statusCode = 303;
  res.setHeader('Location', address);
  res.end();
}

function fieldsOf({ body }: Request): Record<string, unknown> {
  return (body ?? {}) as Record<string, unknown>;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isWish(value: string | undefined): value is ContactWish {
  return value === 'phone' || value === 'mail' || value === 'no';
}
