import { Router, type Request, type Response } from 'express';
import { oneText } from '../../shared/one-text.ts';
import { displayName } from '../../customers/index.ts';
import { limited, needsRole, say, staffOf } from '../../web/index.ts';
import type { InsightWeb } from '../web.ts';
import { summaryCsv } from './csv.ts';
import type { MonthSummary } from './deps.ts';
import { summaryView } from './views.ts';

/** Letters that somebody can ask for at once. */
const LETTERS = { most: 5, minutes: 60 };

export function summaryRoutes({ insight: { summary }, pages, customers, storage }: InsightWeb): Router {
  const router = Router();
  router.use(['/summary', '/summary.csv'], needsRole('manager'));

  /** The month in the address; else the last one that is over, which is what there is to read. */
  const asked = async ({ query }: Request): Promise<MonthSummary> =>
    await summary.month(typeof query.month === 'string' ? query.month : await summary.lastMonth());

  router.get('/summary', async (req, res) => {
    const reader = staffOf(res);
    const found = await asked(req);
    const names = await namesOf((found.figures.risk?.top ?? []).map(({ id }) => id));
    const view = summaryView(found, await summary.currentMonth(), names, reader);
    pages.staff(req, res, 'reports/summary', view, { title: view.title, section: '/leaving' });
  });

  router.get('/summary.csv', async (req, res) => {
    const found = await asked(req);
    res.attachment(`summary-${found.month}.csv`).type('text/csv; charset=utf-8');
    res.send(summaryCsv(found, staffOf(res).language));
  });

  router.post('/summary/send', limited({ ...LETTERS, by: () => 'summary' }), async (req, res) => {
    const { id, t } = staffOf(res);
    const { month } = (req.body ?? {}) as { month?: unknown };
    const { month: sent } = await summary.month(oneText(month));
    await summary.sendTo(id, sent);
    await say(req, res, t('summary.sent'), `/summary?month=${sent}`);
  });

  router.post('/summary/mail', async (req: Request, res: Response) => {
    const { id, t } = staffOf(res);
    const wants = ((req.body ?? {}) as { wants?: unknown }).wants === '1';
    await summary.setMail(id, wants);
    await say(req, res, t(wants ? 'summary.mail.on' : 'summary.mail.off'), '/me');
  });

  async function namesOf(ids: string[]): Promise<Map<string, string>> {
    const people = await customers.findMany(storage.read, ids);
    return new Map(
      [...people.values()].filter(({ erasedAt }) => erasedAt === null).map((each) => [each.id, displayName(each)]),
    );
  }

  return router;
}
