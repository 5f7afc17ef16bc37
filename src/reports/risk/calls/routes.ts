import { Router, type Request, type Response } from 'express';
import { createVoices } from '../../../responses/index.ts';
import { colleague } from '../../../shared/actor.ts';
import { timestamp } from '../../../shared/clock.ts';
import type { FieldErrors } from '../../../shared/errors.ts';
import { idOf, needsRole, say, staffOf } from '../../../web/index.ts';
import type { InsightWeb } from '../../web.ts';
import { postedIds } from '../chosen.ts';
import { sectionFor } from '../views.ts';
import { queuePage } from './queue-views.ts';
import { sheetPage } from './sheet-views.ts';

const staff = needsRole('staff');

/** What a form of text fields sends. */
type Body = Record<string, string | string[]>;
const bodyOf = (req: Request) => (req.body ?? {}) as Body;

/** The list of calls to customers at risk, and one call at a time. */
export function callRoutes(web: InsightWeb): Router {
  const { calls } = web.insight.risk;
  const router = Router();

  router.get('/risk/calls', staff, (req, res) => showQueue(web, req, res));

  router.post('/risk/calls', staff, async (req, res) => {
    const { id, t } = staffOf(res);
    const { added, leftOut } = await calls.start(colleague(id), postedIds(req.body));
    const rest = leftOut.length > 0 ? t('risk.calls.out', { count: leftOut.length }) : '';
    await say(req, res, [t('risk.calls.added', { count: added }), rest].filter(Boolean).join(' '), '/risk/calls');
  });

  router.get('/risk/calls/:id', staff, (req, res) => showSheet(web, req, res));
  router.post('/risk/calls/:id', staff, (req, res) => finish(web, req, res));

  router.post('/risk/calls/:id/claim', staff, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    const claimed = await calls.claim(me.id, id);
    if (claimed.mine) return res.redirect(303, `/risk/calls/${id}`);
    const name = (await web.accounts.colleagues()).find((each) => each.id === claimed.by)?.name;
    await say(req, res, me.t('telephone.taken', { name: name ?? me.t('telephone.somebody') }), '/risk/calls');
  });

  router.post('/risk/calls/:id/notes', staff, async (req, res) => {
    const id = idOf(req.params.id);
    await calls.saveDraft(staffOf(res).id, id, bodyOf(req));
    if (req.headers['x-requested-with'] === 'fetch') return void res.status(204).end();
    await say(req, res, staffOf(res).t('telephone.saved'), `/risk/calls/${id}`);
  });

  router.post('/risk/calls/:id/release', staff, async (req, res) => {
    await calls.release(staffOf(res).id, idOf(req.params.id));
    res.redirect(303, '/risk/calls');
  });

  router.post('/risk/calls/:id/withdraw', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    await calls.withdraw(colleague(me), idOf(req.params.id));
    await say(req, res, t('risk.call.withdrawn'), '/risk/calls');
  });

  return router;
}

async function showQueue({ insight, accounts, clock, pages }: InsightWeb, req: Request, res: Response): Promise<void> {
  const me = staffOf(res);
  const view = req.query.view === 'later' ? 'later' : 'now';
  const facts = {
    queue: await insight.risk.calls.queue(view, typeof req.query.after === 'string' ? req.query.after : null),
    view: view as 'now' | 'later',
    company: await accounts.company(),
    colleagues: await accounts.colleagues(),
    now: timestamp(clock),
  };
  const page = { title: me.t('risk.queue.title'), section: sectionFor(me) };
  pages.staff(req, res, 'reports/risk-queue', queuePage(facts, me), page);
}

interface Rejected {
  typed: unknown;
  errors: FieldErrors;
}

async function showSheet(web: InsightWeb, req: Request, res: Response, rejected?: Rejected): Promise<void> {
  const { risk } = web.insight;
  const me = staffOf(res);
  const found = await risk.calls.get(idOf(req.params.id));
  const { customer } = found;
  const facts = {
    found,
    risk: (await risk.of(web.storage.read, [customer.id])).get(customer.id),
    voices: await createVoices(web).ofCustomer(customer.id, me),
    company: await web.accounts.company(),
    colleagues: await web.accounts.colleagues(),
    texts: web.texts,
    notes: await web.retention.playbook.forPlace('call', me.language),
    now: timestamp(web.clock),
    ...rejected,
  };
  const view = sheetPage(facts, me);
  const page = { title: view.name, section: sectionFor(me), status: rejected ? 422 : 200, scripts: ['call'] };
  web.pages.staff(req, res, 'reports/risk-call', view, page);
}

async function finish(web: InsightWeb, req: Request, res: Response): Promise<void> {
  const { calls } = web.insight.risk;
  const me = staffOf(res);
  const found = await calls.get(idOf(req.params.id));
  const done = await calls.finish(me.id, found, bodyOf(req));
  if (!done.ok) return await showSheet(web, req, res, { typed: req.body as unknown, errors: done.errors });
  const next = {
    well: { href: `/risk/start?do=calm&pick=${found.customer.id}`, text: me.t('risk.do.calm') },
    leaving: { href: `/customers/${found.customer.id}`, text: me.t('telephone.profile') },
    trouble: { href: `/cases/${done.caseId}`, text: me.t('risk.call.toCase') },
  };
  const link = done.outcome in next ? next[done.outcome as keyof typeof next] : undefined;
  await say(req, res, me.t(`risk.call.done.${done.outcome}`), '/risk/calls', link);
}
