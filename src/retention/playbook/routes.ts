import { Router, type Request, type RequestHandler, type Response } from 'express';
import { isLanguage } from '../../i18n/index.ts';
import { colleague } from '../../shared/actor.ts';
import { Conflict, type FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { idOf, needsRole, readForm, say, setMarks, staffOf } from '../../web/index.ts';
import { typedIn } from '../common.ts';
import type { RetentionWeb } from '../web.ts';
import { pageForm, writeForm } from './forms.ts';
import { listPage, pagePage, versionPage, writePage } from './views.ts';

const AT = '/playbook';
const staff = needsRole('staff');
const manager = needsRole('manager');

const actorOf = (res: Response) => colleague(staffOf(res).id);

/** Says on every page how much of playbook, goals and policies somebody has still to read. */
export function playbookMark({ retention }: Pick<RetentionWeb, 'retention'>): RequestHandler {
  return async (req, res, next) => {
    if (req.method === 'GET') {
      const { id, language, t } = staffOf(res);
      const { playbook, goals, policies } = retention;
      const unread = [await playbook.unread(id, language), await goals.unread(id), await policies.unread(id)];
      const count = unread.reduce((sum, each) => sum + each, 0);
      if (count > 0) setMarks(res, { [AT]: { text: String(count), said: t('playbook.toRead', { count }) } });
    }
    next();
  };
}

/** Everybody reads and confirms; managers write. */
export function playbookRoutes(web: RetentionWeb): Router {
  const router = Router();
  reading(router, web);
  writing(router, web);
  return router;
}

function reading(router: Router, web: RetentionWeb): void {
  const { playbook } = web.retention;

  router.get(AT, staff, async (req, res) => {
    const me = staffOf(res);
    const pages = await playbook.list({ retired: true });
    const read = await playbook.readBy(me.id);
    const progress = await playbook.progress();
    const shown = await Promise.all(
      pages.map(async (page) => ({ page, language: await playbook.languageFor(page, me.language) })),
    );
    const view = listPage({ pages: shown, read, progress }, me);
    web.pages.staff(req, res, 'retention/playbook', view, { title: me.t('nav.playbook'), section: AT });
  });

  router.get(`${AT}/:id`, staff, (req, res, next) => (isId(req.params.id) ? showPage(web, req, res) : next()));

  router.post(`${AT}/:id/reading`, staff, async (req, res) => {
    const me = staffOf(res);
    const page = await playbook.get(idOf(req.params.id));
    const { number } = typedIn(req);
    const language = await playbook.languageFor(page, me.language);
    await playbook.confirm(actorOf(res), { accountId: me.id, id: page.id, number: Number(number), language });
    await say(req, res, me.t('playbook.said.read'), AT);
  });

  router.get(`${AT}/:id/versions`, manager, async (req, res) => {
    const me = staffOf(res);
    const page = await playbook.get(idOf(req.params.id));
    const language = await playbook.languageFor(page, me.language);
    const facts = {
      page,
      language,
      versions: await playbook.versions(page.id),
      colleagues: await web.accounts.colleagues(),
    };
    const view = versionPage(facts, me);
    web.pages.staff(req, res, 'retention/playbook-versions', view, { title: view.title, section: AT });
  });
}

async function showPage(web: RetentionWeb, req: Request, res: Response): Promise<void> {
  const { playbook } = web.retention;
  const me = staffOf(res);
  const page = await playbook.get(idOf(req.params.id));
  const language = await playbook.languageFor(page, me.language);
  const read = (await playbook.readBy(me.id)).get(page.id) ?? 0;
  const readers = await playbook.readers(page);
  const colleagues = await web.accounts.colleagues();
  const view = pagePage({ page, language, read, readers, colleagues }, me);
  web.pages.staff(req, res, 'retention/playbook-page', view, { title: view.title, section: AT });
}

function writing(router: Router, web: RetentionWeb): void {
  const { playbook } = web.retention;

  async function show(
    req: Request,
    res: Response,
    id: string | null,
    rejected?: { errors: FieldErrors; status: 409 | 422 },
  ): Promise<void> {
    const me = staffOf(res);
    const page = id === null ? null : await playbook.get(id);
    const asked = rejected ? typedIn(req).language : req.query.language;
    const language = isLanguage(asked) ? asked : page ? await playbook.languageFor(page, me.language) : me.language;
    const typed = rejected && typedIn(req);
    const view = writePage({ page, language, typed, errors: rejected?.errors }, me);
    const status = rejected?.status ?? 200;
    web.pages.staff(req, res, 'retention/playbook-write', view, { title: view.title, section: AT, status });
  }

  router.get(`${AT}/new`, manager, (req, res) => show(req, res, null));
  router.post(AT, manager, async (req, res) => {
    const form = readForm(pageForm, req.body);
    if (!form.ok) return show(req, res, null, { errors: form.errors, status: 422 });
    const { id } = await playbook.create(actorOf(res), form.value);
    await said(req, res, 'playbook.said.created', id);
  });
  router.get(`${AT}/:id/edit`, manager, (req, res) => show(req, res, idOf(req.params.id)));
  router.post(`${AT}/:id`, manager, async (req, res) => {
    const id = idOf(req.params.id);
    const form = readForm(writeForm, req.body);
    if (!form.ok) return show(req, res, id, { errors: form.errors, status: 422 });
    try {
      await playbook.write(actorOf(res), id, form.value.seen, form.value);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      return show(req, res, id, { errors: { body: { key: error.key } }, status: 409 });
    }
    await said(req, res, form.value.asks ? 'playbook.said.asked' : 'playbook.said.saved', id);
  });
  for (const [path, retired] of [
    ['retirement', true],
    ['revival', false],
  ] as const) {
    router.post(`${AT}/:id/${path}`, manager, async (req, res) => {
      const id = idOf(req.params.id);
      await playbook.retire(actorOf(res), id, retired);
      await said(req, res, retired ? 'playbook.said.retired' : 'playbook.said.revived', id);
    });
  }
}

const said = (req: Request, res: Response, key: string, id: string): Promise<void> =>
  say(req, res, staffOf(res).t(key), `${AT}/${id}`);
