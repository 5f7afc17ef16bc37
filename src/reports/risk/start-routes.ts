import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { day, line } from '../../customers/index.ts';
import { formatDay } from '../../i18n/index.ts';
import { colleague } from '../../shared/actor.ts';
import { addMonths, dayIn } from '../../shared/dates.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { idOf, needsRole, readForm, say, staffOf } from '../../web/index.ts';
import type { InsightWeb } from '../web.ts';
import { filterOf, readRiskQuery } from './query.ts';
import { calmForm, calmList, callsPage, waveForm } from './start-views.ts';
import { sectionFor } from './views.ts';

/** So many can be chosen at a time; cases are looked over by name first, and fewer fit into an address. */
const [MOST_AT_ONCE, MOST_CASES] = [500, 100];
const CALM_MONTHS = 3;
const staff = needsRole('staff');

const calmSchema = z.object({
  untilOn: day,
  why: z.string('risk.error.why').pipe(line(200)).pipe(z.string().min(1, 'risk.error.why')),
});
const waveSchema = z.object({
  questionnaireId: z.uuid('form.required'),
  name: z.string('form.required').trim().min(1, 'form.required').max(80, 'form.tooLong'),
});

const idsIn = (values: unknown[]): string[] => [...new Set(values.filter(isId))].slice(0, MOST_AT_ONCE);
const postedIds = (body: unknown): string[] => {
  const { customers } = (body ?? {}) as { customers?: unknown };
  return idsIn(typeof customers === 'string' ? customers.split(' ') : []);
};

/** What can be begun for those who are ticked: a wave, calls, cases, or a word that they are not at risk. */
export function startRoutes(web: InsightWeb): Router {
  const { insight, customers, accounts, invitations, storage, pages, clock } = web;
  const { risk } = insight;
  const router = Router();

  async function chosenIn(req: Request): Promise<string[]> {
    if (req.query.all !== '1') return idsIn([req.query.pick ?? []].flat());
    const { rows } = await risk.list(filterOf(readRiskQuery(req.query)), null, MOST_AT_ONCE);
    return rows.map(({ customerId }) => customerId);
  }

  const peopleOf = async (ids: string[]) => {
    const known = await customers.findMany(storage.read, ids);
    return ids.flatMap((id) => known.get(id) ?? []).filter(({ erasedAt }) => erasedAt === null);
  };

  interface Typed {
    values: unknown;
    errors: FieldErrors;
  }

  router.get('/risk/start', staff, async (req, res) => {
    const ids = await chosenIn(req);
    if (req.query.do === 'calls') return await showCalls(res, req, ids);
    if (req.query.do === 'calm') return await showCalm(res, req, ids);
    if (req.query.do === 'wave') return await showWave(res, req, ids);
    const picked = ids.slice(0, MOST_CASES).map((id): [string, string] => ['pick', id]);
    res.redirect(303, `/cases/list?${new URLSearchParams([...picked, ['kind', 'complaint']]).toString()}`);
  });

  async function showCalls(res: Response, req: Request, ids: string[]): Promise<void> {
    const me = staffOf(res);
    const people = await peopleOf(ids);
    const facts = {
      customers: people,
      risks: await risk.of(storage.read, ids),
      against: await web.telephone.againstCalling(storage.read, people),
      colleagues: await accounts.colleagues(),
      today: dayIn(me.timeZone, clock.now()),
    };
    pages.staff(req, res, 'reports/risk-calls', callsPage(facts, me), {
      title: me.t('risk.calls.title'),
      section: sectionFor(me),
    });
  }

  async function showCalm(res: Response, req: Request, ids: string[], typed?: Typed): Promise<void> {
    const me = staffOf(res);
    const today = dayIn(me.timeZone, clock.now());
    const values = typed?.values ?? { untilOn: addMonths(today, CALM_MONTHS) };
    const form = calmForm({ customers: await peopleOf(ids), typed: values, errors: typed?.errors, today }, me);
    const page = { title: me.t('risk.calm.title'), section: sectionFor(me), status: typed ? 422 : 200 };
    pages.staff(req, res, 'reports/risk-calm', form, page);
  }

  async function showWave(res: Response, req: Request, ids: string[], typed?: Typed): Promise<void> {
    const me = staffOf(res);
    const published = (await web.questionnaires.list()).filter(({ latest }) => latest !== null);
    const questionnaires = published.filter(({ programme }) => programme.key !== 'leaving');
    const today = formatDay(dayIn(me.timeZone, clock.now()), me.language);
    const values = typed?.values ?? { name: me.t('risk.wave.name', { day: today }) };
    const chosen = { customers: await peopleOf(ids), typed: values, errors: typed?.errors, questionnaires };
    const page = { title: me.t('risk.wave.title'), section: sectionFor(me), status: typed ? 422 : 200 };
    pages.staff(req, res, 'reports/risk-wave', waveForm(chosen, me), page);
  }

  router.post('/risk/waves', staff, async (req, res) => {
    const { id } = staffOf(res);
    const customerIds = postedIds(req.body);
    const given = readForm(waveSchema, req.body);
    const made =
      given.ok && customerIds.length > 0
        ? await invitations.createWave(colleague(id), {
            ...given.value,
            senderAccountId: id,
            expiresDays: 60,
            audience: { status: 'active', customerIds },
          })
        : given.ok
          ? { ok: false as const, errors: { name: { key: 'risk.chosen.nobody' } } }
          : given;
    if (!made.ok) return await showWave(res, req, customerIds, { values: req.body as unknown, errors: made.errors });
    res.redirect(303, `/waves/${made.value.id}`);
  });

  router.get('/risk/calm', staff, async (req, res) => {
    const me = staffOf(res);
    const list = await risk.calm.list(typeof req.query.after === 'string' ? req.query.after : null);
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
    const given = readForm(calmSchema, req.body);
    const today = dayIn(timeZone, clock.now());
    const errors = given.ok ? lateErrors(given.value.untilOn, today) : given.errors;
    if (!given.ok || errors)
      return await showCalm(res, req, ids, { values: req.body as unknown, errors: errors ?? {} });
    const noted = await risk.calm.set(colleague(id), ids, given.value);
    const text = t('risk.calm.done', { count: noted.length, day: formatDay(given.value.untilOn, language) });
    const undo = { href: '/risk/calm/end', text: t('today.bulk.undo'), post: { id: noted.join(' ') } };
    await say(req, res, text, '/risk', noted.length > 0 ? undo : undefined);
  });

  router.post('/risk/calm/end', staff, async (req, res) => {
    const { id, t } = staffOf(res);
    const { id: given } = (req.body ?? {}) as { id?: unknown };
    const ids = idsIn(typeof given === 'string' ? given.split(' ') : []);
    for (const each of ids.length > 0 ? ids : [idOf(given)]) await risk.calm.end(colleague(id), each);
    await say(req, res, t('risk.calm.undone', { count: ids.length }), '/risk');
  });

  return router;
}

/** A word about the past says nothing, and one for years is one to forget. */
function lateErrors(untilOn: string, today: string): FieldErrors | undefined {
  if (untilOn >= today && untilOn <= addMonths(today, 24)) return undefined;
  return { untilOn: { key: 'risk.error.until' } };
}
