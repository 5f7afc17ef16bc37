import { Router, type Request, type Response } from 'express';
import { displayName, type Customer } from '../../customers/index.ts';
import { formatDay } from '../../i18n/index.ts';
import { colleague } from '../../shared/actor.ts';
import { dayIn, isPlainDate } from '../../shared/dates.ts';
import { Conflict, type FieldErrors, type Message } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { formView, idOf, needsRole, notify, readForm, say, sayOrShow, type Staff, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { giveForm, whyForm } from './form.ts';
import { choiceViews, givenLine, usedField, whyField, type CustomerOffersPage } from './given-views.ts';
import type { GivenOffer } from './offer.ts';

const staff = needsRole('staff');

/** What one customer gets of the catalogue, and what becomes of it. */
export function givenRoutes(web: RecoveryWeb): Router {
  const router = Router();
  router.get('/customers/:id/offers', staff, async (req, res) => {
    await show(web, req, res, await web.customers.get(idOf(req.params.id)));
  });
  router.post('/customers/:id/offers', staff, (req, res) => give(web, req, res));
  router.post('/offers/given/:id/redemption', staff, (req, res) => redeem(web, req, res));
  router.post('/offers/given/:id/withdrawal', staff, (req, res) => takeBack(web, req, res));
  return router;
}

const bodyOf = (req: Request): Record<string, unknown> => (req.body ?? {}) as Record<string, unknown>;

/** Whoever comes second finds the page as it stands by now, and on it why. */
async function give(web: RecoveryWeb, req: Request, res: Response): Promise<void> {
  const me = staffOf(res);
  const customer = await web.customers.get(idOf(req.params.id));
  const typed = bodyOf(req);
  const read = readForm(giveForm, typed);
  if (!read.ok) return await show(web, req, res, customer, { typed, errors: read.errors });
  const { offer: offerId, case: caseId, anyway } = read.value;
  const what = { offerId, customerId: customer.id, caseId, anyway: anyway === '1' };
  try {
    const done = await web.recovery.offers.give({ actor: colleague(me.id), role: me.role }, what);
    if (done.state === 'warned') return await show(web, req, res, customer, { typed, warned: true, status: 409 });
    const then = caseId === null ? `/customers/${customer.id}/offers` : (await caseFrom(web, caseId, me)).href;
    const said =
      done.state === 'waiting' ? 'offers.done.waiting' : done.code ? 'offers.done.code' : 'offers.done.given';
    await say(req, res, me.t(said, { code: done.code }), then);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    notify(req, me.t(error.key, error.values));
    await show(web, req, res, customer, { typed, status: 409 });
  }
}

/** Something that a customer was given, whose it is, and where that is said. */
async function givenOf(web: RecoveryWeb, req: Request) {
  const given = await web.recovery.offers.givenOne(idOf(req.params.id));
  const customer = await web.customers.get(given.customerId);
  const { case: caseId } = bodyOf(req);
  const then = `/customers/${customer.id}/offers${isId(caseId) ? `?case=${caseId}` : ''}`;
  return { given, customer, then };
}

async function redeem(web: RecoveryWeb, req: Request, res: Response): Promise<void> {
  const { t, id, timeZone, language } = staffOf(res);
  const { given, customer, then } = await givenOf(web, req);
  const { on } = bodyOf(req);
  const today = dayIn(timeZone, web.clock.now());
  const [field, typed] = [usedField(given.id), bodyOf(req)];
  const refuse = (wrong: Message) =>
    show(web, req, res, customer, { typed: { ...typed, [field]: on }, errors: { [field]: wrong } });
  if (typeof on !== 'string' || !isPlainDate(on) || on > today) return await refuse({ key: 'offers.error.day' });
  const wrong = outOfTime(given, on, language);
  if (wrong !== null) return await refuse(wrong);
  await sayOrShow(req, res, { then, show: (status) => show(web, req, res, customer, { typed, status }) }, async () => {
    await web.recovery.offers.redeem(colleague(id), given.id, on);
    // An offer that is used is not a purchase: only that brings them back.
    return t(customer.status === 'left' ? 'offers.redeemed.left' : 'offers.redeemed');
  });
}

function outOfTime({ state, givenOn, validUntil }: GivenOffer, on: string, language: string): Message | null {
  if (on < givenOn) return { key: 'offers.usedBefore' };
  if (state !== 'expired' || on <= validUntil) return null;
  return { key: 'offers.error.late', values: { until: formatDay(validUntil, language) } };
}

async function takeBack(web: RecoveryWeb, req: Request, res: Response): Promise<void> {
  const { given, customer, then } = await givenOf(web, req);
  const typed = bodyOf(req);
  const read = readForm(whyForm('offers.error.why'), typed);
  if (!read.ok) {
    const field = whyField(given.id);
    const errors = { [field]: read.errors.why ?? { key: 'offers.error.why' } };
    return await show(web, req, res, customer, { typed: { ...typed, [field]: typed.why }, errors });
  }
  const { why } = read.value;
  const again = (status: number) => show(web, req, res, customer, { typed, status });
  await sayOrShow(req, res, { then, show: again }, async () => {
    await web.recovery.offers.takeBack(colleague(staffOf(res).id), given.id, why);
    return staffOf(res).t('offers.takenBack');
  });
}

interface Again {
  typed?: Record<string, unknown>;
  errors?: FieldErrors;
  warned?: boolean;
  status?: number;
}

async function show(web: RecoveryWeb, req: Request, res: Response, customer: Customer, again: Again = {}) {
  const { offers } = web.recovery;
  const me = staffOf(res);
  const body = again.typed ?? {};
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
    form: formView(body, again.errors, me.t),
    ...choiceViews(await offers.choices(customer, me.role), String(body.offer ?? ''), me),
    warned: again.warned ? me.t('offers.warn.together') : '',
    given: all.map((given) => givenLine(given, named.get(given.offerId), nameOf(given.givenBy), reader)),
  };
  const status = again.status ?? (again.errors ? 422 : 200);
  const page = { title: me.t('offers.panel'), section: '/customers', status };
  web.pages.staff(req, res, 'recovery/customer-offers', view, page);
}

/** Where somebody gives something in a case, and goes on: a conversation to win them back has a page of its own. */
async function caseFrom({ recovery, storage }: RecoveryWeb, id: string, { t }: Staff) {
  const found = await recovery.cases.find(storage.read, id);
  return found?.kind === 'win_back'
    ? { href: `/cases/${id}/call`, text: t('winback.sheet') }
    : { href: `/cases/${id}`, text: t('offers.backToCase') };
}
