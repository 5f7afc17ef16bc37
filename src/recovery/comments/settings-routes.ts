import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { needsRole, sayOrShow, seenRevision, staffOf } from '../../web/index.ts';
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

  async function show(req: Request, res: Response, status = 200, errors?: FieldErrors): Promise<void> {
    const { t, language } = staffOf(res);
    const saved = await recovery.comments.settings();
    const typed: unknown = status === 200 ? undefined : req.body;
    // What does not fit was made from the same revision as before; after somebody else's it is a decision to save.
    const revision = errors ? seenRevision(req.body) : saved.revision;
    const view = commentSettingsPage({ ...(await facts(language)), saved, revision, typed, errors }, t);
    const page = { title: t('accounts.comments'), section: '/settings', status };
    pages.staff(req, res, 'comments/settings', view, page);
  }

  router.get(PATH, manager, (req, res) => show(req, res));
  router.post(PATH, manager, async (req, res) => {
    const { id, t, language } = staffOf(res);
    const { starters, colleagues, offers } = await facts(language);
    const known = { colleagues: colleagues.map((each) => each.id), offers: offers.map((each) => each.id) };
    const form = readSettings(req.body, starters, known);
    if (!form.ok) return await show(req, res, 422, form.errors);
    await sayOrShow(req, res, { then: PATH, show: (status) => show(req, res, status) }, async () => {
      await recovery.comments.saveSettings(colleague(id), form.value.settings, form.value.revision);
      return t('accounts.saved');
    });
  });
  return router;
}
