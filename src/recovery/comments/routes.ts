import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { colleague } from '../../shared/actor.ts';
import { Conflict, NotFound, type FieldErrors } from '../../shared/errors.ts';
import { idOf, needsRole, readForm, say, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { COMMENT_KINDS, opensCase } from './comment.ts';
import { giftFor, giveGift } from './gifts.ts';
import { readDecision } from './decision-form.ts';
import { COMMENT_VIEWS, type CommentView } from './interface.ts';
import { posterRoutes } from './poster-routes.ts';
import { commentSettingsRoutes } from './settings-routes.ts';
import { COMMENTS, commentPage, commentsPage } from './views.ts';

const staff = needsRole('staff');
const SECTION = '/today';

const kindForm = z.object({ kind: z.enum(COMMENT_KINDS, { error: 'comments.error.kind' }) });
const customerForm = z.object({
  customer: z.union([z.uuid(), z.literal('')]).default(''),
  reference: z
    .string()
    .default('')
    .transform((text) => text.trim().slice(0, 64)),
  from: z.union([z.uuid(), z.literal('')]),
});

/** What arrived on the public page, for staff. */
export function commentRoutes(web: RecoveryWeb): Router {
  const { comments } = web.recovery;
  const router = Router();
  router.use(commentSettingsRoutes(web), posterRoutes(web));

  router.get(COMMENTS, staff, (req, res) => showList(web, req, res));
  router.get(`${COMMENTS}/:id`, staff, (req, res) => showOne(web, req, res));

  router.post(`${COMMENTS}/:id/release`, staff, async (req, res) => {
    const form = readForm(kindForm, req.body);
    if (!form.ok) throw new Conflict('error.badRequest');
    await comments.release(actorOf(res), idOf(req.params.id), form.value.kind);
    await done(req, res, 'comments.released');
  });
  router.post(`${COMMENTS}/:id/aside`, staff, async (req, res) => {
    await comments.setAside(actorOf(res), idOf(req.params.id));
    await done(req, res, 'comments.setAside');
  });
  router.post(`${COMMENTS}/:id/customer`, staff, async (req, res) => {
    const form = readForm(customerForm, req.body);
    if (!form.ok) throw new NotFound();
    const { from, reference } = form.value;
    const named = reference === '' ? undefined : await web.customers.findByReference(reference);
    if (reference !== '' && (!named || named.erasedAt !== null))
      return await showOne(web, req, res, { reference: { key: 'comments.whose.unknown' } });
    const customer = named?.id ?? form.value.customer;
    await comments.confirmCustomer(actorOf(res), idOf(req.params.id), from || null, customer || null);
    await done(req, res, customer ? 'comments.confirmed' : 'comments.nobody');
  });
  router.post(`${COMMENTS}/:id/claim`, staff, async (req, res) => {
    const { role, currency, language } = staffOf(res);
    const decision = readDecision(req.body, { currency, language });
    if (!decision.ok) return await showOne(web, req, res, decision.errors);
    const state = await comments.decide({ actor: actorOf(res), role }, idOf(req.params.id), decision.value);
    await done(req, res, state === 'proposed' ? 'comments.claim.waiting' : 'comments.claim.saved');
  });
  router.post(`${COMMENTS}/:id/gift`, staff, async (req, res) => {
    const { comment } = await comments.get(idOf(req.params.id));
    const { role } = staffOf(res);
    const state = await giveGift(giving(web), comment, { actor: actorOf(res), role });
    await done(req, res, state === 'given' ? 'comments.gift.done' : 'comments.gift.waiting');
  });
  return router;
}

const giving = ({ storage, recovery: { comments, offers } }: RecoveryWeb) => ({ storage, comments, offers });

const actorOf = (res: Response) => colleague(staffOf(res).id);

/** Says what was done, on the comment's page. */
const done = (req: Request, res: Response, key: string) =>
  say(req, res, staffOf(res).t(key), `${COMMENTS}/${String(req.params.id)}`);

async function showList({ recovery, pages }: RecoveryWeb, req: Request, res: Response): Promise<void> {
  const { comments } = recovery;
  const reference = textOf(req.query.reference)?.trim().toUpperCase();
  const found = reference ? await comments.findByReference(reference) : undefined;
  if (found) return res.redirect(303, `${COMMENTS}/${found.id}`);
  const view = viewOf(req.query.view);
  const before = textOf(req.query.before) ?? null;
  const list = await comments.list(view, before);
  const counts = await comments.counts();
  const facts = { view, list, counts, before, typed: reference ?? '', notFound: Boolean(reference) };
  const title = staffOf(res).t('comments.title.staff');
  pages.staff(req, res, 'comments/list', commentsPage(facts, staffOf(res)), { title, section: SECTION });
}

async function showOne(web: RecoveryWeb, req: Request, res: Response, errors?: FieldErrors): Promise<void> {
  const whole = await web.recovery.comments.get(idOf(req.params.id));
  const colleagues = await web.accounts.colleagues();
  const typed: unknown = errors ? req.body : undefined;
  const gift = await giftFor(giving(web), whole.comment, staffOf(res).language);
  const { kind } = whole.comment;
  const place = kind === 'guarantee' ? 'guarantee' : 'complaint';
  const notes = opensCase(kind) ? await web.playbookFor(place, staffOf(res).language) : [];
  const view = commentPage({ whole, colleagues, gift, notes, typed, errors }, staffOf(res));
  const page = { title: view.heading, section: SECTION, status: errors ? 422 : 200 };
  web.pages.staff(req, res, 'comments/comment', view, page);
}

const viewOf = (value: unknown): CommentView => COMMENT_VIEWS.find((each) => each === value) ?? 'open';
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
