import { Router, type Request, type Response } from 'express';
import { nameInWords } from '../../questionnaires/index.ts';
import { colleague } from '../../shared/actor.ts';
import { Conflict, type FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { idOf, needsRole, readForm, say, staffOf, type Staff } from '../../web/index.ts';
import { attempt, ownersOf, typedIn, type Again } from '../common.ts';
import { versionSeen } from '../goals/forms.ts';
import type { RetentionWeb } from '../web.ts';
import { policiesCsv } from './csv.ts';
import { changePolicyForm, newPolicyForm } from './forms.ts';
import type { Policy } from './policy.ts';
import { policyForm, policyVersions } from './form-views.ts';
import { policiesPage, policyPage } from './views.ts';

const AT = '/policies';
const SECTION = '/playbook';
const staff = needsRole('staff');
const manager = needsRole('manager');

/** Everybody reads and confirms; managers write. */
export function policyRoutes(web: RetentionWeb): Router {
  const router = Router();
  listRoutes(router, web);
  writingRoutes(router, web);
  pageRoutes(router, web);
  return router;
}

/** The same figures for the page and the file. */
async function listOf(web: RetentionWeb) {
  const { policies } = web.retention;
  const today = await policies.today();
  const list = await policies.list({ withdrawn: true });
  const all: { policy: Policy; effect: Awaited<ReturnType<typeof policies.effect>> }[] = [];
  for (const policy of list) all.push({ policy, effect: await policies.effect(policy, today) });
  const readers = await policies.reading.readersOf(list);
  const owners = new Map((await web.accounts.colleagues()).map(({ id, name }) => [id, name]));
  const { defaultLanguage: fallback } = await web.accounts.company();
  return { all, readers, owners, fallback, today, codes: await policies.codes() };
}

function listRoutes(router: Router, web: RetentionWeb): void {
  const { policies } = web.retention;

  router.get(AT, staff, async (req, res) => {
    const me = staffOf(res);
    const view = policiesPage({ ...(await listOf(web)), read: await policies.reading.readBy(me.id) }, me);
    web.pages.staff(req, res, 'retention/policies', view, { title: me.t('policies.title'), section: SECTION });
  });

  router.get(`${AT}.csv`, manager, async (_req, res) => {
    const facts = await listOf(web);
    const told = await policies.telling.counts(facts.all.map(({ policy }) => policy.id));
    res.attachment(`policies-${facts.today}.csv`).type('text/csv; charset=utf-8');
    res.send(policiesCsv(facts, told, staffOf(res).t));
  });
}

function writingRoutes(router: Router, web: RetentionWeb): void {
  const { policies } = web.retention;

  async function show(
    req: Request,
    res: Response,
    id: string | null,
    errors?: FieldErrors,
    status = 200,
  ): Promise<void> {
    const me = staffOf(res);
    const policy = id === null ? null : await policies.get(id);
    const known = { codes: await policies.codes(), owners: await ownersOf(web), today: await policies.today() };
    const facts = { ...known, policy, programmeNames: await programmeNames(web, me), errors };
    const code = isId(req.query.code) ? req.query.code : undefined;
    const view = policyForm({ ...facts, typed: errors && typedIn(req), code }, me);
    web.pages.staff(req, res, 'retention/policy-form', view, { title: view.title, section: SECTION, status });
  }
  const again = (req: Request, res: Response, id: string | null): Again => ({
    field: `said-${staffOf(res).t.language}`,
    show: (errors, status) => show(req, res, id, errors, status),
  });

  router.get(`${AT}/new`, manager, (req, res) => show(req, res, null));
  router.post(AT, manager, async (req, res) => {
    const me = staffOf(res);
    const form = readForm(newPolicyForm(me.t.language), req.body);
    if (!form.ok) return show(req, res, null, form.errors, 422);
    await attempt(again(req, res, null), async () => {
      const id = await policies.create(colleague(me.id), form.value);
      await say(req, res, me.t('policies.said.created'), `${AT}/${id}`);
    });
  });
  router.get(`${AT}/:id/edit`, manager, (req, res) => show(req, res, idOf(req.params.id)));
  router.post(`${AT}/:id`, manager, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    await policies.get(id);
    const form = readForm(changePolicyForm(me.t.language), req.body);
    if (!form.ok) return show(req, res, id, form.errors, 422);
    const { seen, given } = form.value;
    await attempt(again(req, res, id), async () => {
      await policies.write(colleague(me.id), id, seen, given);
      await say(req, res, me.t(given.asks ? 'playbook.said.asked' : 'playbook.said.saved'), `${AT}/${id}`);
    });
  });
}

async function programmeNames({ coding }: RetentionWeb, { t }: Staff): Promise<Map<string, string>> {
  return new Map((await coding.desk.programmes()).map(({ key, name }) => [key, nameInWords(name, t)]));
}

function pageRoutes(router: Router, web: RetentionWeb): void {
  const { policies } = web.retention;

  router.get(`${AT}/:id`, staff, async (req, res) => {
    const me = staffOf(res);
    const policy = await policies.get(idOf(req.params.id));
    const today = await policies.today();
    const facts = {
      policy,
      today,
      code: (await policies.codes()).get(policy.codeId),
      effect: await policies.effect(policy, today),
      readers: (await policies.reading.readersOf([policy])).get(policy.id) ?? [],
      owner: (await web.accounts.colleague(policy.ownerId))?.name ?? '–',
      told: (await policies.telling.counts([policy.id])).get(policy.id) ?? {},
      fallback: (await web.accounts.company()).defaultLanguage,
    };
    const view = policyPage(facts, me);
    web.pages.staff(req, res, 'retention/policy', view, { title: view.said, section: SECTION });
  });

  router.get(`${AT}/:id/versions`, manager, async (req, res) => {
    const policy = await policies.get(idOf(req.params.id));
    const { defaultLanguage: fallback } = await web.accounts.company();
    const known = { versions: await policies.versions(policy.id), colleagues: await web.accounts.colleagues() };
    const view = policyVersions({ policy, fallback, ...known }, staffOf(res));
    web.pages.staff(req, res, 'retention/policy-versions', view, { title: view.title, section: SECTION });
  });

  router.post(`${AT}/:id/reading`, staff, async (req, res) => {
    const me = staffOf(res);
    await policies.confirm(colleague(me.id), idOf(req.params.id), Number(typedIn(req).number));
    await say(req, res, me.t('playbook.said.read'), AT);
  });

  router.post(`${AT}/:id/withdrawal`, manager, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    const seen = versionSeen.safeParse(typedIn(req).seen);
    if (!seen.success) throw new Conflict('policies.error.changed');
    await policies.withdraw(colleague(me.id), id, seen.data);
    await say(req, res, me.t('policies.said.withdrawn'), `${AT}/${id}`);
  });
}
