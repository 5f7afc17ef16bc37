import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { colleague } from '../../shared/actor.ts';
import { Conflict, Forbidden, type FieldErrors } from '../../shared/errors.ts';
import {
  checkToken,
  idOf,
  needsRole,
  notify,
  readForm,
  receivedFiles,
  saveSession,
  staffOf,
  type Upload,
} from '../../web/index.ts';
import { MOST_FILE_BYTES, MOST_FILES } from '../attachments/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { toneFaults } from '../cases/tone.ts';
import type { RecoveryWeb } from '../web.ts';
import { caseFileRoutes } from './file-routes.ts';
import { isOnlyGreeting, mailPanelOf, type Typed } from './pages.ts';
import { sortRoutes } from './sort-routes.ts';

/** Databases take no NUL, and no half of a pair. */
const text = (most: number) =>
  z
    .string()
    .transform((typed) => typed.replaceAll('\0', '').replace(/\r\n?/g, '\n').toWellFormed().trim())
    .pipe(z.string().min(1, 'form.required').max(most, 'form.tooLong'));

const replyForm = z.object({
  mailForm: z.string().trim().min(1).max(100),
  mailSubject: text(200),
  mailWords: text(20_000),
  anyway: z.string().optional(),
  approved: z.string().optional(),
  given: z.union([z.string(), z.array(z.string())]).optional(),
});

const LIMITS = { fileSize: MOST_FILE_BYTES, files: MOST_FILES, fields: 20, fieldSize: 200_000, parts: 40 };
const SECTION = '/today';

/** Writing to a customer about a case, and what came in that nobody could sort. */
export function caseMailRoutes(web: RecoveryWeb): Router {
  const { recovery, pages } = web;
  const router = Router();
  const staff = needsRole('staff');

  async function show(req: Request, res: Response, theCase: RecoveryCase, typed?: Typed, status = 200) {
    const me = staffOf(res);
    const panel = await mailPanelOf(web, theCase, me, typed);
    const text = me.t('cases.title', { number: String(theCase.number) });
    const view = { ...panel, back: { href: `/cases/${theCase.id}`, text } };
    pages.staff(req, res, 'casemail/write', view, { title: me.t('casemail.heading'), section: SECTION, status });
  }

  router.get('/cases/:id/mail', staff, async (req, res) => {
    await show(req, res, await recovery.cases.get(idOf(req.params.id)));
  });

  router.post('/cases/:id/mail', staff, async (req, res) => {
    const theCase = await recovery.cases.get(idOf(req.params.id));
    const uploads = await receivedFiles(req, res, 'mailFiles', LIMITS);
    if (!checkToken(req)) throw new Forbidden('error.formExpired');
    const given = readForm(replyForm, req.body);
    const { files, errors } = checkedFiles(uploads);
    const typed = (more: Partial<Typed>): Typed => ({ typed: req.body as unknown, errors: {}, tone: [], ...more });
    if (!given.ok || errors) {
      return await show(req, res, theCase, typed({ errors: { ...(given.ok ? {} : given.errors), ...errors } }), 422);
    }
    const { mailForm: form, mailSubject: subject, mailWords: words, anyway, approved } = given.value;
    if (await isOnlyGreeting(web, theCase, words)) {
      return await show(
        req,
        res,
        theCase,
        typed({ errors: { mailWords: { key: 'casemail.error.onlyGreeting' } } }),
        422,
      );
    }
    const draft = { form, subject, words, approved, given: [given.value.given ?? []].flat() };
    const tone = toneFaults(theCase.language, words);
    if (tone.length > 0 && anyway !== '1') return await show(req, res, theCase, typed({ tone }), 422);
    try {
      await recovery.mail.write(colleague(staffOf(res).id), theCase.id, draft, files);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      return await show(req, res, theCase, typed({ errors: { mailWords: { key: error.key } } }), 409);
    }
    notify(req, staffOf(res).t('casemail.done.sent'));
    await saveSession(req);
    res.redirect(303, `/cases/${theCase.id}#casemail`);
  });

  router.post('/cases/:id/mail/answered', staff, async (req, res) => {
    const id = idOf(req.params.id);
    await recovery.mail.answered(colleague(staffOf(res).id), id);
    notify(req, staffOf(res).t('casemail.done.answered'));
    await saveSession(req);
    res.redirect(303, `/cases/${id}#casemail`);
  });

  function checkedFiles(uploads: Upload[] | 'too large') {
    if (uploads === 'too large') {
      const problem = recovery.attachments.problem([{ name: '', why: 'tooLarge' }]);
      return { files: [], errors: { mailFiles: problem } as FieldErrors };
    }
    const { files, refused } = recovery.attachments.checkAll(uploads);
    const problem = recovery.attachments.problem(refused);
    return { files, errors: problem && ({ mailFiles: problem } as FieldErrors) };
  }

  router.use(caseFileRoutes(web), sortRoutes(web));
  return router;
}
