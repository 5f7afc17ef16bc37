import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { Forbidden, type Message } from '../../shared/errors.ts';
import { checkToken, formView, idOf, needsRole, receivedFiles, say, staffOf, type FormView } from '../../web/index.ts';
import { MOST_FILE_BYTES, MOST_FILES } from '../attachments/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { RecoveryWeb } from '../web.ts';

export interface FilePage {
  back: { href: string; text: string };
  action: string;
  form: FormView;
}

declare module '../../web/render.ts' {
  interface Templates {
    'casemail/file': FilePage;
  }
}

const LIMITS = { fileSize: MOST_FILE_BYTES, files: MOST_FILES, fields: 5, fieldSize: 1_000, parts: 20 };

/** A file that a colleague puts to a case: what somebody brought along, a photo from the shop. */
export function caseFileRoutes({ recovery, pages }: RecoveryWeb): Router {
  const router = Router();
  const staff = needsRole('staff');

  function show(req: Request, res: Response, { id, number }: RecoveryCase, problem?: Message): void {
    const { t } = staffOf(res);
    const back = { href: `/cases/${id}`, text: t('cases.title', { number: String(number) }) };
    const form = formView({}, problem && { files: problem }, t);
    const page = { title: t('casemail.files.add'), section: '/today', status: problem ? 422 : 200 };
    pages.staff(req, res, 'casemail/file', { back, action: `/cases/${id}/files`, form }, page);
  }

  router.get('/cases/:id/files', staff, async (req, res) => {
    show(req, res, await recovery.cases.get(idOf(req.params.id)));
  });

  router.post('/cases/:id/files', staff, async (req, res) => {
    const theCase = await recovery.cases.get(idOf(req.params.id));
    const uploads = await receivedFiles(req, res, 'files', LIMITS);
    if (!checkToken(req)) throw new Forbidden('error.formExpired');
    const given =
      uploads === 'too large' ? { files: [], refused: [TOO_LARGE] } : recovery.attachments.checkAll(uploads);
    const problem = recovery.attachments.problem(given.refused);
    if (problem) return show(req, res, theCase, problem);
    if (given.files.length === 0) return show(req, res, theCase, { key: 'casemail.file.none' });
    const { id, t } = staffOf(res);
    for (const file of given.files) await recovery.files.addOnce(colleague(id), theCase.id, file);
    await say(req, res, t('casemail.files.added', { count: given.files.length }), `/cases/${theCase.id}#files`);
  });

  return router;
}

const TOO_LARGE = { name: '', why: 'tooLarge' } as const;
