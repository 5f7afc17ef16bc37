import { Router, type Request, type Response } from 'express';
import { isLanguage } from '../../i18n/index.ts';
import { addMonths, dayIn } from '../../shared/dates.ts';
import { NotFound } from '../../shared/errors.ts';
import { idOf, needsRole, readForm, say, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { attempt, type Rejected } from './attempt.ts';
import { newAnswerForm, writeForm } from './forms.ts';
import { writePage } from './views.ts';
import { asWho } from './writing.ts';

const AT = '/playbook/answers';
const staff = needsRole('staff');
/** Proposed for reading a new answer again. */
const REVIEW_IN_MONTHS = 6;

/** Writing a new answer, in a first language. */
export function newAnswerRoutes(web: RecoveryWeb): Router {
  const { library } = web.recovery;
  const router = Router();

  router.get(`${AT}/new`, staff, async (req, res) => {
    const { language, question } = req.query;
    const typed = {
      language: isLanguage(language) ? language : staffOf(res).language,
      question: typeof question === 'string' ? question.slice(0, 200) : '',
      body: '{greeting}\n\n',
    };
    await show(web, req, res, { answerId: null, typed });
  });
  router.post(AT, staff, async (req, res) => {
    const form = readForm(newAnswerForm, req.body);
    const done = await attempt(form, (value) => library.create(asWho(staffOf(res)), value));
    if (!done.ok) return await show(web, req, res, { answerId: null, typed: bodyOf(req), ...done });
    await said(req, res, form.ok && form.value.approved, done.value.id);
  });
  return router;
}

/** Writing a further text of an answer that there is. */
export function textRoutes(web: RecoveryWeb): Router {
  const { library } = web.recovery;
  const router = Router();

  router.get(`${AT}/:id/:language`, staff, async (req, res) => {
    const typed = { language: languageOf(req) };
    await show(web, req, res, { answerId: idOf(req.params.id), typed });
  });
  router.post(`${AT}/:id/:language`, staff, async (req, res) => {
    const id = idOf(req.params.id);
    const typed = { ...bodyOf(req), language: languageOf(req) };
    const form = readForm(writeForm, typed);
    const done = await attempt(form, (value) => library.write(asWho(staffOf(res)), id, value));
    if (!done.ok) return await show(web, req, res, { answerId: id, typed, ...done });
    await said(req, res, form.ok && form.value.approved, id);
  });
  return router;
}

function languageOf({ params }: Request): string {
  if (!isLanguage(params.language)) throw new NotFound();
  return params.language;
}

const bodyOf = (req: Request): Record<string, unknown> => ({ ...(req.body as Record<string, unknown> | undefined) });

interface Writing extends Partial<Rejected> {
  /** Null for a new answer. */
  answerId: string | null;
  typed: Record<string, unknown>;
}

async function show(web: RecoveryWeb, req: Request, res: Response, { answerId, typed, ...rejected }: Writing) {
  const { recovery, accounts, clock, pages } = web;
  const whole = answerId === null ? null : await recovery.library.whole(answerId);
  const today = dayIn((await accounts.company()).timeZone, clock.now());
  const reviewOn = addMonths(today, REVIEW_IN_MONTHS);
  const colleagues = await accounts.colleagues();
  const view = writePage({ whole, typed, errors: rejected.errors, colleagues, reviewOn }, staffOf(res));
  const page = { title: view.title, section: '/playbook', status: rejected.status ?? 200 };
  pages.staff(req, res, 'recovery/library-write', view, page);
}

async function said(req: Request, res: Response, approved: boolean, answerId: string): Promise<void> {
  const { t } = staffOf(res);
  await say(req, res, t(approved ? 'library.said.approved' : 'library.said.proposed'), `${AT}/${answerId}`);
}
