import { Router, type Request, type Response } from 'express';
import { textIn } from '../../coding/index.ts';
import { displayName } from '../../customers/index.ts';
import { colleague } from '../../shared/actor.ts';
import { dayIn, isPlainDate } from '../../shared/dates.ts';
import { Conflict, type FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { typedMoney } from '../../customers/index.ts';
import { formView, hasRole, idOf, needsRole, readForm, say, type Staff, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { giveForm, inputOf, limitsForm, offerForm, takeBackForm, typedOffer } from './form.ts';
import { topReasons } from './reasons.ts';
import { needsApproval } from './rules.ts';
import { offerFormPage } from './form-views.ts';
import { choiceViews, givenLine, type CustomerOffersPage } from './given-views.ts';
import { offersPage } from './views.ts';

const [staff, manager, administrator] = [needsRole('staff'), needsRole('manager'), needsRole('administrator')];
const SECTION = '/today';
const PLAIN = {
  kind: 'gift',
  forWhom: 'everyone',
  leastRole: 'staff',
  codeKind: 'none',
  validDays: '60',
  perCustomer: '1',
};

/** The catalogue, and what one customer gets of it. */
export function offersRoutes(web: RecoveryWeb): Router {
  const { offers } = web.recovery;
  const router = Router();

  router.get('/offers', staff, (req, res) => showCatalogue(web, req, res));
  router.get('/offers/new', manager, (req, res) => showForm(web, req, res, null, { typed: PLAIN }));
  router.post('/offers', manager, (req, res) => save(web, req, res, null));
  router.post('/offers/limits', administrator, async (req, res) => {
    const { id, t } = staffOf(res);
    const read = readForm(limitsForm(contextOf(web, staffOf(res))), req.body);
    if (!read.ok) return await showCatalogue(web, req, res, { typed: req.body as unknown, errors: read.errors });
    await offers.setLimits(colleague(id), { staffMinor: read.value.staff, managerMinor: read.value.manager });
    await say(req, res, t('offers.limits.saved'), '/offers');
  });
  router.get('/offers/:id', manager, (req, res) => showForm(web, req, res, idOf(req.params.id)));
  router.post('/offers/:id', manager, (req, res) => save(web, req, res, idOf(req.params.id)));
  for (const [path, isRetired] of [
    ['retirement', true],
    ['return', false],
  ] as const)
    router.post(`/offers/:id/${path}`, manager, async (req, res) => {
      const { id } = await offers.get(idOf(req.params.id));
      await offers.retire(colleague(staffOf(res).id), id, isRetired);
      await say(req, res, staffOf(res).t('offers.saved'), '/offers');
    });

  router.get('/customers/:id/offers', staff, (req, res) => showCustomer(web, req, res));
  router.post('/customers/:id/offers', staff, (req, res) => give(web, req, res));
  givenRoutes(web, router);
  return router;
}

function givenRoutes(web: RecoveryWeb, router: Router): void {
  const { offers } = web.recovery;
  const giver = (res: Response) => ({ actor: colleague(staffOf(res).id), role: staffOf(res).role });
  const back = (req: Request) => String((req.body as { back?: unknown } | undefined)?.back ?? '');
  const then = (req: Request) =>
    /^\/(customers|cases)\/[0-9a-f-]{36}(\/\w+)?$/.test(back(req)) ? back(req) : '/offers';

  for (const [path, approves] of [
    ['approval', true],
    ['refusal', false],
  ] as const)
    router.post(`/offers/given/:id/${path}`, manager, async (req, res) => {
      await offers.decide(giver(res), idOf(req.params.id), approves);
      await say(req, res, staffOf(res).t(approves ? 'offers.approved' : 'offers.refused'), then(req));
    });
  router.post('/offers/given/:id/redemption', staff, async (req, res) => {
    const { t, id, timeZone } = staffOf(res);
    const { on } = (req.body ?? {}) as { on?: unknown };
    const today = dayIn(timeZone, web.clock.now());
    const day = typeof on === 'string' && isPlainDate(on) && on <= today ? on : undefined;
    if (day === undefined) throw new Conflict('offers.error.day');
    await offers.redeem(colleague(id), idOf(req.params.id), day);
    await say(req, res, t('offers.redeemed'), then(req));
  });
  router.post('/offers/given/:id/withdrawal', staff, async (req, res) => {
    const read = readForm(takeBackForm, req.body);
    if (!read.ok) throw new Conflict('offers.error.why');
    await offers.takeBack(colleague(staffOf(res).id), idOf(req.params.id), read.value.why);
    await say(req, res, staffOf(res).t('offers.takenBack'), then(req));
  });
}

export const contextOf = (web: Pick<RecoveryWeb, 'clock'>, { currency, language, timeZone }: Staff) => ({
  currency,
  language,
  today: dayIn(timeZone, web.clock.now()),
});

interface Typed {
  typed?: unknown;
  errors?: FieldErrors;
}

async function showCatalogue(web: RecoveryWeb, req: Request, res: Response, rejected: Typed = {}): Promise<void> {
  const { offers } = web.recovery;
  const me = staffOf(res);
  const { read } = web.storage;
  const [all, limits] = [await offers.list(), await offers.limits(read)];
  const { rows, next } = hasRole(me.role, 'manager')
    ? await offers.waiting(typeof req.query.after === 'string' ? req.query.after : null)
    : { rows: [], next: null };
  const names = await web.customers.names(
    read,
    rows.map(({ customerId }) => customerId),
  );
  const colleagues = await web.accounts.colleagues();
  const byId = new Map(all.map((each) => [each.id, each]));
  const waiting = rows.flatMap((given) => {
    const offer = byId.get(given.offerId);
    const who = colleagues.find(({ id }) => id === given.givenBy)?.name ?? '';
    const may = !needsApproval(me.role, given.costMinor, limits);
    return offer ? [{ given, offer, customer: names.get(given.customerId)?.name ?? '', who, may }] : [];
  });
  const reasons = await topReasons(web);
  const reasonName = (key: string) => textIn(reasons.find((code) => code.key === key)?.name ?? {}, me.language) || key;
  const context = contextOf(web, me);
  const typed = rejected.typed ?? {
    staff: typedMoney(limits.staffMinor, context),
    manager: typedMoney(limits.managerMinor, context),
  };
  const view = offersPage({ offers: all, waiting, next, limits, reasonName, staff: me, ...rejected, typed });
  const page = { title: me.t('offers.title'), section: SECTION, status: rejected.errors ? 422 : 200 };
  web.pages.staff(req, res, 'recovery/offers', view, page);
}

async function showForm(web: RecoveryWeb, req: Request, res: Response, id: string | null, given: Typed = {}) {
  const me = staffOf(res);
  const offer = id === null ? null : await web.recovery.offers.get(id);
  const typed = given.typed ?? (offer && typedOffer(offer, contextOf(web, me)));
  const reasons = (await topReasons(web)).map(({ key, name }) => ({ key, text: textIn(name, me.language) }));
  const view = offerFormPage({ offer, typed, errors: given.errors, reasons, staff: me });
  const page = { title: view.heading, section: SECTION, status: given.errors ? 422 : 200 };
  web.pages.staff(req, res, 'recovery/offer-form', view, page);
}

async function save(web: RecoveryWeb, req: Request, res: Response, id: string | null): Promise<void> {
  const me = staffOf(res);
  const reasons = (await topReasons(web)).map(({ key }) => key);
  const read = readForm(offerForm(contextOf(web, me), reasons), req.body);
  if (!read.ok) return await showForm(web, req, res, id, { typed: req.body as unknown, errors: read.errors });
  const [actor, input] = [colleague(me.id), inputOf(read.value)];
  if (id === null) await web.recovery.offers.create(actor, input);
  else {
    await web.recovery.offers.get(id);
    await web.recovery.offers.change(actor, id, read.value.revision, input);
  }
  await say(req, res, me.t('offers.saved'), '/offers');
}

interface Rejected extends Typed {
  warned?: boolean;
}

async function showCustomer(web: RecoveryWeb, req: Request, res: Response, rejected: Rejected = {}): Promise<void> {
  const { offers } = web.recovery;
  const me = staffOf(res);
  const customer = await web.customers.get(idOf(req.params.id));
  const body = (rejected.typed ?? {}) as { offer?: unknown; case?: unknown };
  const caseId = [body.case, req.query.case].find(isId) ?? '';
  const all = await offers.ofCustomer(web.storage.read, customer.id);
  const named = await offers.named(web.storage.read, [...new Set(all.map(({ offerId }) => offerId))]);
  const colleagues = await web.accounts.colleagues();
  const reader = { t: me.t, language: me.language, today: dayIn(me.timeZone, web.clock.now()) };
  const nameOf = (id: string | null) => colleagues.find((each) => each.id === id)?.name ?? '';
  const view: CustomerOffersPage = {
    name: displayName(customer),
    back:
      caseId === ''
        ? { href: `/customers/${customer.id}`, text: displayName(customer) }
        : await caseFrom(web, caseId, me),
    lead: me.t('offers.customer.lead'),
    action: `/customers/${customer.id}/offers`,
    caseId,
    form: formView(body, rejected.errors, me.t),
    ...choiceViews(await offers.choices(customer, me.role), String(body.offer ?? ''), me),
    warned: rejected.warned ? me.t('offers.warn.together') : '',
    given: all.map((given) => givenLine(given, named.get(given.offerId), nameOf(given.givenBy), reader)),
  };
  const status = rejected.errors ? 422 : rejected.warned ? 409 : 200;
  web.pages.staff(req, res, 'recovery/customer-offers', view, {
    title: me.t('offers.panel'),
    section: '/customers',
    status,
  });
}

/** Where somebody gives something in a case, and goes on: a conversation to win them back has a page of its own. */
async function caseFrom({ recovery, storage }: RecoveryWeb, id: string, { t }: Staff) {
  const found = await recovery.cases.find(storage.read, id);
  return found?.kind === 'win_back'
    ? { href: `/cases/${id}/call`, text: t('winback.sheet') }
    : { href: `/cases/${id}`, text: t('offers.backToCase') };
}

async function give(web: RecoveryWeb, req: Request, res: Response): Promise<void> {
  const me = staffOf(res);
  const customer = await web.customers.get(idOf(req.params.id));
  const read = readForm(giveForm, req.body);
  if (!read.ok) return await showCustomer(web, req, res, { typed: req.body as unknown, errors: read.errors });
  const { offer: offerId, case: caseId, anyway } = read.value;
  const what = { offerId, customerId: customer.id, caseId, anyway: anyway === '1' };
  const done = await web.recovery.offers.give({ actor: colleague(me.id), role: me.role }, what);
  if (done.state === 'warned') return await showCustomer(web, req, res, { typed: req.body as unknown, warned: true });
  const from = caseId === null ? null : await caseFrom(web, caseId, me);
  const then = from?.href ?? `/customers/${customer.id}/offers`;
  const said = done.state === 'waiting' ? 'offers.done.waiting' : done.code ? 'offers.done.code' : 'offers.done.given';
  await say(req, res, me.t(said, { code: done.code }), then);
}
