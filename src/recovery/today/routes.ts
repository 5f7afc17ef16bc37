import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, dayIn, isPlainDate } from '../../shared/dates.ts';
import { Forbidden } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { hasRole, needsRole, notify, saveSession, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { VIEWS } from './service.ts';
import { todayPage } from './views.ts';

const MOST_PICKED = 100;
const TAG = /^[^\p{C}<>]{1,40}$/u;

/** What is due today, and what is done with several cases at once: never sending. */
export function todayRoutes(web: RecoveryWeb): Router {
  const { recovery, accounts, customers, storage, clock } = web;
  const { today, caseWork } = recovery;
  const router = Router();
  const staff = needsRole('staff');

  router.get('/today', staff, async (req, res) => {
    const me = staffOf(res);
    const view = viewOf(req.query.view);
    const found = await today.read(me.id, view, typeof req.query.after === 'string' ? req.query.after : null);
    const [company, colleagues] = [await accounts.company(), await accounts.colleagues()];
    const shown = [...found.list.rows, ...found.confirmed];
    const names = await customers.names(storage.read, [...new Set(shown.flatMap((each) => each.customerId ?? []))]);
    const page = todayPage(
      {
        view,
        today: found,
        company,
        colleagues,
        names,
        toSort: await recovery.mail.countToSort(),
        now: timestamp(clock),
      },
      me,
    );
    web.pages.staff(req, res, 'recovery/today', page, { title: me.t('nav.today'), section: '/today' });
  });

  router.post('/today/bulk', staff, async (req, res) => {
    const { t } = staffOf(res);
    const body = (req.body ?? {}) as Record<string, unknown>;
    const picked = [body.pick ?? []].flat().filter(isId).slice(0, MOST_PICKED);
    const said = picked.length === 0 ? t('today.bulk.nothing') : await bulk(res, picked, body);
    await say(req, res, said, viewOf(body.view));
  });

  async function bulk(res: Response, picked: string[], body: Record<string, unknown>): Promise<string> {
    const { id, t, timeZone } = staffOf(res);
    const actor = colleague(id);
    const { handling } = caseWork;
    if (body.do === 'snooze') {
      const tomorrow = addDays(dayIn(timeZone, clock.now()), 1);
      return t('today.bulk.snoozed', { count: await handling.snoozeMany(actor, picked, tomorrow) });
    }
    if (body.do === 'tag') {
      const tag = typeof body.tag === 'string' ? body.tag.trim() : '';
      if (!TAG.test(tag)) return t('today.bulk.tag.missing');
      return t('today.bulk.tagged', { count: await handling.tagMany(actor, picked, tag) });
    }
    const to = body.do === 'mine' ? id : typeof body.to === 'string' ? body.to : '';
    const known = (await accounts.colleagues()).find((each) => each.id === to && each.active);
    if (to !== '' && !known) return t('cases.error.owner');
    const count = await handling.assignMany(actor, picked, known?.id ?? null);
    return t('today.bulk.assigned', { count, name: known?.name ?? t('cases.owner.nobody') });
  }

  router.post('/today/absence', staff, async (req, res) => {
    const { t, timeZone } = staffOf(res);
    const { until } = (req.body ?? {}) as { until?: unknown };
    const who = await whoOf(req, res);
    const isDay = typeof until === 'string' && isPlainDate(until) && until >= dayIn(timeZone, clock.now());
    if (who !== null && isDay) await today.setAway(colleague(staffOf(res).id), who, until);
    await say(req, res, t(who !== null && isDay ? 'today.away.noted' : 'cases.error.past'), 'due');
  });

  router.post('/today/absence/end', staff, async (req, res) => {
    const who = await whoOf(req, res);
    if (who !== null) await today.endAway(colleague(staffOf(res).id), who);
    await say(req, res, staffOf(res).t('today.away.ended'), 'due');
  });

  /** Everybody says it of themselves, managers of all. */
  async function whoOf(req: Request, res: Response): Promise<string | null> {
    const { id, role } = staffOf(res);
    const { who } = (req.body ?? {}) as { who?: unknown };
    const known = (await accounts.colleagues()).find((each) => each.id === who && each.active);
    if (known && known.id !== id && !hasRole(role, 'manager')) throw new Forbidden();
    return known?.id ?? null;
  }

  async function say(req: Request, res: Response, text: string, view: string): Promise<void> {
    notify(req, text);
    await saveSession(req);
    res.redirect(303, view === 'due' ? '/today' : `/today?view=${view}`);
  }

  return router;
}

const viewOf = (value: unknown) => VIEWS.find((each) => each === value) ?? 'due';
