import { Router, type Request, type Response } from 'express';
import { colleague } from '../shared/actor.ts';
import { Invalid, NotFound, type FieldErrors } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { needsRole, notify, saveSession, staffOf } from '../web/index.ts';
import type { Code, Codebook, Texts } from './codebook.ts';
import {
  codebookPage,
  codebooksPage,
  codePage,
  historyPage,
  languagesOf,
  type Programme,
  type Rejected,
} from './codebook-views.ts';
import type { CodeTexts } from './editing.ts';
import { enginePage } from './opinions/engine-views.ts';
import type { CodingWeb } from './routes.ts';

const manager = needsRole('manager');
const SECTION = { section: '/answers' };
const HISTORY = 50;
const PATIENCE_MS = 2000;
const LONGEST = { name: 80, description: 400 };

type Body = Record<string, unknown>;

/** The codebooks: everybody reads them, managers change them. */
export function codebookRoutes({ coding, pages }: CodingWeb): Router {
  const router = Router();
  const { desk } = coding;

  async function programmeAt(key: unknown): Promise<Programme & { codebookId: string | null }> {
    const programme = (await desk.programmes()).find((each) => each.key === key);
    if (!programme) throw new NotFound();
    return programme;
  }

  async function bookAt(key: unknown): Promise<{ programme: Programme; book: Codebook }> {
    const programme = await programmeAt(key);
    const book = await coding.codebook(programme.id);
    if (!book) throw new NotFound();
    return { programme, book };
  }

  function codeAt(book: Codebook, key: unknown): Code {
    const code = book.byKey.get(String(key));
    if (!code || code.retiredAt !== null) throw new NotFound();
    return code;
  }

  async function showCode(
    req: Request,
    res: Response,
    at: { programme: Programme; book: Codebook },
    code: Code | null,
    rejected?: Rejected,
  ) {
    const staff = staffOf(res);
    const given = code ? ((await desk.usage(at.book)).get(code.id) ?? 0) : 0;
    const under = typeof req.query.under === 'string' ? req.query.under : '';
    const view = codePage(at.programme, at.book, code, { given, under }, staff, rejected);
    const page = { title: view.heading, ...SECTION, status: rejected ? 422 : 200 };
    pages.staff(req, res, 'coding/code', view, page);
  }

  /** Does it and says so, or shows the form again with what is wrong. */
  async function change(
    req: Request,
    res: Response,
    form: Rejected['form'],
    said: string,
    act: (at: { programme: Programme; book: Codebook }, body: Body) => Promise<unknown>,
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
    res.redirect(303, `/codebook/${at.programme.key}`);
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
    const view = codebookPage(programme, book, await desk.usage(book), staff);
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
    await coding.opinions.goBack(actor(res), programme.id, Number((req.body as Body | undefined)?.turn));
    notify(req, staffOf(res).t('engine.wentBack'));
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
    change(req, res, 'texts', 'codebook.added', ({ programme, book }, body) =>
      coding.add(actor(res), programme.id, { ...readTexts(body, book, res), parentKey: text(body.parent) || null }),
    ),
  );

  router.get('/codebook/:programme/codes/:key', manager, async (req, res) => {
    const at = await bookAt(req.params.programme);
    await showCode(req, res, at, codeAt(at.book, req.params.key));
  });

  router.post('/codebook/:programme/codes/:key', manager, (req, res) =>
    change(req, res, 'texts', 'codebook.renamed', ({ programme, book }, body) =>
      coding.rename(actor(res), programme.id, keyOf(req), readTexts(body, book, res)),
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

  return router;
}

/** Whether it was done in time. What takes longer goes on by itself, and after a crash at the next start. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const done = work.then(() => true);
  done.catch(() => {});
  return await Promise.race([done, late]).finally(() => clearTimeout(timer));
}

const keyOf = (req: Request): string => String(req.params.key);
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function readAfter(after: unknown): { at: string; id: string } | null {
  const [at = '', id] = typeof after === 'string' ? after.split('~') : [];
  return isId(id) ? { at, id } : null;
}

/** Names and descriptions by language: one name is needed, whatever its language; what is left empty is not there. */
function readTexts(body: Body, book: Codebook, res: Response): CodeTexts {
  const errors: FieldErrors = {};
  const read = (field: 'name' | 'description'): Texts =>
    Object.fromEntries(
      languagesOf(book).flatMap((language) => {
        const value = text(body[`${field}.${language}`]).replace(/\s+/g, ' ');
        if ([...value].length > LONGEST[field]) errors[`${field}.${language}`] = { key: 'form.tooLong' };
        return value === '' ? [] : [[language, value]];
      }),
    );
  const texts = { name: read('name'), description: read('description') };
  if (Object.keys(texts.name).length === 0) errors[`name.${staffOf(res).language}`] = { key: 'form.required' };
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  return texts;
}

function readNames(body: Body, language: string): Texts[] {
  const lines = text(body.names)
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '');
  if (lines.some((line) => [...line].length > LONGEST.name)) throw new Invalid({ names: { key: 'form.tooLong' } });
  return lines.map((line) => ({ [language]: line }));
}
