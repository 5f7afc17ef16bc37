import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { filterOf, listAddress, readQuery } from '../../customers/index.ts';
import { colleague } from '../../shared/actor.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { isId, newId } from '../../shared/ids.ts';
import { needsRole, notify, readForm, saveSession, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { words } from '../cases/typed-words.ts';
import { BULK_KINDS } from './rules.ts';
import type { Choice } from './service.ts';
import { bulkPage, OWN_CONTACT, type BulkGiven } from './views.ts';

const orderSchema = z.object({
  kind: z.enum(BULK_KINDS, { error: 'cases.error.kind' }),
  summary: words(200, 'caselist.error.summary'),
  owner: z.string().catch(''),
  once: z.string().refine(isId),
});

const kindOf = (value: unknown) => BULK_KINDS.find((each) => each === value) ?? 'complaint';
const idsIn = (values: unknown[]): string[] => [...new Set(values.filter(isId))];

/** Cases for customers of the list: looked over first, then opened. */
export function bulkRoutes({ recovery, accounts, pages, clock }: RecoveryWeb): Router {
  const { bulk } = recovery;
  const router = Router();
  const staff = needsRole('staff');

  interface Asked {
    kind: (typeof BULK_KINDS)[number];
    choice: Choice;
    again: BulkGiven['again'];
    back: string;
    once: string;
    typed?: unknown;
    errors?: FieldErrors | undefined;
  }

  async function show(req: Request, res: Response, { choice, ...asked }: Asked): Promise<void> {
    const me = staffOf(res);
    const check = await bulk.check(choice, asked.kind);
    const page = bulkPage({ ...asked, check, colleagues: await accounts.colleagues() }, me);
    const status = asked.errors ? 422 : 200;
    pages.staff(req, res, 'recovery/bulk', page, { title: me.t('caselist.title'), section: '/customers', status });
  }

  router.get('/cases/list', staff, async (req, res) => {
    const { currency, language } = staffOf(res);
    const query = readQuery(req.query);
    const isAll = req.query.scope === 'all';
    const ids = idsIn([req.query.pick ?? []].flat());
    const picked = ids.map((value) => ({ name: 'pick', value }));
    const filtered = Object.entries({ ...query, after: '', scope: 'all' }).map(([name, value]) => ({ name, value }));
    await show(req, res, {
      kind: kindOf(req.query.kind),
      choice: isAll ? { filter: filterOf(query, currency, language) } : { ids },
      again: isAll ? filtered.filter(({ value }) => value !== '') : picked,
      back: listAddress('/customers', query),
      once: newId(clock),
    });
  });

  router.post('/cases/list/openings', staff, async (req, res) => {
    const { id, t } = staffOf(res);
    const body = (req.body ?? {}) as Record<string, unknown>;
    const ids = idsIn(typeof body.customers === 'string' ? body.customers.split(' ') : []);
    const given = readForm(orderSchema, body);
    const owner = body.owner === '' || body.owner === OWN_CONTACT ? undefined : await colleagueOf(body.owner);
    const errors = given.ok ? (owner === null ? { owner: { key: 'cases.error.owner' } } : undefined) : given.errors;
    if (!given.ok || errors) {
      const again = ids.map((value) => ({ name: 'pick', value }));
      const asked = { kind: kindOf(body.kind), choice: { ids }, again, back: '/customers', once: newId(clock) };
      return await show(req, res, { ...asked, typed: body, errors });
    }
    const { kind, summary, once } = given.value;
    const ownerId = body.owner === '' ? null : owner;
    const { open, leftOut } = await bulk.open(colleague(id), { kind, summary, once, customerIds: ids, ownerId });
    const rest = leftOut > 0 ? ` ${t('caselist.done.leftOut', { count: leftOut })}` : '';
    notify(req, t('caselist.done', { count: open }) + rest);
    await saveSession(req);
    res.redirect(303, '/today');
  });

  /** Null where they do not work here. */
  async function colleagueOf(wanted: unknown): Promise<string | null> {
    return (await accounts.colleagues()).find((each) => each.id === wanted && each.active)?.id ?? null;
  }

  return router;
}
