import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { isLanguage } from '../../i18n/index.ts';
import { colleague } from '../../shared/actor.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { isId, newId } from '../../shared/ids.ts';
import { needsRole, notify, readForm, saveSession, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { CASE_KINDS } from './interface.ts';
import { newCasePage } from './new-views.ts';
import { maybeWords, words } from './typed-words.ts';

const short = maybeWords(200);
const schema = z.object({
  kind: z.enum(CASE_KINDS, { error: 'cases.error.kind' }),
  words: words(5000, 'cases.error.words'),
  language: z.string().refine(isLanguage, 'cases.error.kind'),
  summary: short,
  name: short,
  email: z.union([z.literal(''), z.email('form.invalid').max(200)]).optional(),
  telephone: short,
  urgent: z.string().optional(),
  mine: z.string().optional(),
  /** The same form sent twice opens one case. */
  once: z.string().refine(isId),
});

/** A case opened by hand, from a customer's profile or from Today. */
export function newCaseRoutes(web: RecoveryWeb): Router {
  const { recovery, accounts, customers, storage, clock } = web;
  const router = Router();
  const staff = needsRole('staff');

  async function show(req: Request, res: Response, id: unknown, errors?: FieldErrors): Promise<void> {
    const me = staffOf(res);
    const customer = isId(id) ? await customers.get(id) : undefined;
    const company = await accounts.company();
    const typed: unknown = errors ? req.body : undefined;
    const page = newCasePage({ customer, once: newId(clock), company, ...(errors && { typed, errors }) }, me);
    const status = errors ? 422 : 200;
    web.pages.staff(req, res, 'recovery/case-new', page, { title: me.t('cases.new'), section: '/today', status });
  }

  router.get('/cases/new', staff, (req, res) => show(req, res, req.query.customer));

  router.post('/cases', staff, async (req, res) => {
    const { id, t } = staffOf(res);
    const body = (req.body ?? {}) as Record<string, unknown>;
    const given = readForm(schema, body);
    if (!given.ok) return await show(req, res, body.customer, given.errors);
    const { name, email = '', telephone, urgent, mine, once, ...said } = given.value;
    const customerId = isId(body.customer) ? (await customers.get(body.customer)).id : null;
    const fresh = {
      ...said,
      customerId,
      contact: customerId === null ? { name, email, telephone } : { name: '', email: '', telephone: '' },
      origin: 'hand' as const,
      originId: once,
      urgent: urgent === '1',
      ...(mine === '1' && { ownerId: id }),
    };
    const opened = await storage.transaction((tx) => recovery.cases.open(tx, colleague(id), fresh));
    notify(req, t(opened.opened ? 'cases.done.opened' : 'cases.done.joined', { number: String(opened.number) }));
    await saveSession(req);
    res.redirect(303, `/cases/${opened.caseId}`);
  });

  return router;
}
