import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { Invalid, type FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { idOf, needsRole, type Pages, readForm, say, staffOf } from '../../web/index.ts';
import { changeForm, endpointForm, seenForm, turnForm } from './forms.ts';
import type { WebhookSettings } from './service.ts';
import { endpointPage, endpointsPage, type Shown } from './views.ts';

interface WebhooksWeb {
  webhooks: { settings: WebhookSettings };
  pages: Pages;
}

const AT = '/settings/webhooks';
const SECTION = '/settings';
const PAGE = 30;
const administrator = needsRole('administrator');

const actorOf = (res: Response) => colleague(staffOf(res).id);

/** Where other programs are told what happens. */
export function webhookRoutes(web: WebhooksWeb): Router {
  const router = Router();
  router.use(AT, administrator);
  listing(router, web);
  changing(router, web);
  trying(router, web);
  return router;
}

function listing(router: Router, { webhooks: { settings }, pages }: WebhooksWeb): void {
  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const me = staffOf(res);
    const typed = errors && (req.body as Record<string, unknown>);
    const view = endpointsPage(await settings.list(), { typed, errors }, me);
    const page = { title: me.t('accounts.webhooks'), section: SECTION, status: errors ? 422 : 200 };
    pages.staff(req, res, 'api/webhooks', view, page);
  }

  router.get(AT, (req, res) => show(req, res));
  router.post(AT, async (req, res) => {
    const form = readForm(endpointForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    try {
      const { id, secret } = await settings.create(actorOf(res), form.value);
      // Shown in the answer itself: to show it on a next page it would have to be kept somewhere.
      await showOne({ settings, pages }, req, res, { id, secret, status: 201 });
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await show(req, res, error.fieldErrors);
    }
  });
  router.get(`${AT}/:id`, (req, res) => showOne({ settings, pages }, req, res, { id: idOf(req.params.id) }));
}

async function showOne(
  { settings, pages }: { settings: WebhookSettings; pages: Pages },
  req: Request,
  res: Response,
  { id, status = 200, ...shown }: Shown & { id: string; status?: number },
): Promise<void> {
  const me = staffOf(res);
  const before = isId(req.query.before) ? req.query.before : null;
  const endpoint = await settings.get(id);
  const deliveries = await settings.deliveries(id, before, PAGE);
  const view = endpointPage(endpoint, deliveries, shown, me);
  pages.staff(req, res, 'api/webhook', view, { title: view.host, section: SECTION, status });
}

function changing(router: Router, { webhooks: { settings }, pages }: WebhooksWeb): void {
  router.post(`${AT}/:id`, async (req, res) => {
    const id = idOf(req.params.id);
    const form = readForm(changeForm, req.body);
    const typed = req.body as Record<string, unknown>;
    if (!form.ok) return showOne({ settings, pages }, req, res, { id, typed, errors: form.errors, status: 422 });
    try {
      await settings.change(actorOf(res), id, form.value.seen, form.value);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showOne({ settings, pages }, req, res, { id, typed, errors: error.fieldErrors, status: 422 });
    }
    await say(req, res, staffOf(res).t('accounts.saved'), `${AT}/${id}`);
  });

  router.post(`${AT}/:id/state`, async (req, res) => {
    const id = idOf(req.params.id);
    const { seen, state } = valid(readForm(turnForm, req.body));
    await settings.turn(actorOf(res), id, seen, state);
    await say(req, res, staffOf(res).t(state === 'on' ? 'webhooks.said.on' : 'webhooks.said.off'), `${AT}/${id}`);
  });

  router.post(`${AT}/:id/secret`, async (req, res) => {
    const id = idOf(req.params.id);
    const { seen } = valid(readForm(seenForm, req.body));
    const secret = await settings.renewSecret(actorOf(res), id, seen);
    await showOne({ settings, pages }, req, res, { id, secret, status: 201 });
  });

  router.post(`${AT}/:id/removal`, async (req, res) => {
    const { seen } = valid(readForm(seenForm, req.body));
    await settings.remove(actorOf(res), idOf(req.params.id), seen);
    await say(req, res, staffOf(res).t('webhooks.said.removed'), AT);
  });
}

function trying(router: Router, { webhooks: { settings } }: WebhooksWeb): void {
  router.post(`${AT}/:id/test`, async (req, res) => {
    const id = idOf(req.params.id);
    await settings.test(actorOf(res), id);
    await say(req, res, staffOf(res).t('webhooks.said.test'), `${AT}/${id}`);
  });

  router.post(`${AT}/:id/deliveries/:delivery`, async (req, res) => {
    const id = idOf(req.params.id);
    await settings.redeliver(actorOf(res), id, idOf(req.params.delivery));
    await say(req, res, staffOf(res).t('webhooks.said.again'), `${AT}/${id}`);
  });
}

function valid<T>(form: { ok: true; value: T } | { ok: false; errors: FieldErrors }): T {
  if (!form.ok) throw new Invalid(form.errors);
  return form.value;
}
