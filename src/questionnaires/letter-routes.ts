import { Router } from 'express';
import { languageCodes } from '../i18n/index.ts';
import { notify, saveSession, staffOf } from '../web/index.ts';
import { change, revisionIn, SECTION, textIn, typedIn, type QuestionnairesWeb } from './common-routes.ts';
import { changedLetter } from './editing.ts';
import { languagesForm, letterForm } from './form-views.ts';

const LONGEST_NAME = 80;

/** The invitation, what stands before and after the questions, the languages. */
export function letterRoutes(web: QuestionnairesWeb): Router {
  const { questionnaires, pages } = web;
  const router = Router();

  router.get('/questionnaires/:id/letter', async (req, res) => {
    const { t } = staffOf(res);
    const questionnaire = await questionnaires.get(req.params.id);
    const view = letterForm({ questionnaire, subject: questionnaire.draft, theirs: null, t }, questionnaire.name);
    pages.staff(req, res, 'questionnaires/letter', view, { title: t('questionnaires.letter.title'), section: SECTION });
  });

  router.post('/questionnaires/:id/letter', async (req, res) => {
    const { t } = staffOf(res);
    const { id } = req.params;
    const typed = typedIn(req);
    const name = textIn(typed, 'name').trim().slice(0, LONGEST_NAME);
    const edited = await questionnaires.edit(id, revisionIn(typed), (draft) => changedLetter(draft, typed));
    if (!edited.saved) {
      const { current } = edited;
      const subject = changedLetter(current.draft, typed);
      const view = letterForm({ questionnaire: current, subject, theirs: current.draft, t }, name || current.name);
      const page = { title: t('questionnaires.letter.title'), section: SECTION, status: 409 };
      return pages.staff(req, res, 'questionnaires/letter', view, page);
    }
    if (name !== '') await questionnaires.rename(id, name);
    notify(req, t('questionnaires.saved'));
    await saveSession(req);
    res.redirect(303, `/questionnaires/${id}#letter`);
  });

  addLanguages(router, web);
  return router;
}

function addLanguages(router: Router, web: QuestionnairesWeb): void {
  const { questionnaires, pages } = web;

  router.get('/questionnaires/:id/languages', async (req, res) => {
    const { t } = staffOf(res);
    const view = languagesForm(await questionnaires.get(req.params.id), t);
    const page = { title: t('questionnaires.languages.title'), section: SECTION };
    pages.staff(req, res, 'questionnaires/languages', view, page);
  });

  router.post('/questionnaires/:id/languages', async (req, res) => {
    const { t } = staffOf(res);
    const { id } = req.params;
    const typed = typedIn(req);
    const questionnaire = await questionnaires.get(id);
    const ticked = new Set([typed.languages].flat());
    const offered = [...new Set([...languageCodes, ...questionnaire.draft.languages])];
    const languages = offered.filter((code) => ticked.has(code));
    if (languages.length === 0) {
      const view = { ...languagesForm(questionnaire, t), problems: [t('definition.noLanguage')] };
      const page = { title: t('questionnaires.languages.title'), section: SECTION, status: 422 };
      return pages.staff(req, res, 'questionnaires/languages', view, page);
    }
    await change(web, id, revisionIn(typed), (draft) => ({ ...draft, languages }));
    notify(req, t('questionnaires.saved'));
    await saveSession(req);
    res.redirect(303, `/questionnaires/${id}#languages`);
  });
}
