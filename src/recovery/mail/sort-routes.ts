import { Router, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { Conflict } from '../../shared/errors.ts';
import { mailTabs } from '../../mailer/index.ts';
import { isId } from '../../shared/ids.ts';
import { idOf, needsRole, notify, saveSession, type Staff, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import type { CaseMailRow } from './service.ts';
import { mailViews } from './pages.ts';
import type { SortRow } from './views.ts';

const PATH = '/mail-to-sort';
const SECTION = '/today';

/** Letters that need a person to say where they belong: short, so that everything can be done on the list itself. */
export function sortRoutes(web: RecoveryWeb): Router {
  const { recovery, pages } = web;
  const { mail } = recovery;
  const router = Router();
  const staff = needsRole('staff');
  const me = (res: Response) => colleague(staffOf(res).id);

  router.get(PATH, staff, async (req, res) => {
    const before = isId(req.query.before) ? req.query.before : null;
    const { rows, next } = await mail.toSort(before);
    const reader = staffOf(res);
    const view = {
      tabs: mailTabs(PATH, reader.t),
      rows: await sortRows(web, rows, reader),
      next: next === null ? null : `${PATH}?before=${next}`,
      first: before === null ? null : PATH,
    };
    pages.staff(req, res, 'casemail/sort', view, { title: reader.t('casemail.sort.title'), section: SECTION });
  });

  router.post(`${PATH}/:id/case`, staff, async (req, res) => {
    const caseId = await mail.openCase(me(res), idOf(req.params.id));
    notify(req, staffOf(res).t('casemail.sort.opened'));
    await saveSession(req);
    res.redirect(303, `/cases/${caseId}`);
  });

  router.post(`${PATH}/:id/attachment`, staff, async (req, res) => {
    const number = Number(/^\s*(\d{1,9})\s*$/.exec(String((req.body as { number?: unknown }).number ?? ''))?.[1] ?? -1);
    if (number < 0) throw new Conflict('casemail.error.noCase');
    const caseId = await mail.attach(me(res), idOf(req.params.id), number);
    notify(req, staffOf(res).t('casemail.sort.attached'));
    await saveSession(req);
    res.redirect(303, `/cases/${caseId}`);
  });

  router.post(`${PATH}/:id/removal`, staff, async (req, res) => {
    await mail.setAside(me(res), idOf(req.params.id));
    notify(req, staffOf(res).t('casemail.sort.setAside'));
    await saveSession(req);
    res.redirect(303, PATH);
  });

  return router;
}

async function sortRows(web: RecoveryWeb, newestFirst: CaseMailRow[], staff: Staff): Promise<SortRow[]> {
  const { read } = web.storage;
  const ids = [...new Set(newestFirst.flatMap(({ customer_id }) => customer_id ?? []))];
  const names = await web.customers.names(read, ids);
  const open = await web.recovery.cases.openOf(read, ids);
  const views = new Map((await mailViews(web, newestFirst, staff)).map((view) => [view.id, view]));
  const rows: SortRow[] = [];
  for (const row of newestFirst) {
    const view = views.get(`mail-${row.id}`);
    if (!view) continue;
    const name = names.get(row.customer_id ?? '')?.name;
    const hint = name === undefined ? null : { text: hintOf(row, name, staff), href: `/customers/${row.customer_id}` };
    const theirs = (open.get(row.customer_id ?? '') ?? []).map(({ number, summary }) => ({
      number: String(number),
      text: `${staff.t('cases.title', { number: String(number) })}${summary ? `: ${summary}` : ''}`,
    }));
    rows.push({ mail: view, hint, closed: await closedOf(web, row, staff), open: theirs, action: `${PATH}/${row.id}` });
  }
  return rows;
}

function hintOf({ answers_kind: kind }: CaseMailRow, name: string, { t }: Staff): string {
  const invited = kind === 'invitation' || kind === 'invitations.reminder';
  return t(invited ? 'casemail.sort.answersInvitation' : 'casemail.sort.from', { name });
}

async function closedOf(web: RecoveryWeb, { case_id }: CaseMailRow, { t }: Staff): Promise<SortRow['closed']> {
  const theCase = case_id === null ? undefined : await web.recovery.cases.find(web.storage.read, case_id);
  if (!theCase) return null;
  const number = String(theCase.number);
  return { text: t('casemail.sort.closed', { number }), href: `/cases/${theCase.id}`, number };
}
