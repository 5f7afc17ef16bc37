import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import { isId } from '../../shared/ids.ts';
import { oneText } from '../../shared/one-text.ts';
import { needsRole, say, staffOf } from '../../web/index.ts';
import type { Did } from '../cases/many.ts';
import { TAG } from '../cases/rules.ts';
import type { RecoveryWeb } from '../web.ts';
import { VIEWS } from './service.ts';

const MOST_PICKED = 100;

/** What is said on the next page, and how it is taken back. */
interface Said {
  text: string;
  undo?: { href: string; text: string; post: Record<string, string> };
}

type Outcome = { refused: string } | { did: Did; text: string };

export const viewOf = (value: unknown) => VIEWS.find((each) => each === value) ?? 'due';

/** What is done with several cases of Today at once: never sending. */
export function bulkRoutes({ recovery, accounts, clock }: RecoveryWeb): Router {
  const { many } = recovery.caseWork;
  const router = Router();
  const staff = needsRole('staff');

  router.post('/today/bulk', staff, async (req, res) => {
    const body = (req.body ?? {}) as Record<string, unknown>;
    const picked = [body.pick ?? []].flat().filter(isId).slice(0, MOST_PICKED);
    const said = picked.length === 0 ? { text: staffOf(res).t('today.bulk.nothing') } : await act(res, picked, body);
    await sayIn(req, res, said, viewOf(body.view));
  });

  router.post('/today/bulk/undo', staff, async (req, res) => {
    const { id, t } = staffOf(res);
    const { act: done, view } = (req.body ?? {}) as Record<string, unknown>;
    const count = isId(done) ? await many.undo(colleague(id), done) : 0;
    const text = count === 0 ? t('today.bulk.undo.late') : t('today.bulk.undone', { count });
    await sayIn(req, res, { text }, viewOf(view));
  });

  /** What came of it, with a way back where anything did. */
  async function act(res: Response, picked: string[], body: Record<string, unknown>): Promise<Said> {
    const { t } = staffOf(res);
    const done = await doneTo(res, picked, body);
    if ('refused' in done) return { text: done.refused };
    if (done.did.count === 0) return { text: t('today.bulk.unchanged') };
    const post = { act: done.did.id, view: viewOf(body.view) };
    return { text: done.text, undo: { href: '/today/bulk/undo', text: t('today.bulk.undo'), post } };
  }

  async function doneTo(res: Response, picked: string[], body: Record<string, unknown>): Promise<Outcome> {
    if (body.do === 'snooze') return await snooze(res, picked);
    if (body.do === 'tag') return await tag(res, picked, body.tag);
    return await assign(res, picked, body.do === 'mine' ? staffOf(res).id : body.to);
  }

  async function snooze(res: Response, picked: string[]): Promise<Outcome> {
    const { id, t, timeZone } = staffOf(res);
    const tomorrow = addDays(dayIn(timeZone, clock.now()), 1);
    const did = await many.snooze(colleague(id), picked, tomorrow);
    return { did, text: t('today.bulk.snoozed', { count: did.count }) };
  }

  async function tag(res: Response, picked: string[], typed: unknown): Promise<Outcome> {
    const { id, t } = staffOf(res);
    const name = typeof typed === 'string' ? typed.trim() : '';
    if (!TAG.test(name)) return { refused: t('today.bulk.tag.missing') };
    const did = await many.tag(colleague(id), picked, name);
    return { did, text: t('today.bulk.tagged', { count: did.count }) };
  }

  async function assign(res: Response, picked: string[], wanted: unknown): Promise<Outcome> {
    const { id, t } = staffOf(res);
    const to = oneText(wanted);
    const known = (await accounts.colleagues()).find((each) => each.id === to && each.active);
    if (to !== '' && !known) return { refused: t('cases.error.owner') };
    const did = await many.assign(colleague(id), picked, known?.id ?? null);
    const { count } = did;
    return {
      did,
      text: known ? t('today.bulk.assigned', { count, name: known.name }) : t('today.bulk.released', { count }),
    };
  }

  return router;
}

const sayIn = (req: Request, res: Response, { text, undo }: Said, view: string) =>
  say(req, res, text, view === 'due' ? '/today' : `/today?view=${view}`, undo);
