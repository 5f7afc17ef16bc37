import { Router, type Request } from 'express';
import { NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { needsRole, notify, readForm, saveSession, staffOf } from '../web/index.ts';
import { tokenForm } from './people-forms.ts';
import { tokensPage } from './people-views.ts';
import type { AccountsWeb } from './accounts-web.ts';
import { actorOf } from './session-routes.ts';

const administrator = needsRole('administrator');

/** Access tokens of programs. */
export function tokenRoutes({ accounts, pages }: AccountsWeb): Router {
  const { tokens } = accounts;
  const router = Router();
  const page = (title: string, status = 200) => ({ title, section: '/settings', status });

  router.get('/settings/tokens', administrator, async (req, res) => {
    const staff = staffOf(res);
    const view = tokensPage(await tokens.listTokens(), staff);
    pages.staff(req, res, 'accounts/tokens', view, page(staff.t('accounts.tokens')));
  });
  router.post('/settings/tokens', administrator, async (req, res) => {
    const staff = staffOf(res);
    const title = staff.t('accounts.tokens');
    const form = readForm(tokenForm, req.body);
    if (!form.ok) {
      const view = tokensPage(await tokens.listTokens(), staff, { typed: req.body, errors: form.errors });
      return pages.staff(req, res, 'accounts/tokens', view, page(title, 422));
    }
    // Shown in the answer itself: to show it on a next page it would have to be kept somewhere.
    const { token } = await tokens.createToken(form.value, actorOf(res));
    const made = { name: form.value.name, token };
    pages.staff(req, res, 'accounts/tokens', tokensPage(await tokens.listTokens(), staff, { made }), page(title, 201));
  });
  router.post('/settings/tokens/:id/revocation', administrator, async (req: Request<{ id: string }>, res) => {
    if (!isId(req.params.id)) throw new NotFound();
    await tokens.revokeToken(actorOf(res), req.params.id);
    notify(req, staffOf(res).t('accounts.tokens.revokedNow'));
    await saveSession(req);
    res.redirect(303, '/settings/tokens');
  });
  return router;
}
