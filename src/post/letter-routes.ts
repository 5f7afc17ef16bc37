import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { colleague } from '../shared/actor.ts';
import { dayIn } from '../shared/dates.ts';
import { Invalid, NotFound } from '../shared/errors.ts';
import { idOf, needsRole, readForm, say, sayOrShow, staffOf } from '../web/index.ts';
import type { Translate } from '../i18n/index.ts';
import { leftOutWords } from '../invitations/index.ts';
import type { LeftOut } from './letter-rules.ts';
import { lettersPage } from './letters-views.ts';
import { printPage } from './print-views.ts';
import { qrMaker } from './qr.ts';
import { SECTION, type PostWeb } from './web.ts';

const prepareForm = z.object({ whom: z.enum(['no_address', 'unanswered']) });
const staff = needsRole('staff');

/** Letters to a wave's recipients: prepared, printed, and said to be in the post. */
export function letterRoutes(web: PostWeb): Router {
  const { post } = web;
  const router = Router();

  const backTo = (id: string, req: Request, res: Response) => ({
    then: `/waves/${id}/letters`,
    show: (status: number) => showLetters(web, req, res, status),
  });

  router.get('/waves/:id/letters', staff, (req, res) => showLetters(web, req, res));

  router.post('/waves/:id/letters', staff, async (req, res) => {
    const { id: me, t, timeZone } = staffOf(res);
    const id = idOf(req.params.id);
    const form = readForm(prepareForm, req.body);
    if (!form.ok) throw new Invalid(form.errors);
    const { letters, leftOut, more } = await post.prepare(colleague(me), id, form.value.whom);
    const said = [
      letters === 0 ? t('post.prepared.none') : t('post.prepared', { count: letters }),
      ...leftOut.map((each) => leftOutWords(t(`post.why.${each.why}`), each, timeZone, t)),
      more ? t('post.prepared.more') : '',
    ];
    await say(req, res, said.filter(Boolean).join(' '), `/waves/${id}/letters`);
  });

  router.get('/waves/:id/letters/:number', staff, (req, res) => showPrint(web, req, res));

  router.post('/waves/:id/letters/:number/posting', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    const id = idOf(req.params.id);
    await sayOrShow(req, res, backTo(id, req, res), async () => {
      const { posted, leftOut } = await post.markPosted(colleague(me), id, numberOf(req));
      return [t('post.posted', { count: posted }), takeOut(leftOut, t)].filter(Boolean).join(' ');
    });
  });

  router.post('/waves/:id/letters/:number/removal', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    const id = idOf(req.params.id);
    await sayOrShow(req, res, backTo(id, req, res), async () => {
      await post.discard(colleague(me), id, numberOf(req));
      return t('post.discarded');
    });
  });

  return router;
}

function numberOf(req: Request): number {
  const number = Number(req.params.number);
  if (!Number.isInteger(number) || number < 1 || number > 1_000_000) throw new NotFound();
  return number;
}

/** Whose letters lie in the pile, but must not go. */
function takeOut(leftOut: { name: string; why: LeftOut }[], t: Translate): string {
  if (leftOut.length === 0) return '';
  const names = leftOut.map(({ name, why }) => `${name || t('post.somebody')} (${t(`post.why.${why}`)})`);
  return t('post.takeOut', { names: new Intl.ListFormat(t.language, { type: 'conjunction' }).format(names) });
}

async function showLetters({ post, pages, ...web }: PostWeb, req: Request, res: Response, status = 200): Promise<void> {
  const { t, timeZone } = staffOf(res);
  const wave = await web.invitations.getWave(idOf(req.params.id));
  const before = /^\d{1,6}$/.test(String(req.query.before)) ? Number(req.query.before) : null;
  const list = await post.parts(wave.id, before);
  const company = await web.accounts.company();
  const view = lettersPage({ wave, company, list, colleagues: await web.accounts.colleagues(), timeZone }, t);
  const title = `${t('post.letters.title')}, ${wave.name}`;
  pages.staff(req, res, 'post/letters', view, { title, section: SECTION, status });
}

async function showPrint(web: PostWeb, req: Request, res: Response): Promise<void> {
  const { t } = staffOf(res);
  const job = await web.post.printJob(idOf(req.params.id), numberOf(req));
  const company = await web.accounts.company();
  const sender = (await web.accounts.colleagues()).find(({ id }) => id === job.wave.senderAccountId);
  const qrOf = await qrMaker();
  const today = dayIn(company.timeZone, web.clock.now());
  const { texts, baseUrl } = web;
  const bothSides = req.query.sides !== '1';
  const facts = { job, company, senderTitle: sender?.title ?? '', texts, qrOf, baseUrl, today, bothSides };
  web.pages.document(res, 'post/print', (css) => printPage({ ...facts, css }, t), 'post');
}
