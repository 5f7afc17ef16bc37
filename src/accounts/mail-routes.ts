import { Router, type Request, type Response } from 'express';
import type { FieldErrors } from '../shared/errors.ts';
import { needsRole, notify, readForm, saveSession, staffOf } from '../web/index.ts';
import type { AccountsWeb } from './accounts-web.ts';
import { actorOf } from './session-routes.ts';
import { mailForm } from './settings-forms.ts';
import { mailPage, nextPath } from './settings-views.ts';

const administrator = needsRole('administrator');

/** The mail server, and whether it works. */
export function mailRoutes({ accounts, pages, mailer, environmentMail }: AccountsWeb): Router {
  const router = Router();

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const { id, t } = staffOf(res);
    const [section, me, { setUp }] = [
      await accounts.settings.mailSection(),
      await accounts.people.me(id),
      await accounts.company(),
    ];
    const sendingOff = await accounts.settings.isSendingOff();
    const provider = typeof req.query.provider === 'string' ? req.query.provider : undefined;
    const given = { section, environment: environmentMail, provider, myEmail: me.email, setUp, sendingOff };
    const view = mailPage(given, t, errors ? req.body : undefined, errors);
    const page = { title: t('accounts.mail'), section: '/settings', status: errors ? 422 : 200 };
    pages.staff(req, res, 'accounts/mail', view, page);
  }

  async function test(req: Request, res: Response): Promise<void> {
    const { id, t } = staffOf(res);
    const me = await accounts.people.me(id);
    const message = await accounts.letters.testMessage({ name: me.name, address: me.email }, me.language);
    const settings = environmentMail.server ? null : await accounts.mailSettings();
    const result = await mailer.sendTest(settings, message);
    notify(req, result.ok ? t('accounts.mail.testSent', { email: me.email }) : t(result.key, result.values));
    await saveSession(req);
    res.redirect(303, '/settings/mail');
  }

  router.get('/settings/mail', administrator, (req, res) => show(req, res));
  router.post('/settings/mail', administrator, async (req, res) => {
    const form = readForm(mailForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    const saved = await accounts.settings.saveMail(actorOf(res), form.value);
    if (!saved.ok) return show(req, res, saved.errors);
    const { then } = req.body as { then?: unknown };
    if (then === 'test' && form.value.host !== '') return test(req, res);
    const { setUp } = await accounts.company();
    if (setUp) notify(req, staffOf(res).t('accounts.saved'));
    await saveSession(req);
    res.redirect(303, nextPath('mail', setUp));
  });
  router.post('/settings/mail/test', administrator, test);
  router.post('/settings/mail/sending', administrator, async (req, res) => {
    await accounts.settings.turnSendingOn(actorOf(res));
    notify(req, staffOf(res).t('accounts.mail.sendingOn'));
    await saveSession(req);
    res.redirect(303, '/settings/mail');
  });
  return router;
}
