import { Router } from 'express';
import { needsRole } from '../web/index.ts';
import { auditingRoutes } from './auditing/routes.ts';
import { sendCsv } from './csv-routes.ts';
import { createDeskPages, type CodingWeb } from './desk-pages-routes.ts';
import { deskPath } from './head-views.ts';
import { createSaving } from './saving-routes.ts';

export type { CodingWeb } from './desk-pages-routes.ts';

/** The desk where colleagues code open answers. */
export function codingRoutes(web: CodingWeb): Router {
  const router = Router();
  const { coding } = web;
  const { desk } = coding;
  const deskPages = createDeskPages(web);
  const { locate, show, showNext, showMine } = deskPages;
  const { receive } = createSaving(web, deskPages);

  router.get('/answers', async (_req, res) => {
    const programmes = (await desk.programmes()).filter((each) => each.codebookId !== null);
    for (const { id, key } of programmes) {
      const { open, drawn, checked } = await desk.counts(id);
      if (open > 0 || drawn > checked) return res.redirect(303, deskPath(key, open > 0 ? 'open' : 'audit'));
    }
    res.redirect(303, programmes[0] ? deskPath(programmes[0].key, 'open') : '/codebook');
  });

  router.get('/answers/:programme/codings.csv', needsRole('manager'), async (req, res) => {
    const { programme, programmeId } = await locate(req.params.programme, {});
    await sendCsv(res, coding, { id: programmeId, key: programme.key });
  });

  router.use(auditingRoutes(web, deskPages));

  router.get('/answers/:programme', async (req, res) => {
    const at = await locate(req.params.programme, req.query);
    await (at.queue === 'mine' ? showMine(req, res, at) : showNext(req, res, at));
  });

  router.get('/answers/:programme/:response/:question', async (req, res) => {
    const at = await locate(req.params.programme, req.query);
    const { response: responseId, question: questionKey } = req.params;
    await show(req, res, at, { responseId, questionKey });
  });

  router.post('/answers/:programme', receive);

  return router;
}
