import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import { needsRole, readForm, say, sayOrShow, seenRevision, staffOf } from '../../web/index.ts';
import type { InsightWeb } from '../web.ts';
import { riskFiles } from './csv-routes.ts';
import { filterOf, readRiskQuery } from './query.ts';
import { recordPage } from './record-views.ts';
import { settingForm } from './setting.ts';
import { startRoutes } from './start-routes.ts';
import { calmRoutes } from './calm-routes.ts';
import { callRoutes } from './calls/routes.ts';
import { riskPage, sectionFor, type RiskFacts } from './views.ts';

const [staff, manager] = [needsRole('staff'), needsRole('manager')];

/** Who is about to leave, and how good the flags are. */
export function riskRoutes(web: InsightWeb): Router {
  const { insight, pages } = web;
  const { risk } = insight;
  const router = Router();

  router.get('/risk', staff, (req, res) => showList(web, req, res));

  router.get('/risk/record', staff, async (req, res) => {
    const me = staffOf(res);
    const page = recordPage(await risk.record(), me);
    pages.staff(req, res, 'reports/risk-record', page, { title: me.t('risk.record.title'), section: sectionFor(me) });
  });

  router.post('/risk/setting', manager, async (req, res) => {
    const { id, t } = staffOf(res);
    const typed = readForm(settingForm, req.body);
    const values: unknown = req.body;
    if (!typed.ok) return await showList(web, req, res, { values, errors: typed.errors });
    const show = (status: number) => showList(web, req, res, { values }, status);
    await sayOrShow(req, res, { then: '/risk', show }, async () => {
      await risk.setting.save(colleague(id), typed.value.factor, seenRevision(values));
      return t('risk.factor.saved');
    });
  });

  router.post('/risk/look-back', manager, async (req, res) => {
    await risk.lookBackAgain();
    await say(req, res, staffOf(res).t('risk.record.again.done'), '/risk/record');
  });

  router.use(riskFiles(web), calmRoutes(web), startRoutes(web), callRoutes(web));
  return router;
}

async function showList(
  web: InsightWeb,
  req: Request,
  res: Response,
  typed?: RiskFacts['typed'],
  status = typed ? 422 : 200,
): Promise<void> {
  const { insight, customers, accounts, clock, pages } = web;
  const { risk } = insight;
  const me = staffOf(res);
  const query = readRiskQuery(req.query);
  const filter = filterOf(query);
  const after = typeof req.query.after === 'string' ? req.query.after : null;
  const { setting, revision } = await risk.setting.standing();
  const facts: RiskFacts = {
    query,
    further: after !== null,
    list: await risk.list(filter, after),
    counts: await risk.counts(filter),
    left: await risk.left(),
    segments: (await customers.facets()).segments,
    colleagues: await accounts.colleagues(),
    factor: setting.factor,
    // What does not fit was made from the same revision as before; after somebody else's it is a decision to save.
    revision: typed?.errors ? seenRevision(req.body) : revision,
    fitted: await risk.isFitted(),
    today: dayIn(me.timeZone, clock.now()),
    ...(typed && { typed }),
  };
  const page = { title: me.t('risk.title'), section: sectionFor(me), status };
  pages.staff(req, res, 'reports/risk', riskPage(facts, me), page);
}
