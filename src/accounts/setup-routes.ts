import { Router } from 'express';
import { Conflict, NotFound } from '../shared/errors.ts';
import { needsRole, notify, saveSession, staffOf } from '../web/index.ts';
import type { AccountsWeb } from './accounts-web.ts';
import { actorOf } from './session-routes.ts';
import { setupPage } from './setup-views.ts';

const administrator = needsRole('administrator');

/** The first run: what is still to be said, in an order that makes sense; each part can wait. */
export function setupRoutes(web: AccountsWeb): Router {
  const { accounts, pages, questionnaireTexts, hasCustomers, loadSample, environmentMail } = web;
  const router = Router();
  router.get('/setup', administrator, async (req, res) => {
    const { t, name } = staffOf(res);
    const texts = await questionnaireTexts.list(t);
    const given = {
      saved: await accounts.settings.stored(),
      environmentMail: environmentMail.server,
      textsWaiting: texts.filter(({ approved }) => !approved).length,
      sample: loadSample !== undefined && !(await hasCustomers()),
      name,
    };
    pages.staff(req, res, 'accounts/setup', setupPage(given, t), { title: t('accounts.setup'), section: '/settings' });
  });
  router.post('/setup', administrator, async (req, res) => {
    await accounts.settings.finishSetUp(actorOf(res));
    notify(req, staffOf(res).t('accounts.setup.finished'));
    await saveSession(req);
    res.redirect(303, '/');
  });
  router.post('/settings/sample', administrator, async (req, res) => {
    if (!loadSample) throw new NotFound();
    if (await hasCustomers()) throw new Conflict('accounts.sample.late');
    await loadSample(actorOf(res));
    notify(req, staffOf(res).t('accounts.sample.loaded'));
    await saveSession(req);
    // What the whole is for; the set-up can wait.
    res.redirect(303, '/leaving');
  });
  return router;
}
