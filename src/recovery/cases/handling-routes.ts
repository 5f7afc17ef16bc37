import { Router, type Response } from 'express';
import { dayIn } from '../../shared/dates.ts';
import { readForm, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { actorOf, actsOn, refused, staff, type CaseRequest, type Outcome } from './acting-routes.ts';
import * as forms from './case-forms.ts';

/** What is done with a case beside its steps, up to its end. */
export function handlingRoutes(web: RecoveryWeb): Router {
  const router = Router();
  const act = actsOn(web);
  router.post('/cases/:id/notes', staff, act('note', note));
  router.post('/cases/:id/owner', staff, act('owner', handOver));
  router.post('/cases/:id/snooze', staff, act('snooze', snooze));
  router.post('/cases/:id/waking', staff, act('snooze', wake));
  router.post('/cases/:id/merge', staff, act('merge', merge));
  router.post('/cases/:id/closure', staff, act('closing', close));
  router.post('/cases/:id/heard', staff, act('heard', hear));
  router.post('/cases/:id/reopening', staff, act('reopen', reopen));
  return router;
}

async function note(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  const given = readForm(forms.noteSchema, req.body);
  if (!given.ok) return refused('note', req.body, given.errors);
  await caseWork.handling.write(actorOf(res), req.params.id, given.value.note);
  return { said: 'cases.done.noted' };
}

async function handOver(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  const given = readForm(forms.ownerSchema, req.body);
  if (!given.ok) return refused('owner', req.body, given.errors);
  const { owner, from, word } = given.value;
  const known = await web.accounts.colleagues();
  const to = known.find((each) => each.id === owner && each.active);
  if (owner !== '' && !to) return refused('owner', req.body, { owner: { key: 'cases.error.owner' } });
  await caseWork.handling.handOver(actorOf(res), req.params.id, from || null, to?.id ?? null, word);
  const { id: me, t } = staffOf(res);
  if (to?.id === me) return { said: 'cases.done.taken' };
  return { said: 'cases.done.handedOver', values: { name: to?.name ?? t('cases.owner.nobody') } };
}

async function snooze(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  const today = dayIn(staffOf(res).timeZone, web.clock.now());
  const given = readForm(forms.snoozeSchema(today), req.body);
  if (!given.ok) return refused('snooze', req.body, given.errors);
  await caseWork.handling.snooze(actorOf(res), req.params.id, given.value.day);
  return { said: 'cases.done.snoozed' };
}

async function wake(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { caseWork } = web.recovery;
  await caseWork.handling.wake(actorOf(res), req.params.id);
  return { said: 'cases.done.woken' };
}

async function merge(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { cases, caseWork } = web.recovery;
  const given = readForm(forms.mergeSchema, req.body);
  if (!given.ok) return refused('merge', req.body, given.errors);
  const number = Number(given.value.number);
  if (!(await cases.findByNumber(number))) return refused('merge', req.body, { number: { key: 'cases.error.number' } });
  const into = await caseWork.handling.merge(actorOf(res), req.params.id, number);
  const duplicate = await cases.get(req.params.id);
  return { said: 'cases.done.merged', values: { number: String(duplicate.number) }, on: into.id };
}

async function close(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { cases, caseWork } = web.recovery;
  const given = readForm(forms.closingSchema, req.body);
  if (!given.ok) return refused('closing', req.body, given.errors);
  const open = await caseWork.steps.open(req.params.id);
  if (open.length > 0) return refused('closing', req.body, { action: { key: 'cases.error.openSteps' } });
  const { noQuestion, revision, ...closing } = given.value;
  const asks = noQuestion === '' ? {} : { noQuestion };
  const expected = revision === undefined ? {} : { revision };
  await web.storage.transaction((tx) =>
    cases.close(tx, actorOf(res), req.params.id, { ...closing, ...asks, ...expected }),
  );
  const closed = await cases.get(req.params.id);
  return { said: closed.noQuestion === '' ? 'cases.done.closed' : 'cases.done.closedUnasked' };
}

async function hear(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const given = readForm(forms.heardSchema, req.body);
  if (!given.ok) return refused('heard', req.body, given.errors);
  const { answer, theirWords } = given.value;
  const settled = answer === 'yes';
  await web.recovery.caseWork.settling.hear(actorOf(res), req.params.id, { settled, words: theirWords });
  return { said: settled ? 'cases.done.heard' : 'cases.done.reopened' };
}

async function reopen(web: RecoveryWeb, req: CaseRequest, res: Response): Promise<Outcome> {
  const { cases } = web.recovery;
  const given = readForm(forms.reopenSchema, req.body);
  if (!given.ok) return refused('reopen', req.body, given.errors);
  const why = { words: given.value.reason, fromCustomer: false };
  await web.storage.transaction((tx) => cases.reopen(tx, actorOf(res), req.params.id, why));
  return { said: 'cases.done.reopened' };
}
