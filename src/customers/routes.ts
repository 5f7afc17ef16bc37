import { Router, type Request, type Response } from 'express';
import { colleague } from '../shared/actor.ts';
import { Conflict, type FieldErrors } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { hasRole, needsRole, notify, readForm, saveSession, seenRevision, staffOf } from '../web/index.ts';
import { displayName, type Customer } from './customer.ts';
import { COUNTED_PAIRS } from './duplicates/views.ts';
import { exportRoutes } from './export-routes.ts';
import { customerForm, fieldsOfForm, formOf } from './forms.ts';
import { customerFormPage, type FormFacts } from './form-views.ts';
import { COUNTED, customersList } from './list-views.ts';
import { profileRoutes } from './profile-routes.ts';
import { filterOf, readQuery } from './query.ts';
import { recordRoutes } from './record-routes.ts';
import { searchRoutes } from './search-routes.ts';
import { smallFormRoutes } from './small-form-routes.ts';
import { formContext, type CustomersWeb } from './web.ts';

const PER_PAGE = 50;
const SECTION = '/customers';
type OfCustomer = Request<{ id: string }>;

/** Everything about customers that staff see, under /customers, and the search box. */
export function customersRoutes(web: CustomersWeb): Router {
  const router = Router();
  // Where the address names no customer, another feature may know the page.
  router.param('id', (_req, _res, next, id) => next(isId(id) ? undefined : 'route'));
  router.use([SECTION, '/search'], needsRole('staff'));
  router.use(
    searchRoutes(web),
    exportRoutes(web),
    editRoutes(web),
    listRoutes(web),
    smallFormRoutes(web),
    recordRoutes(web),
    profileRoutes(web),
  );
  return router;
}

function listRoutes({ customers, duplicates, pages, colleagues, importHref, casesHref }: CustomersWeb): Router {
  const router = Router();
  router.get(SECTION, async (req, res) => {
    const staff = staffOf(res);
    const query = readQuery(req.query);
    const filter = filterOf(query, staff.currency, staff.language);
    const decides = hasRole(staff.role, 'manager');
    const [{ rows, next }, count, facets, people, pairs] = await Promise.all([
      customers.list(filter, isId(query.after) ? query.after : null, PER_PAGE),
      customers.count(filter, COUNTED + 1),
      customers.facets(),
      colleagues(),
      decides ? duplicates.count(COUNTED_PAIRS + 1) : null,
    ]);
    const hrefs = { importHref: importHref ?? null, casesHref: casesHref ?? null };
    const facts = { query, rows, next, count, facets, colleagues: people, pairs, ...hrefs };
    pages.staff(req, res, 'customers/list', customersList(facts, staff), {
      title: staff.t('nav.customers'),
      section: SECTION,
    });
  });
  return router;
}

function editRoutes(web: CustomersWeb): Router {
  const { customers, pages, colleagues } = web;
  const router = Router();

  async function show(
    req: Request,
    res: Response,
    facts: Omit<FormFacts, 'colleagues' | 'duplicates' | 'changed'> & Partial<FormFacts>,
    status = 200,
  ) {
    const staff = staffOf(res);
    const given = { duplicates: [], changed: false, ...facts, colleagues: await colleagues() };
    const view = customerFormPage(given, staff);
    pages.staff(req, res, 'customers/form', view, { title: view.heading, section: SECTION, status });
  }

  async function saved(req: Request, res: Response, key: string, customer: Customer): Promise<void> {
    notify(req, staffOf(res).t(key, { name: displayName(customer) }));
    await saveSession(req);
    res.redirect(303, `${SECTION}/${customer.id}`);
  }

  router.get(`${SECTION}/new`, async (req, res) => {
    const { country, defaultLanguage } = await web.company();
    await show(req, res, { id: null, values: { country, language: defaultLanguage }, revision: 0 });
  });

  router.post(SECTION, async (req, res) => {
    const rejected = (errors: FieldErrors | undefined, duplicates: FormFacts['duplicates'] = []) =>
      show(req, res, { id: null, values: req.body, errors, revision: 0, duplicates }, 422);
    const form = readForm(customerForm(await formContext(web, staffOf(res)), await colleagues()), req.body);
    if (!form.ok) return rejected(form.errors);
    const fields = fieldsOfForm(form.value);
    const duplicates = form.value.anyway ? [] : await customers.duplicatesOf(fields);
    if (duplicates.length > 0) return rejected(undefined, duplicates);
    const result = await customers.create(colleague(staffOf(res).id), fields);
    if (!result.ok) return rejected(result.errors);
    await saved(req, res, 'customers.said.added', result.value);
  });

  router.get(`${SECTION}/:id/edit`, async (req: OfCustomer, res) => {
    const customer = await customers.get(req.params.id);
    const values = formOf(customer, await formContext(web, staffOf(res)));
    await show(req, res, { id: customer.id, values, revision: customer.revision });
  });

  router.post(`${SECTION}/:id`, async (req: OfCustomer, res) => {
    const before = await customers.get(req.params.id);
    const { id } = before;
    const form = readForm(customerForm(await formContext(web, staffOf(res)), await colleagues()), req.body);
    const revision = form.ok ? form.value.revision : seenRevision(req.body);
    const rejected = (errors: FieldErrors | undefined, duplicates: FormFacts['duplicates'] = []) =>
      show(req, res, { id, values: req.body, errors, revision, duplicates }, 422);
    if (!form.ok) return rejected(form.errors);
    const fields = fieldsOfForm(form.value);
    const duplicates = form.value.anyway ? [] : await newDuplicates(before, fields);
    if (duplicates.length > 0) return rejected(undefined, duplicates);
    try {
      const result = await customers.update(colleague(staffOf(res).id), id, revision, withReference(fields, before));
      if (!result.ok) return rejected(result.errors);
      await saved(req, res, 'customers.said.saved', result.value);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      // What was typed stays; saving it again is a decision made knowing of the other change.
      const { revision: current } = await customers.get(id);
      await show(req, res, { id, values: req.body, revision: current, changed: true }, 409);
    }
  });

  /** Only what this change makes alike: who was alike before has been looked at before. */
  async function newDuplicates(before: Customer, fields: ReturnType<typeof fieldsOfForm>) {
    const known = new Set((await customers.duplicatesOf(before, before.id)).map(({ id }) => id));
    return (await customers.duplicatesOf(fields, before.id)).filter(({ id }) => !known.has(id));
  }

  return router;
}

function withReference(fields: ReturnType<typeof fieldsOfForm>, before: Customer) {
  return { ...fields, reference: fields.reference || before.reference };
}
