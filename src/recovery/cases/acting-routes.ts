import type { Request, Response } from 'express';
import { colleague, type Actor } from '../../shared/actor.ts';
import { Conflict, Problem } from '../../shared/errors.ts';
import { idOf, needsRole, notify, saveSession, staffOf } from '../../web/index.ts';
import { casePanels } from '../case-panels.ts';
import type { RecoveryWeb } from '../web.ts';
import { casePage } from './case-views.ts';
import { threadLine } from './event-views.ts';
import type { Rejected } from './form-state.ts';
import { caseFacts, caseName, type CaseFacts } from './reading.ts';
import { stepMailOf } from './step-mail.ts';

export type CaseRequest = Request<{ id: string; step?: string; remedyId?: string }>;
/** What came of it. `at`: the part of the page where the keyboard goes on; `on`: another case that work goes on with. */
export type Outcome =
  { said: string; values?: Record<string, string>; at?: string; on?: string } | { rejected: Rejected };
type Does = (web: RecoveryWeb, req: CaseRequest, res: Response) => Promise<Outcome>;

const SECTION = '/today';

export const staff = needsRole('staff');
export const actorOf = (res: Response): Actor => colleague(staffOf(res).id);
export const refused = (form: string, typed: unknown, errors: Rejected['errors']): Outcome => ({
  rejected: { form, typed, errors },
});

/** What somebody does on a case; whoever comes second is told what happened, and keeps what they typed. */
export const actsOn =
  (web: RecoveryWeb) =>
  (form: string, does: Does) =>
  async (req: CaseRequest, res: Response): Promise<void> => {
    const id = idOf(req.params.id);
    try {
      const outcome = await does(web, req, res);
      if ('rejected' in outcome) return await showCase(web, req, res, id, outcome);
      notify(req, staffOf(res).t(outcome.said, outcome.values));
      await saveSession(req);
      res.redirect(303, `/cases/${outcome.on ?? id}${outcome.at ? `#${outcome.at}` : ''}`);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const name = form.endsWith('.') ? `${form}${req.params.step ?? ''}` : form;
      await showCase(web, req, res, id, { rejected: { form: name, typed: req.body, errors: {} }, conflict: error });
    }
  };

/** The page of a case, perhaps with what somebody typed that could not be done. */
export async function showCase(
  web: RecoveryWeb,
  req: Request,
  res: Response,
  id: string,
  more: { rejected?: Rejected; conflict?: Problem } = {},
): Promise<void> {
  const me = staffOf(res);
  const facts = await caseFacts(web, web.recovery.cases, id, me);
  const panels = await casePanels(web, facts.theCase, me, req.query);
  const notice = more.conflict ? conflictWords(more.conflict, facts, res) : null;
  const stepMail = await stepMailOf(web, facts.theCase);
  const begin = req.query.begin;
  const page = casePage(facts, me, { panels, rejected: more.rejected, notice, stepMail, begin });
  const status = more.conflict ? 409 : more.rejected ? 422 : 200;
  const title = `${me.t('cases.title', { number: String(facts.theCase.number) })}, ${page.name}`;
  web.pages.staff(req, res, 'recovery/case', page, { title, section: SECTION, status });
}

/** What is wrong, and who did what last. */
function conflictWords(problem: Problem, facts: CaseFacts, res: Response): string {
  const staff = staffOf(res);
  // What went out by itself after it says nothing of who was faster.
  const last = facts.events.find((each) => each.account_id !== null || each.from_customer === 1);
  const text = staff.t(problem.key, problem.values);
  if (!last) return text;
  const { when, text: what, who } = threadLine(last, facts, staff);
  const by = who || caseName(facts.theCase, facts.customer, staff.t('cases.nobody'));
  return `${text} ${staff.t('cases.error.last', { when, what, who: by })}`;
}
