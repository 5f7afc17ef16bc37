import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { colleague } from '../../shared/actor.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import type { Db, Storage } from '../../storage/index.ts';
import { idOf, needsRole, notify, type Pages, readForm, saveSession, staffOf } from '../../web/index.ts';
import { oneAddress } from '../rules.ts';
import type { Bounces } from './service.ts';
import { isShown, returnedList, returnedPage, suppressionsPage, type Shown } from './views.ts';

interface BounceRoutes {
  bounces: Bounces;
  pages: Pages;
  storage: Pick<Storage, 'read'>;
  /** Lent by the app: who customers are, and which have an address. */
  customers: {
    names(db: Db, ids: string[]): Promise<Map<string, { name: string; reference: string }>>;
    duplicatesOf(fields: { email: string }): Promise<{ id: string }[]>;
  };
  colleagues(): Promise<{ id: string; name: string }[]>;
  /** Whether returned mail can reach us at all. */
  hasWayIn(): Promise<boolean>;
}

const addressForm = z.object({ address: z.string().trim().max(254).transform(oneAddress) });
const reason = z.string().trim().min(1, 'form.required').max(300, 'form.tooLong');
const liftForm = z.object({ reason });
const addForm = addressForm.extend({ reason });

/** What came back, and to whom nothing is sent any more. */
export function bounceRoutes(web: BounceRoutes): Router {
  const { bounces, pages } = web;
  const router = Router();
  const staff = needsRole('staff');

  router.get('/bounces', staff, async (req, res) => {
    const reader = staffOf(res);
    const shown = isShown(req.query.show) ? req.query.show : 'read';
    const list = await bounces.list(FILTERS[shown], cursorOf(req));
    const names = await namesOf(web, list.rows);
    const facts = { list, names, shown, before: cursorOf(req), hasWayIn: await web.hasWayIn() };
    const view = returnedList({ ...facts, toRead: await bounces.countToRead() }, reader);
    pages.staff(req, res, 'mail/bounces', view, { title: reader.t('bounces.title') });
  });

  router.get('/bounces/:id', staff, async (req, res) => {
    const reader = staffOf(res);
    const row = await bounces.get(idOf(req.params.id));
    const view = returnedPage(row, await namesOf(web, [row]), reader);
    pages.staff(req, res, 'mail/bounce', view, { title: view.heading });
  });

  router.post('/bounces/:id/done', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    await bounces.done(colleague(me), idOf(req.params.id));
    notify(req, t('bounces.doneSaid'));
    await saveSession(req);
    res.redirect(303, '/bounces');
  });

  router.get('/suppressions', staff, (req, res) => showSuppressions(web, req, res, {}));

  // A typed address never stands in the page's own address: that one is kept in histories and logs.
  router.post('/suppressions/search', staff, async (req, res) => {
    const form = readForm(addressForm, req.body);
    const address = form.ok ? form.value.address : undefined;
    await (address === undefined
      ? showSuppressions(web, req, res, { errors: BAD_ADDRESS, status: 422 })
      : showSuppressions(web, req, res, { address }));
  });

  router.post('/suppressions', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    const form = readForm(addForm, req.body);
    const address = form.ok ? form.value.address : addressOf(req);
    if (!form.ok || address === undefined) {
      const errors = form.ok ? BAD_ADDRESS : form.errors;
      return await showSuppressions(web, req, res, { address, errors, status: 422 });
    }
    const [customer] = await web.customers.duplicatesOf({ email: address });
    await bounces.suppressions.addByHand(colleague(me), address, form.value.reason, customer?.id ?? null);
    notify(req, t('bounces.supp.addSaid'));
    await saveSession(req);
    res.redirect(303, '/suppressions');
  });

  router.post('/suppressions/:id/lift', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    const form = readForm(liftForm, req.body);
    if (!form.ok)
      return await showSuppressions(web, req, res, { address: addressOf(req), errors: form.errors, status: 422 });
    await bounces.suppressions.lift(colleague(me), idOf(req.params.id), form.value.reason);
    notify(req, t('bounces.supp.liftSaid'));
    await saveSession(req);
    res.redirect(303, '/suppressions');
  });

  return router;
}

const FILTERS: Record<Shown, Parameters<Bounces['list']>[0]> = {
  read: { toRead: true },
  bounces: { kinds: ['hard', 'soft'] },
  complaints: { kinds: ['complaint'] },
  all: {},
};

const BAD_ADDRESS: FieldErrors = { address: { key: 'bounces.supp.badAddress' } };

interface Looked {
  address?: string | undefined;
  errors?: FieldErrors;
  status?: number;
}

/** The whole list, or what is known about one address. */
async function showSuppressions(web: BounceRoutes, req: Request, res: Response, looked: Looked): Promise<void> {
  const { bounces, customers, pages } = web;
  const reader = staffOf(res);
  const { address, errors, status = 200 } = looked;
  const before = address === undefined ? cursorOf(req) : null;
  const list = await bounces.suppressions.list({ address }, before);
  const theirs = address === undefined ? [] : await customers.duplicatesOf({ email: address });
  const people = theirs.map(({ id }) => ({ customer_id: id }));
  const names = await namesOf(web, [...list.rows, ...people]);
  const facts = { list, names, theirs, before, address, errors, typed: req.body as unknown };
  const view = suppressionsPage({ ...facts, colleagues: await web.colleagues() }, reader);
  pages.staff(req, res, 'mail/suppressions', view, { title: reader.t('bounces.supp.title'), status });
}

async function namesOf({ customers, storage }: BounceRoutes, rows: { customer_id: string | null }[]) {
  const ids = [...new Set(rows.flatMap(({ customer_id }) => customer_id ?? []))];
  return await customers.names(storage.read, ids);
}

const addressOf = (req: Request) => {
  const form = readForm(addressForm, req.body);
  return form.ok ? form.value.address : undefined;
};

const cursorOf = (req: Request) => (isId(req.query.before) ? req.query.before : null);
