import { Router, urlencoded, type Request, type RequestHandler, type Response } from 'express';
import { closedLetter, closedPage } from '../../answering/index.ts';
import { customerRowSchema } from '../../customers/index.ts';
import { languageCodes, negotiate } from '../../i18n/index.ts';
import { cleanLine, cleanText, isBlank, lengthOf } from '../../questionnaires/index.ts';
import { Conflict, type FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { limited, noStore, sameOrigin } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { KIND } from './deps.ts';
import { instalmentsPage } from './instalments-views.ts';
import { LEAST_INSTALMENTS, MOST_INSTALMENTS, isPossible, RHYTHMS, type Terms } from './plan-rules.ts';
import { callPage, homePage, wordsPage } from './public-views.ts';
import { letterAround, pathOf, visitPlan, type PlanVisit } from './visit.ts';

const BODY = { extended: false, limit: '100kb', parameterLimit: 20 };
const GUESSES = { most: 60, minutes: 10 };
const POSTS = { most: 60, minutes: 10 };
/** Graphemes; as long as an answer may be. */
const MOST_WORDS = 5000;

type Use = (visit: PlanVisit, req: Request, res: Response) => Promise<void> | void;

/**
 * The customer's own page about what they owe: a call at a time of their choosing, a plan, or their own words. No
 * cookies, no scripts; reading changes nothing, and everything chosen can be taken back.
 */
export function publicPaymentRoutes(web: RecoveryWeb): Router {
  const { pages, recovery, baseUrl } = web;
  const { plans, wishes } = recovery.payment;
  const router = Router();
  const guess = limited(GUESSES);
  const take = [sameOrigin(baseUrl), limited(POSTS), urlencoded(BODY)];

  const visiting =
    (use: Use): RequestHandler =>
    async (req, res, next) => {
      const visit = await visitPlan(web, String(req.params.token), req.query.lang);
      if (visit) return await use(visit, req, res);
      guess(req, res, (error?: unknown) => {
        if (error) return next(error);
        void unknownLink(web, req, res).catch(next);
      });
    };
  /** What is posted needs a case that goes on. */
  const changing = (use: Use): RequestHandler =>
    visiting(async (visit, req, res) => {
      if (visit.closed) return home(visit, res);
      await use(visit, req, res);
    });
  const saved = (visit: PlanVisit, res: Response) => seeOther(res, pathOf(visit, '', 'saved=1'));

  const show = {
    call: (visit: PlanVisit, res: Response, typed?: object, errors?: FieldErrors) => {
      const page = letterAround(visit, visit.t('payment.way.call'), '/call', errors ? 422 : 200);
      pages.ask(res, 'recovery/payment-call', callPage(visit, typed, errors), page);
    },
    instalments: (visit: PlanVisit, res: Response, given: Chosen) => {
      const page = letterAround(visit, visit.t('payment.way.plan'), '/instalments', given.errors ? 422 : 200);
      pages.ask(res, 'recovery/payment-instalments', instalmentsPage(visit, given.terms, given), page);
    },
    words: (visit: PlanVisit, res: Response, typed?: object, errors?: FieldErrors) => {
      const page = letterAround(visit, visit.t('payment.way.words'), '/words', errors ? 422 : 200);
      pages.ask(res, 'recovery/payment-words', wordsPage(visit, typed, errors), page);
    },
  };

  // The link in every mail is that of the case; for this kind of case it leads here.
  router.get('/c/:token', async (req, res, next) => {
    const theCase = await recovery.cases.byToken(req.params.token);
    if (theCase?.kind !== KIND || theCase.customerId === null) return next();
    seeOther(res, pathOf({ token: req.params.token, chosen: undefined }));
  });
  router.use('/c/:token/plan', noStore);
  router.get(
    '/c/:token/plan',
    visiting((visit, req, res) => {
      const view = homePage(visit, req.query.saved === '1');
      pages.ask(res, 'recovery/payment-home', view, letterAround(visit, view.heading));
    }),
  );
  router.get(
    '/c/:token/plan/call',
    changing((visit, _req, res) => show.call(visit, res)),
  );
  router.get(
    '/c/:token/plan/words',
    changing((visit, _req, res) => show.words(visit, res)),
  );
  router.get(
    '/c/:token/plan/instalments',
    changing((visit, req, res) => {
      if (!isPossible({ totalMinor: visit.openMinor, instalments: LEAST_INSTALMENTS })) return home(visit, res);
      const asked = req.query.instalments !== undefined;
      show.instalments(visit, res, asked ? chosenOf(visit, req.query) : { terms: null });
    }),
  );
  router.post(
    '/c/:token/plan/call',
    ...take,
    changing(async (visit, req, res) => {
      const body = fieldsOf(req);
      const slot = visit.slots.find(({ from }) => from === body.from);
      const errors: FieldErrors = {};
      if (!slot) errors.from = { key: 'payment.error.slot' };
      const number = numberOf(body.telephone, visit.customer.telephone, errors);
      if (!slot || Object.keys(errors).length > 0) return show.call(visit, res, body, errors);
      await wishes.call(visit.theCase, slot, number);
      saved(visit, res);
    }),
  );
  router.post(
    '/c/:token/plan/words',
    ...take,
    changing(async (visit, req, res) => {
      const body = fieldsOf(req);
      const words = cleanText(typeof body.words === 'string' ? body.words : '');
      const long = lengthOf(words) > MOST_WORDS;
      const wrong = isBlank(words)
        ? { key: 'payment.error.words' }
        : long && { key: 'payment.error.long', values: { most: MOST_WORDS } };
      if (wrong) return show.words(visit, res, body, { words: wrong });
      await wishes.tell(visit.theCase, words);
      saved(visit, res);
    }),
  );
  router.post(
    '/c/:token/plan/instalments',
    ...take,
    changing(async (visit, req, res) => {
      const given = chosenOf(visit, fieldsOf(req));
      if (given.errors || !given.terms) return show.instalments(visit, res, given);
      await lost(plans.proposeAsCustomer(visit.theCase, given.terms));
      saved(visit, res);
    }),
  );
  router.post(
    '/c/:token/plan/acceptance',
    ...take,
    changing(async (visit, req, res) => {
      const { plan } = fieldsOf(req);
      if (isId(plan)) await lost(plans.accept(visit.theCase, plan));
      saved(visit, res);
    }),
  );
  router.post(
    '/c/:token/plan/withdrawal',
    ...take,
    changing(async (visit, req, res) => {
      const { what } = fieldsOf(req);
      if (what === 'call' || what === 'words') await wishes.takeBack(visit.theCase, what);
      if (what === 'plan') await plans.withdraw(visit.theCase);
      saved(visit, res);
    }),
  );
  return router;
}

interface Chosen {
  terms: Terms | null;
  typed?: object;
  errors?: FieldErrors | undefined;
}

/** A plan as somebody chose it from what there is to choose. */
function chosenOf({ openMinor, firstDays }: PlanVisit, given: Record<string, unknown>): Chosen {
  const typed = { instalments: given.instalments, rhythm: given.rhythm, firstOn: given.firstOn };
  const instalments = Number(given.instalments);
  const rhythm = RHYTHMS.find((each) => each === given.rhythm);
  const firstOn = firstDays.find((each) => each === given.firstOn);
  const errors: FieldErrors = {};
  const inRange = instalments >= LEAST_INSTALMENTS && instalments <= MOST_INSTALMENTS;
  if (!inRange || !isPossible({ totalMinor: openMinor, instalments }))
    errors.instalments = { key: 'payment.error.count' };
  if (!rhythm) errors.rhythm = { key: 'payment.error.choose' };
  if (firstOn === undefined) errors.firstOn = { key: 'payment.error.choose' };
  if (Object.keys(errors).length > 0 || !rhythm || firstOn === undefined) return { terms: null, typed, errors };
  return { terms: { totalMinor: openMinor, instalments, rhythm, firstOn }, typed };
}

/** The number to call: the one typed, else the one that is known. */
function numberOf(typed: unknown, known: string, errors: FieldErrors): string {
  const parsed = customerRowSchema.shape.telephone.safeParse(cleanLine(typeof typed === 'string' ? typed : ''));
  if (!parsed.success) errors.telephone = { key: 'payment.error.telephone' };
  const number = parsed.success ? (parsed.data ?? '') : '';
  if (number === '' && known === '' && parsed.success) errors.telephone = { key: 'payment.error.noTelephone' };
  return number || known;
}

/** Two windows at the same moment, or a colleague who was faster: the page then shows what stands. */
async function lost(doing: Promise<void>): Promise<void> {
  await doing.catch((error: unknown) => {
    if (!(error instanceof Conflict)) throw error;
  });
}

async function unknownLink({ accounts, texts, pages }: RecoveryWeb, req: Request, res: Response): Promise<void> {
  const business = await accounts.company();
  const t = texts.in(negotiate(req.headers['accept-language'], languageCodes, business.defaultLanguage));
  const view = closedPage({ because: 'unknown', business, t });
  pages.ask(res, 'answering/closed', view, { ...closedLetter({ business, t }, view.heading), status: 404 });
}

const home = (visit: PlanVisit, res: Response): void => seeOther(res, pathOf(visit));

function seeOther(res: Response, address: string): void {
  res.statusCode = 303;
  res.setHeader('Location', address);
  res.end();
}

const fieldsOf = ({ body }: Request): Record<string, unknown> => (body ?? {}) as Record<string, unknown>;
