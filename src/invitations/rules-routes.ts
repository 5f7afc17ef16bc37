import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { colleague } from '../shared/actor.ts';
import { NotFound, type FieldErrors } from '../shared/errors.ts';
import { idOf, needsRole, notify, readForm, saveSession, staffOf } from '../web/index.ts';
import { MOST_SHARE } from './holdout-rules.ts';
import { rulesView } from './rules-views.ts';
import { SECTION, type WavesWeb } from './web.ts';

const whole = (least: number, most: number, key: string) =>
  z.coerce.number(key).int(key).min(least, key).max(most, key);
const budgetForm = z.object({ days: whole(1, 730, 'waves.budget.range') });
const shareForm = z.object({ share: whole(0, MOST_SHARE, 'waves.holdout.range') });

/** How often people are written to, and who is kept out to compare with. Everybody reads it, managers change it. */
export function rulesRoutes(web: WavesWeb): Router {
  const { invitations } = web;
  const router = Router();

  router.get('/waves/rules', (req, res) => show(web, req, res));

  router.post('/waves/rules/budget', needsRole('manager'), async (req, res) => {
    const { id: me, t } = staffOf(res);
    const form = readForm(budgetForm, req.body);
    if (!form.ok) return show(web, req, res, { typed: req.body as object, errors: form.errors });
    await invitations.contacts.setBudget(colleague(me), form.value.days);
    await done(req, res, t('waves.budget.saved'));
  });

  router.post('/waves/rules/holdout/:programmeId', needsRole('manager'), async (req, res) => {
    const { id: me, t } = staffOf(res);
    const programmeId = idOf(req.params.programmeId);
    const { programmes } = await invitations.sendingRules();
    if (!programmes.some(({ id }) => id === programmeId)) throw new NotFound();
    const form = readForm(shareForm, req.body);
    if (!form.ok) {
      const { share } = (req.body ?? {}) as { share?: unknown };
      const field = `share-${programmeId}`;
      const errors = { [field]: form.errors.share ?? { key: 'waves.holdout.range' } };
      return show(web, req, res, { typed: { [field]: share }, errors });
    }
    await invitations.holdouts.setShare(colleague(me), programmeId, form.value.share);
    await done(req, res, t('waves.holdout.saved'));
  });

  return router;
}

async function done(req: Request, res: Response, text: string): Promise<void> {
  notify(req, text);
  await saveSession(req);
  res.redirect(303, '/waves/rules');
}

interface Rejected {
  typed: object;
  errors: FieldErrors;
}

async function show(web: WavesWeb, req: Request, res: Response, rejected?: Rejected): Promise<void> {
  const { t, role, timeZone } = staffOf(res);
  const facts = {
    ...(await web.invitations.sendingRules()),
    rejected,
    role,
    timeZone,
    colleagues: await web.accounts.colleagues(),
  };
  const page = { title: t('waves.rules.title'), section: SECTION, status: rejected ? 422 : 200 };
  web.pages.staff(req, res, 'invitations/rules', rulesView(facts, t), page);
}
