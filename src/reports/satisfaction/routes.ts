import { Router, type Request } from 'express';
import { z } from 'zod';
import { colleague } from '../../shared/actor.ts';
import { NotFound } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { needsRole, staffOf } from '../../web/index.ts';
import type { InsightWeb } from '../web.ts';
import { addressOf } from '../filter-views.ts';
import { fileNameOf, narrowedBy } from '../narrowed.ts';
import { auditQueue } from './audit-views.ts';
import { satisfactionCsv } from './csv.ts';
import { FIELDS } from './filter.ts';
import { PARTS } from './parts.ts';
import { satisfactionQuery } from './query.ts';
import { satisfactionView } from './views.ts';
import { wordsView } from './words-views.ts';

const behindSchema = z.object({
  code: z.uuid(),
  part: z.enum(PARTS),
  question: z.string().max(60),
  after: z.coerce.number().min(0).max(1).catch(0),
});

const drawnSchema = z.object({ part: z.enum(PARTS), programme: z.string().max(60) });

/** How satisfied customers are: the page, its table, the answers behind it. */
export function satisfactionRoutes({ insight, customers, pages, storage, accounts }: InsightWeb): Router {
  const { satisfaction } = insight;
  const router = Router();
  router.use(['/satisfaction', '/satisfaction.csv'], needsRole('manager'));

  router.get('/satisfaction', async (req, res) => {
    const reader = staffOf(res);
    const query = satisfactionQuery(req.query);
    const view = satisfactionView(await satisfaction.report(query), query, await customers.facets(), reader);
    const page = { title: reader.t('satisfaction.title'), section: '/leaving' };
    pages.staff(req, res, 'reports/satisfaction', view, page);
  });

  router.get('/satisfaction.csv', async (req, res) => {
    const query = satisfactionQuery(req.query);
    const report = await satisfaction.report(query);
    const narrowed = narrowedBy(query, FIELDS);
    res.attachment(fileNameOf(`satisfaction-${report.period.to}`, narrowed)).type('text/csv; charset=utf-8');
    res.send(satisfactionCsv(report, narrowed, staffOf(res).language));
  });

  router.get('/satisfaction/words', async (req, res) => {
    const { t } = staffOf(res);
    const query = satisfactionQuery(req.query);
    const { code: codeId, part, question: questionKey, after } = behindOf(req);
    const found = await satisfaction.verbatims(query, { codeId, part, questionKey }, after);
    const view = wordsView(found, query, part, after, t);
    pages.staff(req, res, 'reports/satisfaction-words', view, { title: view.name, section: '/leaving' });
  });

  router.post('/satisfaction/audit', async (req, res) => {
    const { part, programme } = drawnOf(req);
    const query = satisfactionQuery(req.body);
    const drawn = await satisfaction.drawAudit(colleague(staffOf(res).id), query, part, programme);
    res.redirect(303, drawn === null ? addressOf('/satisfaction', query) : auditQueue(drawn));
  });

  router.post('/satisfaction/opened', async (req, res) => {
    const { customer } = (req.body ?? {}) as { customer?: unknown };
    if (!isId(customer)) throw new NotFound();
    await satisfaction.mayOpen(customer);
    await storage.transaction((tx) =>
      accounts.audit(tx, colleague(staffOf(res).id), 'reports.opened', { kind: 'customer', id: customer }),
    );
    res.redirect(303, `/customers/${customer}`);
  });

  return router;
}

function drawnOf(req: Request) {
  const drawn = drawnSchema.safeParse(req.body);
  if (!drawn.success) throw new NotFound();
  return drawn.data;
}

function behindOf(req: Request) {
  const behind = behindSchema.safeParse(req.query);
  if (!behind.success) throw new NotFound();
  return behind.data;
}
