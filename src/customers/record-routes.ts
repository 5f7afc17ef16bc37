import { Router, type Request, type Response } from 'express';
import { colleague } from '../shared/actor.ts';
import { Conflict, NotFound, type FieldErrors } from '../shared/errors.ts';
import { formView, notify, saveSession, staffOf } from '../web/index.ts';
import { displayName } from './customer.ts';
import type { SmallFormPage } from './form-views.ts';
import { readRecord, typedRecord } from './record-forms.ts';
import { seenMark } from './record-rules.ts';
import { recordInWords } from './record-views.ts';
import { RECORD_KINDS, type RecordKind } from './records.ts';
import { smallForms } from './small-forms.ts';
import { codeInWords, formContext, todayOf, type CustomersWeb } from './web.ts';

type OfRecord = Request<{ id: string; kind: string; recordId: string }>;

/** What was rejected, or overtaken by somebody else's change: it stays in the form. */
interface Kept {
  typed: unknown;
  errors?: FieldErrors;
  wasChanged?: boolean;
}

/** Changing and removing one purchase, invoice or dealing. */
export function recordRoutes(web: CustomersWeb): Router {
  const { customers, pages } = web;
  const router = Router();

  async function found(req: OfRecord) {
    const kind = kindOf(req.params.kind);
    const customer = await customers.get(req.params.id);
    return { kind, customer, record: await customers.record(kind, customer.id, req.params.recordId) };
  }

  async function show(
    req: OfRecord,
    res: Response,
    page: Omit<SmallFormPage, 'name' | 'back' | 'lead' | 'action'>,
    status: number,
  ) {
    const { customer, record } = await found(req);
    const view: SmallFormPage = {
      ...page,
      name: displayName(customer),
      back: `/customers/${customer.id}`,
      lead: recordInWords(record, staffOf(res), await todayOf(web)),
      action: req.originalUrl.split('?')[0] ?? '',
    };
    pages.staff(req, res, 'customers/small-form', view, { title: page.heading, section: '/customers', status });
  }

  async function showEdit(req: OfRecord, res: Response, kept?: Kept): Promise<void> {
    const staff = staffOf(res);
    const { kind, record } = await found(req);
    const values = kept?.typed ?? typedRecord(record, await formContext(web, staff));
    const page = {
      heading: staff.t(`customers.${kind}.edit`),
      button: staff.t('form.save'),
      form: formView(values, kept?.errors, staff.t),
      fields: smallForms[kind].fields(staff),
      over: { seen: seenOf(kept, seenMark(record)), wasChanged: kept?.wasChanged ?? false },
    };
    await show(req, res, page, !kept ? 200 : kept.wasChanged ? 409 : 422);
  }

  async function finish(req: OfRecord, res: Response, key: string, remark = ''): Promise<void> {
    notify(req, [staffOf(res).t(key), remark].filter(Boolean).join(' '));
    await saveSession(req);
    res.redirect(303, `/customers/${req.params.id}`);
  }

  router.get('/customers/:id/:kind/:recordId/edit', (req: OfRecord, res) => showEdit(req, res));
  router.post('/customers/:id/:kind/:recordId/edit', async (req: OfRecord, res) => {
    const { kind, customer, record } = await found(req);
    const typed: unknown = req.body;
    const form = readRecord[kind](typed, await formContext(web, staffOf(res)));
    if (!form.ok) return showEdit(req, res, { typed, errors: form.errors });
    const place = { customerId: customer.id, id: record.id, seen: seenOf({ typed }, '') };
    try {
      const result = await customers.editRecord(colleague(staffOf(res).id), kind, place, form.value);
      if (!result.ok) return showEdit(req, res, { typed, errors: result.errors });
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      // What was typed stays; saving it again is a decision made knowing of the other change.
      return showEdit(req, res, { typed, wasChanged: true });
    }
    const remark = kind === 'purchases' ? await codeInWords(customers, customer.id, record.id, staffOf(res).t) : '';
    await finish(req, res, 'customers.record.saved', remark);
  });

  router.get('/customers/:id/:kind/:recordId/removal', async (req: OfRecord, res) => {
    const { t } = staffOf(res);
    const heading = t(`customers.${kindOf(req.params.kind)}.remove`);
    const button = t('customers.removal.button');
    await show(req, res, { heading, button, form: formView({}, undefined, t), fields: [] }, 200);
  });
  router.post('/customers/:id/:kind/:recordId/removal', async (req: OfRecord, res) => {
    const { kind, customer, record } = await found(req);
    await customers.removeRecord(colleague(staffOf(res).id), kind, customer.id, record.id);
    await finish(req, res, 'customers.removal.done');
  });

  return router;
}

/** The mark that came with a rejected form goes back with it; after somebody else's change the new one does. */
function seenOf(kept: Kept | undefined, current: string): string {
  const { seen } = (kept?.typed ?? {}) as { seen?: unknown };
  return kept && !kept.wasChanged && typeof seen === 'string' ? seen : current;
}

function kindOf(kind: string): RecordKind {
  const known = RECORD_KINDS.find((each) => each === kind);
  if (!known) throw new NotFound();
  return known;
}
