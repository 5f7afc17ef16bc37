import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Colleague, Looked } from '../../accounts/index.ts';
import { colleague } from '../../shared/actor.ts';
import { NotFound, type FieldErrors } from '../../shared/errors.ts';
import { needsRole, readForm, say, staffOf, type Staff } from '../../web/index.ts';
import { maybeWords } from '../cases/typed-words.ts';
import type { RecoveryWeb } from '../web.ts';
import { handingOverPage, pathOf, whatInWords } from './views.ts';

type OfPerson = Request<{ id: string }>;

const formSchema = z.object({ to: z.uuid('handover.error.to'), word: maybeWords(500) });

/** Customers and cases of somebody who leaves, for somebody who stays. */
export function handingOverRoutes({ recovery, accounts, pages }: RecoveryWeb): Router {
  const { handingOver } = recovery;
  const router = Router();
  const administrator = needsRole('administrator');

  async function person(req: OfPerson): Promise<Colleague> {
    const found = await accounts.colleague(req.params.id);
    if (!found) throw new NotFound();
    return found;
  }

  async function show(req: OfPerson, res: Response, errors?: FieldErrors): Promise<void> {
    const { t } = staffOf(res);
    const whose = await person(req);
    const given = { left: await handingOver.lookedAfter(whose.id), colleagues: await accounts.colleagues() };
    const view = handingOverPage(whose, given, t, errors ? req.body : undefined, errors);
    const page = { title: view.heading, section: '/settings', status: errors ? 422 : 200 };
    pages.staff(req, res, 'recovery/handing-over', view, page);
  }

  router.get('/settings/people/:id/handing-over', administrator, (req: OfPerson, res) => show(req, res));
  router.post('/settings/people/:id/handing-over', administrator, async (req: OfPerson, res) => {
    const { t, id: me } = staffOf(res);
    const whose = await person(req);
    const form = readForm(formSchema, req.body);
    if (!form.ok) return show(req, res, form.errors);
    const given = await handingOver.handOver(colleague(me), whose.id, form.value.to, form.value.word);
    if (!given.ok) return show(req, res, given.errors);
    const what = whatInWords(given.value, t);
    await say(
      req,
      res,
      what === '' ? t('handover.none') : t('handover.done', { what }),
      `/settings/people/${whose.id}`,
    );
  });
  return router;
}

/** What somebody looks after, for the page of their account. */
export async function lookedAfter(
  { handingOver }: RecoveryWeb['recovery'],
  id: string,
  { t }: Pick<Staff, 't'>,
): Promise<Looked | null> {
  const what = whatInWords(await handingOver.lookedAfter(id), t);
  return what === '' ? null : { text: t('handover.looks', { what }), href: pathOf(id), link: t('handover.link') };
}
