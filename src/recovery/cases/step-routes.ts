import { Router, type Response } from 'express';
import type { Actor } from '../../shared/actor.ts';
import { NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { readForm } from '../../web/index.ts';
import { nextSubject } from '../mail/pages.ts';
import type { RecoveryWeb } from '../web.ts';
import { actorOf, actsOn, refused, staff, type CaseRequest, type Outcome } from './acting-routes.ts';
import * as forms from './case-forms.ts';
import { STEPS, type StepKey } from './rules.ts';
import type { Channel } from './steps.ts';
import { toneFaults } from './tone.ts';

/** The five steps of a complaint, and cutting through procedure. */
export function stepRoutes(web: RecoveryWeb): Router {
  const router = Router();
  const act = actsOn(web);
  router.post('/cases/:id/steps/:step', staff, act('step.', sign));
  router.post('/cases/:id/steps/:step/skip', staff, act('skip.', skip));
  router.post('/cases/:id/steps/:step/undo', staff, act('undo', undo));
  router.post('/cases/:id/urgency', staff, act('hurry', hurry));
  router.post('/cases/:id/exceptions', staff, act('exception', except));
  return router;
}

async function sign(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { cases, caseWork } = web.recovery;
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
  if (wish) return await signAndMail(web, actorOf(res), { caseId: req.params.id, step, said, given: wish.given });
  const channel = given.value[`channel_${step}`] as Channel;
  await caseWork.steps.sign(actorOf(res), req.params.id, step, { said, channel });
  return { said: 'cases.done.signed', at: `step-${step}` };
}

async function skip(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  const step = stepOf(req.params.step);
  const given = readForm(forms.skipSchema(step), req.body);
  if (!given.ok) return refused(`skip.${step}`, req.body, given.errors);
  await caseWork.steps.skip(actorOf(res), req.params.id, step, String(given.value[`reason_${step}`]));
  return { said: 'cases.done.skipped', at: `step-${step}` };
}

async function undo(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  const step = stepOf(req.params.step);
  const channel = await caseWork.steps.undo(actorOf(res), req.params.id, step);
  return { said: channel === 'mail' ? 'cases.done.undoneMail' : 'cases.done.undone', at: `step-${step}` };
}

async function hurry(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  const given = readForm(forms.hurrySchema, req.body);
  if (!given.ok) return refused('hurry', req.body, given.errors);
  await caseWork.steps.hurry(actorOf(res), req.params.id, given.value.hurry);
  return { said: 'cases.done.urgent' };
}

async function except(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  const given = readForm(forms.exceptionSchema, req.body);
  if (!given.ok) return refused('exception', req.body, given.errors);
  await caseWork.exceptions.make(actorOf(res), req.params.id, given.value);
  return { said: 'cases.done.excepted' };
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
  return { said: 'cases.done.signedAndSent', at: `step-${step}` };
}

function stepOf(value: unknown): StepKey {
  const step = STEPS.find((each) => each === value);
  if (!step) throw new NotFound();
  return step;
}
