import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { day, line } from '../../customers/index.ts';
import { formatDay } from '../../i18n/index.ts';
import { colleague } from '../../shared/actor.ts';
import { addMonths, dayIn } from '../../shared/dates.ts';
import { idOf, needsRole, readForm, say, staffOf } from '../../web/index.ts';
import type { InsightWeb } from '../web.ts';
import { idsIn, peopleOf, postedIds, type Typed } from './chosen.ts';
import { calmForm, calmList } from './start-views.ts';
import { sectionFor } from './views.ts';

const [USUAL_MONTHS, MOST_MONTHS] = [3, 24];
const staff = needsRole('staff');

/** A word about the past says nothing, and one for years is one to forget. */
const calmSchema = (today: string) =>
  z.object({
    untilOn: day.refine((on) => on >= today && on <= addMonths(today, MOST_MONTHS), { error: 'risk.error.until' }),
    why: z.string('risk.error.why').pipe(line(200)).pipe(z.string().min(1, 'risk.error.why')),
  });

/** A colleague's word that there is no risk for a while: given, listed, taken back. */
export function calmRoutes(web: InsightWeb): Router {
  const { insight, customers, accounts, storage, pages, clock } = web;
  const { calm } = insight.risk;
  const router = Router();

  router.get('/risk/calm', staff, async (req, res) => {
    const me = staffOf(res);
    const list = await calm.list(typeof req.query.after === 'string' ? req.query.after : null);
    const people = await customers.findMany(
      storage.read,
      list.rows.map((row) => row.customer_id),
    );
    const page = calmList({ ...list, people, colleagues: await accounts.colleagues() }, me);
    pages.staff(req, res, 'reports/risk-calms', page, { title: me.t('risk.view.calm'), section: sectionFor(me) });
  });

  router.post('/risk/calm', staff, async (req, res) => {
    const { id, t, timeZone, language } = staffOf(res);
    const ids = postedIds(req.body);
    const given = readForm(calmSchema(dayIn(timeZone, clock.now())), req.body);
    if (!given.ok) return await showCalm(web, req, res, ids, { values: req.body as unknown, errors: given.errors });
    const noted = await calm.set(colleague(id), ids, given.value);
    const text = t('risk.calm.done', { count: noted.length, day: formatDay(given.value.untilOn, language) });
    const undo = { href: '/risk/calm/end', text: t('today.bulk.undo'), post: { id: noted.join(' ') } };
    await say(req, res, text, '/risk', noted.length > 0 ? undo : undefined);
  });

  router.post('/risk/calm/end', staff, async (req, res) => {
    const { id, t } = staffOf(res);
    const { id: given } = (req.body ?? {}) as { id?: unknown };
    const ids = idsIn(typeof given === 'string' ? given.split(' ') : []);
    for (const each of ids.length > 0 ? ids : [idOf(given)]) await calm.end(colleague(id), each);
    await say(req, res, t('risk.calm.undone', { count: ids.length }), '/risk');
  });

  return router;
}

/** The form for those who were chosen. */
export async function showCalm(
  web: Pick<InsightWeb, 'customers' | 'storage' | 'pages' | 'clock'>,
  req: Request,
  res: Response,
  ids: string[],
  typed?: Typed,
): Promise<void> {
  const me = staffOf(res);
  const today = dayIn(me.timeZone, web.clock.now());
  const values = typed?.values ?? { untilOn: addMonths(today, USUAL_MONTHS) };
  const form = calmForm({ customers: await peopleOf(web, ids), typed: values, errors: typed?.errors, today }, me);
  const page = { title: me.t('risk.calm.title'), section: sectionFor(me), status: typed ? 422 : 200 };
  web.pages.staff(req, res, 'reports/risk-calm', form, page);
}
