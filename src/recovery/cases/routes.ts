import { Router, type Request, type Response } from 'express';
import { colleague, type Actor } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import { Conflict, NotFound, Problem } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { idOf, needsRole, notify, readForm, saveSession, staffOf } from '../../web/index.ts';
import { nextSubject } from '../mail/pages.ts';
import type { RecoveryWeb } from '../web.ts';
import * as forms from './case-forms.ts';
import { casePage } from './case-views.ts';
import type { Rejected } from './form-state.ts';
import { threadLine } from './event-views.ts';
import { casePanels } from '../case-panels.ts';
import { caseFacts, type CaseFacts } from './reading.ts';
import { STEPS, type StepKey } from './rules.ts';
import { stepMailOf } from './step-mail.ts';
import type { Channel } from './steps.ts';
import { toneFaults } from './tone.ts';

type Of = Request<{ id: string; step?: string; remedyId?: string }>;
type Outcome = { said: string; values?: Record<string, string> } | { rejected: Rejected };

const SECTION = '/today';

/** A case's page and everything that is done on it. */
export function caseRoutes(web: RecoveryWeb): Router {
  const { recovery } = web;
  const { cases, caseWork } = recovery;
  const router = Router();
  const staff = needsRole('staff');

  async function show(req: Request, res: Response, id: string, more: { rejected?: Rejected; conflict?: Problem } = {}) {
    const me = staffOf(res);
    const facts = await caseFacts(web, cases, id);
    const panels = await casePanels(web, facts.theCase, me, req.query);
    const notice = more.conflict ? conflictWords(more.conflict, facts, res) : null;
    const stepMail = await stepMailOf(web, facts.theCase);
    const page = casePage(facts, me, { panels, rejected: more.rejected, notice, stepMail });
    const status = more.conflict ? 409 : more.rejected ? 422 : 200;
    const title = `${me.t('cases.title', { number: String(facts.theCase.number) })}, ${page.name}`;
    web.pages.staff(req, res, 'recovery/case', page, { title, section: SECTION, status });
  }

  /** What somebody does; whoever comes second is told what happened, and keeps what they typed. */
  const act =
    (form: string, does: (req: Of, res: Response) => Promise<Outcome>) =>
    async (req: Of, res: Response): Promise<void> => {
      const id = idOf(req.params.id);
      try {
        const outcome = await does(req, res);
        if ('rejected' in outcome) return await show(req, res, id, outcome);
        notify(req, staffOf(res).t(outcome.said, outcome.values));
        await saveSession(req);
        res.redirect(303, `/cases/${id}`);
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        const name = form.endsWith('.') ? `${form}${req.params.step ?? ''}` : form;
        await show(req, res, id, { rejected: { form: name, typed: req.body, errors: {} }, conflict: error });
      }
    };

  const me = (res: Response) => colleague(staffOf(res).id);
  const refused = (form: string, typed: unknown, errors: Rejected['errors']): Outcome => ({
    rejected: { form, typed, errors },
  });

  router.get('/cases/number/:number', staff, async (req, res) => {
    const found = await cases.findByNumber(Number(/^\d{1,9}$/.exec(String(req.params.number))?.[0] ?? -1));
    if (!found) throw new NotFound();
    res.redirect(303, `/cases/${found.id}`);
  });

  router.get('/cases/:id', staff, (req, res) => show(req, res, idOf(req.params.id)));

  router.post(
    '/cases/:id/steps/:step',
    staff,
    act('step.', async (req, res) => {
      const step = stepOf(req.params.step);
      const form = `step.${step}`;
      const given = readForm(forms.stepSchema(step), req.body);
      if (!given.ok) return refused(form, req.body, given.errors);
      const said = String(given.value[`said_${step}`]);
      const { language } = await cases.get(req.params.id);
      const tone = toneFaults(language, said);
      const anyway = (req.body as { anyway?: unknown }).anyway === '1';
      if (tone.length > 0 && !anyway) return { rejected: { form, typed: req.body, errors: {}, tone } };
      const wish = forms.mailWish(step, req.body);
      if (wish) return await signAndMail(web, me(res), { caseId: req.params.id, step, said, given: wish.given });
      const channel = given.value[`channel_${step}`] as Channel;
      await caseWork.steps.sign(me(res), req.params.id, step, { said, channel });
      return { said: 'cases.done.signed' };
    }),
  );

  router.post(
    '/cases/:id/steps/:step/skip',
    staff,
    act('skip.', async (req, res) => {
      const step = stepOf(req.params.step);
      const given = readForm(forms.skipSchema(step), req.body);
      if (!given.ok) return refused(`skip.${step}`, req.body, given.errors);
      await caseWork.steps.skip(me(res), req.params.id, step, String(given.value[`reason_${step}`]));
      return { said: 'cases.done.skipped' };
    }),
  );

  router.post(
    '/cases/:id/steps/:step/undo',
    staff,
    act('undo', async (req, res) => {
      await caseWork.steps.undo(me(res), req.params.id, stepOf(req.params.step));
      return { said: 'cases.done.undone' };
    }),
  );

  router.post(
    '/cases/:id/notes',
    staff,
    act('note', async (req, res) => {
      const given = readForm(forms.noteSchema, req.body);
      if (!given.ok) return refused('note', req.body, given.errors);
      await caseWork.handling.write(me(res), req.params.id, given.value.note);
      return { said: 'cases.done.noted' };
    }),
  );

  router.post(
    '/cases/:id/urgency',
    staff,
    act('hurry', async (req, res) => {
      const given = readForm(forms.hurrySchema, req.body);
      if (!given.ok) return refused('hurry', req.body, given.errors);
      await caseWork.steps.hurry(me(res), req.params.id, given.value.hurry);
      return { said: 'cases.done.urgent' };
    }),
  );

  router.post(
    '/cases/:id/exceptions',
    staff,
    act('exception', async (req, res) => {
      const given = readForm(forms.exceptionSchema, req.body);
      if (!given.ok) return refused('exception', req.body, given.errors);
      await caseWork.steps.except(me(res), req.params.id, given.value);
      return { said: 'cases.done.excepted' };
    }),
  );

  router.post(
    '/cases/:id/owner',
    staff,
    act('owner', async (req, res) => {
      const given = readForm(forms.ownerSchema, req.body);
      if (!given.ok) return refused('owner', req.body, given.errors);
      const { owner, from, word } = given.value;
      const known = await web.accounts.colleagues();
      const to = known.find((each) => each.id === owner && each.active);
      if (owner !== '' && !to) return refused('owner', req.body, { owner: { key: 'cases.error.owner' } });
      await caseWork.handling.handOver(me(res), req.params.id, from || null, to?.id ?? null, word);
      return { said: 'cases.done.handedOver', values: { name: to?.name ?? staffOf(res).t('cases.owner.nobody') } };
    }),
  );

  router.post(
    '/cases/:id/snooze',
    staff,
    act('snooze', async (req, res) => {
      const today = dayIn(staffOf(res).timeZone, web.clock.now());
      const given = readForm(forms.snoozeSchema(today), req.body);
      if (!given.ok) return refused('snooze', req.body, given.errors);
      await caseWork.handling.snooze(me(res), req.params.id, given.value.day);
      return { said: 'cases.done.snoozed' };
    }),
  );

  router.post(
    '/cases/:id/waking',
    staff,
    act('snooze', async (req, res) => {
      await caseWork.handling.wake(me(res), req.params.id);
      return { said: 'cases.done.woken' };
    }),
  );

  router.post(
    '/cases/:id/merge',
    staff,
    act('merge', async (req, res) => {
      const given = readForm(forms.mergeSchema, req.body);
      if (!given.ok) return refused('merge', req.body, given.errors);
      const number = Number(given.value.number);
      if (!(await cases.findByNumber(number)))
        return refused('merge', req.body, { number: { key: 'cases.error.number' } });
      await caseWork.handling.merge(me(res), req.params.id, number);
      return { said: 'cases.done.merged', values: { number: String(number) } };
    }),
  );

  router.post(
    '/cases/:id/remedies',
    staff,
    act('remedy', async (req, res) => {
      const { id, role, currency } = staffOf(res);
      const given = readForm(forms.remedySchema(currency), req.body);
      if (!given.ok) return refused('remedy', req.body, given.errors);
      const { amount: amountMinor, ...remedy } = given.value;
      const state = await caseWork.remedies.offer({ id, role }, req.params.id, { ...remedy, amountMinor });
      return { said: `cases.done.remedy.${state}` };
    }),
  );

  router.post(
    '/cases/:id/remedies/:remedyId/decision',
    staff,
    act('decision', async (req, res) => {
      const { answer, reason } = (req.body ?? {}) as Record<string, unknown>;
      const { id, role } = staffOf(res);
      const said = typeof reason === 'string' ? reason.trim().slice(0, 300) : '';
      const yes = answer === 'yes';
      await caseWork.remedies.decide({ id, role }, req.params.id, idOf(req.params.remedyId), yes, said);
      return { said: yes ? 'cases.done.remedy.approved' : 'cases.done.remedy.declined' };
    }),
  );

  router.post(
    '/cases/:id/remedies/:remedyId/given',
    staff,
    act('given', async (req, res) => {
      await caseWork.remedies.give(staffOf(res).id, req.params.id, idOf(req.params.remedyId));
      return { said: 'cases.done.remedy.given' };
    }),
  );

  router.post(
    '/cases/:id/closure',
    staff,
    act('closing', async (req, res) => {
      const given = readForm(forms.closingSchema, req.body);
      if (!given.ok) return refused('closing', req.body, given.errors);
      const open = await caseWork.steps.open(req.params.id);
      if (open.length > 0) return refused('closing', req.body, { action: { key: 'cases.error.openSteps' } });
      const { noQuestion, revision, ...closing } = given.value;
      const asks = noQuestion === '' ? {} : { noQuestion };
      const expected = revision === undefined ? {} : { revision };
      await web.storage.transaction((tx) =>
        cases.close(tx, me(res), req.params.id, { ...closing, ...asks, ...expected }),
      );
      return { said: 'cases.done.closed' };
    }),
  );

  router.post(
    '/cases/:id/reopening',
    staff,
    act('reopen', async (req, res) => {
      const given = readForm(forms.reopenSchema, req.body);
      if (!given.ok) return refused('reopen', req.body, given.errors);
      const why = { words: given.value.reason, fromCustomer: false };
      await web.storage.transaction((tx) => cases.reopen(tx, me(res), req.params.id, why));
      return { said: 'cases.done.reopened' };
    }),
  );

  return router;
}

interface ToMail {
  caseId: string;
  step: StepKey;
  said: string;
  /** What they were given that it speaks of. */
  given: string[];
}

/** What is said goes to the customer in the same transaction that signs the step. */
async function signAndMail(web: RecoveryWeb, actor: Actor, { caseId, step, said, given }: ToMail): Promise<Outcome> {
  const { recovery, storage, clock } = web;
  const subject = await nextSubject(web, await recovery.cases.get(caseId));
  await storage.transaction(async (tx) => {
    await recovery.caseWork.steps.signIn(tx, actor, caseId, step, { said, channel: 'mail' });
    const draft = { form: newId(clock), subject, words: said, given, greets: true };
    await recovery.mail.writeIn(tx, actor, caseId, draft, []);
  });
  return { said: 'cases.done.signedAndSent' };
}

function stepOf(value: unknown): StepKey {
  const step = STEPS.find((each) => each === value);
  if (!step) throw new NotFound();
  return step;
}

/** What is wrong, and who did what last. */
function conflictWords(problem: Problem, facts: CaseFacts, res: Response): string {
  const staff = staffOf(res);
  const [last] = facts.events;
  const text = staff.t(problem.key, problem.values);
  if (!last) return text;
  const { when, text: what, who } = threadLine(last, facts, staff);
  return `${text} ${staff.t('cases.error.last', { when, what, who: who || staff.t('cases.somebody') })}`;
}
