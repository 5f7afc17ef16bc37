import { Router } from 'express';
import { z } from 'zod';
import { colleague } from '../../shared/actor.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { notify, readForm, saveSession, staffOf } from '../../web/index.ts';
import type { CodingWeb, DeskPages } from '../desk-pages-routes.ts';
import { agreementPath, answerPath, deskPath } from '../head-views.ts';
import { agreementPage } from './agreement-views.ts';

const settleSchema = z.object({
  response: z.string(),
  question: z.string().max(80),
  take: z.enum(['first', 'second']),
});

/** Drawing a random audit; how far colleagues agree, and settling where they do not. */
export function auditingRoutes(web: CodingWeb, deskPages: DeskPages): Router {
  const router = Router();
  addDrawing(router, web, deskPages);
  addAgreement(router, web, deskPages);
  addSettling(router, web, deskPages);
  return router;
}

function addDrawing(router: Router, { coding: { audits } }: CodingWeb, { locate, showNext }: DeskPages): void {
  router.post('/answers/:programme/draw', async (req, res) => {
    const at = await locate(req.params.programme, { queue: 'audit' });
    const { id, t } = staffOf(res);
    const typed = typeof req.body?.more === 'string' ? req.body.more.trim() : '';
    try {
      const { drawn, toCode } = await audits.drawMore(colleague(id), at.programmeId, Number(typed || '0'));
      notify(req, drawn === 0 ? t('coding.drawing.nothing') : t('coding.drawing.drawn', { count: drawn, toCode }));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const errors = { more: Object.values(error.fieldErrors)[0]! };
      return await showNext(req, res, at, { errors, draw: { typed, errors }, status: 422 });
    }
    await saveSession(req);
    res.redirect(303, deskPath(at.programme.key, 'audit'));
  });
}

function addAgreement(router: Router, { coding, pages }: CodingWeb, { locate, namesOf, headOf }: DeskPages): void {
  const { audits, desk } = coding;

  router.get('/answers/:programme/agreement', async (req, res) => {
    const { programmeId, ...at } = await locate(req.params.programme, {});
    const staff = staffOf(res);
    const book = await desk.book(programmeId);
    if (!book) throw new NotFound();
    const after = typeof req.query.after === 'string' ? req.query.after : null;
    const facts = {
      head: await headOf({ ...at, programmeId, queue: 'agreement' }, staff),
      programmeKey: at.programme.key,
      book,
      names: await namesOf(),
      agreements: await audits.agreement(book),
      differing: await audits.differing(programmeId, after),
    };
    const title = staff.t('coding.agreement.title');
    pages.staff(req, res, 'coding/agreement', agreementPage(facts, staff), { title, section: '/answers' });
  });
}

function addSettling(router: Router, { coding: { audits, desk } }: CodingWeb, { locate }: DeskPages): void {
  router.post('/answers/:programme/settle', async (req, res) => {
    const at = await locate(req.params.programme, {});
    const read = readForm(settleSchema, req.body);
    if (!read.ok || !isId(read.value.response)) throw new NotFound();
    const { response: responseId, question: questionKey, take } = read.value;
    const place = { responseId, questionKey };
    const { id, t } = staffOf(res);
    const { task } = await desk.item(place, id, 'settle');
    if (task.programme_id !== at.programmeId) throw new NotFound();
    const { key } = at.programme;
    let next = agreementPath(key);
    try {
      await audits.takeOpinion(colleague(id), place, take);
      notify(req, t('coding.agreement.settled'));
    } catch (error) {
      if (error instanceof Invalid) next = answerPath(key, responseId, questionKey, { queue: 'settle' });
      else if (!(error instanceof Conflict)) throw error;
      notify(req, t(error instanceof Invalid ? 'coding.agreement.codeGone' : error.key));
    }
    await saveSession(req);
    res.redirect(303, next);
  });
}
