import { Router, urlencoded, type Request, type RequestHandler, type Response } from 'express';
import { closedLetter, closedPage } from '../../answering/index.ts';
import { languageCodes, negotiate } from '../../i18n/index.ts';
import { Conflict, type FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { limited, sameOrigin } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { KIND } from './deps.ts';
import { instalmentsPage } from './instalments-views.ts';
import { LEAST_INSTALMENTS, isPossible, type Terms } from './plan-rules.ts';
import { readCall, readTerms, readWords, type Fields } from './public-forms.ts';
import { callPage, homePage, wordsPage } from './public-views.ts';
import { letterAround, pathOf, visitPlan, type PlanVisit } from './visit.ts';

const BODY = { extended: false, limit: '100kb', parameterLimit: 20 };
const GUESSES = { most: 60, minutes: 10 };
const POSTS = { most: 60, minutes: 10 };
const PATH = '/c/:token/plan';

type Use = (visit: PlanVisit, req: Request, res: Response) => Promise<void> | void;
type Wrap = (use: Use) => RequestHandler;

/**
 * The customer's own page about what they owe: a call at a time of their choosing, a plan, or their own words. No
 * cookies, no scripts; reading changes nothing, and everything chosen can be taken back.
 */
export function publicPaymentRoutes(web: RecoveryWeb): Router {
  const visiting = visitingOf(web);
  /** What is chosen needs a case that goes on. */
  const choosing: Wrap = (use) =>
    visiting(async (visit, req, res) => (visit.closed ? home(visit, res) : await use(visit, req, res)));

  const router = Router();
  // The link in every mail is that of the case; for this kind of case it leads here.
  router.get('/c/:token', async (req, res, next) => {
    const theCase = await web.recovery.cases.byToken(req.params.token);
    if (theCase?.kind !== KIND || theCase.customerId === null) return next();
    seeOther(res, pathOf({ token: req.params.token, chosen: undefined }));
  });
  router.get(
    PATH,
    visiting((visit, req, res) => {
      const view = homePage(visit, req.query.saved === '1');
      web.pages.ask(res, 'recovery/payment-home', view, letterAround(visit, view.heading));
    }),
  );
  // Whatever is posted comes from our own page, and not without end.
  router.post(`${PATH}/:what`, sameOrigin(web.baseUrl), limited(POSTS), urlencoded(BODY));
  callRoutes(router, web, choosing);
  wordsRoutes(router, web, choosing);
  instalmentsRoutes(router, web, choosing);
  answerRoutes(router, web, choosing);
  return router;
}

/** Whoever follows a link that leads nowhere may do so only so often. */
function visitingOf(web: RecoveryWeb): Wrap {
  const guess = limited(GUESSES);
  return (use) => async (req, res, next) => {
    const visit = await visitPlan(web, String(req.params.token), req.query.lang);
    if (visit) return await use(visit, req, res);
    guess(req, res, (error?: unknown) => {
      if (error) return next(error);
      void unknownLink(web, req, res).catch(next);
    });
  };
}

/** To be called, at a time of their choosing. */
function callRoutes(router: Router, { pages, recovery }: RecoveryWeb, choosing: Wrap): void {
  const show = (visit: PlanVisit, res: Response, typed?: object, errors?: FieldErrors) => {
    const page = letterAround(visit, visit.t('payment.way.call'), '/call', errors ? 422 : 200);
    pages.ask(res, 'recovery/payment-call', callPage(visit, typed, errors), page);
  };
  router.get(
    `${PATH}/call`,
    choosing((visit, _req, res) => show(visit, res)),
  );
  router.post(
    `${PATH}/call`,
    choosing(async (visit, req, res) => {
      const given = readCall(visit, fieldsOf(req));
      if (!given.ok) return show(visit, res, fieldsOf(req), given.errors);
      await recovery.payment.wishes.call(visit.theCase, given.value.slot, given.value.telephone);
      saved(visit, res);
    }),
  );
}

/** What happened, in their own words. */
function wordsRoutes(router: Router, { pages, recovery }: RecoveryWeb, choosing: Wrap): void {
  const show = (visit: PlanVisit, res: Response, typed?: object, errors?: FieldErrors) => {
    const page = letterAround(visit, visit.t('payment.way.words'), '/words', errors ? 422 : 200);
    pages.ask(res, 'recovery/payment-words', wordsPage(visit, typed, errors), page);
  };
  router.get(
    `${PATH}/words`,
    choosing((visit, _req, res) => show(visit, res)),
  );
  router.post(
    `${PATH}/words`,
    choosing(async (visit, req, res) => {
      const words = readWords(fieldsOf(req));
      if (!words.ok) return show(visit, res, fieldsOf(req), words.errors);
      await recovery.payment.wishes.tell(visit.theCase, words.value);
      saved(visit, res);
    }),
  );
}

/** A plan, calculated before their eyes, and suggested. */
function instalmentsRoutes(router: Router, { pages, recovery }: RecoveryWeb, choosing: Wrap): void {
  const show = (visit: PlanVisit, res: Response, { terms, ...given }: Choice) => {
    const page = letterAround(visit, visit.t('payment.way.plan'), '/instalments', given.errors ? 422 : 200);
    pages.ask(res, 'recovery/payment-instalments', instalmentsPage(visit, terms, given), page);
  };
  router.get(
    `${PATH}/instalments`,
    choosing((visit, req, res) => {
      if (!isPossible({ totalMinor: visit.openMinor, instalments: LEAST_INSTALMENTS })) return home(visit, res);
      show(visit, res, req.query.instalments === undefined ? { terms: null } : choiceOf(visit, req.query));
    }),
  );
  router.post(
    `${PATH}/instalments`,
    choosing(async (visit, req, res) => {
      const choice = choiceOf(visit, fieldsOf(req));
      if (!choice.terms) return show(visit, res, choice);
      await lost(recovery.payment.plans.proposeAsCustomer(visit.theCase, choice.terms));
      saved(visit, res);
    }),
  );
}

/** A plan as far as it is chosen; `terms` is null where none can be shown. */
interface Choice {
  terms: Terms | null;
  typed?: object;
  errors?: FieldErrors;
}

function choiceOf(visit: PlanVisit, fields: Fields): Choice {
  const { instalments, rhythm, firstOn } = fields;
  const typed = { instalments, rhythm, firstOn };
  const read = readTerms(visit, fields);
  return read.ok ? { terms: read.value, typed } : { terms: null, typed, errors: read.errors };
}

/** Yes to what a colleague suggested, and taking back what they chose themselves. */
function answerRoutes(router: Router, { recovery }: RecoveryWeb, choosing: Wrap): void {
  const { plans, wishes } = recovery.payment;
  router.post(
    `${PATH}/acceptance`,
    choosing(async (visit, req, res) => {
      const { plan } = fieldsOf(req);
      if (isId(plan)) await lost(plans.accept(visit.theCase, plan));
      saved(visit, res);
    }),
  );
  router.post(
    `${PATH}/withdrawal`,
    choosing(async (visit, req, res) => {
      const { what } = fieldsOf(req);
      if (what === 'call' || what === 'words') await wishes.takeBack(visit.theCase, what);
      if (what === 'plan') await plans.withdraw(visit.theCase);
      saved(visit, res);
    }),
  );
}

/** Two windows at the same moment, or a colleague who was faster: the page then shows what stands. */
async function lost(doing: Promise<void>): Promise<void> {
  await doing.catch((error: unknown) => {
    if (!(error instanceof Conflict)) throw error;
  });
}

async function unknownLink({ accounts, texts, pages }: RecoveryWeb, req: Request, res: Response): Promise<void> {
  const business = await accounts.company();
  const t = texts.to(negotiate(req.headers['accept-language'], languageCodes, business.defaultLanguage));
  const view = closedPage({ because: 'unknown', business, t });
  pages.ask(res, 'answering/closed', view, { ...closedLetter({ business, t }, view.heading), status: 404 });
}

const saved = (visit: PlanVisit, res: Response): void => seeOther(res, pathOf(visit, '', 'saved=1'));

const home = (visit: PlanVisit, res: Response): void => seeOther(res, pathOf(visit));

function seeOther(res: Response, address: string): void {
  res.statusCode = 303;
  res.setHeader('Location', address);
  res.end();
}

const fieldsOf = ({ body }: Request): Fields => (body ?? {}) as Fields;
