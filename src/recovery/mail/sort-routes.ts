import { Router, type Request, type Response } from 'express';
import { colleague, type Actor } from '../../shared/actor.ts';
import { Conflict, NotFound, type Problem } from '../../shared/errors.ts';
import { mailTabs } from '../../mailer/index.ts';
import { isId } from '../../shared/ids.ts';
import { formView, idOf, needsRole, notify, saveSession, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { numberField, sortRows } from './sort-rows.ts';

const PATH = '/mail-to-sort';
const SECTION = '/today';

type SortRequest = Request<{ id: string }>;
/** What is said, and where work goes on. */
type Sorted = { said: string; to: string };
type Sorts = (actor: Actor, mailId: string, req: SortRequest) => Promise<Sorted>;

/** Letters that need a person to say where they belong: short, so that everything can be done on the list itself. */
export function sortRoutes(web: RecoveryWeb): Router {
  const { mail } = web.recovery;
  const router = Router();
  const staff = needsRole('staff');
  const sorts = sortsOn(web);

  router.get(PATH, staff, (req, res) => showList(web, req, res));
  router.post(
    `${PATH}/:id/case`,
    staff,
    sorts(async (actor, id) => ({ said: 'casemail.sort.opened', to: `/cases/${await mail.openCase(actor, id)}` })),
  );
  router.post(
    `${PATH}/:id/attachment`,
    staff,
    sorts(async (actor, id, req) => {
      const number = Number(/^\s*(\d{1,9})\s*$/.exec(typedNumber(req))?.[1] ?? -1);
      return { said: 'casemail.sort.attached', to: `/cases/${await mail.attach(actor, id, number)}` };
    }),
  );
  router.post(
    `${PATH}/:id/settled`,
    staff,
    sorts(async (actor, id) => ({ said: 'cases.done.heard', to: `/cases/${await mail.settled(actor, id)}` })),
  );
  router.post(
    `${PATH}/:id/removal`,
    staff,
    sorts(async (actor, id) => {
      await mail.setAside(actor, id);
      return { said: 'casemail.sort.setAside', to: PATH };
    }),
  );

  return router;
}

const typedNumber = (req: Request) => String((req.body as { number?: unknown }).number ?? '');

/** Whoever comes second, or names no case, is told so on the list, where the others wait. */
const sortsOn =
  (web: RecoveryWeb) =>
  (does: Sorts) =>
  async (req: SortRequest, res: Response): Promise<void> => {
    const id = idOf(req.params.id);
    const { id: me, t } = staffOf(res);
    try {
      const { said, to } = await does(colleague(me), id, req);
      notify(req, t(said));
      await saveSession(req);
      res.redirect(303, to);
    } catch (error) {
      if (error instanceof Conflict) return await showList(web, req, res, { notice: error });
      if (!(error instanceof NotFound) || error.key !== 'casemail.error.noCase') throw error;
      await showList(web, req, res, { noCase: { id, typed: typedNumber(req) } });
    }
  };

interface Refused {
  notice?: Problem;
  noCase?: { id: string; typed: string };
}

async function showList(web: RecoveryWeb, req: Request, res: Response, refused: Refused = {}): Promise<void> {
  const { notice, noCase } = refused;
  const before = isId(req.query.before) ? req.query.before : null;
  const { rows, next } = await web.recovery.mail.toSort(before);
  const reader = staffOf(res);
  const { t } = reader;
  const errors = noCase && { [numberField(noCase.id)]: { key: 'casemail.error.noCase' } };
  const form = formView(noCase && { [numberField(noCase.id)]: noCase.typed }, errors, t);
  const view = {
    tabs: mailTabs(PATH, t),
    summary: form,
    notice: notice ? t(notice.key, notice.values) : null,
    rows: await sortRows(web, rows, { reader, form, path: PATH }),
    next: next === null ? null : `${PATH}?before=${next}`,
    first: before === null ? null : PATH,
  };
  const status = notice ? 409 : noCase ? 422 : 200;
  web.pages.staff(req, res, 'casemail/sort', view, { title: t('casemail.sort.title'), section: SECTION, status });
}
