import { Router, type Request, type Response } from 'express';
import { isId } from '../shared/ids.ts';
import { needsRole, saveSession, staffOf } from '../web/index.ts';
import { codeRoutes } from './code-routes.ts';
import type { CodePagesWeb } from './code-pages-routes.ts';
import { codebookPage, codebooksPage, historyPage } from './codebook-views.ts';
import { engineRoutes } from './opinions/engine-routes.ts';
import { createShelf } from './shelf.ts';
import { competitorRoutes } from './themes/competitor-routes.ts';
import { themeRoutes } from './themes/theme-routes.ts';

const SECTION = { section: '/answers' };
const HISTORY = 50;

/** The codebooks: everybody reads them, managers change them. */
export function codebookRoutes(web: CodePagesWeb): Router {
  const router = Router();
  const { coding, pages } = web;
  const { programmeAt, bookAt, names } = createShelf(coding);
  const { desk, keywords } = coding;

  async function showAll(req: Request, res: Response) {
    const staff = staffOf(res);
    const view = codebooksPage(await desk.programmes(), staff);
    pages.staff(req, res, 'coding/codebooks', view, { title: staff.t('codebook.all'), ...SECTION });
  }

  async function show(req: Request, res: Response) {
    const staff = staffOf(res);
    const { programme, book } = await bookAt(req.params.programme);
    const usage = await desk.usage(book);
    const unknown = await keywords.unknown(programme.key, book, usage);
    const view = codebookPage(programme, book, { usage, unknown }, staff);
    pages.staff(req, res, 'coding/codebook', view, { title: staff.t('codebook.title'), ...SECTION });
  }

  async function make(req: Request, res: Response) {
    const programme = await programmeAt(req.params.programme);
    await coding.createEmpty(programme.id);
    await saveSession(req);
    res.redirect(303, `/codebook/${programme.key}`);
  }

  async function showHistory(req: Request, res: Response) {
    const staff = staffOf(res);
    const { programme, book } = await bookAt(req.params.programme);
    const found = await coding.changes(book.id, readAfter(req.query.after));
    const rows = found.slice(0, HISTORY);
    const last = rows.at(-1);
    const next = found.length > HISTORY && last ? `${last.at}~${last.id}` : null;
    const view = historyPage(programme, rows, next, await names(), staff);
    pages.staff(req, res, 'coding/history', view, { title: staff.t('codebook.history'), ...SECTION });
  }

  router.get('/codebook', showAll);
  router.get('/codebook/:programme', show);
  router.post('/codebook/:programme', needsRole('manager'), make);
  router.get('/codebook/:programme/history', showHistory);
  router.use(engineRoutes(web), codeRoutes(web), themeRoutes(web), competitorRoutes(web));
  return router;
}

function readAfter(after: unknown): { at: string; id: string } | null {
  const [at = '', id] = typeof after === 'string' ? after.split('~') : [];
  return isId(id) ? { at, id } : null;
}
