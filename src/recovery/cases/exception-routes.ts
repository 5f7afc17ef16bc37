import { Router } from 'express';
import { isId } from '../../shared/ids.ts';
import { staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { staff } from './acting-routes.ts';
import { EXCEPTIONS, exceptionsPage } from './exception-views.ts';

/** Where procedure was cut through: for everybody to see, so that a rule that keeps being in the way can be changed. */
export function exceptionRoutes({ recovery, accounts, customers, storage, pages }: RecoveryWeb): Router {
  const router = Router();
  router.get(EXCEPTIONS, staff, async (req, res) => {
    const me = staffOf(res);
    const { before } = req.query;
    const list = await recovery.caseWork.exceptions.shortcuts(isId(before) ? before : null);
    const ids = [...new Set(list.rows.flatMap(({ customerId }) => customerId ?? []))];
    const names = await customers.names(storage.read, ids);
    const colleagues = await accounts.colleagues();
    const view = exceptionsPage({ list, names, colleagues, isFirst: !isId(before) }, me);
    pages.staff(req, res, 'recovery/exceptions', view, { title: me.t('cases.exceptions'), section: '/today' });
  });
  return router;
}
