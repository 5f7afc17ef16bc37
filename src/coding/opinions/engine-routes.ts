import { Router } from 'express';
import { colleague } from '../../shared/actor.ts';
import { needsRole, notify, saveSession, staffOf } from '../../web/index.ts';
import type { Body } from '../code-form.ts';
import type { CodingWeb } from '../routes.ts';
import { createShelf, PATIENCE_MS, within } from '../shelf.ts';
import { enginePage } from './engine-views.ts';

const SECTION = { section: '/answers' };

/** What the engine has learned of a programme: everybody reads it, managers go back to what it knew before. */
export function engineRoutes({ coding, pages }: CodingWeb): Router {
  const router = Router();
  const { bookAt, names } = createShelf(coding);

  router.get('/codebook/:programme/engine', async (req, res) => {
    const staff = staffOf(res);
    const { programme } = await bookAt(req.params.programme);
    const view = enginePage(programme, await coding.opinions.models(programme.id), await names(), staff);
    pages.staff(req, res, 'coding/engine', view, { title: staff.t('engine.title'), ...SECTION });
  });

  router.post('/codebook/:programme/engine', needsRole('manager'), async (req, res) => {
    const { id, t } = staffOf(res);
    const { programme } = await bookAt(req.params.programme);
    const turn = Number((req.body as Body | undefined)?.turn);
    // What it knew then is learned again, which takes longer than anybody waits for a page.
    const isDone = await within(PATIENCE_MS, coding.opinions.goBack(colleague(id), programme.id, turn));
    notify(req, t(isDone ? 'engine.wentBack' : 'engine.goesBack'));
    await saveSession(req);
    res.redirect(303, `/codebook/${programme.key}/engine`);
  });

  return router;
}
