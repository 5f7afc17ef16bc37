import { Router, type Request, type RequestHandler, type Response } from 'express';
import { needsRole, notify, readForm, saveSession, staffOf } from '../web/index.ts';
import type { AccountsWeb } from './accounts-web.ts';
import { mailPage, type Refused } from './mail-views.ts';
import type { Hook } from './mail-hook-views.ts';
import { actorOf } from './session-routes.ts';
import { mailForm, mailgunForm, sesForm } from './settings-forms.ts';
import { nextPath } from './setup-views.ts';

const administrator = needsRole('administrator');

/** The mail server, whether it works, and how what comes back reaches us. */
export function mailRoutes(web: AccountsWeb): Router {
  const { accounts, mailer, environmentMail } = web;
  const router = Router();

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

  router.get('/settings/mail', administrator, (req, res) => show(web, req, res));
  router.post('/settings/mail', administrator, async (req, res) => {
    const form = readForm(mailForm, req.body);
    if (!form.ok) return show(web, req, res, { typed: req.body, errors: form.errors });
    const saved = await accounts.settings.saveMail(actorOf(res), form.value);
    if (!saved.ok) return show(web, req, res, { typed: req.body, errors: saved.errors });
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
  return router.use(hookRoutes(web));
}

/** By what the reports of mail services are known. */
function hookRoutes(web: AccountsWeb): Router {
  const { settings } = web.accounts;
  const router = Router();

  const saved = async (req: Request, res: Response) => {
    notify(req, staffOf(res).t('accounts.saved'));
    await saveSession(req);
    res.redirect(303, '/settings/mail#back');
  };
  const isOff = (req: Request) => (req.body as { then?: unknown } | undefined)?.then === 'off';
  const on = (hook: Hook, handler: RequestHandler) =>
    router.post(`/settings/mail/hooks/${hook}`, administrator, handler);

  on('ses', async (req, res) => {
    const form = readForm(sesForm, req.body);
    if (isOff(req)) await settings.saveTopic(actorOf(res), '');
    else if (form.ok) await settings.saveTopic(actorOf(res), form.value.topicArn);
    else return show(web, req, res, { hook: { hook: 'ses', typed: req.body, errors: form.errors } });
    await saved(req, res);
  });
  on('mailgun', async (req, res) => {
    const form = readForm(mailgunForm, req.body);
    if (isOff(req)) await settings.saveSigningKey(actorOf(res), '');
    else if (form.ok) await settings.saveSigningKey(actorOf(res), form.value.signingKey);
    else return show(web, req, res, { hook: { hook: 'mailgun', typed: {}, errors: form.errors } });
    await saved(req, res);
  });
  on('postmark', async (req, res) => {
    await (isOff(req) ? settings.forgetPostmarkPassword(actorOf(res)) : settings.makePostmarkPassword(actorOf(res)));
    await saved(req, res);
  });
  return router;
}

async function show(web: AccountsWeb, req: Request, res: Response, refused: Refused = {}): Promise<void> {
  const { accounts, pages } = web;
  const { id, t, timeZone } = staffOf(res);
  const view = mailPage(
    {
      section: await accounts.settings.mailSection(),
      environment: web.environmentMail,
      provider: typeof req.query.provider === 'string' ? req.query.provider : undefined,
      myEmail: (await accounts.people.me(id)).email,
      setUp: (await accounts.company()).setUp,
      sendingOff: await accounts.settings.isSendingOff(),
      hasSample: await accounts.settings.hasSample(),
      secrets: await accounts.hookSecrets(),
      hooks: await web.hooks.states(),
      baseUrl: web.baseUrl,
      timeZone,
      readsMailbox: web.readsMailbox,
    },
    t,
    refused,
  );
  const status = refused.errors || refused.hook ? 422 : 200;
  pages.staff(req, res, 'accounts/mail', view, { title: t('accounts.mail'), section: '/settings', status });
}
