import { Router } from 'express';
import { z } from 'zod';
import { needsRole, staffOf } from '../../web/index.ts';
import { chosenPeriod, periodFields } from '../period-views.ts';
import type { InsightWeb } from '../web.ts';
import { FIELDS } from './counting.ts';
import { survivalCsv } from './csv.ts';
import type { SurvivalQuery } from './report.ts';
import { survivalView } from './views.ts';

const value = z.string().max(200).optional().catch(undefined);

export const survivalQuerySchema = z.object({
  ...periodFields,
  /** What two groups are told apart by. */
  by: z.enum(FIELDS).optional().catch(undefined),
  /** The value of the first group, and of the second; without it, all the others. */
  one: value,
  other: value,
});

export function survivalRoutes({ insight, pages, accounts }: InsightWeb): Router {
  const router = Router();

  router.get('/retention', needsRole('manager'), async (req, res) => {
    const staff = staffOf(res);
    const query = queryOf(req.query);
    const report = await insight.survival.report(query);
    const colleagues = await accounts.colleagues();
    const view = survivalView({ report, query, colleagues, staff });
    pages.staff(req, res, 'reports/survival', view, { title: staff.t('survival.title'), section: '/leaving' });
  });

  router.get('/retention.csv', needsRole('manager'), async (req, res) => {
    const report = await insight.survival.report(queryOf(req.query));
    res.attachment(`retention-${report.churn.period.to}.csv`).type('text/csv; charset=utf-8');
    res.send(survivalCsv(report));
  });

  return router;
}

/** The form has a field and its value in one choice: 'segment:Office'. A second group of another kind would overlap. */
function queryOf(fields: unknown): SurvivalQuery {
  const { a, b } = (fields ?? {}) as { a?: unknown; b?: unknown };
  const query = chosenPeriod(survivalQuerySchema.parse(fields ?? {}));
  const [by, one] = choiceOf(a);
  if (!by || one === undefined) return query;
  const [otherBy, other] = choiceOf(b);
  const chosen = survivalQuerySchema.parse({ by, one, other: otherBy === by ? other : undefined });
  return { ...query, by: chosen.by, one: chosen.one, other: chosen.other };
}

function choiceOf(text: unknown): [string | undefined, string | undefined] {
  const [, by, of] = typeof text === 'string' ? (/^(\w+):(.+)$/s.exec(text) ?? []) : [];
  return [by, of];
}
