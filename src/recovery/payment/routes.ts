import { Router, type Request, type Response } from 'express';
import type { z } from 'zod';
import type { FormContext } from '../../customers/index.ts';
import { plainLetterPage } from '../../post/index.ts';
import { colleague } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import { Conflict, Forbidden, NotFound, type FieldErrors } from '../../shared/errors.ts';
import { idOf, needsRole, notify, readForm, say, staffOf } from '../../web/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { RecoveryWeb } from '../web.ts';
import { KIND } from './deps.ts';
import { letterForm, planForm, reasonForm, revisionForm } from './forms.ts';
import { paragraphs } from './letter-words.ts';
import { paymentSettingRoutes } from './setting-routes.ts';
import { casePlanPage } from './staff-views.ts';

const staff = needsRole('staff');
const SECTION = '/today';

const pathOf = (req: Request): string => `/cases/${idOf(req.params.id)}/plan`;

interface Rejected {
  typed: object;
  errors: FieldErrors;
}

/** What is spoken of and agreed with a customer in arrears, for colleagues. */
export function paymentRoutes(web: RecoveryWeb): Router {
  const { letters } = web.recovery.payment;
  const router = Router();

  router.get('/cases/:id/plan', staff, async (req, res) => show(web, req, res));

  router.post('/cases/:id/plan/letter', staff, async (req, res) => {
    const theCase = await caseOf(web, req);
    const form = readForm(letterForm, req.body);
    if (!form.ok) return await show(web, req, res, { typed: req.body as object, errors: form.errors });
    const { revision, ...words } = form.value;
    await act(web, req, res, async () => {
      const done = await letters.confirm(colleague(staffOf(res).id), theCase.id, revision, words);
      return done.ok ? 'sent' : done.errors;
    });
  });
  router.get('/cases/:id/plan/letter', staff, (req, res) => print(web, req, res));
  router.post('/cases/:id/plan/posting', staff, async (req, res) => {
    const theCase = await caseOf(web, req);
    const { revision } = checked(revisionForm, req);
    await act(web, req, res, async () => {
      await letters.markPrinted(colleague(staffOf(res).id), theCase.id, revision);
      return 'posted';
    });
  });
  router.post('/cases/:id/plan/no-letter', staff, async (req, res) => {
    const theCase = await caseOf(web, req);
    await act(web, req, res, async () => {
      await web.storage.transaction((tx) => letters.drop(tx, colleague(staffOf(res).id), theCase.id));
      return 'dropped';
    });
  });

  router.use(planRoutes(web));
  router.use(paymentSettingRoutes(web));
  return router;
}

/** Plans: suggested, agreed, ended, and what has come of them. */
function planRoutes(web: RecoveryWeb): Router {
  const { plans } = web.recovery.payment;
  const router = Router();
  router.post('/cases/:id/plan', staff, async (req, res) => {
    const theCase = await caseOf(web, req);
    const { id, role } = staffOf(res);
    const form = readForm(planForm(await contextOf(web, res)), req.body);
    if (!form.ok) return await show(web, req, res, { typed: req.body as object, errors: form.errors });
    const { amount: totalMinor, spoken, ...terms } = form.value;
    await act(web, req, res, async () => {
      try {
        await plans.propose({ actor: colleague(id), role }, theCase, { totalMinor, ...terms }, spoken);
      } catch (error) {
        if (error instanceof Forbidden) return { amount: { key: error.key } };
        throw error;
      }
      return spoken ? 'agreed' : 'proposed';
    });
  });
  router.post('/cases/:id/plan/:plan/agreement', staff, async (req, res) => {
    const theCase = await caseOf(web, req);
    const { id, role } = staffOf(res);
    const { revision } = checked(revisionForm, req);
    const planId = idOf(req.params.plan);
    await act(web, req, res, async () => {
      await plans.agree({ actor: colleague(id), role }, theCase.id, planId, revision);
      return 'agreed';
    });
  });
  for (const [path, step] of [
    ['refusal', 'decline'],
    ['ending', 'end'],
  ] as const) {
    router.post(`/cases/:id/plan/:plan/${path}`, staff, async (req, res) => {
      const theCase = await caseOf(web, req);
      const planId = idOf(req.params.plan);
      const form = readForm(reasonForm, req.body);
      if (!form.ok) return await show(web, req, res, { typed: req.body as object, errors: form.errors });
      const { revision, reason } = form.value;
      await act(web, req, res, async () => {
        await plans[step](colleague(staffOf(res).id), theCase.id, planId, revision, reason);
        return step;
      });
    });
  }
  for (const [path, step] of [
    ['payment', 'notePaid'],
    ['no-payment', 'takePaidBack'],
  ] as const) {
    router.post(`/cases/:id/plan/:plan/instalments/:number/${path}`, staff, async (req, res) => {
      const theCase = await caseOf(web, req);
      const number = Number(req.params.number);
      if (!Number.isInteger(number) || number < 1 || number > 12) throw new NotFound();
      const planId = idOf(req.params.plan);
      await act(web, req, res, async () => {
        await plans[step](colleague(staffOf(res).id), theCase.id, planId, number);
        return step;
      });
    });
  }
  return router;
}

/** Does it and says so, or what was typed wrong; whoever comes second finds the page as it stands by now, and on it why. */
async function act(
  web: RecoveryWeb,
  req: Request,
  res: Response,
  doing: () => Promise<string | FieldErrors>,
): Promise<void> {
  const { t } = staffOf(res);
  const again = (errors: FieldErrors, status?: number) =>
    show(web, req, res, { typed: (req.body ?? {}) as object, errors }, status);
  try {
    const done = await doing();
    if (typeof done !== 'string') return await again(done);
    await say(req, res, t(`payment.done.${done}`), pathOf(req));
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    notify(req, t(error.key === 'error.changed' ? 'payment.error.changed' : error.key, error.values));
    await again({}, 409);
  }
}

/** @throws NotFound unless it is a case about what a customer owes */
async function caseOf({ recovery }: RecoveryWeb, req: Request): Promise<RecoveryCase & { customerId: string }> {
  const theCase = await recovery.cases.get(idOf(req.params.id));
  const { customerId } = theCase;
  if (theCase.kind !== KIND || customerId === null) throw new NotFound();
  return { ...theCase, customerId };
}

/** @throws NotFound: nobody types a revision */
function checked<S extends z.ZodType>(schema: S, req: Request): z.infer<S> {
  const form = readForm(schema, req.body);
  if (!form.ok) throw new NotFound();
  return form.value;
}

async function contextOf({ accounts, clock }: RecoveryWeb, res: Response): Promise<FormContext> {
  const { currency, language } = staffOf(res);
  const { timeZone } = await accounts.company();
  return { currency, language, today: dayIn(timeZone, clock.now()) };
}

async function show(
  web: RecoveryWeb,
  req: Request,
  res: Response,
  rejected?: Rejected,
  status = rejected ? 422 : 200,
): Promise<void> {
  const { recovery, storage, customers, accounts, pages, bounces } = web;
  const { letters, plans, arrears, wishes, settings } = recovery.payment;
  const theCase = await caseOf(web, req);
  const customer = await customers.get(theCase.customerId);
  const company = await accounts.company();
  const letter = await letters.find(storage.read, theCase.id);
  const suppressed = await bounces.suppressions.among(storage.read, [customer.email].filter(Boolean));
  const [firstOn = ''] = await plans.firstDays();
  const facts = {
    theCase,
    customer,
    owed: await arrears.owedIn(storage.read, theCase),
    letter: letter && { ...letter, would: letters.wordsOf(letter, company.name) },
    wishes: await wishes.standing(storage.read, theCase.id),
    plans: await plans.ofCase(storage.read, theCase.id),
    setting: await settings.read(storage.read),
    reachable: customer.email !== '' && !suppressed.has(customer.email),
    notes: await web.playbookFor('payment', staffOf(res).language),
    firstOn,
    businessZone: company.timeZone,
    context: await contextOf(web, res),
    ...rejected,
  };
  const view = casePlanPage(facts, staffOf(res));
  const title = `${staffOf(res).t('payment.title')}, ${view.name}`;
  pages.staff(req, res, 'recovery/payment-case', view, { title, section: SECTION, status });
}

async function print(web: RecoveryWeb, req: Request, res: Response): Promise<void> {
  const theCase = await caseOf(web, req);
  const { letters } = web.recovery.payment;
  const { letter, subject, words } = await letters.forPrint(theCase.id);
  const customer = await web.customers.get(theCase.customerId);
  const { accounts, texts, clock, baseUrl } = web;
  const company = await accounts.company();
  const t = texts.to(letter.language);
  const sender = (await accounts.colleagues()).find(({ id }) => id === (theCase.ownerId ?? customer.contactAccountId));
  const given = {
    customer,
    language: letter.language,
    subject,
    paragraphs: [...paragraphs(words), t('payment.letter.after')],
    sender: sender && { name: sender.name, title: sender.title },
    online: {
      href: web.recovery.cases.linkFor(theCase.id),
      text: t('payment.letter.online'),
      code: letters.codeOf(theCase.id),
    },
  };
  const reader = staffOf(res).t;
  const back = { href: `/cases/${theCase.id}/plan`, text: reader('payment.title') };
  const today = dayIn(company.timeZone, clock.now());
  const page = await plainLetterPage([given], { company, texts, baseUrl, today, back }, reader);
  web.pages.document(res, 'post/plain', page, 'post');
}
