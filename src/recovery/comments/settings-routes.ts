import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { needsRole, notify, saveSession, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { giftsIn } from './gifts.ts';
import { readSettings } from './settings-form.ts';
import { commentSettingsPage } from './settings-views.ts';

const PATH = '/settings/comments';
const manager = needsRole('manager');

/** What the public page promises, and who gets what arrives. */
export function commentSettingsRoutes(web: RecoveryWeb): Router {
  const { recovery, accounts, pages } = web;
  const router = Router();

  async function facts(language: string) {
    const colleagues = (await accounts.colleagues()).filter(({ active }) => active);
    return {
      starters: await recovery.comments.starters(),
      colleagues,
      offers: await giftsIn(recovery.offers, language),
    };
  }

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const { t, language } = staffOf(res);
    const typed: unknown = errors ? req.body : undefined;
    const saved = await recovery.comments.settings();
    const view = commentSettingsPage({ ...(await facts(language)), saved, typed, errors }, t);
    const page = { title: t('accounts.comments'), section: '/settings', status: errors ? 422 : 200 };
    pages.staff(req, res, 'comments/settings', view, page);
  }

  router.get(PATH, manager, (req, res) => show(req, res));
  router.post(PATH, manager, async (req, res) => {
    const { id, t, language } = staffOf(res);
    const { starters, colleagues, offers } = await facts(language);
    const known = { colleagues: colleagues.map((each) => each.id), offers: offers.map((each) => each.id) };
    const form = readSettings(req.body, starters, known);
    if (!form.ok) return await show(req, res, form.errors);
    await recovery.comments.saveSettings(colleague(id), form.value.settings, form.value.revision);
    notify(req, t('accounts.saved'));
    await saveSession(req);
    res.redirect(303, PATH);
  });
  return router;
}
