import { Router, type Request, type Response } from 'express';
import { colleague } from '../shared/actor.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { needsRole, notify, saveSession, staffOf } from '../web/index.ts';
import type { Customer } from '../customers/index.ts';
import { erasurePage } from './views.ts';
import type { PrivacyWeb } from './web.ts';

type Of = Request<{ id: string }>;

/** What an administrator does when somebody asks what is known of them, or to be forgotten. */
export function privacyRoutes({ privacy, customers, pages }: PrivacyWeb): Router {
  const router = Router();
  const mine = needsRole('administrator');

  function show(req: Of, res: Response, customer: Customer, errors?: FieldErrors): void {
    const staff = staffOf(res);
    const view = erasurePage(customer, staff, errors ? req.body : {}, errors);
    const page = { title: staff.t('privacy.erase'), section: '/customers', status: errors ? 422 : 200 };
    pages.staff(req, res, 'privacy/erasure', view, page);
  }

  router.get('/customers/:id/export', mine, async (req: Of, res) => {
    const exported = await privacy.exported(colleague(staffOf(res).id), req.params.id);
    res.attachment(`customer-${req.params.id}.json`);
    res.type('json').send(JSON.stringify(exported, null, 2));
  });

  router.get('/customers/:id/erasure', mine, async (req: Of, res) =>
    show(req, res, await customers.get(req.params.id)),
  );

  router.post('/customers/:id/erasure', mine, async (req: Of, res) => {
    const customer = await customers.get(req.params.id);
    const { reference } = (req.body ?? {}) as { reference?: unknown };
    const isSure = typeof reference === 'string' && reference.trim() === customer.reference;
    if (!isSure) return show(req, res, customer, { reference: { key: 'privacy.error.reference' } });
    await privacy.erase(colleague(staffOf(res).id), customer.id);
    notify(req, staffOf(res).t('privacy.erased'));
    await saveSession(req);
    res.redirect(303, '/customers');
  });

  return router;
}
