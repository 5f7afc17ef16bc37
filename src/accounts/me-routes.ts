import { Router, type Request, type Response } from 'express';
import { endSession, notify, readForm, saveSession, staffOf } from '../web/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { changePasswordForm, meForm } from './people-forms.ts';
import type { AccountsWeb } from './accounts-web.ts';
import { enter } from './session-routes.ts';
import { mePage } from './views.ts';

/** Somebody's own page. */
export function meRoutes({ accounts, pages, texts, newsFor, choosableFor }: AccountsWeb): Router {
  const router = Router();

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const { id, t, role } = staffOf(res);
    const settings = role === 'administrator' ? [{ value: '/settings', text: t('nav.settings') }] : [];
    const links = [{ value: '/outbox', text: t('accounts.me.outbox') }, ...settings];
    const news = (await newsFor?.(staffOf(res))) ?? null;
    const choosable = (await choosableFor?.(staffOf(res))) ?? null;
    const view = {
      ...mePage(await accounts.people.me(id), links, t, errors ? req.body : undefined, errors),
      news,
      choosable,
    };
    pages.staff(req, res, 'accounts/me', view, { title: view.name, section: '/me', status: errors ? 422 : 200 });
  }

  router.get('/me', (req, res) => show(req, res));
  router.post('/me', async (req, res) => {
    const form = readForm(meForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    await accounts.people.saveMe(staffOf(res).id, form.value);
    notify(req, texts.in(form.value.language)('accounts.saved'));
    await saveSession(req);
    res.redirect(303, '/me');
  });
  router.post('/me/password', async (req, res) => {
    const { id, t } = staffOf(res);
    const form = readForm(changePasswordForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    const result = await accounts.entry.changePassword(id, form.value.passwordNow, form.value.password);
    if (!result.ok) return show(req, res, result.errors);
    await enter(req, result.value);
    notify(req, t('accounts.password.changed'));
    await saveSession(req);
    res.redirect(303, '/me');
  });
  router.post('/sign-out', async (req, res) => {
    await accounts.entry.signOut(staffOf(res).id);
    await endSession(req, res);
    res.redirect(303, '/sign-in');
  });
  return router;
}
