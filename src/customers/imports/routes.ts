import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { Forbidden, type FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { checkToken, needsRole, notify, readForm, saveSession, staffOf } from '../../web/index.ts';
import { FileFault, rejectedLines, type ImportKind } from '../import/index.ts';
import { checkPage, explained } from './check-views.ts';
import { columnsPage } from './columns-views.ts';
import { isImportKind, type Import } from './facts.ts';
import { chosenTwice, givenForm, givenOf, localeOf, readColumns } from './forms.ts';
import { MOST_REMARKS } from './remark-views.ts';
import { filenameOf, receivedImport } from './upload-routes.ts';
import { donePage, failedPage, importList, newImportPage, progressPage } from './views.ts';
import { columnLabel, IMPORTS, pathOf, type ImportsWeb } from './web.ts';

const SECTION = '/customers';
const PER_PAGE = 50;
const REFRESH_SECONDS = 2;
type OfImport = Request<{ id: string }>;

/** Bringing in files: choose, check, import, undo. */
export function importRoutes(web: ImportsWeb): Router {
  const router = Router();
  router.param('id', (_req, _res, next, id) => next(isId(id) ? undefined : 'route'));
  router.use(IMPORTS, needsRole('staff'));
  listing(router, web);
  uploading(router, web);
  showing(router, web);
  columns(router, web);
  deciding(router, web);
  return router;
}

const actorOf = (res: Response) => colleague(staffOf(res).id);

/** The row of a spreadsheet that a page of a list begins after. */
const rowAfter = (req: Request) => Math.max(0, Math.trunc(Number(req.query['after'])) || 0);

function listing(router: Router, { imports, pages, colleagues }: ImportsWeb): void {
  router.get(IMPORTS, async (req, res) => {
    const after = typeof req.query['after'] === 'string' ? req.query['after'] : null;
    const names = new Map((await colleagues()).map(({ id, name }) => [id, name]));
    const view = importList(await imports.list(after, PER_PAGE), after, names, staffOf(res));
    pages.staff(req, res, 'customers/imports', view, { title: staffOf(res).t('imports.title'), section: SECTION });
  });
}

function uploading(router: Router, { imports, pages, company, clock }: ImportsWeb): void {
  function show(req: Request, res: Response, kind: ImportKind, typed: unknown, errors?: FieldErrors): void {
    const staff = staffOf(res);
    const view = newImportPage(kind, typed, staff, errors);
    const title = staff.t('imports.new');
    pages.staff(req, res, 'customers/import-new', view, { title, section: SECTION, status: errors ? 422 : 200 });
  }

  router.get(`${IMPORTS}/new`, async (req, res) => {
    const { kind } = req.query;
    const { defaultLanguage, country } = await company();
    show(req, res, isImportKind(kind) ? kind : 'customers', { language: defaultLanguage, country });
  });

  router.post(IMPORTS, async (req, res) => {
    const file = await receivedImport(req, res);
    if (file !== 'too large' && !checkToken(req)) throw new Forbidden('error.formExpired');
    const kind = kindOf(req.body);
    const { timeZone, country } = await company();
    const form = readForm(givenForm(dayIn(timeZone, clock.now())), kind === 'customers' ? req.body : {});
    const errors = { ...(form.ok ? {} : form.errors), ...fileErrors(file) };
    if (!form.ok || file === 'too large' || file === 'none' || Object.keys(errors).length > 0) {
      return show(req, res, kind, req.body, errors);
    }
    const given = givenOf(form.value, localeOf(staffOf(res).language, country));
    const { bytes, name } = file;
    const id = await imports.receive(actorOf(res), { kind, filename: filenameOf(name), bytes, given });
    res.redirect(303, pathOf(id));
  });
}

function kindOf(body: unknown): ImportKind {
  const { kind } = (body ?? {}) as { kind?: unknown };
  return isImportKind(kind) ? kind : 'customers';
}

function fileErrors(file: Awaited<ReturnType<typeof receivedImport>>): FieldErrors {
  if (file === 'none') return { file: { key: 'imports.error.noFile' } };
  if (file === 'too large') return { file: new FileFault('import.file.tooLarge', { megabytes: 20 }) };
  return file.bytes.length === 0 ? { file: { key: 'import.file.empty' } } : {};
}

function showing(router: Router, web: ImportsWeb): void {
  const { imports, pages, clock } = web;

  const titled = (res: Response, { filename }: Import) => ({
    title: `${filename} – ${staffOf(res).t('imports.title')}`,
    section: SECTION,
  });

  async function check(req: OfImport, res: Response, given: Import): Promise<void> {
    const after = rowAfter(req);
    const bad = await imports.badRows(given.id, after, PER_PAGE);
    const remarked = await imports.remarkedRows(given, MOST_REMARKS);
    const view = checkPage({ given, bad, remarked, after, earlier: await imports.earlier(given) }, staffOf(res));
    pages.staff(req, res, 'customers/import-check', view, titled(res, given));
  }

  async function done(req: OfImport, res: Response, given: Import): Promise<void> {
    const kept = given.rows.kept > 0 ? await imports.keptRows(given, rowAfter(req), PER_PAGE) : null;
    const remarked = await imports.remarkedRows(given, MOST_REMARKS);
    const view = donePage(given, { kept, remarked }, timestamp(clock), staffOf(res));
    pages.staff(req, res, 'customers/import-done', view, titled(res, given));
  }

  function progress(req: OfImport, res: Response, given: Import): void {
    const page = { ...titled(res, given), refresh: REFRESH_SECONDS, scripts: ['progress'] };
    pages.staff(req, res, 'customers/import-progress', progressPage(given, staffOf(res).t), page);
  }

  router.get(`${IMPORTS}/:id`, async (req: OfImport, res) => {
    const given = await imports.get(req.params.id);
    const { state, facts } = given;
    if (state === 'failed') {
      const view = failedPage(given, staffOf(res).t);
      return pages.staff(req, res, 'customers/import-failed', view, titled(res, given));
    }
    if (state === 'done' || state === 'undone' || state === 'discarded') return done(req, res, given);
    if (state !== 'checked') return progress(req, res, given);
    if (facts.missing.length + facts.twice.length > 0) return res.redirect(303, `${pathOf(given.id)}/columns`);
    await check(req, res, given);
  });

  router.get(`${IMPORTS}/:id/rejected.csv`, async (req: OfImport, res) => {
    await sendRejected(web, await imports.get(req.params.id), res);
  });
}

/** Piece by piece: a file may hold a hundred thousand of them. */
async function sendRejected({ imports }: ImportsWeb, given: Import, res: Response): Promise<void> {
  const { id, filename, facts } = given;
  const { t } = staffOf(res);
  const labels = { row: t('import.rejected.row'), problem: t('import.rejected.problem') };
  const lines = rejectedLines(facts.table ?? { header: [], separator: null }, labels, (row) =>
    explained(given, row, t),
  );
  const name = t('imports.rejectedName', { name: filename.replace(/\.[^.]*$/, '') });
  res.attachment(`${name}.csv`).type('text/csv; charset=utf-8');
  res.write(lines.head);
  for await (const rows of imports.allBadRows(id)) {
    const text = rows.map(({ row, cells, errors }) => lines.line({ row, ok: false, cells, errors })).join('');
    if (!res.write(text)) await new Promise((drained) => res.once('drain', drained).once('close', drained));
    if (res.destroyed) return;
  }
  res.end();
}

function columns(router: Router, { imports, pages }: ImportsWeb): void {
  function show(req: Request, res: Response, given: Import, errors?: FieldErrors): void {
    const { t } = staffOf(res);
    const typed = errors ? (req.body as Record<string, unknown>) : undefined;
    const page = { title: t('imports.columns'), section: SECTION, status: errors ? 422 : 200 };
    pages.staff(req, res, 'customers/import-columns', columnsPage(given, t, typed, errors), page);
  }

  router.get(`${IMPORTS}/:id/columns`, async (req: OfImport, res) => {
    const given = await imports.get(req.params.id);
    if (given.state !== 'checked') return res.redirect(303, pathOf(given.id));
    show(req, res, given);
  });

  router.post(`${IMPORTS}/:id/columns`, async (req: OfImport, res) => {
    const given = await imports.get(req.params.id);
    const { choice, decimal } = readColumns(given.kind, given.facts.table?.header.length ?? 0, req.body);
    const { t } = staffOf(res);
    const twice = chosenTwice(choice);
    if (twice.length > 0) {
      const named = twice.map((field) => columnLabel(given.kind, field, t)).join(', ');
      const last = choice.lastIndexOf(twice[0] ?? null);
      return show(req, res, given, { [`column${last}`]: { key: 'import.columns.twice', values: { columns: named } } });
    }
    await imports.chooseColumns(actorOf(res), given.id, choice, decimal);
    res.redirect(303, pathOf(given.id));
  });
}

function deciding(router: Router, { imports }: ImportsWeb): void {
  router.post(`${IMPORTS}/:id/start`, async (req: OfImport, res) => {
    await imports.begin(actorOf(res), req.params.id);
    res.redirect(303, pathOf(req.params.id));
  });
  router.post(`${IMPORTS}/:id/undo`, async (req: OfImport, res) => {
    await imports.undo(actorOf(res), req.params.id);
    res.redirect(303, pathOf(req.params.id));
  });
  router.post(`${IMPORTS}/:id/removal`, async (req: OfImport, res) => {
    await imports.discard(actorOf(res), req.params.id);
    notify(req, staffOf(res).t('imports.discarded'));
    await saveSession(req);
    res.redirect(303, IMPORTS);
  });
}
