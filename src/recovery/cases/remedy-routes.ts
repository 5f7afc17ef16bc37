import { Router, type Response } from 'express';
import { idOf, readForm, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { actorOf, actsOn, refused, staff, type CaseRequest, type Outcome } from './acting-routes.ts';
import * as forms from './case-forms.ts';

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
  const { answer, reason } = (req.body ?? {}) as Record<string, unknown>;
  const { role } = staffOf(res);
  const said = typeof reason === 'string' ? reason.trim().slice(0, 300) : '';
  const yes = answer === 'yes';
  await caseWork.remedies.decide({ actor: actorOf(res), role }, req.params.id, idOf(req.params.remedyId), yes, said);
  return { said: yes ? 'cases.done.remedy.approved' : 'cases.done.remedy.declined', at: 'remedies' };
}

async function give(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  await caseWork.remedies.give(actorOf(res), req.params.id, idOf(req.params.remedyId));
  return { said: 'cases.done.remedy.given', at: 'remedies' };
}
