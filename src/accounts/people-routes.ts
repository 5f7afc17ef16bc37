import { Router, type Request, type Response } from 'express';
import { NotFound, type FieldErrors } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { needsRole, notify, readForm, saveSession, staffOf } from '../web/index.ts';
import { accountForm, roleForm } from './people-forms.ts';
import { peoplePage, personPage } from './people-views.ts';
import type { AccountsWeb } from './accounts-web.ts';
import { actorOf } from './session-routes.ts';

const administrator = needsRole('administrator');
type OfPerson = Request<{ id: string }>;

function idOf(req: OfPerson): string {
  if (!isId(req.params.id)) throw new NotFound();
  return req.params.id;
}

/** Colleagues: who has an account, and what each may do. */
export function peopleRoutes({ accounts, pages, mailer, lookedAfter }: AccountsWeb): Router {
  const { people } = accounts;
  const router = Router();

  async function list(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const { t, language } = staffOf(res);
    const given = { t, captured: await mailer.captures(), language };
    const view = peoplePage(await people.list(), given, errors ? req.body : undefined, errors);
    const page = { title: t('accounts.people'), section: '/settings', status: errors ? 422 : 200 };
    pages.staff(req, res, 'accounts/people', view, page);
  }

  async function show(req: OfPerson, res: Response, errors?: FieldErrors): Promise<void> {
    const staff = staffOf(res);
    const looked = (await lookedAfter?.(idOf(req), staff)) ?? null;
    const view = personPage(await people.find(idOf(req)), looked, staff, errors ? req.body : undefined, errors);
    pages.staff(req, res, 'accounts/person', view, {
      title: view.name,
      section: '/settings',
      status: errors ? 422 : 200,
    });
  }

  async function said(req: Request, res: Response, path: string, key: string): Promise<void> {
    notify(req, staffOf(res).t(key));
    await saveSession(req);
    res.redirect(303, path);
  }

  const invited = async () => `accounts.people.${(await mailer.captures()) ? 'invitedKept' : 'invited'}`;

  router.get('/settings/people', administrator, (req, res) => list(req, res));
  router.post('/settings/people', administrator, async (req, res) => {
    const form = readForm(accountForm, req.body);
    if (!form.ok) return list(req, res, form.errors);
    const result = await people.invite(actorOf(res), form.value);
    if (!result.ok) return list(req, res, result.errors);
    const key = await invited();
    await said(req, res, '/settings/people', key);
  });

  router.get('/settings/people/:id', administrator, (req: OfPerson, res) => show(req, res));
  router.post('/settings/people/:id/role', administrator, async (req: OfPerson, res) => {
    const id = idOf(req);
    const form = readForm(roleForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    await people.changeRole(actorOf(res), id, form.value.role);
    await said(req, res, `/settings/people/${id}`, 'accounts.people.roleChanged');
  });
  router.post('/settings/people/:id/invitation', administrator, async (req: OfPerson, res) => {
    await people.inviteAgain(actorOf(res), idOf(req));
    const key = await invited();
    await said(req, res, `/settings/people/${req.params.id}`, key);
  });
  router.post('/settings/people/:id/deactivation', administrator, async (req: OfPerson, res) => {
    const id = idOf(req);
    await people.deactivate(actorOf(res), id);
    const looked = await lookedAfter?.(id, staffOf(res));
    await said(req, res, looked?.href ?? `/settings/people/${id}`, 'accounts.people.deactivated');
  });
  router.post('/settings/people/:id/reactivation', administrator, async (req: OfPerson, res) => {
    await people.reactivate(actorOf(res), idOf(req));
    await said(req, res, `/settings/people/${req.params.id}`, 'accounts.people.reactivated');
  });
  return router;
}
