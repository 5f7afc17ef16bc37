import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { dayIn, isPlainDate } from '../../shared/dates.ts';
import { Forbidden } from '../../shared/errors.ts';
import { hasRole, needsRole, say, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';

/** Who is away, and until when. */
export function absenceRoutes({ recovery, accounts, clock }: RecoveryWeb): Router {
  const { today } = recovery;
  const router = Router();
  const staff = needsRole('staff');

  router.post('/today/absence', staff, async (req, res) => {
    const { t, timeZone } = staffOf(res);
    const { until } = (req.body ?? {}) as { until?: unknown };
    const who = await whoOf(req, res);
    const isDay = typeof until === 'string' && isPlainDate(until) && until >= dayIn(timeZone, clock.now());
    if (who !== null && isDay) await today.setAway(colleague(staffOf(res).id), who, until);
    await say(req, res, t(who !== null && isDay ? 'today.away.noted' : 'cases.error.past'), '/today');
  });

  router.post('/today/absence/end', staff, async (req, res) => {
    const who = await whoOf(req, res);
    if (who !== null) await today.endAway(colleague(staffOf(res).id), who);
    await say(req, res, staffOf(res).t('today.away.ended'), '/today');
  });

  /** Everybody says it of themselves, managers of all. */
  async function whoOf(req: Request, res: Response): Promise<string | null> {
    const { id, role } = staffOf(res);
    const { who } = (req.body ?? {}) as { who?: unknown };
    const known = (await accounts.colleagues()).find((each) => each.id === who && each.active);
    if (known && known.id !== id && !hasRole(role, 'manager')) throw new Forbidden();
    return known?.id ?? null;
  }

  return router;
}
