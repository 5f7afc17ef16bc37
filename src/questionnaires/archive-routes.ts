import { Router } from 'express';
import { colleague } from '../shared/actor.ts';
import { notify, saveSession, staffOf } from '../web/index.ts';
import { SECTION, type QuestionnairesWeb } from './common-routes.ts';
import { nameInWords } from './starters.ts';

/** Putting a questionnaire aside, and taking it back: both can be undone, so neither asks twice. */
export function archiveRoutes({ questionnaires }: QuestionnairesWeb): Router {
  const router = Router();

  router.post('/questionnaires/:id/archiving', async (req, res) => {
    const { t, id: me } = staffOf(res);
    const { id, name } = await questionnaires.get(req.params.id);
    await questionnaires.archive(colleague(me), id);
    notify(req, t('questionnaires.archived.done', { name: nameInWords(name, t) }));
    await saveSession(req);
    res.redirect(303, SECTION);
  });

  router.post('/questionnaires/:id/restoration', async (req, res) => {
    const { t, id: me } = staffOf(res);
    const { id, name } = await questionnaires.get(req.params.id);
    await questionnaires.restore(colleague(me), id);
    notify(req, t('questionnaires.archived.restored', { name: nameInWords(name, t) }));
    await saveSession(req);
    res.redirect(303, `${SECTION}/${id}`);
  });

  return router;
}
