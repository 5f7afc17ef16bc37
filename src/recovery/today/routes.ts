import { Router } from 'express';
import { colleague } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { needsRole, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { absenceRoutes } from './absence-routes.ts';
import { bulkRoutes, viewOf } from './bulk-routes.ts';
import { todayPage } from './views.ts';

/** What is due today. */
export function todayRoutes(web: RecoveryWeb): Router {
  const { recovery, accounts, customers, storage, clock } = web;
  const { today } = recovery;
  const router = Router();
  const staff = needsRole('staff');

  router.get('/today', staff, async (req, res) => {
    const me = staffOf(res);
    const view = viewOf(req.query.view);
    const found = await today.read(me.id, view, typeof req.query.after === 'string' ? req.query.after : null);
    const company = await accounts.company();
    const colleagues = await accounts.colleagues();
    const shown = [...found.list.rows, ...found.confirmed, ...found.back, ...found.undecided];
    const names = await customers.names(storage.read, [...new Set(shown.flatMap((each) => each.customerId ?? []))]);
    const page = todayPage(
      {
        view,
        today: found,
        company,
        colleagues,
        names,
        offersToDecide: await recovery.offers.countToDecide(me.role),
        runsToDecide: (await web.invitations.askingRuns()).length,
        unknownOf: await web.invitations.undecided(),
        toSort: await recovery.mail.countToSort(),
        reviews: await recovery.library.overdueOf(me.id),
        twice: (await web.responses.waitingCopies(null)).rows.length,
        done: await recovery.caseWork.many.undoable(colleague(me.id)),
        now: timestamp(clock),
      },
      me,
    );
    web.pages.staff(req, res, 'recovery/today', page, { title: me.t('nav.today'), section: '/today' });
  });

  router.use(bulkRoutes(web), absenceRoutes(web));
  return router;
}
