import { Router, type Request, type Response } from 'express';
import type { FormContext } from '../../customers/index.ts';
import { colleague } from '../../shared/actor.ts';
import { Invalid, type FieldErrors } from '../../shared/errors.ts';
import { idOf, needsRole, readForm, say, staffOf, type Staff } from '../../web/index.ts';
import { attempt, ownersOf, typedIn, type Again } from '../common.ts';
import type { RetentionWeb } from '../web.ts';
import { goalsCsv } from './csv.ts';
import { changeGoalForm, endForm, newGoalForm, reopenForm } from './forms.ts';
import { goalForm, goalVersions } from './form-views.ts';
import { goalPage } from './page-views.ts';
import { goalsPage } from './views.ts';

const AT = '/goals';
const SECTION = '/playbook';
const staff = needsRole('staff');
const manager = needsRole('manager');

/** Everybody reads and confirms; managers write. */
export function goalRoutes(web: RetentionWeb): Router {
  const router = Router();
  readingRoutes(router, web);
  writingRoutes(router, web);
  endingRoutes(router, web);
  return router;
}

async function listOf(web: RetentionWeb) {
  const { goals } = web.retention;
  const today = await goals.today();
  const all = await goals.progress(today, { ended: true });
  const readers = await goals.reading.readersOf(all.map(({ goal }) => goal));
  const owners = new Map((await web.accounts.colleagues()).map(({ id, name }) => [id, name]));
  const { defaultLanguage: fallback, currency } = await web.accounts.company();
  return { all, readers, owners, fallback, today, currency };
}

function readingRoutes(router: Router, web: RetentionWeb): void {
  const { goals } = web.retention;

  router.get(AT, staff, async (req, res) => {
    const me = staffOf(res);
    const view = goalsPage({ ...(await listOf(web)), read: await goals.reading.readBy(me.id) }, me);
    web.pages.staff(req, res, 'retention/goals', view, { title: me.t('goals.title'), section: SECTION });
  });

  router.get(`${AT}.csv`, manager, async (_req, res) => {
    const facts = await listOf(web);
    res.attachment(`goals-${facts.today}.csv`).type('text/csv; charset=utf-8');
    res.send(goalsCsv(facts, staffOf(res).t));
  });

  router.post(`${AT}/:id/reading`, staff, async (req, res) => {
    const me = staffOf(res);
    await goals.confirm(colleague(me.id), idOf(req.params.id), Number(typedIn(req).number));
    await say(req, res, me.t('playbook.said.read'), AT);
  });
}

function writingRoutes(router: Router, web: RetentionWeb): void {
  const { goals } = web.retention;

  async function show(
    req: Request,
    res: Response,
    id: string | null,
    errors?: FieldErrors,
    status = 200,
  ): Promise<void> {
    const me = staffOf(res);
    const goal = id === null ? null : await goals.get(id);
    const facts = { goal, owners: await ownersOf(web), context: await contextOf(me), errors };
    const view = goalForm({ ...facts, typed: errors && typedIn(req) }, me);
    web.pages.staff(req, res, 'retention/goal-form', view, { title: view.title, section: SECTION, status });
  }
  const contextOf = contextIn(web);
  const again = (req: Request, res: Response, id: string | null): Again => ({
    field: `title-${staffOf(res).t.language}`,
    show: (errors, status) => show(req, res, id, errors, status),
  });

  router.get(`${AT}/new`, manager, (req, res) => show(req, res, null));
  router.post(AT, manager, async (req, res) => {
    const me = staffOf(res);
    const form = readForm(newGoalForm(await contextOf(me), me.t.language), req.body);
    if (!form.ok) return show(req, res, null, form.errors, 422);
    await attempt(again(req, res, null), async () => {
      const id = await goals.create(colleague(me.id), form.value);
      await say(req, res, me.t('goals.said.created'), `${AT}/${id}`);
    });
  });
  router.get(`${AT}/:id/edit`, manager, (req, res) => show(req, res, idOf(req.params.id)));
  router.post(`${AT}/:id`, manager, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    const { aim } = await goals.get(id);
    const form = readForm(changeGoalForm(aim?.measure ?? null, await contextOf(me), me.t.language), req.body);
    if (!form.ok) return show(req, res, id, form.errors, 422);
    await attempt(again(req, res, id), async () => {
      await goals.write(colleague(me.id), id, form.value.seen, form.value.given);
      await say(req, res, me.t(form.value.given.asks ? 'playbook.said.asked' : 'playbook.said.saved'), `${AT}/${id}`);
    });
  });
}

/** How people write dates and money there. */
const contextIn =
  ({ retention: { goals } }: RetentionWeb) =>
  async ({ currency, t }: Pick<Staff, 'currency' | 't'>): Promise<FormContext> => ({
    currency,
    language: t.language,
    today: await goals.today(),
  });

function endingRoutes(router: Router, web: RetentionWeb): void {
  const { goals } = web.retention;

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const me = staffOf(res);
    const goal = await goals.get(idOf(req.params.id));
    const today = await goals.today();
    const readers = (await goals.reading.readersOf([goal])).get(goal.id) ?? [];
    const owner = (await web.accounts.colleague(goal.ownerId))?.name ?? '–';
    const { defaultLanguage: fallback } = await web.accounts.company();
    const facts = { progress: await goals.progressOf(goal, today), readers, owner, fallback, today };
    const [turn] = await goals.turns(goal.id);
    const context = await contextIn(web)(me);
    const view = goalPage({ ...facts, turn, context, errors, typed: errors && typedIn(req) }, me);
    const status = errors ? 422 : 200;
    web.pages.staff(req, res, 'retention/goal', view, { title: view.title, section: SECTION, status });
  }

  router.get(`${AT}/:id`, staff, (req, res) => show(req, res));
  router.get(`${AT}/:id/versions`, manager, async (req, res) => {
    const me = staffOf(res);
    const goal = await goals.get(idOf(req.params.id));
    const { defaultLanguage: fallback } = await web.accounts.company();
    const facts = {
      goal,
      versions: await goals.versions(goal.id),
      turns: await goals.turns(goal.id),
      colleagues: await web.accounts.colleagues(),
      fallback,
    };
    const view = goalVersions(facts, me);
    web.pages.staff(req, res, 'retention/goal-versions', view, { title: view.title, section: SECTION });
  });
  router.post(`${AT}/:id/end`, manager, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    const form = readForm(endForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    await goals.end(colleague(me.id), id, form.value.seen, form.value);
    await say(req, res, me.t(`goals.said.${form.value.state}`), `${AT}/${id}`);
  });
  router.post(`${AT}/:id/reopening`, manager, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    const { aim } = await goals.get(id);
    const form = readForm(reopenForm(aim?.measure ?? null, await contextIn(web)(me)), req.body);
    if (!form.ok) return show(req, res, form.errors);
    try {
      await goals.reopen(colleague(me.id), id, form.value.seen, form.value.how);
    } catch (error) {
      if (error instanceof Invalid) return show(req, res, error.fieldErrors);
      throw error;
    }
    await say(req, res, me.t('goals.said.reopened'), `${AT}/${id}`);
  });
}
