import { Router, type Request, type Response } from 'express';
import { MERGE_PART_NAMES, type Customer, type MergeChoices } from '../customers/index.ts';
import { colleague } from '../shared/actor.ts';
import { Conflict, type FieldErrors } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { needsRole, notify, say, staffOf } from '../web/index.ts';
import { mergingPage, otherRecordPage } from './views.ts';
import type { MergingWeb } from './web.ts';

type Of = Request<{ id: string }>;
type OfBoth = Request<{ id: string; other: string }>;

const FOUND = 20;
const SECTION = '/customers';

/** Two records of one person: finding the other one, comparing both, and making them one. */
export function mergingRoutes(web: MergingWeb): Router {
  const { merging, customers, pages } = web;
  const router = Router();
  const mine = needsRole('manager');

  // An address that somebody kept or sent around goes on leading to that person.
  router.get('/customers/:id', async (req: Of, res, next) => {
    const keptId = isId(req.params.id) ? await customers.keptFor(req.params.id) : undefined;
    if (keptId === undefined) return next();
    res.redirect(303, `/customers/${keptId}`);
  });

  router.get('/customers/:id/merge', mine, async (req: Of, res) => {
    const staff = staffOf(res);
    const customer = await customers.get(req.params.id);
    const q = typeof req.query.q === 'string' ? req.query.q.trim().slice(0, 200) : '';
    const likely = await customers.duplicatesOf(customer, customer.id);
    const found = q === '' ? [] : (await customers.list({ q }, null, FOUND)).rows;
    const view = otherRecordPage(customer, { q, likely, found }, staff);
    pages.staff(req, res, 'merging/other-record', view, { title: staff.t('merging.title'), section: SECTION });
  });

  router.get('/customers/:id/merge/:other', mine, async (req: OfBoth, res) => {
    if (req.params.id === req.params.other) return res.redirect(303, `/customers/${req.params.id}/merge`);
    await show(web, req, res, await bothOf(web, req));
  });

  router.post('/customers/:id/merge/:other', mine, async (req: OfBoth, res) => {
    const both = await bothOf(web, req);
    const body = (req.body ?? {}) as Record<string, unknown>;
    const seen = { kept: Number(body['seenKept']), other: Number(body['seenOther']) };
    const pair = { keptId: both.kept.id, otherId: both.other.id, seen };
    try {
      const merged = await merging.merge(colleague(staffOf(res).id), pair, choicesIn(body));
      if (!merged.ok) return await show(web, req, res, both, { status: 422, errors: merged.errors });
      await say(req, res, staffOf(res).t('merging.done'), `/customers/${both.kept.id}`);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const why = staffOf(res).t(error.key, error.values);
      if (error.key === 'merging.error.gone') return await say(req, res, why, `/customers/${both.kept.id}`);
      notify(req, why);
      await show(web, req, res, await bothOf(web, req), { status: 409 });
    }
  });

  return router;
}

async function bothOf({ customers }: MergingWeb, { params }: OfBoth) {
  return { kept: await customers.get(params.id), other: await customers.get(params.other) };
}

function choicesIn(body: Record<string, unknown>): MergeChoices {
  return Object.fromEntries(
    MERGE_PART_NAMES.flatMap((part) => {
      const side = body[part];
      return side === 'kept' || side === 'other' ? [[part, side]] : [];
    }),
  );
}

async function show(
  { merging, accounts, pages }: MergingWeb,
  req: OfBoth,
  res: Response,
  both: { kept: Customer; other: Customer },
  refused?: { status: number; errors?: FieldErrors },
): Promise<void> {
  const staff = staffOf(res);
  const holdings = await merging.holdings(both.other.id);
  const colleagues = await accounts.colleagues();
  const typed = refused ? (req.body as Record<string, unknown>) : undefined;
  const view = mergingPage({ ...both, holdings, colleagues, typed, errors: refused?.errors }, staff);
  const page = { title: staff.t('merging.title'), section: SECTION, status: refused?.status ?? 200 };
  pages.staff(req, res, 'merging/merging', view, page);
}
