import { Router, type Request, type Response } from 'express';
import { NotFound, type FieldErrors } from '../../shared/errors.ts';
import { oneText } from '../../shared/one-text.ts';
import { needsRole, notify, saveSession, staffOf } from '../../web/index.ts';
import type { LoyaltyWeb } from '../web.ts';
import { linkRoutes } from './link-routes.ts';
import { readAlert, type TypedAlert } from './rules.ts';
import { ALERT, alertPage, BOARD, boardPage, choicePage, MINE, myAlertsPage } from './views.ts';

const staff = needsRole('staff');

/** Reporting an unhappy customer, what became of it, and thanks. */
export function alertRoutes(web: LoyaltyWeb): Router {
  const { loyalty, pages } = web;
  const { alerts } = loyalty;
  const router = Router();
  router.use(linkRoutes(web));

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const { t, language } = staffOf(res);
    const notes = await web.playbookFor('alert', language);
    const typed: unknown = errors ? req.body : { who: oneText(req.query.who) };
    const page = { title: t('alerts.title'), section: ALERT, status: errors ? 422 : 200 };
    pages.staff(req, res, 'alerts/alert', alertPage(staffOf(res), notes, typed, errors), page);
  }

  router.get(ALERT, staff, (req, res) => show(req, res));
  router.post(ALERT, staff, async (req, res) => {
    const form = readAlert(req.body, false);
    if (!form.ok) return await show(req, res, form.errors);
    const { customer, choosing } = (req.body ?? {}) as { customer?: unknown; choosing?: unknown };
    const chosen = await chosenCustomer(web, form.value, customer);
    if (chosen.kind === 'several') {
      const { t } = staffOf(res);
      // Nobody is chosen beforehand: in a hurry it would be reported of the wrong one.
      const errors = choosing === undefined ? undefined : { customer: { key: 'alerts.error.which' } };
      const view = choicePage(form.value, chosen.candidates, { t, errors });
      const page = { title: t('alerts.which'), section: ALERT, status: errors ? 422 : 200 };
      return pages.staff(req, res, 'alerts/choose', view, page);
    }
    await take(web, req, res, form.value, chosen);
  });

  router.get(MINE, staff, async (req, res) => {
    const { id, t } = staffOf(res);
    const before = oneText(req.query.before) || null;
    const view = myAlertsPage(await alerts.mine(id, before), before, staffOf(res));
    pages.staff(req, res, 'alerts/mine', view, { title: t('alerts.mine'), section: '/me' });
  });
  router.get(BOARD, staff, async (req, res) => {
    const after = oneText(req.query.after) || null;
    const view = boardPage(await alerts.board(after), after, staffOf(res));
    pages.staff(req, res, 'alerts/thanks', view, { title: staffOf(res).t('alerts.board'), section: BOARD });
  });
  return router;
}

const NOBODY = 'none';

type Chosen =
  | { kind: 'one'; id: string; name: string }
  | { kind: 'nobody' }
  | { kind: 'several'; candidates: { id: string; name: string; about: string }[] };

/** Whom `who` means: as chosen, or the only customer that it can mean. */
async function chosenCustomer({ loyalty }: LoyaltyWeb, { who }: TypedAlert, chosen: unknown): Promise<Chosen> {
  const { alerts } = loyalty;
  if (chosen === NOBODY) return { kind: 'nobody' };
  if (typeof chosen === 'string' && chosen !== '') {
    const name = await alerts.nameOf(chosen);
    if (name === undefined) throw new NotFound();
    return { kind: 'one', id: chosen, name };
  }
  const candidates = await alerts.candidates(who);
  const [first] = candidates;
  if (!first) return { kind: 'nobody' };
  return candidates.length === 1 ? { kind: 'one', ...first } : { kind: 'several', candidates };
}

async function take(
  { loyalty }: LoyaltyWeb,
  req: Request,
  res: Response,
  { who, what }: TypedAlert,
  chosen: Exclude<Chosen, { kind: 'several' }>,
): Promise<void> {
  const { id, t, language } = staffOf(res);
  const customerId = chosen.kind === 'one' ? chosen.id : null;
  const reported = await loyalty.alerts.report({ accountId: id }, { who, what, customerId, language });
  const number = String(reported.number);
  const name = chosen.kind === 'one' ? chosen.name : who;
  const text = t(reported.joined ? 'alerts.done.joined' : 'alerts.done', { name, number });
  notify(req, text, { href: `/cases/${reported.caseId}`, text: t('alerts.case', { number }) });
  await saveSession(req);
  res.redirect(303, ALERT);
}
