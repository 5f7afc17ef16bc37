import { Router, type Request, type Response } from 'express';
import { isLanguage } from '../../i18n/index.ts';
import { dayIn, addMonths } from '../../shared/dates.ts';
import { Conflict, Invalid, NotFound, type FieldErrors } from '../../shared/errors.ts';
import { idOf, needsRole, notify, readForm, saveSession, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { decisionForm, newAnswerForm, reviewForm, writeForm } from './forms.ts';
import { listPage } from './list-views.ts';
import { answerPage, writePage } from './views.ts';

const AT = '/playbook/answers';
const SECTION = '/playbook';
const staff = needsRole('staff');
const manager = needsRole('manager');

function languageOf(value: unknown): string {
  if (!isLanguage(value)) throw new NotFound();
  return value;
}

/** The library of approved answers: everybody may look and propose, managers approve. */
export function libraryRoutes(web: RecoveryWeb): Router {
  const { library } = web.recovery;
  const router = Router();
  const today = async () => dayIn((await web.accounts.company()).timeZone, web.clock.now());

  router.get(AT, staff, async (req, res) => {
    const facts = { ...(await library.list()), colleagues: await web.accounts.colleagues(), today: await today() };
    const view = listPage(facts, req.query, staffOf(res));
    web.pages.staff(req, res, 'recovery/library', view, { title: staffOf(res).t('library.title'), section: SECTION });
  });

  router.get(`${AT}/new`, staff, (req, res) => {
    const { language, question } = req.query;
    const typed = {
      language: isLanguage(language) ? language : staffOf(res).language,
      question: typeof question === 'string' ? question.slice(0, 200) : '',
      body: '{greeting}\n\n',
    };
    return showWriting(req, res, { answerId: null, typed });
  });
  router.post(AT, staff, async (req, res) => {
    const form = readForm(newAnswerForm, req.body);
    const outcome = await attempt(form, (value) => library.create(staffOf(res), value));
    if (!outcome.ok) return showWriting(req, res, { answerId: null, typed: bodyOf(req), ...outcome });
    await say(req, res, form.ok && form.value.approved ? 'library.said.approved' : 'library.said.proposed');
    res.redirect(303, `${AT}/${outcome.value}`);
  });

  router.get(`${AT}/:id`, staff, (req, res) => showAnswer(req, res));
  router.post(`${AT}/:id/review`, staff, async (req, res) => {
    const id = idOf(req.params.id);
    const form = readForm(reviewForm, req.body);
    const outcome = await attempt(form, (value) => library.review(staffOf(res), id, value.seen, value));
    if (!outcome.ok) return showAnswer(req, res, outcome);
    await say(req, res, 'library.said.reviewed');
    res.redirect(303, `${AT}/${id}`);
  });
  for (const [path, retired] of [
    ['retirement', true],
    ['revival', false],
  ] as const) {
    router.post(`${AT}/:id/${path}`, manager, async (req, res) => {
      const id = idOf(req.params.id);
      await library.retire(staffOf(res), id, retired);
      await say(req, res, retired ? 'library.said.retired' : 'library.said.revived');
      res.redirect(303, `${AT}/${id}`);
    });
  }
  router.post(`${AT}/:id/texts/:text/decision`, manager, async (req, res) => {
    const form = readForm(decisionForm, req.body);
    const decide = ({ decision, reason }: { decision: string; reason: string }) =>
      library.decide(staffOf(res), idOf(req.params.text), { approve: decision === 'approve', reason });
    const outcome = await attempt(form, decide);
    if (!outcome.ok) return showAnswer(req, res, outcome);
    await say(
      req,
      res,
      form.ok && form.value.decision === 'approve' ? 'library.said.approved' : 'library.said.declined',
    );
    res.redirect(303, `${AT}/${idOf(req.params.id)}`);
  });

  router.get(`${AT}/:id/:language`, staff, async (req, res) => {
    const [id, language] = [idOf(req.params.id), languageOf(req.params.language)];
    await showWriting(req, res, { answerId: id, typed: { language } });
  });
  router.post(`${AT}/:id/:language`, staff, async (req, res) => {
    const [id, language] = [idOf(req.params.id), languageOf(req.params.language)];
    const form = readForm(writeForm, { ...bodyOf(req), language });
    const outcome = await attempt(form, (value) => library.write(staffOf(res), id, value));
    if (!outcome.ok) return showWriting(req, res, { answerId: id, typed: { ...bodyOf(req), language }, ...outcome });
    await say(req, res, form.ok && form.value.approved ? 'library.said.approved' : 'library.said.proposed');
    res.redirect(303, `${AT}/${id}`);
  });

  async function showAnswer(req: Request, res: Response, rejected?: Rejected): Promise<void> {
    const me = staffOf(res);
    const whole = await library.whole(idOf(req.params.id));
    const facts = { ...whole, colleagues: await web.accounts.colleagues(), today: await today() };
    const view = answerPage({ ...facts, typed: rejected && bodyOf(req), errors: rejected?.errors }, me);
    web.pages.staff(req, res, 'recovery/library-answer', view, titled(view.question, rejected));
  }

  async function showWriting(
    req: Request,
    res: Response,
    { answerId, typed, ...rejected }: { answerId: string | null; typed: Record<string, unknown> } & Partial<Rejected>,
  ): Promise<void> {
    const me = staffOf(res);
    const whole = answerId === null ? null : await library.whole(answerId);
    const nextYear = addMonths(await today(), 6);
    const colleagues = await web.accounts.colleagues();
    const view = writePage({ whole, typed, errors: rejected.errors, colleagues, reviewOn: nextYear }, me);
    web.pages.staff(req, res, 'recovery/library-write', view, titled(view.title, rejected));
  }

  const titled = (title: string, { status = 200 }: { status?: number | undefined } = {}) => ({
    title,
    section: SECTION,
    status,
  });

  return router;
}

interface Rejected {
  errors: FieldErrors;
  status: 409 | 422;
}

/** What was typed is kept, also where somebody else was faster. */
async function attempt<T, R>(
  form: { ok: true; value: T } | { ok: false; errors: FieldErrors },
  act: (value: T) => Promise<R>,
): Promise<{ ok: true; value: R } | ({ ok: false } & Rejected)> {
  if (!form.ok) return { ...form, status: 422 };
  try {
    return { ok: true, value: await act(form.value) };
  } catch (error) {
    if (error instanceof Invalid) return { ok: false, errors: error.fieldErrors, status: 422 };
    if (error instanceof Conflict) return { ok: false, errors: { body: { key: error.key } }, status: 409 };
    throw error;
  }
}

function bodyOf(req: Request): Record<string, unknown> {
  return { ...(req.body as Record<string, unknown> | undefined) };
}

async function say(req: Request, res: Response, key: string): Promise<void> {
  notify(req, staffOf(res).t(key));
  await saveSession(req);
}
