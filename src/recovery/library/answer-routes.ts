import { Router, type Request, type Response } from 'express';
import { dayIn } from '../../shared/dates.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { idOf, needsRole, readForm, say, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { attempt, type Rejected } from './attempt.ts';
import { decisionForm, reviewForm } from './forms.ts';
import { answerPage, reasonField } from './views.ts';
import { asWho } from './writing.ts';

const AT = '/playbook/answers';
const staff = needsRole('staff');
const manager = needsRole('manager');

const pathOf = (req: Request): string => `${AT}/${idOf(req.params.id)}`;

/** One answer: read again by whoever looks after it; its texts approved, and itself retired, by managers. */
export function answerRoutes(web: RecoveryWeb): Router {
  const { library } = web.recovery;
  const router = Router();

  router.get(`${AT}/:id`, staff, (req, res) => show(web, req, res));
  router.post(`${AT}/:id/review`, staff, async (req, res) => {
    const review = readForm(reviewForm, req.body);
    const done = await attempt(review, (value) =>
      library.review(asWho(staffOf(res)), idOf(req.params.id), value.seen, value),
    );
    if (!done.ok) return await show(web, req, res, done);
    await say(req, res, staffOf(res).t('library.said.reviewed'), pathOf(req));
  });
  router.post(`${AT}/:id/texts/:text/decision`, manager, async (req, res) => {
    const done = await attempt(readForm(decisionForm, req.body), async ({ decision, reason }) => {
      const approve = decision === 'approve';
      await library.decide(asWho(staffOf(res)), idOf(req.params.text), { approve, reason });
      return approve;
    });
    if (!done.ok) return await show(web, req, res, { ...done, errors: atText(idOf(req.params.text), done.errors) });
    await say(req, res, staffOf(res).t(done.value ? 'library.said.approved' : 'library.said.declined'), pathOf(req));
  });
  for (const [path, retired] of [
    ['retirement', true],
    ['revival', false],
  ] as const) {
    router.post(`${AT}/:id/${path}`, manager, async (req, res) => {
      await library.retire(asWho(staffOf(res)), idOf(req.params.id), retired);
      await say(req, res, staffOf(res).t(retired ? 'library.said.retired' : 'library.said.revived'), pathOf(req));
    });
  }
  return router;
}

/** What is missing is said at the text that was decided about. */
const atText = (textId: string, { reason, ...others }: FieldErrors): FieldErrors =>
  reason ? { ...others, [reasonField(textId)]: reason } : others;

async function show(web: RecoveryWeb, req: Request, res: Response, rejected?: Rejected): Promise<void> {
  const { recovery, accounts, clock, pages } = web;
  const whole = await recovery.library.whole(idOf(req.params.id));
  const today = dayIn((await accounts.company()).timeZone, clock.now());
  const typed = rejected && { ...(req.body as Record<string, unknown>) };
  const who = { colleagues: await accounts.colleagues(), programs: await accounts.tokens.listTokens() };
  const facts = { ...whole, ...who, today, typed, errors: rejected?.errors };
  const view = answerPage(facts, staffOf(res));
  const page = { title: view.question, section: '/playbook', status: rejected?.status ?? 200 };
  pages.staff(req, res, 'recovery/library-answer', view, page);
}
