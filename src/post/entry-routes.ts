import { Router, type Request, type Response } from 'express';
import type { WholeBody } from '../answering/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Responses } from '../responses/index.ts';
import { colleague } from '../shared/actor.ts';
import { dayIn } from '../shared/dates.ts';
import type { FieldErrors } from '../shared/errors.ts';
import type { Storage } from '../storage/index.ts';
import { formView, idOf, needsRole, notify, saveSession, staffOf } from '../web/index.ts';
import { readCode } from './code-rules.ts';
import type { LetterEntry } from './entry-service.ts';
import { entryPage } from './entry-views.ts';
import type { PostWeb } from './web.ts';

interface EntryWeb extends PostWeb {
  letterEntry: LetterEntry;
  /** Where colleagues see what a letter was about that asks no questions; undefined for any other code. */
  otherLetter(code: string): Promise<string | undefined>;
  storage: Pick<Storage, 'read'>;
  customers: Pick<Customers, 'names'>;
  responses: Pick<Responses, 'find' | 'waitingCopies'>;
}

const SECTION = '/answers';
const MOST_COUNTED = 99;

/** Letters that came back: a code, a page to type, and the next code. */
export function entryRoutes(web: EntryWeb): Router {
  const { post, letterEntry } = web;
  const router = Router();
  const staff = needsRole('staff');

  router.get('/letters/entry', staff, (req, res) => showCode(web, req, res));

  // Posted, so that no code stands in an address.
  router.post('/letters/entry', staff, async (req, res) => {
    const typed = String((req.body as { code?: unknown } | undefined)?.code ?? '').slice(0, 200);
    const read = readCode(typed);
    const invitation = read.ok ? await post.findByCode(read.code) : undefined;
    if (invitation) return res.redirect(303, `/letters/entry/${invitation.id}`);
    const other = read.ok ? await web.otherLetter(read.code) : undefined;
    if (other !== undefined) return res.redirect(303, other);
    const key = `post.entry.${read.ok ? 'unknown' : read.because}`;
    await showCode(web, req, res, { typed, errors: { code: { key } } });
  });

  router.get('/letters/entry/:id', staff, (req, res) => showSheet(web, req, res));

  router.post('/letters/entry/:id', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    const sheet = await letterEntry.sheet(idOf(req.params.id));
    const body = (req.body ?? {}) as WholeBody;
    const done = await letterEntry.enter(colleague(me), sheet, body);
    if (!done.ok) return await showSheet(web, req, res, { typed: body, errors: done.errors });
    const { response, copyId } = done.entered;
    if (copyId === null) notify(req, t('post.entry.saved', { reference: response.reference }));
    else {
      const href = `/responses/${response.id}/copies/${copyId}`;
      notify(req, t('post.entry.copied'), { href, text: t('post.entry.copied.look') });
    }
    await saveSession(req);
    res.redirect(303, '/letters/entry');
  });

  router.post('/letters/entry/:id/return', staff, async (req, res) => {
    const { id: me, t } = staffOf(res);
    const { invitation } = await letterEntry.sheet(idOf(req.params.id));
    await post.cameBack(colleague(me), invitation.id);
    notify(req, t('post.entry.backSaid'));
    await saveSession(req);
    res.redirect(303, '/letters/entry');
  });

  return router;
}

interface Rejected<T> {
  typed: T;
  errors: FieldErrors;
}

async function showCode(web: EntryWeb, req: Request, res: Response, rejected?: Rejected<string>): Promise<void> {
  const { t } = staffOf(res);
  const waiting = (await web.responses.waitingCopies(null, MOST_COUNTED)).rows.length;
  const view = {
    form: formView({ code: rejected?.typed ?? '' }, rejected?.errors, t),
    waiting: waiting > 0 ? { href: '/responses/copies', text: t('post.entry.waiting', { count: waiting }) } : null,
  };
  const status = rejected ? 422 : 200;
  web.pages.staff(req, res, 'post/entry-code', view, { title: t('post.entry.title'), section: SECTION, status });
}

async function showSheet(web: EntryWeb, req: Request, res: Response, rejected?: Rejected<WholeBody>): Promise<void> {
  const { t } = staffOf(res);
  const { read } = web.storage;
  const sheet = await web.letterEntry.sheet(idOf(req.params.id));
  const { invitation } = sheet;
  const facts = {
    sheet,
    name: (await web.customers.names(read, [invitation.customerId])).get(invitation.customerId)?.name,
    wave: (await web.invitations.getWave(invitation.waveId)).name,
    response: (await web.responses.find(read, invitation.id))?.response,
    today: dayIn((await web.accounts.company()).timeZone, web.clock.now()),
    texts: web.texts,
    ...rejected,
  };
  const view = entryPage(facts, t);
  const title = t('post.entry.about', { name: view.name, wave: view.wave });
  web.pages.staff(req, res, 'post/entry', view, { title, section: SECTION, status: rejected ? 422 : 200 });
}
