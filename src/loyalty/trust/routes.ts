import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { line } from '../../customers/index.ts';
import { colleague } from '../../shared/actor.ts';
import { NotFound, type FieldErrors } from '../../shared/errors.ts';
import { idOf, needsRole, readForm, say, sayOrShow, staffOf } from '../../web/index.ts';
import type { LoyaltyWeb } from '../web.ts';
import { readWord, type Fields } from './public-forms.ts';
import { customerTrustPage, referencesPage } from './views.ts';

const staff = needsRole('staff');
const PATH = '/references';
const SECTION = '/today';

const named = line(120)
  .default('')
  .refine((text) => text !== '', { error: 'form.required' });
const useForm = z.object({ prospect: named, revision: z.coerce.number().int().min(0).catch(-1) });
const askForm = z
  .object({
    kind: z.enum(['word', 'vouch']).default('word'),
    way: z.enum(['mail', 'talk']).default('mail'),
    prospect: line(120).default(''),
    consent: z.string().optional(),
  })
  .superRefine(({ kind, prospect, consent }, issues) => {
    if (kind !== 'vouch') return;
    if (prospect === '') issues.addIssue({ code: 'custom', path: ['prospect'], message: 'form.required' });
    if (consent !== '1') issues.addIssue({ code: 'custom', path: ['consent'], message: 'attentions.error.consent' });
  });
const referenceForm = z.object({
  often: z.coerce
    .number('attentions.error.choose')
    .int('attentions.error.choose')
    .min(1, 'attentions.error.choose')
    .max(12, 'attentions.error.choose'),
  way: z.enum(['telephone', 'mail'], { error: 'attentions.error.choose' }),
  topics: line(300).default(''),
});
const outcomeForm = z.object({
  outcome: z.enum(['became_customer', 'nothing'], { error: 'attentions.error.choose' }),
  reference: line(64).default(''),
});

interface Rejected {
  typed: object;
  errors?: FieldErrors;
  status?: number;
}

const statusOf = (rejected: Rejected | undefined) => rejected?.status ?? (rejected?.errors ? 422 : 200);

/** Whom we may ask for a word, who may be asked about us, how often, and what came of it. */
export function trustRoutes(web: LoyaltyWeb): Router {
  const router = Router();
  const { trust } = web.loyalty;
  const me = (res: Response) => staffOf(res).id;
  /** Whoever comes second finds the page as it stands by now, and on it why. */
  const book = (req: Request, res: Response, typed: object = {}) => ({
    then: PATH,
    show: (status: number) => show(web, req, res, { typed, status }),
  });

  router.get(PATH, staff, (req, res) => show(web, req, res));

  router.post(`${PATH}/:id/uses`, staff, async (req, res) => {
    const id = idOf(req.params.id);
    const form = readForm(useForm, req.body);
    if (!form.ok) {
      const { prospect } = (req.body ?? {}) as { prospect?: unknown };
      const field = `prospect-${id}`;
      return await show(web, req, res, {
        typed: { [field]: prospect },
        errors: { [field]: form.errors.prospect ?? { key: 'form.required' } },
      });
    }
    const { revision, prospect } = form.value;
    await sayOrShow(req, res, book(req, res, { [`prospect-${id}`]: prospect }), async () => {
      await trust.use(colleague(me(res)), id, revision, prospect);
      return staffOf(res).t('attentions.done.used');
    });
  });

  router.post('/referrals/:id/outcome', staff, async (req, res) => {
    const id = idOf(req.params.id);
    const form = readForm(outcomeForm, req.body);
    if (!form.ok) throw new NotFound();
    const { outcome, reference } = form.value;
    const fresh = reference === '' ? undefined : await web.customers.findByReference(reference);
    if (outcome !== 'nothing' && reference !== '' && !fresh) {
      const field = `new-${id}`;
      const errors = { [field]: { key: 'attentions.error.newCustomer' } };
      return await show(web, req, res, { typed: { [field]: reference }, errors });
    }
    await sayOrShow(req, res, book(req, res), async () => {
      await trust.settle(colleague(me(res)), id, outcome, outcome === 'nothing' ? null : (fresh?.id ?? null));
      return staffOf(res).t(`attentions.done.${outcome}`);
    });
  });

  router.post('/referrals/:id/thanks', staff, async (req, res) => {
    const id = idOf(req.params.id);
    await sayOrShow(req, res, book(req, res), async () => {
      await trust.thank(colleague(me(res)), id);
      return staffOf(res).t('attentions.done.thanked');
    });
  });

  router.get('/customers/:id/trust', staff, (req, res) => showCustomer(web, req, res));

  router.post('/customers/:id/trust', staff, async (req, res) => {
    const id = idOf(req.params.id);
    await web.customers.get(id);
    const form = readForm(askForm, req.body);
    if (!form.ok) return await showCustomer(web, req, res, { typed: req.body as object, errors: form.errors });
    const { kind, way, prospect } = form.value;
    const again = (status: number) => showCustomer(web, req, res, { typed: req.body as object, status });
    await sayOrShow(req, res, { then: `/customers/${id}/trust`, show: again }, async () => {
      await trust.ask(colleague(me(res)), id, { kind, way, prospect: kind === 'vouch' ? prospect : '' });
      return staffOf(res).t(way === 'mail' ? 'attentions.done.asked' : 'attentions.done.askedInPerson');
    });
  });

  /** What somebody said who was asked in person, or who rang about it. */
  router.post('/customers/:id/trust/answer', staff, async (req, res) => {
    const id = idOf(req.params.id);
    await web.customers.get(id);
    const { answer, words } = (req.body ?? {}) as Fields;
    const [ask] = (await trust.ofCustomer(web.storage.read, id)).asks;
    if (!ask) throw new NotFound();
    const then = `/customers/${id}/trust`;
    if (answer === 'no') {
      await trust.decline(ask, 'colleague', me(res));
      return await say(req, res, staffOf(res).t('attentions.done.declined'), then);
    }
    const told = readWord({ words });
    if (!told.ok) return await showCustomer(web, req, res, { typed: req.body as object, errors: told.errors });
    await trust.refer(id, ask.id, told.value, me(res));
    await say(req, res, staffOf(res).t('attentions.done.told'), then);
  });

  router.post('/customers/:id/trust/reference', staff, async (req, res) => {
    const id = idOf(req.params.id);
    await web.customers.get(id);
    const form = readForm(referenceForm, req.body);
    if (!form.ok) return await showCustomer(web, req, res, { typed: req.body as object, errors: form.errors });
    const { often: a_year, way, topics } = form.value;
    await trust.beReference(id, null, { a_year, way, topics }, me(res));
    await say(req, res, staffOf(res).t('attentions.done.reference'), `/customers/${id}/trust`);
  });

  router.post('/customers/:id/trust/no-reference', staff, async (req, res) => {
    const id = idOf(req.params.id);
    await trust.endReference(id, me(res));
    await say(req, res, staffOf(res).t('attentions.done.noReference'), `/customers/${id}/trust`);
  });

  return router;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

async function show(web: LoyaltyWeb, req: Request, res: Response, rejected?: Rejected): Promise<void> {
  const { trust } = web.loyalty;
  const references = await trust.references(textOf(req.query.book));
  const open = await trust.openReferrals(textOf(req.query.open) ?? '');
  const toThank = await trust.toThank();
  const candidates = await trust.candidates(textOf(req.query.after));
  const ids = [...references.rows, ...open.rows, ...toThank].map((row) => row.customer_id);
  const people = await web.customers.findMany(web.storage.read, [...new Set(ids)]);
  const view = referencesPage({ references, open, toThank, candidates, people, rejected }, staffOf(res));
  const page = { title: staffOf(res).t('attentions.references'), section: SECTION, status: statusOf(rejected) };
  web.pages.staff(req, res, 'loyalty/references', view, page);
}

async function showCustomer(web: LoyaltyWeb, req: Request, res: Response, rejected?: Rejected): Promise<void> {
  const id = idOf(req.params.id);
  const { trust } = web.loyalty;
  const customer = await web.customers.get(id);
  const facts = {
    customer,
    trust: await trust.ofCustomer(web.storage.read, id),
    byMail: await trust.mayAsk(web.storage.read, id, 'mail'),
    inPerson: await trust.mayAsk(web.storage.read, id, 'talk'),
    rejected,
  };
  const view = customerTrustPage(facts, staffOf(res));
  const page = {
    title: `${staffOf(res).t('attentions.trust')}, ${view.name}`,
    section: '/customers',
    status: statusOf(rejected),
  };
  web.pages.staff(req, res, 'loyalty/customer-trust', view, page);
}
