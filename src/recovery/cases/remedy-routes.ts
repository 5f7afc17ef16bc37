import { Router, type Response } from 'express';
import { idOf, readForm, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { actorOf, actsOn, refused, staff, type CaseRequest, type Outcome } from './acting-routes.ts';
import * as forms from './case-forms.ts';
import { reasonField } from './remedy-views.ts';

/** What makes good: offered, decided, given. */
export function remedyRoutes(web: RecoveryWeb): Router {
  const router = Router();
  const act = actsOn(web);
  router.post('/cases/:id/remedies', staff, act('remedy', offer));
  router.post('/cases/:id/remedies/:remedyId/decision', staff, act('decision', decide));
  router.post('/cases/:id/remedies/:remedyId/given', staff, act('given', give));
  return router;
}

async function offer(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  const { role, currency } = staffOf(res);
  const given = readForm(forms.remedySchema(currency), req.body);
  if (!given.ok) return refused('remedy', req.body, given.errors);
  const { amount: amountMinor, ...remedy } = given.value;
  const state = await caseWork.remedies.offer({ actor: actorOf(res), role }, req.params.id, { ...remedy, amountMinor });
  return { said: `cases.done.remedy.${state}`, at: 'remedies' };
}

async function decide(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  const id = idOf(req.params.remedyId);
  const given = readForm(forms.decisionSchema, req.body);
  if (!given.ok) {
    const { reason } = (req.body ?? {}) as Record<string, unknown>;
    const field = reasonField(id);
    const wrong = given.errors.answer ?? given.errors.reason ?? { key: 'form.invalid' };
    return refused(field, { [field]: reason }, { [field]: wrong });
  }
  const { answer, reason } = given.value;
  const by = { actor: actorOf(res), role: staffOf(res).role };
  await caseWork.remedies.decide(by, req.params.id, id, answer === 'yes', reason);
  return { said: answer === 'yes' ? 'cases.done.remedy.approved' : 'cases.done.remedy.declined', at: 'remedies' };
}

async function give(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  await caseWork.remedies.give(actorOf(res), req.params.id, idOf(req.params.remedyId));
  return { said: 'cases.done.remedy.given', at: 'remedies' };
}
