import { Router, type Request, type Response } from 'express';
import { colleague } from '../shared/actor.ts';
import { Invalid } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { needsRole, notify, saveSession, staffOf, type PoliciesFor, type Staff } from '../web/index.ts';
import { readNames, readTexts, text, type Body } from './code-form.ts';
import { codePage, type Rejected } from './code-views.ts';
import type { Code, Codebook } from './codebook.ts';
import { codebookPage, codebooksPage, historyPage, languagesOf, type Programme } from './codebook-views.ts';
import { enginePage } from './opinions/engine-views.ts';
import type { CodingWeb } from './routes.ts';
import { createShelf, within } from './shelf.ts';
import type { LineFound } from './themes/clashes.ts';
import { competitorRoutes } from './themes/competitor-routes.ts';
import { keywordsFrom } from './themes/theme-rules.ts';
import { themeRoutes } from './themes/theme-routes.ts';

const manager = needsRole('manager');
const SECTION = { section: '/answers' };
const HISTORY = 50;
const PATIENCE_MS = 2000;
/** A page waits so long for what a thread counts. */
const SHORT_PATIENCE_MS = 1200;

interface CodebookWeb extends CodingWeb {
  policiesFor: PoliciesFor;
}

/** The codebooks: everybody reads them, managers change them. */
export function codebookRoutes({ coding, pages, policiesFor }: CodebookWeb): Router {
  const router = Router();
  const { programmeAt, bookAt, codeAt } = createShelf(coding);
  const { desk, keywords, themes } = coding;

  async function factsOf({ programme, book }: At, code: Code, staff: Staff) {
    const given = (await desk.usage(book)).get(code.id) ?? 0;
    let clashes: LineFound[] | undefined;
    const counting = keywords.clashes(book, code).then((found) => (clashes = found));
    // What cannot be counted now is counted at the next look.
    await within(SHORT_PATIENCE_MS, counting).catch(() => false);
    const policies = await policiesFor(code.id, staff);
    return { given, clashes, policies, keywords: await keywords.of(code), known: keywords.known(programme.key, code) };
  }

  /** A reason that is made of a theme begins with its words. */
  async function beginning(req: Request, programmeId: string) {
    const id = text(req.query.theme) || text((req.body as Body | undefined)?.theme);
    if (id === '') return {};
    const theme = await themes.at(programmeId, id);
    return { theme: theme.id, keywords: keywordsFrom(theme.phrases) };
  }

  async function showCode(req: Request, res: Response, at: At, code: Code | null, rejected?: Rejected) {
    const staff = staffOf(res);
    const facts = code
      ? { ...NO_FACTS, ...(await factsOf(at, code, staff)) }
      : { ...NO_FACTS, ...(await beginning(req, at.programme.id)), under: text(req.query.under) };
    const view = codePage(at.programme, at.book, code, facts, staff, rejected);
    const page = { title: view.heading, ...SECTION, status: rejected ? 422 : 200 };
    pages.staff(req, res, 'coding/code', view, page);
  }

  /** Does it and says so, or shows the form again with what is wrong. */
  async function change(
    req: Request,
    res: Response,
    form: Rejected['form'],
    said: string,
    act: (at: At, body: Body) => Promise<unknown>,
    saidLater = said,
  ) {
    const at = await bookAt(req.params.programme);
    const code = req.params.key === undefined ? null : codeAt(at.book, req.params.key);
    const body = (req.body ?? {}) as Body;
    let done: boolean;
    try {
      done = await within(PATIENCE_MS, act(at, body));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return await showCode(req, res, at, code, { form, body, errors: error.fieldErrors });
    }
    notify(req, staffOf(res).t(done ? said : saidLater));
    await saveSession(req);
    const theme = text(body.theme);
    res.redirect(303, `/codebook/${at.programme.key}${theme === '' ? '' : `/themes/${theme}`}`);
  }

  const actor = (res: Response) => colleague(staffOf(res).id);

  router.get('/codebook', async (req, res) => {
    const staff = staffOf(res);
    const view = codebooksPage(await desk.programmes(), staff);
    pages.staff(req, res, 'coding/codebooks', view, { title: staff.t('codebook.all'), ...SECTION });
  });

  router.get('/codebook/:programme', async (req, res) => {
    const staff = staffOf(res);
    const { programme, book } = await bookAt(req.params.programme);
    const usage = await desk.usage(book);
    const unknown = await keywords.unknown(programme.key, book, usage);
    const view = codebookPage(programme, book, { usage, unknown }, staff);
    pages.staff(req, res, 'coding/codebook', view, { title: staff.t('codebook.title'), ...SECTION });
  });

  router.post('/codebook/:programme', manager, async (req, res) => {
    const programme = await programmeAt(req.params.programme);
    await coding.createEmpty(programme.id);
    await saveSession(req);
    res.redirect(303, `/codebook/${programme.key}`);
  });

  router.get('/codebook/:programme/engine', async (req, res) => {
    const staff = staffOf(res);
    const { programme } = await bookAt(req.params.programme);
    const names = new Map((await coding.colleagues()).map(({ id, name }) => [id, name]));
    const view = enginePage(programme, await coding.opinions.models(programme.id), names, staff);
    pages.staff(req, res, 'coding/engine', view, { title: staff.t('engine.title'), ...SECTION });
  });

  router.post('/codebook/:programme/engine', manager, async (req, res) => {
    const { programme } = await bookAt(req.params.programme);
    const turn = Number((req.body as Body | undefined)?.turn);
    // What it knew then is learned again, which takes longer than anybody waits for a page.
    const isDone = await within(PATIENCE_MS, coding.opinions.goBack(actor(res), programme.id, turn));
    notify(req, staffOf(res).t(isDone ? 'engine.wentBack' : 'engine.goesBack'));
    await saveSession(req);
    res.redirect(303, `/codebook/${programme.key}/engine`);
  });

  router.get('/codebook/:programme/history', async (req, res) => {
    const staff = staffOf(res);
    const { programme, book } = await bookAt(req.params.programme);
    const found = await coding.changes(book.id, readAfter(req.query.after));
    const rows = found.slice(0, HISTORY);
    const last = rows.at(-1);
    const next = found.length > HISTORY && last ? `${last.at}~${last.id}` : null;
    const names = new Map((await coding.colleagues()).map(({ id, name }) => [id, name]));
    const view = historyPage(programme, rows, next, names, staff);
    pages.staff(req, res, 'coding/history', view, { title: staff.t('codebook.history'), ...SECTION });
  });

  router.get('/codebook/:programme/add', manager, async (req, res) => {
    await showCode(req, res, await bookAt(req.params.programme), null);
  });

  router.post('/codebook/:programme/codes', manager, (req, res) =>
    change(req, res, 'texts', 'codebook.added', ({ programme, book }, body) => {
      const code = { ...textsIn(body, book, res), parentKey: text(body.parent) || null };
      const theme = text(body.theme);
      if (theme === '') return coding.add(actor(res), programme.id, code);
      return themes.makeCode(actor(res), programme.id, theme, code);
    }),
  );

  router.get('/codebook/:programme/codes/:key', manager, async (req, res) => {
    const at = await bookAt(req.params.programme);
    await showCode(req, res, at, codeAt(at.book, req.params.key));
  });

  router.post('/codebook/:programme/codes/:key', manager, (req, res) =>
    change(req, res, 'texts', 'codebook.renamed', ({ programme, book }, body) =>
      coding.rename(actor(res), programme.id, keyOf(req), textsIn(body, book, res)),
    ),
  );

  router.post('/codebook/:programme/codes/:key/place', manager, (req, res) =>
    change(req, res, 'place', 'codebook.moved', ({ programme }, body) =>
      coding.move(actor(res), programme.id, keyOf(req), {
        parentKey: text(body.parent) || null,
        beforeKey: text(body.before) || null,
      }),
    ),
  );

  router.post('/codebook/:programme/codes/:key/merger', manager, (req, res) =>
    change(
      req,
      res,
      'merge',
      'codebook.merged',
      ({ programme }, body) => coding.merge(actor(res), programme.id, keyOf(req), text(body.into)),
      'codebook.merging',
    ),
  );

  router.post('/codebook/:programme/codes/:key/split', manager, (req, res) =>
    change(
      req,
      res,
      'split',
      'codebook.split',
      ({ programme }, body) =>
        coding.split(actor(res), programme.id, keyOf(req), readNames(body, staffOf(res).language)),
      'codebook.splitting',
    ),
  );

  router.post('/codebook/:programme/codes/:key/retirement', manager, (req, res) =>
    change(req, res, 'texts', 'codebook.retired', ({ programme }) =>
      coding.retire(actor(res), programme.id, keyOf(req)),
    ),
  );

  router.post('/codebook/:programme/codes/:key/restoration', manager, async (req, res) => {
    const { programme } = await bookAt(req.params.programme);
    await coding.restore(actor(res), programme.id, keyOf(req));
    notify(req, staffOf(res).t('codebook.restored'));
    await saveSession(req);
    res.redirect(303, `/codebook/${programme.key}`);
  });

  router.use(themeRoutes({ coding, pages }), competitorRoutes({ coding, pages }));
  return router;
}

interface At {
  programme: Programme;
  book: Codebook;
}

const NO_FACTS = { given: 0, under: '', keywords: {}, known: 0, clashes: undefined, theme: '', policies: [] };

const keyOf = (req: Request): string => String(req.params.key);
const textsIn = (body: Body, book: Codebook, res: Response) =>
  readTexts(body, languagesOf(book), staffOf(res).language);

function readAfter(after: unknown): { at: string; id: string } | null {
  const [at = '', id] = typeof after === 'string' ? after.split('~') : [];
  return isId(id) ? { at, id } : null;
}
