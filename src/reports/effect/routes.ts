import { Router } from 'express';
import { z } from 'zod';
import { needsRole, staffOf } from '../../web/index.ts';
import { chosenPeriod, periodFields } from '../period-views.ts';
import type { InsightWeb } from '../web.ts';
import { effectCsv } from './csv.ts';
import type { EffectQuery } from './report.ts';
import { effectView } from './views.ts';

export const effectQuerySchema = z.object(periodFields);

export function effectRoutes({ insight, pages }: InsightWeb): Router {
  const router = Router();
  const queryOf = (fields: unknown): EffectQuery => chosenPeriod(effectQuerySchema.parse(fields ?? {}));

  router.get('/winning-back', needsRole('manager'), async (req, res) => {
    const staff = staffOf(res);
    const query = queryOf(req.query);
    const view = effectView(await insight.effect.report(query), query, staff);
    pages.staff(req, res, 'reports/effect', view, { title: staff.t('effect.title'), section: '/leaving' });
  });

  router.get('/winning-back.csv', needsRole('manager'), async (req, res) => {
    const report = await insight.effect.report(queryOf(req.query));
    res.attachment(`winning-back-${report.period.to}.csv`).type('text/csv; charset=utf-8');
    res.send(effectCsv(report, staffOf(res).language));
  });

  return router;
}
