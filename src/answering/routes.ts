import { Router } from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { NotFound } from '../shared/errors.ts';
import { pageAt } from '../questionnaires/index.ts';
import type { ContactWish } from '../responses/index.ts';
import { limited, postedForm, sameOrigin, statusOf, type Pages } from '../web/index.ts';
import type { Answering } from './interface.ts';
import { CHECK, CONTACT, GUESSES, THANKS } from './rules.ts';
import { createShowing, type Showing } from './showing-routes.ts';
import { addressOf, isComplete, type Visit } from './visit.ts';

interface AnsweringRoutes {
  answering: Answering;
  pages: Pages;
  baseUrl: string;
}

/** The longest answer that is allowed, in the longest emoji there are, percent-encoded: just under a megabyte. */
const BODY_LIMIT = '1mb';
type Opened<Result = void> = (visit: Visit, req: Asking, res: Response) => Result;
type Asking = Request<{ token: string; page?: string }>;

/**
 * The questionnaire behind a personal link. No cookies; reading changes nothing.
 * One route for all pages: every answer passes here, and the router tries each path that stands before.
 */
export function answeringRoutes({ answering, pages, baseUrl }: AnsweringRoutes): Router {
  const router = Router();
  const showing = createShowing(pages, limited(GUESSES));
  const visiting =
    (use: Opened<void | Promise<void>>): RequestHandler<{ token: string; page?: string }> =>
    async (req, res, next) => {
      const { token } = req.params;
      const opened = await answering.open(token, textOf(req.query.lang), req.headers['accept-language']);
      if ('because' in opened) return showing.closed(opened, req as Request, res, next);
      await use(opened, req, res);
    };
  router
    .route('/q/:token{/:page}')
    .get(visiting(reading(showing)))
    .post(
      sameOrigin(baseUrl),
      ...postedForm({ limit: BODY_LIMIT, fields: 200 }),
      visiting(writing(showing, answering)),
    );
  router.use('/q', (_req, _res, next) => next(new NotFound()));
  router.use(refused(answering, showing));
  return router;
}

/** The check before sending, the thanks, and the questions; without a page, where somebody stands. */
function reading(showing: Showing): Opened {
  const check: Opened = (visit, _req, res) => {
    if (!visit.open || (!visit.found && !visit.preview)) return home(visit, res);
    showing.check(visit, res);
  };
  const thanks: Opened = (visit, req, res) => {
    if (!isComplete(visit) && !visit.preview) return home(visit, res);
    showing.thanks(visit, res, req.query.saved === '1');
  };
  const question: Opened = (visit, req, res) => {
    const page = pageAt(visit.definition, visit.answers, req.params.page ?? '');
    if (!page || !visit.open) return home(visit, res);
    showing.question(visit, page, req.query.changing === '1', res);
  };
  const pages = new Map([
    [CHECK, check],
    [THANKS, thanks],
  ]);
  return (visit, req, res) => {
    if (req.params.page === undefined) return showing.next(visit, res);
    (pages.get(req.params.page) ?? question)(visit, req, res);
  };
}

/** The sending, the wish to be called, and the answers. */
function writing(showing: Showing, answering: Answering): Opened<Promise<void>> {
  const send: Opened<Promise<void>> = async (visit, _req, res) => {
    const { missing } = await answering.send(visit);
    seeOther(res, addressOf(visit, missing ?? THANKS));
  };
  const wish: Opened<Promise<void>> = async (visit, req, res) => {
    const chosen = textOf(fieldsOf(req).contact);
    if (!isWish(chosen)) {
      return showing.thanks(visit, res, false, { errors: { contact: { key: 'answering.contact.choose' } } });
    }
    await answering.saveContactWish(visit, chosen);
    seeOther(res, addressOf(visit, THANKS, { saved: '1' }));
  };
  const answer: Opened<Promise<void>> = async (visit, req, res) => {
    const answered = await answering.answer(visit, req.params.page ?? '', req.body);
    if (!answered) return home(visit, res);
    if (!answered.ok) return showing.question(visit, answered.page, fieldsOf(req).changing === '1', res, answered);
    // The answer has kept the language: the address need not carry it on.
    const from = visit.preview ? visit : { ...visit, chosen: undefined };
    seeOther(res, addressOf(from, answered.next));
  };
  const pages = new Map([
    [CHECK, send],
    [CONTACT, wish],
  ]);
  return async (visit, req, res) => {
    if (req.params.page === undefined) throw new NotFound();
    if (!visit.open) return home(visit, res);
    await (pages.get(req.params.page) ?? answer)(visit, req, res);
  };
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

function fieldsOf({ body }: Asking): Record<string, unknown> {
  return (body ?? {}) as Record<string, unknown>;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isWish(value: string | undefined): value is ContactWish {
  return value === 'phone' || value === 'mail' || value === 'no';
}
