import { Router, type Response } from 'express';
import { z } from 'zod';
import { colleague } from '../shared/actor.ts';
import type { Audit } from '../shared/audit.ts';
import { NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import type { Storage, Tx } from '../storage/index.ts';
import { needsRole, staffOf, type Pages, type PoliciesFor } from '../web/index.ts';
import { COMPARISONS } from './changes/periods.ts';
import { crossCsv } from './crosses/csv.ts';
import { CROSSED } from './crosses/service.ts';
import { crossView } from './crosses/views.ts';
import { leavingCsv } from './csv.ts';
import { AUDIT_QUEUE } from './estimate-views.ts';
import { addressOf } from './filter-views.ts';
import { leavingView } from './leaving-views.ts';
import { fileNameOf, narrowedBy } from './narrowed.ts';
import { chosenPeriod, periodFields } from './period-views.ts';
import { TENURE_BANDS, VALUE_BANDS } from './rules.ts';
import type { LeavingQuery, LeavingReport, Reports } from './service.ts';
import { trendCsv } from './trend/csv.ts';
import { verbatimsView } from './verbatims-views.ts';

const field = z
  .string()
  .max(200)
  .optional()
  .catch(undefined)
  .transform((text) => text || undefined);

/** A filter that nobody could have chosen is left out, not refused: the page says what it shows. */
export const leavingQuerySchema = z.object({
  ...periodFields,
  segment: field,
  country: field,
  language: field,
  tenure: z.enum(TENURE_BANDS).optional().catch(undefined),
  value: z.enum(VALUE_BANDS).optional().catch(undefined),
  compare: z.enum(COMPARISONS).optional().catch(undefined),
});

const NARROWED_BY = ['tenure', 'value', 'segment', 'country', 'language'] as const;
const A_PAGE = 12;
/** On the page of all reasons. */
const A_FEW = 3;

interface Deps {
  reports: Reports;
  pages: Pages;
  storage: Storage;
  audit: Audit<Tx>;
  policiesFor: PoliciesFor;
}

export function reportRoutes({ reports, pages, storage, audit, policiesFor }: Deps): Router {
  const router = Router();

  router.post('/leaving/audit', needsRole('staff'), async (req, res) => {
    const query = queryOf(req.body);
    const drawn = await reports.drawAudit(colleague(staffOf(res).id), query);
    res.redirect(303, drawn ? AUDIT_QUEUE : addressOf('/leaving', query));
  });

  router.use('/leaving', needsRole('manager'));
  router.use('/leaving.csv', needsRole('manager'));

  router.get('/leaving', async (req, res) => {
    const reader = staffOf(res);
    const query = queryOf(req.query);
    const report = await reports.wholeReport(query);
    const beside = { named: await reports.competitors(), words: await wordsOf(report, query) };
    const view = leavingView(report, beside, query, await reports.filterValues(), reader);
    pages.staff(req, res, 'reports/leaving', view, { title: reader.t('reports.leaving.title'), section: '/leaving' });
  });

  /** What those wrote whose reason cost most. */
  async function wordsOf({ reasons: [costliest] }: LeavingReport, query: LeavingQuery) {
    if (!costliest || costliest.count === 0) return null;
    return await reports.verbatims(query, costliest.key, { after: 0, most: A_FEW });
  }

  router.get('/leaving.csv', async (req, res) => {
    const query = queryOf(req.query);
    const report = await reports.wholeReport(query);
    const beside = { named: await reports.competitors(), narrowed: narrowed(query) };
    const table = leavingCsv(report, beside, staffOf(res).language);
    sendTable(res, `why-they-leave-${report.period.to}`, query, table);
  });

  router.get('/leaving/trend.csv', async (req, res) => {
    const query = queryOf(req.query);
    const report = await reports.wholeReport(query);
    const table = trendCsv(report, narrowed(query), staffOf(res).language);
    sendTable(res, `why-they-leave-trend-${report.period.to}`, query, table);
  });

  router.get('/leaving/by/:field', async (req, res) => {
    const { t, language } = staffOf(res);
    const [, name = '', ending] = /^(\w+?)(\.csv)?$/.exec(req.params.field) ?? [];
    const field = CROSSED.find((each) => each === name);
    if (!field) throw new NotFound();
    const query = queryOf(req.query);
    const report = await reports.cross(query, field);
    if (ending) {
      const table = crossCsv(report, narrowed(query), language);
      sendTable(res, `why-they-leave-by-${field}-${report.period.to}`, query, table);
    } else {
      const view = crossView(report, query, t);
      pages.staff(req, res, 'reports/cross', view, { title: view.title, section: '/leaving' });
    }
  });

  router.get('/leaving/reasons/:key', async (req, res) => {
    const staff = staffOf(res);
    const query = queryOf(req.query);
    const after = Number(req.query.after) || 0;
    const found = await reports.verbatims(query, req.params.key, { after, most: A_PAGE });
    const policies = await policiesFor(found.code.id, staff);
    const view = verbatimsView(await reports.leaving(query), query, { ...found, policies }, after, staff.t);
    pages.staff(req, res, 'reports/verbatims', view, { title: view.name, section: '/leaving' });
  });

  router.post('/leaving/opened', async (req, res) => {
    const { customer } = (req.body ?? {}) as { customer?: unknown };
    if (!isId(customer)) throw new NotFound();
    await reports.mayOpen(customer);
    await storage.transaction((tx) =>
      audit(tx, colleague(staffOf(res).id), 'reports.opened', { kind: 'customer', id: customer }),
    );
    res.redirect(303, `/customers/${customer}`);
  });

  return router;
}

const narrowed = (query: LeavingQuery) => narrowedBy(query, NARROWED_BY);

function sendTable(res: Response, name: string, query: LeavingQuery, table: string): void {
  res.attachment(fileNameOf(name, narrowed(query))).type('text/csv; charset=utf-8');
  res.send(table);
}

function queryOf(fields: unknown): LeavingQuery {
  return chosenPeriod(leavingQuerySchema.parse(fields ?? {}));
}
