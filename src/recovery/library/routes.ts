import { Router } from 'express';
import { dayIn } from '../../shared/dates.ts';
import { needsRole, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { answerRoutes } from './answer-routes.ts';
import { listPage } from './list-views.ts';
import { newAnswerRoutes, textRoutes } from './writing-routes.ts';

/** The library of approved answers: everybody may look and propose, managers approve. */
export function libraryRoutes(web: RecoveryWeb): Router {
  const router = Router();
  router.get('/playbook/answers', needsRole('staff'), async (req, res) => {
    const { accounts, clock, recovery, pages } = web;
    const today = dayIn((await accounts.company()).timeZone, clock.now());
    const who = { colleagues: await accounts.colleagues(), programs: await accounts.tokens.listTokens() };
    const facts = { ...(await recovery.library.list()), ...who, today };
    const view = listPage(facts, req.query, staffOf(res));
    pages.staff(req, res, 'recovery/library', view, { title: staffOf(res).t('library.title'), section: '/playbook' });
  });
  // In this order: '/new' is no id, and '/:id/review' no language.
  router.use(newAnswerRoutes(web), answerRoutes(web), textRoutes(web));
  return router;
}
