import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { colleague } from '../shared/actor.ts';
import { Invalid, NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { needsRole, notify, readForm, saveSession, staffOf } from '../web/index.ts';
import { comparePage, waitingPage } from './copy-views.ts';
import type { ResponseRoutes } from './web.ts';

const choiceForm = z.object({ which: z.enum(['copy', 'standing']) });
const SECTION = '/answers';

/** Two sets of answers to one invitation: a colleague says which counts. */
export function copyRoutes(web: ResponseRoutes): Router {
  const { responses } = web;
  const router = Router();
  const staff = needsRole('staff');

  router.get('/responses/copies', staff, async (req, res) => {
    const list = await responses.waitingCopies(isId(req.query.after) ? req.query.after : null);
    const ids = list.rows.map(({ customerId }) => customerId);
    const view = waitingPage(list, await web.customers.names(web.storage.read, ids), staffOf(res));
    const title = staffOf(res).t('responses.waiting.title');
    web.pages.staff(req, res, 'responses/waiting', view, { title, section: SECTION });
  });

  router.get('/responses/:id/copies/:copyId', staff, (req, res) => showCompare(web, req, res));

  router.post('/responses/:id/copies/:copyId/choice', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    const { copy, version } = await found(web, req);
    const form = readForm(choiceForm, req.body);
    if (!form.ok) throw new Invalid(form.errors);
    await responses.choose(colleague(me), copy, form.value.which, version.definition);
    notify(req, t(`responses.chosen.${form.value.which}`));
    await saveSession(req);
    res.redirect(303, `/responses/${copy.responseId}`);
  });

  return router;
}

async function found({ responses, questionnaires }: ResponseRoutes, req: Request) {
  const copy = await responses.copy(String(req.params.copyId));
  if (copy.responseId !== req.params.id) throw new NotFound();
  const story = await responses.get(copy.responseId);
  const version = await questionnaires.version(story.response.versionId);
  if (!version) throw new NotFound();
  return { copy, story, version };
}

async function showCompare(web: ResponseRoutes, req: Request, res: Response): Promise<void> {
  const { t, timeZone } = staffOf(res);
  const { copy, story, version } = await found(web, req);
  const { customerId } = story.response;
  const customer = (await web.customers.names(web.storage.read, [customerId])).get(customerId);
  const colleagues = await web.accounts.colleagues();
  const view = comparePage({ story, version, customer, codes: [], timeZone, t, copy, colleagues });
  web.pages.staff(req, res, 'responses/compare', view, { title: view.heading, section: SECTION });
}
