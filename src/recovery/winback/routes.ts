import { Router, type Request, type Response } from 'express';
import { displayName } from '../../customers/index.ts';
import { formatDay } from '../../i18n/index.ts';
import { createVoices } from '../../responses/index.ts';
import { colleague } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { Conflict, type FieldErrors } from '../../shared/errors.ts';
import { idOf, needsRole, notify, say, staffOf, type Staff } from '../../web/index.ts';
import type { NoteLetter } from '../notes/note-mail.ts';
import type { RecoveryWeb } from '../web.ts';
import { becauseWords, queuePage } from './queue-views.ts';
import { VIEWS } from './service.ts';
import { sheetPage } from './sheet-views.ts';

const staff = needsRole('staff');
const SECTION = '/today';

export interface LetterPage {
  name: string;
  back: string;
  action: string;
  kind: string;
  given: string;
  letter: NoteLetter;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/winback-letter': LetterPage;
  }
}

/** Whom to win back, and the conversation with them. */
export function winbackRoutes(web: RecoveryWeb): Router {
  const { winback } = web.recovery;
  const router = Router();

  router.get('/winback', staff, (req, res) => showQueue(web, req, res));
  router.post('/winback/:id/case', staff, async (req, res) => {
    await unlessAgainst(
      req,
      res,
      () => showQueue(web, req, res, 409),
      async () => {
        const caseId = await winback.openFor(colleague(staffOf(res).id), idOf(req.params.id));
        res.redirect(303, `/cases/${caseId}/call`);
      },
    );
  });

  router.get('/cases/:id/call', staff, (req, res) => showSheet(web, req, res));
  router.post('/cases/:id/call/claim', staff, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    await unlessAgainst(
      req,
      res,
      () => showSheet(web, req, res, { status: 409 }),
      async () => {
        const { theyCalled } = (req.body ?? {}) as { theyCalled?: unknown };
        const claimed = await winback.claim(me.id, id, theyCalled === '1');
        if (claimed.mine) return res.redirect(303, `/cases/${id}/call#the-call`);
        const name = (await web.accounts.colleagues()).find((each) => each.id === claimed.by)?.name ?? '';
        await say(req, res, me.t('telephone.taken', { name }), `/cases/${id}/call`);
      },
    );
  });
  router.post('/cases/:id/call/notes', staff, async (req, res) => {
    const id = idOf(req.params.id);
    const save = () => winback.saveDraft(staffOf(res).id, id, (req.body ?? {}) as Record<string, unknown>);
    if (req.headers['x-requested-with'] === 'fetch') {
      await save();
      return void res.status(204).end();
    }
    await unlessLost(web, req, res, async () => {
      await save();
      res.redirect(303, `/cases/${id}/call?saved=1#saved`);
    });
  });
  router.post('/cases/:id/call/release', staff, async (req, res) => {
    await winback.release(staffOf(res).id, idOf(req.params.id));
    res.redirect(303, '/winback');
  });
  router.post('/cases/:id/call', staff, (req, res) => unlessLost(web, req, res, () => finish(web, req, res)));

  router.get('/cases/:id/letter', staff, (req, res) => showLetter(web, req, res));
  router.post('/cases/:id/letter', staff, async (req, res) => {
    const me = staffOf(res);
    const sheet = await winback.sheet(idOf(req.params.id));
    const { kind, given } = (req.body ?? {}) as { kind?: unknown; given?: unknown };
    const what = kind === 'offer' ? 'offer' : 'ask';
    await unlessAgainst(
      req,
      res,
      () => showSheet(web, req, res, { status: 409 }),
      async () => {
        await winback.letters.write(colleague(me.id), sheet, what, what === 'offer' ? idOf(given) : null);
        await say(req, res, me.t('winback.letter.done'), `/cases/${sheet.theCase.id}/call`);
      },
    );
  });
  return router;
}

async function leavingBook(web: RecoveryWeb) {
  const programme = (await web.questionnaires.programmes()).find(({ key }) => key === 'leaving');
  return programme && (await web.coding.codebook(programme.id));
}

async function showQueue(web: RecoveryWeb, req: Request, res: Response, status = 200): Promise<void> {
  const me = staffOf(res);
  const after = typeof req.query.after === 'string' ? req.query.after : null;
  const asked = VIEWS.find((each) => each === req.query.view);
  const underWay = await web.recovery.winback.queue(asked ?? 'case', after);
  // Where nothing is under way and no call is due, what can be begun comes first.
  const view = asked ?? (underWay.rows.length + underWay.due.length === 0 ? 'free' : 'case');
  const queue = view === (asked ?? 'case') ? underWay : await web.recovery.winback.queue(view, after);
  const company = await web.accounts.company();
  const today = dayIn(company.timeZone, web.clock.now());
  const page = queuePage({
    queue,
    view,
    figures: await web.recovery.winback.figures(today),
    book: await leavingBook(web),
    colleagues: await web.accounts.colleagues(),
    now: timestamp(web.clock),
    today,
    companyZone: company.timeZone,
    staff: me,
  });
  web.pages.staff(req, res, 'recovery/winback', page, { title: me.t('winback.title'), section: SECTION, status });
}

interface Rejected {
  typed?: unknown;
  errors?: FieldErrors;
  notice?: string;
  status?: number;
}

/** What stands against a conversation is said on the page itself, as it stands by now. */
async function unlessAgainst(
  req: Request,
  res: Response,
  show: () => Promise<void>,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    notify(req, whyNot(error, staffOf(res)));
    await show();
  }
}

/** A day from which they may be called reads as days do in the reader's language. */
function whyNot({ key, values }: Conflict, { t, language }: Staff): string {
  const until = values?.until;
  return t(key, typeof until === 'string' ? { ...values, until: formatDay(until, language) } : values);
}

/** Whoever has the call no more is told so, and keeps what they wrote down. */
async function unlessLost(web: RecoveryWeb, req: Request, res: Response, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Conflict) || error.key !== 'winback.error.lost') throw error;
    await showSheet(web, req, res, { typed: req.body as unknown, notice: staffOf(res).t(error.key) });
  }
}

async function showSheet(web: RecoveryWeb, req: Request, res: Response, rejected: Rejected = {}): Promise<void> {
  const { winback, offers } = web.recovery;
  const me = staffOf(res);
  const sheet = await winback.sheet(idOf(req.params.id));
  const { customer, theCase } = sheet;
  const { read } = web.storage;
  const company = await web.accounts.company();
  const standing = await winback.standing(customer.id);
  const all = await offers.ofCustomer(read, customer.id);
  const named = await offers.named(read, [...new Set(all.map(({ offerId }) => offerId))]);
  const reached = sheet.own.attempted_at !== null;
  const today = dayIn(company.timeZone, web.clock.now());
  const view = sheetPage({
    sheet,
    reason: (await winback.reasonsOf(read, [customer.id])).get(customer.id),
    book: await leavingBook(web),
    voices: await createVoices(web).ofCustomer(customer.id, me),
    choices: await offers.choices(customer, me.role),
    given: all.map((given) => ({ given, offer: named.get(given.offerId) })),
    letters: await winback.letters.ofCase(theCase.id),
    because: standing
      ? `${me.t(`winback.chance.${standing.chance}`)}: ${becauseWords(standing, customer, reached, today, me.t)}`
      : '',
    company,
    colleagues: await web.accounts.colleagues(),
    texts: web.texts,
    now: timestamp(web.clock),
    notes: await web.playbookFor('call', me.language),
    staff: me,
    justSaved: req.query.saved === '1',
    ...rejected,
  });
  const page = { title: view.name, section: SECTION, status: statusOf(rejected), scripts: ['call'] };
  web.pages.staff(req, res, 'recovery/winback-sheet', view, page);
}

const statusOf = ({ errors, notice, status }: Rejected) => status ?? (notice !== undefined ? 409 : errors ? 422 : 200);

async function finish(web: RecoveryWeb, req: Request, res: Response): Promise<void> {
  const { winback } = web.recovery;
  const me = staffOf(res);
  const sheet = await winback.sheet(idOf(req.params.id));
  const done = await winback.finish(me.id, sheet, req.body);
  if (!done.ok) return await showSheet(web, req, res, { typed: req.body as unknown, errors: done.errors });
  const kept = await winback.keepAsResponse(me.id, sheet, done.callId);
  const said = [me.t(`winback.done.${done.outcome}`), kept ? me.t('winback.done.response') : ''];
  await say(req, res, said.filter(Boolean).join(' '), '/winback');
}

async function showLetter(web: RecoveryWeb, req: Request, res: Response): Promise<void> {
  const { winback, offers } = web.recovery;
  const me = staffOf(res);
  const sheet = await winback.sheet(idOf(req.params.id));
  const kind = req.query.kind === 'offer' ? ('offer' as const) : ('ask' as const);
  const all = await offers.ofCustomer(web.storage.read, sheet.customer.id);
  const given = all.find(({ state, caseId }) => state === 'given' && caseId === sheet.theCase.id)?.id ?? null;
  const letter = await winback.letters.preview(sheet, kind, me.id, kind === 'offer' ? given : null);
  const at = `/cases/${sheet.theCase.id}`;
  const view: LetterPage = {
    name: displayName(sheet.customer),
    back: `${at}/call`,
    action: `${at}/letter`,
    kind,
    given: given ?? '',
    letter,
  };
  web.pages.staff(req, res, 'recovery/winback-letter', view, { title: me.t('winback.letter.title'), section: SECTION });
}
