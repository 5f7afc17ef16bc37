import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { formatDay } from '../../i18n/index.ts';
import { colleague } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import { needsRole, readForm, staffOf } from '../../web/index.ts';
import type { InsightWeb } from '../web.ts';
import { showCalm } from './calm-routes.ts';
import { idsIn, MOST_AT_ONCE, peopleOf, postedIds, type Typed } from './chosen.ts';
import { filterOf, readRiskQuery } from './query.ts';
import { callsPage, waveForm } from './start-views.ts';
import { sectionFor } from './views.ts';

/** Cases are looked over by name first, and fewer names fit into an address. */
const MOST_CASES = 100;
const LINKS_LAST_DAYS = 60;
const staff = needsRole('staff');

const waveSchema = z.object({
  questionnaireId: z.uuid('form.required'),
  name: z.string('form.required').trim().min(1, 'form.required').max(80, 'form.tooLong'),
});

/** What can be begun for those who are ticked: a wave, calls, cases, or a word that they are not at risk. */
export function startRoutes(web: InsightWeb): Router {
  const router = Router();

  router.get('/risk/start', staff, async (req, res) => {
    const ids = await chosenIn(web, req);
    if (req.query.do === 'calls') return await showCalls(web, req, res, ids);
    if (req.query.do === 'calm') return await showCalm(web, req, res, ids);
    if (req.query.do === 'wave') return await showWave(web, req, res, ids);
    const picked = ids.slice(0, MOST_CASES).map((id): [string, string] => ['pick', id]);
    res.redirect(303, `/cases/list?${new URLSearchParams([...picked, ['kind', 'complaint']]).toString()}`);
  });

  router.post('/risk/waves', staff, async (req, res) => {
    const made = await prepareWave(web, staffOf(res).id, req.body);
    if (made.ok) return res.redirect(303, `/waves/${made.value.id}`);
    await showWave(web, req, res, postedIds(req.body), { values: req.body as unknown, errors: made.errors });
  });

  return router;
}

async function chosenIn({ insight }: InsightWeb, req: Request): Promise<string[]> {
  if (req.query.all !== '1') return idsIn([req.query.pick ?? []].flat());
  const { rows } = await insight.risk.list(filterOf(readRiskQuery(req.query)), null, MOST_AT_ONCE);
  return rows.map(({ customerId }) => customerId);
}

async function showCalls(web: InsightWeb, req: Request, res: Response, ids: string[]): Promise<void> {
  const { insight, storage, accounts, clock, pages } = web;
  const me = staffOf(res);
  const facts = {
    ...(await insight.risk.calls.screen(ids)),
    risks: await insight.risk.of(storage.read, ids),
    colleagues: await accounts.colleagues(),
    today: dayIn(me.timeZone, clock.now()),
  };
  const page = { title: me.t('risk.calls.title'), section: sectionFor(me) };
  pages.staff(req, res, 'reports/risk-calls', callsPage(facts, me), page);
}

async function showWave(web: InsightWeb, req: Request, res: Response, ids: string[], typed?: Typed): Promise<void> {
  const me = staffOf(res);
  const published = (await web.questionnaires.list()).filter(({ latest }) => latest !== null);
  const questionnaires = published.filter(({ programme }) => programme.key !== 'leaving');
  const today = formatDay(dayIn(me.timeZone, web.clock.now()), me.language);
  const values = typed?.values ?? { name: me.t('risk.wave.name', { day: today }) };
  const chosen = { customers: await peopleOf(web, ids), typed: values, errors: typed?.errors, questionnaires };
  const page = { title: me.t('risk.wave.title'), section: sectionFor(me), status: typed ? 422 : 200 };
  web.pages.staff(req, res, 'reports/risk-wave', waveForm(chosen, me), page);
}

/** A draft in the name of whoever asks, for these customers and nobody else; it starts by hand, like every wave. */
async function prepareWave({ invitations }: InsightWeb, accountId: string, body: unknown) {
  const given = readForm(waveSchema, body);
  if (!given.ok) return given;
  const customerIds = postedIds(body);
  if (customerIds.length === 0) return { ok: false as const, errors: { name: { key: 'risk.chosen.nobody' } } };
  const audience = { status: 'active' as const, customerIds };
  const sender = { senderAccountId: accountId, expiresDays: LINKS_LAST_DAYS };
  return await invitations.createWave(colleague(accountId), { ...given.value, ...sender, audience });
}
