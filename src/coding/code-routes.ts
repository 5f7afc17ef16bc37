import { Router, type Request, type Response } from 'express';
import { colleague } from '../shared/actor.ts';
import { needsRole, notify, saveSession, staffOf } from '../web/index.ts';
import { readNames, readTexts, text, type Body } from './code-form.ts';
import { createCodePages, type CodePages, type CodePagesWeb } from './code-pages-routes.ts';
import type { Codebook } from './codebook.ts';
import { languagesOf } from './codebook-views.ts';
import type { Coding } from './service.ts';
import { createShelf } from './shelf.ts';

const manager = needsRole('manager');

/** Codes, which managers change: what they are called, where they stand, and what becomes of them. */
export function codeRoutes(web: CodePagesWeb): Router {
  const codePages = createCodePages(web);
  const router = Router();
  router.use(
    textRoutes(web.coding, codePages),
    placeRoutes(web.coding, codePages),
    endingRoutes(web.coding, codePages),
  );
  return router;
}

function textRoutes(coding: Coding, { showCode, change }: CodePages): Router {
  const router = Router();
  const { bookAt, codeAt } = createShelf(coding);

  router.get('/codebook/:programme/add', manager, async (req, res) => {
    await showCode(req, res, await bookAt(req.params.programme), null);
  });

  router.post('/codebook/:programme/codes', manager, (req, res) =>
    change(req, res, { form: 'texts', said: 'codebook.added' }, ({ programme, book }, body) => {
      const code = { ...textsIn(body, book, res), parentKey: text(body.parent) || null };
      const theme = text(body.theme);
      if (theme === '') return coding.add(actor(res), programme.id, code);
      return coding.themes.makeCode(actor(res), programme.id, theme, code);
    }),
  );

  router.get('/codebook/:programme/codes/:key', manager, async (req, res) => {
    const at = await bookAt(req.params.programme);
    await showCode(req, res, at, codeAt(at.book, req.params.key));
  });

  router.post('/codebook/:programme/codes/:key', manager, (req, res) =>
    change(req, res, { form: 'texts', said: 'codebook.renamed' }, ({ programme, book }, body) =>
      coding.rename(actor(res), programme.id, keyOf(req), textsIn(body, book, res)),
    ),
  );

  return router;
}

function placeRoutes(coding: Coding, { change }: CodePages): Router {
  const router = Router();

  router.post('/codebook/:programme/codes/:key/place', manager, (req, res) =>
    change(req, res, { form: 'place', said: 'codebook.moved' }, ({ programme }, body) => {
      const place = { parentKey: text(body.parent) || null, beforeKey: text(body.before) || null };
      return coding.move(actor(res), programme.id, keyOf(req), place);
    }),
  );

  router.post('/codebook/:programme/codes/:key/merger', manager, (req, res) => {
    const asked = { form: 'merge', said: 'codebook.merged', saidLater: 'codebook.merging' } as const;
    return change(req, res, asked, ({ programme }, body) =>
      coding.merge(actor(res), programme.id, keyOf(req), text(body.into)),
    );
  });

  router.post('/codebook/:programme/codes/:key/split', manager, (req, res) => {
    const asked = { form: 'split', said: 'codebook.split', saidLater: 'codebook.splitting' } as const;
    return change(req, res, asked, ({ programme }, body) =>
      coding.split(actor(res), programme.id, keyOf(req), readNames(body, staffOf(res).language)),
    );
  });

  return router;
}

function endingRoutes(coding: Coding, { change }: CodePages): Router {
  const router = Router();
  const { bookAt } = createShelf(coding);

  router.post('/codebook/:programme/codes/:key/retirement', manager, (req, res) =>
    change(req, res, { form: 'texts', said: 'codebook.retired' }, ({ programme }) =>
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

const actor = (res: Response) => colleague(staffOf(res).id);
const keyOf = (req: Request): string => String(req.params.key);
const textsIn = (body: Body, book: Codebook, res: Response) =>
  readTexts(body, languagesOf(book), staffOf(res).language);
