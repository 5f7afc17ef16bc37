import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { isLanguage } from '../i18n/index.ts';
import { colleague } from '../shared/actor.ts';
import { NotFound, type FieldErrors } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { formView, hasRole, needsRole, notify, readForm, saveSession, staffOf } from '../web/index.ts';
import { readerOf, SECTION, textIn, typedIn, type QuestionnairesWeb } from './common-routes.ts';
import { archiveRoutes } from './archive-routes.ts';
import { editorRoutes } from './editor-routes.ts';
import type { Programme } from './interface.ts';
import { hasTouchpoints, nameInWords, STARTERS, TOUCHPOINTS } from './starters.ts';
import { versionRoutes } from './version-routes.ts';
import { listView, newView } from './views.ts';

const name = z.string().trim().min(1, 'form.required').max(80, 'form.tooLong');
const newSchema = z.object({
  name,
  from: z.union([z.enum(['starter', 'empty', ...TOUCHPOINTS]), z.string().refine(isId)]),
  languages: z.union([z.string(), z.array(z.string())], 'definition.noLanguage').transform((value) => [value].flat()),
});

/** Pages on which staff write questionnaires; managers publish and approve them. */
export function questionnairesRoutes(web: QuestionnairesWeb): Router {
  const { questionnaires, pages } = web;
  const router = Router();
  router.param('id', (_req, _res, next, id) => next(isId(id) ? undefined : new NotFound()));

  router.get('/questionnaires', async (req, res) => {
    const { t, role } = staffOf(res);
    const [programmes, all, archived] = await Promise.all([
      questionnaires.programmes(),
      questionnaires.list(),
      questionnaires.archived(),
    ]);
    const states = await Promise.all(all.map((each) => questionnaires.languageStates(each)));
    const listed = all.map((questionnaire, i) => ({
      questionnaire,
      states: states[i] ?? [],
      changes: questionnaires.changes(questionnaire).length,
    }));
    const view = listView(programmes, { listed, archived }, await readerOf(web, res), hasRole(role, 'manager'));
    pages.staff(req, res, 'questionnaires/list', view, { title: t('questionnaires.title'), section: SECTION });
  });

  async function showNew(req: Request, res: Response, programme: Programme, errors?: FieldErrors) {
    const { t } = staffOf(res);
    const others = (await questionnaires.list()).filter((each) => each.programme.id === programme.id);
    const starters = [
      ...(STARTERS.some((each) => each.programme === programme.key) ? ['starter'] : []),
      ...(hasTouchpoints(programme.key) ? TOUCHPOINTS : []),
    ];
    const view = newView(formView(req.body, errors, t), programme, others, starters, t);
    const page = { title: t('questionnaires.new.title'), section: SECTION, status: errors ? 422 : 200 };
    pages.staff(req, res, 'questionnaires/new', view, page);
  }

  async function programmeOf(key: unknown): Promise<Programme> {
    const found = (await questionnaires.programmes()).find((each) => each.key === key);
    if (!found) throw new NotFound();
    return found;
  }

  router.get('/questionnaires/new', async (req, res) => showNew(req, res, await programmeOf(req.query.programme)));

  router.post('/questionnaires', async (req, res) => {
    const programme = await programmeOf(textIn(typedIn(req), 'programme'));
    const form = readForm(newSchema, req.body);
    if (!form.ok) return showNew(req, res, programme, form.errors);
    const languages = form.value.languages.filter(isLanguage);
    const input = { ...form.value, programmeId: programme.id, languages };
    const id = await questionnaires.create(colleague(staffOf(res).id), input);
    res.redirect(303, `/questionnaires/${id}`);
  });

  addProgrammes(router, web);
  return router.use(archiveRoutes(web), editorRoutes(web), versionRoutes(web));
}

function addProgrammes(router: Router, { questionnaires, pages }: QuestionnairesWeb): void {
  async function showName(req: Request, res: Response, errors?: FieldErrors) {
    const { t } = staffOf(res);
    const programme = (await questionnaires.programmes()).find(({ key }) => key === req.params.key);
    if (!programme) throw new NotFound();
    const { name: was, key } = programme;
    const form = formView(errors ? req.body : { name: nameInWords(was, t) }, errors, t);
    const view = { form, action: `/questionnaires/programmes/${key}/name`, was };
    const page = { title: t('questionnaires.programme.rename'), section: SECTION, status: errors ? 422 : 200 };
    pages.staff(req, res, 'questionnaires/rename-programme', view, page);
  }

  router.get('/questionnaires/programmes/:key/name', (req, res) => showName(req, res));

  router.post('/questionnaires/programmes/:key/name', async (req, res) => {
    const form = readForm(z.object({ name, was: z.string() }), req.body);
    if (!form.ok) return showName(req, res, form.errors);
    const { t, id } = staffOf(res);
    const programme = (await questionnaires.programmes()).find(({ key }) => key === req.params.key);
    if (!programme) throw new NotFound();
    const { was } = form.value;
    // A name of ours that nobody touched stays as it is, to be said in each reader's language.
    const now = form.value.name === nameInWords(was, t) ? was : form.value.name;
    await questionnaires.renameProgramme(colleague(id), programme.id, was, now);
    notify(req, t('questionnaires.saved'));
    await saveSession(req);
    res.redirect(303, SECTION);
  });

  function show(req: Request, res: Response, errors?: FieldErrors) {
    const { t } = staffOf(res);
    const page = { title: t('questionnaires.programme.title'), section: SECTION, status: errors ? 422 : 200 };
    pages.staff(req, res, 'questionnaires/new-programme', { form: formView(req.body, errors, t) }, page);
  }

  router.get('/questionnaires/programmes/new', needsRole('manager'), (req, res) => show(req, res));

  router.post('/questionnaires/programmes', needsRole('manager'), async (req, res) => {
    const form = readForm(z.object({ name }), req.body);
    if (!form.ok) return show(req, res, form.errors);
    const { t, id } = staffOf(res);
    const programme = await questionnaires.createProgramme(colleague(id), form.value.name);
    notify(req, t('questionnaires.programme.added', { name: programme.name }));
    await saveSession(req);
    res.redirect(303, `/questionnaires/new?programme=${programme.key}`);
  });
}
