import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { CSV_BOM, csvLine } from '../../shared/csv.ts';
import { dayIn } from '../../shared/dates.ts';
import { needsRole, readForm, sayOrShow, seenRevision, staffOf, writePart } from '../../web/index.ts';
import type { InsightWeb } from '../web.ts';
import { tryingSchema } from './calculator.ts';
import { valueCsv } from './csv.ts';
import { CUSTOMERS_HEADER, customerLine } from './customers-csv.ts';
import { readTrying } from './forms.ts';
import { settingForm } from './settings.ts';
import { valuableList, valuePage } from './views.ts';

const SECTION = '/leaving';
const AT_ONCE = 500;

/** What customers are worth, for managers. */
export function valueRoutes({ insight, pages, customers, clock }: InsightWeb): Router {
  const { value } = insight;
  const router = Router();
  router.use(['/value', '/value.csv'], needsRole('manager'));

  router.get('/value', (req, res) => show(req, res, req.query, {}));

  router.get('/value.csv', async (req, res) => {
    const { currency, language } = staffOf(res);
    const { given } = readTrying(tryingSchema.parse(req.query), { currency, language });
    const report = await value.report(given);
    res.attachment(`value-${report.period.to}.csv`).type('text/csv; charset=utf-8');
    res.send(valueCsv(report, language));
  });

  router.get('/value/customers', async (req, res) => {
    const { currency, t } = staffOf(res);
    const { after } = req.query;
    const cursor = typeof after === 'string' ? after : null;
    const view = valuableList(await value.mostValuable(cursor), cursor !== null, currency, t);
    pages.staff(req, res, 'reports/value-customers', view, { title: t('value.customers.title'), section: SECTION });
  });

  router.get('/value/customers.csv', async (_req, res) => {
    const { id, currency, timeZone } = staffOf(res);
    await customers.noteExport(colleague(id));
    res.attachment(`value-customers-${dayIn(timeZone, clock.now())}.csv`).type('text/csv');
    res.write(CSV_BOM + csvLine(CUSTOMERS_HEADER));
    let cursor: string | null = null;
    do {
      const part: Awaited<ReturnType<typeof value.mostValuable>> = await value.mostValuable(cursor, AT_ONCE);
      await writePart(res, part.rows.map((row) => customerLine(row, currency)).join(''));
      cursor = part.next;
    } while (cursor !== null && !res.destroyed);
    res.end();
  });

  router.post('/value/settings', async (req, res) => {
    const form = readForm(settingForm, req.body);
    if (!form.ok) return show(req, res, req.body, form.errors);
    const again = (status: number) => show(req, res, req.body, {}, status);
    await sayOrShow(req, res, { then: '/value', show: again }, async () => {
      await value.save(colleague(staffOf(res).id), form.value, seenRevision(req.body));
      return staffOf(res).t('value.said.kept');
    });
  });

  async function show(
    req: Request,
    res: Response,
    fields: unknown,
    wrong: FieldErrors,
    otherwise = 200,
  ): Promise<void> {
    const reader = staffOf(res);
    const typed = tryingSchema.parse(fields ?? {});
    const { given, errors } = readTrying(typed, reader);
    const facts = {
      report: await value.report(given),
      valuable: (await value.mostValuable(null)).rows,
      typed,
      errors: { ...errors, ...wrong },
    };
    const status = Object.keys(facts.errors).length > 0 ? 422 : otherwise;
    const page = { title: reader.t('value.title'), section: SECTION, status };
    pages.staff(req, res, 'reports/value', valuePage(facts, reader), page);
  }

  return router;
}
