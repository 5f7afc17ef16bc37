import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { Conflict, NotFound } from '../shared/errors.ts';
import { hasRole, notify, saveSession, staffOf } from '../web/index.ts';
import {
  change,
  questionIn,
  readerOf,
  revisionIn,
  SECTION,
  textIn,
  typedIn,
  type QuestionnairesWeb,
} from './common-routes.ts';
import {
  changedQuestion,
  moved,
  withOption,
  withoutQuestion,
  withQuestion,
  withReturned,
  type Removed,
} from './editing.ts';
import { editorView } from './editor-views.ts';
import { questionForm } from './form-views.ts';
import { letterRoutes } from './letter-routes.ts';
import { newQuestion } from './new-drafts.ts';
import { titleOf } from './words.ts';

declare module 'express-session' {
  interface SessionData {
    /** The question that this colleague took out of a draft last. */
    removedQuestion: Removed & { questionnaireId: string };
  }
}

const kindSchema = z.enum(['open', 'reasons', 'scale', 'yesno']);

/** The editor's page; `refused` after a publication that was not possible. */
export async function showEditor(web: QuestionnairesWeb, req: Request, res: Response, refused = false): Promise<void> {
  const { questionnaires, pages } = web;
  const questionnaire = await questionnaires.get(String(req.params.id));
  const editor = {
    questionnaire,
    states: await questionnaires.languageStates(questionnaire),
    problems: questionnaires.problems(questionnaire.draft),
    changes: questionnaires.changes(questionnaire),
    mayPublish: hasRole(staffOf(res).role, 'manager'),
    refused,
  };
  const view = editorView(editor, await readerOf(web, res));
  const page = { title: view.name, section: SECTION, status: refused ? 422 : 200 };
  pages.staff(req, res, 'questionnaires/editor', view, page);
}

/** Everything that changes a draft. Each form says which revision it was made from. */
export function editorRoutes(web: QuestionnairesWeb): Router {
  const { questionnaires } = web;
  const router = Router();

  router.get('/questionnaires/:id', (req, res) => showEditor(web, req, res));

  router.post('/questionnaires/:id/questions', async (req, res) => {
    const { id } = req.params;
    const kind = kindSchema.safeParse(typedIn(req).kind);
    if (!kind.success) throw new NotFound();
    const { draft } = await questionnaires.get(id);
    const definitions = [draft, ...(await questionnaires.versions(id)).map(({ definition }) => definition)];
    const used = new Set(definitions.flatMap(({ questions }) => questions.map(({ key }) => key)));
    const question = newQuestion(kind.data, used);
    await change(web, id, revisionIn(typedIn(req)), (now) => ({ ...now, questions: [...now.questions, question] }));
    res.redirect(303, `/questionnaires/${id}/questions/${question.key}`);
  });

  router.post('/questionnaires/:id/questions/:key/move', async (req, res) => {
    const { id, key } = req.params;
    const typed = typedIn(req);
    const direction = textIn(typed, 'direction') === 'up' ? 'up' : 'down';
    await change(web, id, revisionIn(typed), (draft) => moved(draft, questionIn(draft, key).key, direction));
    res.redirect(303, `/questionnaires/${id}#q-${key}`);
  });

  addRemoval(router, web);
  addQuestion(router, web);
  return router.use(letterRoutes(web));
}

function addRemoval(router: Router, web: QuestionnairesWeb): void {
  const { questionnaires, pages } = web;

  router.get('/questionnaires/:id/questions/:key/remove', async (req, res) => {
    const { t } = staffOf(res);
    const { id, draft, draftRevision } = await questionnaires.get(req.params.id);
    const question = questionIn(draft, req.params.key);
    const view = {
      heading: t('questionnaires.remove.title', { question: titleOf(question, draft, t) }),
      lead: t('questionnaires.remove.lead'),
      action: `/questionnaires/${id}/questions/${question.key}/remove`,
      back: `/questionnaires/${id}#q-${question.key}`,
      revision: draftRevision,
    };
    pages.staff(req, res, 'questionnaires/remove', view, { title: view.heading, section: SECTION });
  });

  router.post('/questionnaires/:id/questions/:key/remove', async (req, res) => {
    const { id, key } = req.params;
    const { t } = staffOf(res);
    const { draft } = await questionnaires.get(id);
    const question = questionIn(draft, key);
    await change(web, id, revisionIn(typedIn(req)), (now) => withoutQuestion(now, key));
    req.session.removedQuestion = { questionnaireId: id, question, place: draft.questions.indexOf(question) };
    const href = `/questionnaires/${id}/questions/${key}/return`;
    notify(req, t('questionnaires.removed'), { href, text: t('questionnaires.removed.undo'), post: {} });
    await saveSession(req);
    res.redirect(303, `/questionnaires/${id}#questions`);
  });

  addReturn(router, web);
}

function addReturn(router: Router, web: QuestionnairesWeb): void {
  const { questionnaires } = web;

  router.post('/questionnaires/:id/questions/:key/return', async (req, res) => {
    const { id, key } = req.params;
    const { removedQuestion: removed } = req.session;
    if (removed?.questionnaireId !== id || removed.question.key !== key) throw new NotFound();
    const { draftRevision } = await questionnaires.get(id);
    await change(web, id, draftRevision, (draft) => withReturned(draft, removed));
    notify(req, staffOf(res).t('questionnaires.returned'));
    await saveSession(req);
    res.redirect(303, `/questionnaires/${id}#q-${key}`);
  });
}

function addQuestion(router: Router, web: QuestionnairesWeb): void {
  const { questionnaires, pages, codesOf } = web;

  router.get('/questionnaires/:id/questions/:key', async (req, res) => {
    const { t } = staffOf(res);
    const questionnaire = await questionnaires.get(req.params.id);
    const subject = questionIn(questionnaire.draft, req.params.key);
    const codes = await codesOf?.(questionnaire.programme.id);
    const view = questionForm({ questionnaire, subject, theirs: null, t }, codes);
    pages.staff(req, res, 'questionnaires/question', view, { title: view.title, section: SECTION });
  });

  router.post('/questionnaires/:id/questions/:key', async (req, res) => {
    const { t } = staffOf(res);
    const { id, key } = req.params;
    const typed = typedIn(req);
    const { programme } = await questionnaires.get(id);
    const codes = await codesOf?.(programme.id);
    // A key that was typed is meant, whichever button is pressed.
    const adds = textIn(typed, 'do') === 'add' || (codes === undefined && textIn(typed, 'option') !== '');
    const edited = await questionnaires.edit(id, revisionIn(typed), (draft) => {
      const question = changedQuestion(questionIn(draft, key), typed, draft.languages);
      const added = adds ? withOption(question, textIn(typed, 'option'), codes, draft.languages) : question;
      return withQuestion(draft, added);
    });
    if (!edited.saved) {
      const { current } = edited;
      const theirs = current.draft.questions.find((each) => each.key === key);
      if (!theirs) throw new Conflict('questionnaires.question.gone');
      const subject = changedQuestion(theirs, typed, current.draft.languages);
      const view = questionForm({ questionnaire: current, subject, theirs, t }, codes);
      return pages.staff(req, res, 'questionnaires/question', view, {
        title: view.title,
        section: SECTION,
        status: 409,
      });
    }
    notify(req, t('questionnaires.saved'));
    await saveSession(req);
    res.redirect(303, adds ? `/questionnaires/${id}/questions/${key}#options` : `/questionnaires/${id}#q-${key}`);
  });
}
