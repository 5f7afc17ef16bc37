import { Router, type Request, type Response } from 'express';
import type { Accounts } from '../accounts/index.ts';
import type { WholeBody } from '../answering/index.ts';
import { displayName } from '../customers/index.ts';
import type { Texts } from '../i18n/index.ts';
import { leftOutWords, type Invitations } from '../invitations/index.ts';
import type { Responses } from '../responses/index.ts';
import { colleague } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { Conflict, type FieldErrors } from '../shared/errors.ts';
import type { Storage } from '../storage/index.ts';
import { idOf, needsRole, notify, type Pages, saveSession, say, staffOf } from '../web/index.ts';
import { callsPage } from './list-views.ts';
import type { Finished, Telephone } from './service.ts';
import { sheetPage } from './sheet-views.ts';

interface TelephoneWeb {
  telephone: Telephone;
  invitations: Pick<Invitations, 'getWave'>;
  responses: Pick<Responses, 'find'>;
  storage: Pick<Storage, 'read'>;
  accounts: Pick<Accounts, 'company' | 'colleagues'>;
  texts: Texts;
  pages: Pages;
  clock: Clock;
}

const SECTION = '/waves';
const staff = needsRole('staff');

/** The call list of a wave, and one call at a time. */
export function telephoneRoutes(web: TelephoneWeb): Router {
  const { telephone } = web;
  const router = Router();

  router.get('/waves/:id/calls', staff, (req, res) => showCalls(web, req, res));

  router.post('/waves/:id/calls', staff, async (req, res) => {
    const { id: me, t, timeZone } = staffOf(res);
    const id = idOf(req.params.id);
    const { calls, leftOut } = await telephone.prepare(colleague(me), id);
    const said = [t('telephone.prepared', { count: calls })];
    for (const each of leftOut) said.push(leftOutWords(t(`telephone.why.${each.why}`), each, timeZone, t));
    await say(req, res, said.join(' '), `/waves/${id}/calls`);
  });

  router.post('/calls/:id/claim', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    const id = idOf(req.params.id);
    const claimed = await telephone.claim(me, id);
    if (claimed.mine) return res.redirect(303, `/calls/${id}`);
    const name = (await web.accounts.colleagues()).find((each) => each.id === claimed.by)?.name;
    const taken = t('telephone.taken', { name: name ?? t('telephone.somebody') });
    await say(req, res, taken, `/waves/${(await telephone.sheet(id)).wave.id}/calls`);
  });

  router.get('/calls/:id', staff, (req, res) => showSheet(web, req, res));

  router.post('/calls/:id/notes', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    const id = idOf(req.params.id);
    await telephone.saveNotes(me, id, (req.body ?? {}) as WholeBody);
    if (req.headers['x-requested-with'] === 'fetch') return void res.status(204).end();
    await say(req, res, t('telephone.saved'), `/calls/${id}`);
  });

  router.post('/calls/:id/release', staff, async (req, res) => {
    const id = idOf(req.params.id);
    const { wave } = await telephone.sheet(id);
    await telephone.release(staffOf(res).id, id);
    res.redirect(303, `/waves/${wave.id}/calls`);
  });

  router.post('/calls/:id', staff, async (req, res) => {
    const { id: me } = staffOf(res);
    const sheet = await telephone.sheet(idOf(req.params.id));
    const body = (req.body ?? {}) as WholeBody;
    const done = await telephone.finish(me, sheet, body).catch(lostOr);
    if (!done.ok) return await showSheet(web, req, res, { ...done, typed: body });
    if (done.outcome === 'refused') return res.redirect(303, `/calls/${sheet.invitation.id}/refusal`);
    await sayDone(req, res, done, `/waves/${sheet.wave.id}/calls`);
  });

  router.get('/calls/:id/refusal', staff, async (req, res) => {
    const { t } = staffOf(res);
    const { customer, wave, invitation } = await telephone.sheet(idOf(req.params.id));
    const action = `/calls/${invitation.id}/refusal`;
    const view = { name: displayName(customer), action, back: `/waves/${wave.id}/calls` };
    web.pages.staff(req, res, 'telephone/refusal', view, { title: t('telephone.refusal.title'), section: SECTION });
  });

  router.post('/calls/:id/refusal', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    const sheet = await telephone.sheet(idOf(req.params.id));
    const { choice } = (req.body ?? {}) as { choice?: unknown };
    if (choice === 'calls' || choice === 'everything') await telephone.optOut(me, sheet, choice);
    await say(req, res, t('telephone.refusal.noted'), `/waves/${sheet.wave.id}/calls`);
  });

  return router;
}

interface Unfinished {
  ok: false;
  errors: FieldErrors;
  /** Somebody else has the call by now, or it is done. */
  isLost?: boolean;
}

/** What was typed is given back to whoever has lost the call. */
function lostOr(error: unknown): Unfinished {
  if (!(error instanceof Conflict) || error.key !== 'telephone.error.lost') throw error;
  return { ok: false, errors: { outcome: { key: 'telephone.error.lostTyped' } }, isLost: true };
}

async function sayDone(req: Request, res: Response, { outcome, entered }: Finished, then: string): Promise<void> {
  const { t } = staffOf(res);
  const { response, copyId } = entered ?? {};
  if (response && copyId) {
    notify(req, t('telephone.copied'), {
      href: `/responses/${response.id}/copies/${copyId}`,
      text: t('telephone.compare'),
    });
  } else notify(req, t(`telephone.done.${outcome}`, { reference: response?.reference ?? '' }));
  await saveSession(req);
  res.redirect(303, then);
}

async function showCalls(web: TelephoneWeb, req: Request, res: Response): Promise<void> {
  const { id: me, t, timeZone } = staffOf(res);
  const wave = await web.invitations.getWave(idOf(req.params.id));
  const view = req.query.view === 'later' ? 'later' : 'now';
  const list = await web.telephone.list(wave.id, view, typeof req.query.after === 'string' ? req.query.after : null);
  const company = await web.accounts.company();
  const colleagues = await web.accounts.colleagues();
  const now = timestamp(web.clock);
  const page = callsPage({ wave, view, list, company, colleagues, me, now, timeZone, t });
  web.pages.staff(req, res, 'telephone/calls', page, {
    title: `${t('telephone.title')}, ${wave.name}`,
    section: SECTION,
  });
}

async function showSheet(
  web: TelephoneWeb,
  req: Request,
  res: Response,
  rejected?: Unfinished & { typed: WholeBody },
): Promise<void> {
  const { id: me, name, t } = staffOf(res);
  const sheet = await web.telephone.sheet(idOf(req.params.id));
  // Only whoever has the call sees its sheet: two people never hold it at once. Who loses it is left what they typed.
  if (!rejected && (sheet.call.claimed_by !== me || sheet.call.state !== 'open'))
    return res.redirect(303, `/waves/${sheet.wave.id}/calls`);
  const company = await web.accounts.company();
  const response = (await web.responses.find(web.storage.read, sheet.invitation.id))?.response;
  const { typed, errors } = rejected ?? {};
  const facts = { sheet, company, response, me: name, texts: web.texts, now: timestamp(web.clock), typed, errors };
  const view = sheetPage(facts, t);
  const page = {
    title: view.name,
    section: SECTION,
    status: rejected ? (rejected.isLost ? 409 : 422) : 200,
    scripts: ['call'],
  };
  web.pages.staff(req, res, 'telephone/sheet', view, page);
}
