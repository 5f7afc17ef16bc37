import { Router, type Request, type Response } from 'express';
import { textIn } from '../../coding/index.ts';
import { colleague } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { typedMoney } from '../../customers/index.ts';
import {
  hasRole,
  idOf,
  needsRole,
  readForm,
  say,
  sayOrShow,
  seenRevision,
  type Staff,
  staffOf,
} from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { inputOf, limitsForm, offerForm, typedOffer, whyForm } from './form.ts';
import { topReasons } from './reasons.ts';
import { needsApproval } from './rules.ts';
import { offerFormPage } from './form-views.ts';
import { givenRoutes } from './given-routes.ts';
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

/** The catalogue, what waits for approval, and what one customer gets of it. */
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

  for (const [path, approves] of [
    ['approval', true],
    ['refusal', false],
  ] as const)
    router.post(`/offers/given/:id/${path}`, manager, (req, res) => decide(web, req, res, approves));
  router.use(givenRoutes(web));
  return router;
}

/** Nothing is refused without a word: whoever asked for it has to say something to the customer. */
async function decide(web: RecoveryWeb, req: Request, res: Response, approves: boolean): Promise<void> {
  const { id: me, role, t } = staffOf(res);
  const id = idOf(req.params.id);
  const read = readForm(whyForm('offers.error.whyNot'), req.body);
  const { why: typed = '' } = (req.body ?? {}) as { why?: unknown };
  if (!approves && !read.ok)
    return await showCatalogue(web, req, res, { refusing: { id, typed }, errors: read.errors });
  const show = (status: number) => showCatalogue(web, req, res, { status });
  await sayOrShow(req, res, { then: '/offers', show }, async () => {
    await web.recovery.offers.decide({ actor: colleague(me), role }, id, approves, read.ok ? read.value.why : '');
    return t(approves ? 'offers.approved' : 'offers.refused');
  });
}

const contextOf = (web: Pick<RecoveryWeb, 'clock'>, { currency, language, timeZone }: Staff) => ({
  currency,
  language,
  today: dayIn(timeZone, web.clock.now()),
});

interface Typed {
  typed?: unknown;
  errors?: FieldErrors;
  status?: number;
}

interface CatalogueTyped extends Typed {
  /** Which one was to be refused without saying why. */
  refusing?: { id: string; typed: unknown };
}

async function showCatalogue(
  web: RecoveryWeb,
  req: Request,
  res: Response,
  rejected: CatalogueTyped = {},
): Promise<void> {
  const { offers } = web.recovery;
  const me = staffOf(res);
  const { read } = web.storage;
  const all = await offers.list();
  const limits = await offers.limits(read);
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
  const status = rejected.status ?? (rejected.errors ? 422 : 200);
  const page = { title: me.t('offers.title'), section: SECTION, status };
  web.pages.staff(req, res, 'recovery/offers', view, page);
}

async function showForm(web: RecoveryWeb, req: Request, res: Response, id: string | null, given: Typed = {}) {
  const me = staffOf(res);
  const offer = id === null ? null : await web.recovery.offers.get(id);
  const typed = given.typed ?? (offer && typedOffer(offer, contextOf(web, me)));
  const reasons = (await topReasons(web)).map(({ key, name }) => ({ key, text: textIn(name, me.language) }));
  // What does not fit was made from the same revision as before; after somebody else's it is a decision to save.
  const revision = given.errors ? seenRevision(req.body) : (offer?.revision ?? 0);
  const view = offerFormPage({ offer, revision, typed, errors: given.errors, reasons, staff: me });
  const page = { title: view.heading, section: SECTION, status: given.status ?? (given.errors ? 422 : 200) };
  web.pages.staff(req, res, 'recovery/offer-form', view, page);
}

async function save(web: RecoveryWeb, req: Request, res: Response, id: string | null): Promise<void> {
  const me = staffOf(res);
  const reasons = (await topReasons(web)).map(({ key }) => key);
  const read = readForm(offerForm(contextOf(web, me), reasons), req.body);
  if (!read.ok) return await showForm(web, req, res, id, { typed: req.body as unknown, errors: read.errors });
  const [actor, input] = [colleague(me.id), inputOf(read.value)];
  const show = (status: number) => showForm(web, req, res, id, { typed: req.body as unknown, status });
  await sayOrShow(req, res, { then: '/offers', show }, async () => {
    if (id === null) await web.recovery.offers.create(actor, input);
    else {
      await web.recovery.offers.get(id);
      await web.recovery.offers.change(actor, id, seenRevision(req.body), input);
    }
    return me.t('offers.saved');
  });
}
