import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { Forbidden, Invalid, NotFound, type FieldErrors } from '../../shared/errors.ts';
import { hasRole, notify, saveSession, staffOf } from '../../web/index.ts';
import { text, type Body } from '../code-form.ts';
import type { CodingWeb } from '../routes.ts';
import { createShelf } from '../shelf.ts';
import { themePage, themesPage } from './theme-views.ts';

const SECTION = { section: '/answers' };
/** Seconds until a page that waits for a look is shown again. */
const REFRESH = 3;

/** What no reason explains, for everybody to read and dismiss; managers make reasons of it. */
export function themeRoutes({ coding, pages }: CodingWeb): Router {
  const router = Router();
  const { themes } = coding;
  const { bookAt, names } = createShelf(coding);
  const actor = (res: Response) => colleague(staffOf(res).id);

  async function show(req: Request, res: Response, rejected?: { id: string; errors: FieldErrors }) {
    const staff = staffOf(res);
    const at = await bookAt(req.params.programme);
    const view = themesPage(at, await themes.all(at.programme.id), await names(), staff, rejected);
    const page = { title: staff.t('themes.title'), ...SECTION, status: rejected ? 422 : 200 };
    pages.staff(req, res, 'coding/themes', view, view.looking ? { ...page, refresh: REFRESH } : page);
  }

  async function back(req: Request, res: Response, said: string) {
    notify(req, said);
    await saveSession(req);
    res.redirect(303, `/codebook/${String(req.params.programme)}/themes`);
  }

  router.get('/codebook/:programme/themes', (req, res) => show(req, res));

  router.post('/codebook/:programme/themes/look', async (req, res) => {
    const { programme } = await bookAt(req.params.programme);
    await themes.want(programme.id);
    await back(req, res, staffOf(res).t('themes.wanted'));
  });

  router.get('/codebook/:programme/themes/:theme', async (req, res) => {
    const staff = staffOf(res);
    const at = await bookAt(req.params.programme);
    const theme = await themes.at(at.programme.id, req.params.theme);
    const from = Number(req.query.from ?? 0);
    const answers = await themes.answers(theme.id, Number.isSafeInteger(from) && from > 0 ? from : 0);
    const view = themePage(at, theme, answers, staff);
    pages.staff(req, res, 'coding/theme', view, { title: view.heading, ...SECTION });
  });

  router.post('/codebook/:programme/themes/:theme', async (req, res) => {
    const { t, role } = staffOf(res);
    const { programme } = await bookAt(req.params.programme);
    const body = (req.body ?? {}) as Body;
    const id = req.params.theme;
    const { state } = await themes.at(programme.id, id);
    const choice = text(body.do);
    const changesBook = choice === 'same' || (choice === 'back' && state !== 'no');
    if (changesBook && !hasRole(role, 'manager')) throw new Forbidden();
    if (choice === 'no') await themes.dismiss(actor(res), programme.id, id);
    else if (choice === 'back') await themes.takeBack(actor(res), programme.id, id);
    else if (choice === 'same') {
      try {
        await themes.sameAs(actor(res), programme.id, id, text(body[`same-${id}`]));
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        return await show(req, res, { id, errors: error.fieldErrors });
      }
    } else throw new NotFound();
    await back(req, res, t(`themes.done.${choice}`));
  });

  return router;
}
