import { Router, type Request, type Response } from 'express';
import { colleague } from '../shared/actor.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, notify, saveSession, staffOf } from '../web/index.ts';
import { displayName, type Customer } from './customer.ts';
import type { SmallFormPage } from './form-views.ts';
import { recordInWords } from './record-views.ts';
import { smallForms, type SmallFormName } from './small-forms.ts';
import { codeInWords, formContext, todayOf, type CustomersWeb } from './web.ts';

type Params = { id: string; recordId?: string };
type Of = Request<Params>;

/** One thing done with one customer, each with a page of its own. */
const PLACES: { name: SmallFormName; path: string }[] = [
  { name: 'departure', path: 'departure' },
  { name: 'unsubscription', path: 'unsubscription' },
  { name: 'resubscription', path: 'resubscription' },
  { name: 'tags', path: 'tags' },
  { name: 'purchases', path: 'purchases/new' },
  { name: 'invoices', path: 'invoices/new' },
  { name: 'dealings', path: 'dealings/new' },
  { name: 'payment', path: 'invoices/:recordId/payment' },
];

export function smallFormRoutes(web: CustomersWeb): Router {
  const { customers, pages } = web;
  const router = Router();

  async function show(req: Of, res: Response, name: SmallFormName, customer: Customer, errors?: FieldErrors) {
    const staff = staffOf(res);
    const { recordId } = req.params;
    const about = recordId === undefined ? '' : await inWords(web, res, customer.id, recordId);
    const form = smallForms[name];
    const values = errors ? req.body : form.values(customer, await formContext(web, staff));
    const heading = staff.t(`customers.${name}.heading`);
    const view: SmallFormPage = {
      ...whose(customer),
      heading,
      lead: about || staff.t(`customers.${name}.lead`),
      action: pathOf(req),
      button: staff.t(`customers.${name}.button`),
      form: formView(values, errors, staff.t),
      fields: form.fields(staff),
    };
    pages.staff(req, res, 'customers/small-form', view, {
      title: heading,
      section: '/customers',
      status: errors ? 422 : 200,
    });
  }

  async function finish(req: Of, res: Response, customer: Customer, key: string, remark = ''): Promise<void> {
    notify(req, [staffOf(res).t(key, { name: displayName(customer) }), remark].filter(Boolean).join(' '));
    await saveSession(req);
    res.redirect(303, `/customers/${customer.id}`);
  }

  for (const { name, path } of PLACES) {
    router.get(`/customers/:id/${path}`, async (req: Of, res) => {
      await show(req, res, name, await customers.get(req.params.id));
    });
    router.post(`/customers/:id/${path}`, async (req: Of, res) => {
      const customer = await customers.get(req.params.id);
      const given = { customers, actor: colleague(staffOf(res).id), customer, recordId: req.params.recordId ?? '' };
      const result = await smallForms[name].submit(req.body, await formContext(web, staffOf(res)), given);
      if (!result.ok) return show(req, res, name, customer, result.errors);
      const bought = name === 'purchases' && typeof result.value === 'string' ? result.value : '';
      const remark = bought && (await codeInWords(customers, customer.id, bought, staffOf(res).t));
      await finish(req, res, customer, `customers.${name}.done`, remark);
    });
  }

  router.post('/customers/:id/return', async (req: Of, res) => {
    const customer = await customers.get(req.params.id);
    await customers.markActive(colleague(staffOf(res).id), customer.id);
    await finish(req, res, customer, 'customers.return.done');
  });

  return router;
}

const whose = (customer: Customer) => ({ name: displayName(customer), back: `/customers/${customer.id}` });
const pathOf = (req: Request<Params>) => req.originalUrl.split('?')[0] ?? '';

/** The invoice that a payment is for. */
async function inWords(web: CustomersWeb, res: Response, customerId: string, id: string) {
  const record = await web.customers.record('invoices', customerId, id);
  return recordInWords(record, staffOf(res), await todayOf(web));
}
