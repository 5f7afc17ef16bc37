import { Router, type Request, type Response } from 'express';
import { colleague } from '../shared/actor.ts';
import { Invalid, NotFound } from '../shared/errors.ts';
import { oneText } from '../shared/one-text.ts';
import { hasRole, needsRole, notify, saveSession, staffOf } from '../web/index.ts';
import { languageIn, readerOf, revisionIn, SECTION, textIn, typedIn, type QuestionnairesWeb } from './common-routes.ts';
import { showEditor } from './editor-routes.ts';
import type { Version } from './interface.ts';
import { previewView } from './preview-views.ts';
import { readView, versionsView } from './version-views.ts';
import { languageName } from './words.ts';

/** Publishing, approving, reading through, looking at what customers will see. */
export function versionRoutes(web: QuestionnairesWeb): Router {
  const { questionnaires } = web;
  const router = Router();

  router.post('/questionnaires/:id/publish', needsRole('manager'), async (req, res) => {
    const { t, id: accountId } = staffOf(res);
    const { id } = req.params as { id: string };
    try {
      const { number } = await questionnaires.publish(colleague(accountId), id, revisionIn(typedIn(req)));
      notify(req, t('questionnaires.published', { number }));
    } catch (error) {
      if (error instanceof Invalid) return showEditor(web, req, res, true);
      throw error;
    }
    await saveSession(req);
    res.redirect(303, `/questionnaires/${id}`);
  });

  router.post('/questionnaires/:id/approve', needsRole('manager'), async (req, res) => {
    const { t, id: accountId } = staffOf(res);
    const { id } = req.params as { id: string };
    const typed = typedIn(req);
    const [language, hash] = [textIn(typed, 'language'), textIn(typed, 'hash')];
    // Without the hash of what was read it would be unclear what is approved.
    if (language === '' || hash === '') throw new NotFound();
    const which = await questionnaires.approve(colleague(accountId), id, language, hash);
    notify(req, t(`questionnaires.approved.${which}`, { language: languageName(language, t) }));
    await saveSession(req);
    res.redirect(303, `/questionnaires/${id}#languages`);
  });

  addReading(router, web);
  addPreview(router, web);
  return router;
}

function addReading(router: Router, web: QuestionnairesWeb): void {
  const { questionnaires, pages } = web;

  async function show(req: Request, res: Response, number: number | null) {
    const { t, role } = staffOf(res);
    const questionnaire = await questionnaires.get(String(req.params.id));
    const version = number === null ? null : await numbered(web, questionnaire.id, number);
    const language = languageIn(req, version?.definition ?? questionnaire.draft, t.language);
    const states = await questionnaires.languageStates(questionnaire);
    const state = states.find((each) => each.language === language);
    const read = { questionnaire, version, language, state, mayApprove: hasRole(role, 'manager') };
    const view = readView(read, await readerOf(web, res));
    pages.staff(req, res, 'questionnaires/read', view, { title: view.heading, section: SECTION });
  }

  router.get('/questionnaires/:id/read', (req, res) => show(req, res, null));
  router.get('/questionnaires/:id/versions/:number', (req, res) => show(req, res, Number(req.params.number)));

  router.get('/questionnaires/:id/versions', async (req, res) => {
    const { t } = staffOf(res);
    const questionnaire = await questionnaires.get(req.params.id);
    const versions = await questionnaires.versions(questionnaire.id);
    const offered = await Promise.all(versions.map(({ id }) => questionnaires.offeredLanguages(id)));
    const byId = new Map(versions.map(({ id }, i) => [id, offered[i] ?? []]));
    const view = versionsView({ questionnaire, versions, offered: byId }, await readerOf(web, res));
    const page = { title: t('questionnaires.versions.title'), section: SECTION };
    pages.staff(req, res, 'questionnaires/versions', view, page);
  });
}

async function numbered({ questionnaires }: QuestionnairesWeb, id: string, number: number): Promise<Version> {
  const version = (await questionnaires.versions(id)).find((each) => each.number === number);
  if (!version) throw new NotFound();
  return version;
}

function addPreview(router: Router, web: QuestionnairesWeb): void {
  const { questionnaires, pages, texts, company } = web;

  router.get('/questionnaires/:id/preview', async (req, res) => {
    const { t: staff, name: sender } = staffOf(res);
    const { id, draft } = await questionnaires.get(req.params.id);
    const number = typeof req.query.version === 'string' ? Number(req.query.version) : null;
    const definition = number === null ? draft : (await numbered(web, id, number)).definition;
    const language = languageIn(req, definition, staff.language);
    const query = number === null ? '' : `version=${number}&`;
    const page = oneText(req.query.page);
    const house = (await company()).name || staff('questionnaires.preview.company');
    const t = texts.to(language, definition.familiar ?? []);
    const view = previewView({ id, definition, language, page, query, company: house, sender, staff, t });
    const href = (code: string) =>
      `/questionnaires/${id}/preview?${query}lang=${code}&page=${encodeURIComponent(page)}`;
    pages.ask(res, 'questionnaires/preview', view, {
      title: view.heading || staff('questionnaires.preview.title'),
      t,
      house,
      footer: { text: staff('questionnaires.preview.marker'), privacy: null },
      languages: definition.languages.map((code) => ({ code, href: href(code) })),
    });
  });
}
