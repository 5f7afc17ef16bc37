import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import { isId } from '../../shared/ids.ts';
import { needsRole, say, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { VIEWS } from './service.ts';

const MOST_PICKED = 100;
const TAG = /^[^\p{C}<>]{1,40}$/u;

/** What is said on the next page, and how it is taken back. */
interface Said {
  text: string;
  undo?: { href: string; text: string; post: Record<string, string> };
}

export const viewOf = (value: unknown) => VIEWS.find((each) => each === value) ?? 'due';

/** What is done with several cases of Today at once: never sending. */
export function bulkRoutes({ recovery, accounts, clock }: RecoveryWeb): Router {
  const { handling } = recovery.caseWork;
  const router = Router();
  const staff = needsRole('staff');

  router.post('/today/bulk', staff, async (req, res) => {
    const body = (req.body ?? {}) as Record<string, unknown>;
    const picked = [body.pick ?? []].flat().filter(isId).slice(0, MOST_PICKED);
    const said = picked.length === 0 ? { text: staffOf(res).t('today.bulk.nothing') } : await act(res, picked, body);
    await done(req, res, said, viewOf(body.view));
  });

  router.post('/today/bulk/undo', staff, async (req, res) => {
    const { id, t } = staffOf(res);
    const { cases, view } = (req.body ?? {}) as Record<string, unknown>;
    const picked = typeof cases === 'string' ? cases.split(' ').filter(isId).slice(0, MOST_PICKED) : [];
    const count = await handling.undoSnooze(colleague(id), picked);
    const text = count === 0 ? t('today.bulk.undo.late') : t('today.bulk.undone', { count });
    await done(req, res, { text }, viewOf(view));
  });

  async function act(res: Response, picked: string[], body: Record<string, unknown>): Promise<Said> {
    if (body.do === 'snooze') return await snooze(res, picked, viewOf(body.view));
    if (body.do === 'tag') return { text: await tag(res, picked, body.tag) };
    return { text: await assign(res, picked, body.do === 'mine' ? staffOf(res).id : body.to) };
  }

  async function snooze(res: Response, picked: string[], view: string): Promise<Said> {
    const { id, t, timeZone } = staffOf(res);
    const tomorrow = addDays(dayIn(timeZone, clock.now()), 1);
    const count = await handling.snoozeMany(colleague(id), picked, tomorrow);
    const text = t('today.bulk.snoozed', { count });
    if (count === 0) return { text };
    const post = { cases: picked.join(' '), view };
    return { text, undo: { href: '/today/bulk/undo', text: t('today.bulk.undo'), post } };
  }

  async function tag(res: Response, picked: string[], typed: unknown): Promise<string> {
    const { id, t } = staffOf(res);
    const name = typeof typed === 'string' ? typed.trim() : '';
    if (!TAG.test(name)) return t('today.bulk.tag.missing');
    return t('today.bulk.tagged', { count: await handling.tagMany(colleague(id), picked, name) });
  }

  async function assign(res: Response, picked: string[], wanted: unknown): Promise<string> {
    const { id, t } = staffOf(res);
    const to = typeof wanted === 'string' ? wanted : '';
    const known = (await accounts.colleagues()).find((each) => each.id === to && each.active);
    if (to !== '' && !known) return t('cases.error.owner');
    const count = await handling.assignMany(colleague(id), picked, known?.id ?? null);
    return t('today.bulk.assigned', { count, name: known?.name ?? t('cases.owner.nobody') });
  }

  return router;
}

const done = (req: Request, res: Response, { text, undo }: Said, view: string) =>
  say(req, res, text, view === 'due' ? '/today' : `/today?view=${view}`, undo);
