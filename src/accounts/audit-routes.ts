import { Router } from 'express';
import { isId } from '../shared/ids.ts';
import { needsRole, staffOf } from '../web/index.ts';
import { auditPage } from './people-views.ts';
import type { AccountsWeb } from './accounts-web.ts';

/** Who did what. */
export function auditRoutes({ accounts, pages }: AccountsWeb): Router {
  const router = Router();
  router.get('/settings/audit', needsRole('administrator'), async (req, res) => {
    const staff = staffOf(res);
    const { person: asked, before: from } = req.query;
    const [person, before] = [isId(asked) ? asked : null, isId(from) ? from : null];
    const { rows: entries, next } = await accounts.log.list({ actorId: person, before });
    const colleagues = await accounts.colleagues();
    const tokens = await accounts.tokens.listTokens();
    const view = auditPage({ entries, next, person, before, colleagues, tokens }, staff);
    pages.staff(req, res, 'accounts/audit', view, { title: staff.t('accounts.audit'), section: '/settings' });
  });
  return router;
}
