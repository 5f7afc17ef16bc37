import { Router, type Request, type Response } from 'express';
import { oneText } from '../shared/one-text.ts';
import { staffOf, type Staff } from '../web/index.ts';
import { displayName, type Customer } from './customer.ts';
import { customerPage } from './profile-views.ts';
import { timelineRow } from './timeline-views.ts';
import { recordTable, type RecordsPage } from './record-views.ts';
import { RECORD_KINDS, type RecordKind } from './records.ts';
import { todayOf, type CustomersWeb } from './web.ts';

const FIRST_RECORDS = 5;
const FIRST_EVENTS = 12;
const PER_PAGE = 50;

type OfCustomer = Request<{ id: string }>;

/** Who a customer is: the profile, and the whole lists behind its first lines. */
export function profileRoutes(web: CustomersWeb): Router {
  const { customers, pages } = web;
  const router = Router();
  const eventLink = web.eventLink ?? (() => null);
  const waitingOf = web.waitingOf ?? (() => Promise.resolve([]));

  /** What waits stands before what happened. */
  async function timelineOf(id: string, after: string | null, limit: number, { t }: Staff) {
    const { rows, next } = await customers.timeline(id, after, limit);
    const waiting = after === null ? await waitingOf(id, t) : [];
    return { rows: waiting.concat(rows), next };
  }

  router.get('/customers/:id', async (req: OfCustomer, res) => {
    const staff = staffOf(res);
    const customer = await customers.get(req.params.id);
    const { id } = customer;
    const [
      habits,
      purchases,
      invoices,
      dealings,
      timeline,
      resubscription,
      refusals,
      refusingElsewhere,
      voices,
      contacts,
      panels,
      colleagues,
      today,
    ] = await Promise.all([
      customers.habits(id),
      customers.records('purchases', id, null, FIRST_RECORDS),
      customers.records('invoices', id, null, FIRST_RECORDS),
      customers.records('dealings', id, null, FIRST_RECORDS),
      timelineOf(id, null, FIRST_EVENTS, staff),
      customers.resubscription(id),
      customers.refusals(id),
      customers.refusingWithSameAddress(id),
      web.answersOf ? web.answersOf(id, staff) : null,
      web.contactsOf ? web.contactsOf(id, staff) : [],
      web.panelsOf ? web.panelsOf(id, staff) : [],
      web.colleagues(),
      todayOf(web),
    ]);
    const theirs = web.texts.to(customer.language);
    const lists = { purchases, invoices, dealings, timeline };
    const lent = { voices, contacts, panels, colleagues, eventLink };
    const wishes = { resubscription, refusals, refusingElsewhere };
    const view = customerPage({ customer, habits, ...wishes, ...lists, ...lent, theirs, today }, staff);
    pages.staff(req, res, 'customers/profile', view, { title: view.name, section: '/customers' });
  });

  router.get('/customers/:id/timeline', async (req: OfCustomer, res) => {
    const staff = staffOf(res);
    const customer = await customers.get(req.params.id);
    const { rows, next } = await timelineOf(customer.id, oneText(req.query.after) || null, PER_PAGE, staff);
    const colleagues = await web.colleagues();
    const said = rows.map((item) => timelineRow(item, colleagues, eventLink, staff));
    const view = { ...head(customer, `${pathOf(customer)}/timeline`, req, next), rows: said };
    pages.staff(req, res, 'customers/timeline', view, { title: view.name, section: '/customers' });
  });

  async function records(req: OfCustomer, res: Response, kind: RecordKind): Promise<void> {
    const staff = staffOf(res);
    const customer = await customers.get(req.params.id);
    const part = await customers.records(kind, customer.id, oneText(req.query.after) || null, PER_PAGE);
    const path = pathOf(customer);
    const { more, ...page } = head(customer, `${path}/${kind}`, req, part.next);
    const table = { ...recordTable(kind, path, part, staff, await todayOf(web)), more };
    const view: RecordsPage = { ...page, table };
    pages.staff(req, res, 'customers/records', view, {
      title: `${table.heading}, ${view.name}`,
      section: '/customers',
    });
  }
  for (const kind of RECORD_KINDS)
    router.get(`/customers/:id/${kind}`, (req: OfCustomer, res) => records(req, res, kind));

  return router;
}

const pathOf = ({ id }: Customer) => `/customers/${id}`;

/** Whose list it is, and the way through its parts. */
function head(customer: Customer, path: string, req: Request<{ id: string }>, next: string | null) {
  return {
    name: displayName(customer),
    back: pathOf(customer),
    more: next === null ? null : `${path}?after=${encodeURIComponent(next)}`,
    first: oneText(req.query.after) === '' ? null : path,
  };
}
