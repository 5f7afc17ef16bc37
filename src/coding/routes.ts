import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { colleague } from '../shared/actor.ts';
import { CSV_BOM, csvLine } from '../shared/csv.ts';
import { Conflict, Invalid, NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { needsRole, notify, readForm, saveSession, staffOf, type Pages } from '../web/index.ts';
import { codeNamed, textIn } from './codebook.ts';
import type { DeskItem } from './desk.ts';
import type { Coding } from './service.ts';
import { answerPath, deskPage, deskPath, headView, minePage, type At, type Telling, type Typed } from './views.ts';

export interface CodingWeb {
  coding: Coding;
  pages: Pages;
}

type Place = { responseId: string; questionKey: string };

const many = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (value === undefined ? [] : [value].flat()));
const formSchema = z.object({
  response: z.string(),
  question: z.string().max(80),
  expected: z.coerce.number().int().optional(),
  queue: z.enum(['open', 'skipped']).catch('open'),
  order: z.enum(['oldest', 'worth']).catch('oldest'),
  only: z.string().max(40).default(''),
  code: many,
  main: z.string().default(''),
  another: z.string().trim().max(200).default(''),
  do: z.enum(['save', 'skip', 'undo']).catch('save'),
});
type Form = z.infer<typeof formSchema>;

const NO_MAIN = 'none';

/** The desk where colleagues code open answers. */
export function codingRoutes({ coding, pages }: CodingWeb): Router {
  const router = Router();
  const { desk } = coding;

  async function locate(key: unknown, query: Record<string, unknown>): Promise<At & { programmeId: string }> {
    const programmes = (await desk.programmes()).filter((each) => each.codebookId !== null);
    const programme = programmes.find((each) => each.key === key);
    if (!programme) throw new NotFound();
    const queue = query.queue === 'skipped' || query.queue === 'mine' ? query.queue : 'open';
    const only = typeof query.code === 'string' && query.code !== '' ? query.code : null;
    const order = query.order === 'worth' ? 'worth' : 'oldest';
    return { programme, programmes, queue, order, only, programmeId: programme.id };
  }

  async function show(
    req: Request,
    res: Response,
    at: At & { programmeId: string },
    place: Place | null,
    telling: Telling = {},
    status = 200,
  ) {
    const staff = staffOf(res);
    const item = place && (await desk.item(place, staff.id));
    if (item && item.task.programme_id !== at.programmeId) throw new NotFound();
    const ranking = item ? await desk.ranking(item.book) : new Map<string, number>();
    const names = new Map((await coding.colleagues()).map(({ id, name }) => [id, name]));
    const head = headView(at, await desk.counts(at.programmeId), staff);
    const view = deskPage(at, head, item, { ranking, names }, staff, telling);
    pages.staff(req, res, 'coding/desk', view, {
      title: staff.t('coding.title'),
      section: '/answers',
      status,
      scripts: ['coding'],
    });
  }

  async function showMine(req: Request, res: Response, at: At & { programmeId: string }) {
    const staff = staffOf(res);
    const after = typeof req.query.after === 'string' ? req.query.after : null;
    const { rows, next } = await desk.mine(staff.id, at.programmeId, after);
    const head = headView(at, await desk.counts(at.programmeId), staff);
    const view = minePage(head, at.programme.key, rows, next, staff);
    pages.staff(req, res, 'coding/mine', view, { title: staff.t('coding.title'), section: '/answers' });
  }

  async function onlyCode(at: At & { programmeId: string }): Promise<string | null> {
    return at.only === null ? null : ((await desk.book(at.programmeId))?.byKey.get(at.only)?.id ?? null);
  }

  router.get('/answers', async (_req, res) => {
    const programmes = (await desk.programmes()).filter((each) => each.codebookId !== null);
    for (const { id, key } of programmes) {
      if ((await desk.counts(id)).open > 0) return res.redirect(303, deskPath(key, 'open'));
    }
    res.redirect(303, programmes[0] ? deskPath(programmes[0].key, 'open') : '/codebook');
  });

  router.get('/answers/:programme/codings.csv', needsRole('manager'), async (req, res) => {
    const at = await locate(req.params.programme, {});
    await sendCsv(res, at.programmeId, at.programme.key);
  });

  router.get('/answers/:programme', async (req, res) => {
    const at = await locate(req.params.programme, req.query);
    if (at.queue === 'mine') return await showMine(req, res, at);
    const { queue, order } = at;
    const which = { queue, order, codeId: await onlyCode(at) };
    const place = await desk.next(at.programmeId, staffOf(res).id, which);
    await show(req, res, at, place ?? null);
  });

  router.get('/answers/:programme/:response/:question', async (req, res) => {
    const at = await locate(req.params.programme, req.query);
    const { response: responseId, question: questionKey } = req.params;
    await show(req, res, at, { responseId, questionKey });
  });

  router.post('/answers/:programme', async (req, res) => {
    const read = readForm(formSchema, req.body);
    if (!read.ok || !isId(read.value.response)) throw new NotFound();
    const form = read.value;
    const at = await locate(req.params.programme, {
      queue: form.queue,
      order: form.order,
      code: form.only,
    });
    const place = { responseId: form.response, questionKey: form.question };
    const item = await desk.item(place, staffOf(res).id);
    if (item.task.programme_id !== at.programmeId) throw new NotFound();
    if (form.do === 'undo') return await undo(req, res, at);
    if (form.do === 'skip') return await skip(req, res, at, place);
    await save(req, res, at, place, item, form);
  });

  async function save(
    req: Request,
    res: Response,
    at: At & { programmeId: string },
    place: Place,
    item: DeskItem,
    form: Form,
  ) {
    const staff = staffOf(res);
    const typed = typedIn(form);
    try {
      const named = form.another === '' ? undefined : codeNamed(item.book, form.another, staff.language);
      if (form.another !== '' && !named) {
        throw new Invalid({ another: { key: 'coding.error.unknownCode', values: { code: form.another } } });
      }
      const codeIds = named ? [...typed.codeIds, named.id] : typed.codeIds;
      const mainCodeId = typed.noMain ? null : (typed.mainId ?? undefined);
      await coding.saveCoding(colleague(staff.id), { ...place, codeIds, mainCodeId, expected: form.expected });
    } catch (error) {
      if (error instanceof Invalid) return await show(req, res, at, place, { errors: error.fieldErrors, typed }, 422);
      if (error instanceof Conflict) return await showTheirs(req, res, at, place, typed);
      throw error;
    }
    await saveSession(req);
    res.redirect(303, deskPath(at.programme.key, at.queue, at));
  }

  /** Somebody was faster: theirs stands; what was ticked here stays ticked, to be saved over it or left. */
  async function showTheirs(req: Request, res: Response, at: At & { programmeId: string }, place: Place, typed: Typed) {
    const { id, t, language } = staffOf(res);
    const { task } = await desk.item(place, id);
    const given = (await coding.codingsOf([place.responseId])).get(place.responseId) ?? [];
    const theirs = given.filter((each) => each.coderKind === 'colleague' && each.questionKey === place.questionKey);
    const said = theirs.map(({ name, isMain }) => {
      const reason = textIn(name, language);
      return isMain ? t('coding.asMain', { reason }) : reason;
    });
    const who = theirs[0]?.coder ?? t('coding.someProgram');
    const notice =
      task.state === 'coded' && said.length > 0
        ? t('coding.codedMeanwhile', { who, reasons: said.join(', ') })
        : t('coding.changedMeanwhile');
    await show(req, res, at, place, { notice, typed, goOn: deskPath(at.programme.key, at.queue, at) }, 409);
  }

  async function skip(req: Request, res: Response, at: At, place: Place) {
    const { t } = staffOf(res);
    const isOpen = await coding.skip(place.responseId, place.questionKey);
    notify(req, t(isOpen ? 'coding.skipped' : 'coding.error.codedMeanwhile'));
    await saveSession(req);
    res.redirect(303, deskPath(at.programme.key, at.queue, at));
  }

  async function undo(req: Request, res: Response, at: At) {
    const { id, t } = staffOf(res);
    const undone = await coding.undoLast(colleague(id));
    const programme = undone && (await desk.programmes()).find((each) => each.id === undone.programmeId);
    notify(req, t(undone ? 'coding.undone' : 'coding.nothingToUndo'));
    await saveSession(req);
    const back = deskPath(at.programme.key, at.queue, at);
    res.redirect(303, programme ? answerPath(programme.key, undone.responseId, undone.questionKey, at.order) : back);
  }

  async function sendCsv(res: Response, programmeId: string, key: string) {
    const { language } = staffOf(res);
    const book = await desk.book(programmeId);
    const names = new Map((await coding.colleagues()).map((each) => [each.id, each.name]));
    res.type('text/csv').attachment(`codings-${key}.csv`);
    res.write(CSV_BOM + csvLine(COLUMNS));
    for await (const row of coding.exported(programmeId)) {
      const code = book?.byId.get(row.codeId);
      const who = row.accountId === null ? '' : (names.get(row.accountId) ?? '');
      const given = [row.coderKind, who, row.createdAt, row.isMain ? 1 : 0, row.probability];
      const answer = [row.responseId, row.submittedAt, row.questionKey, row.language];
      const line = csvLine([...answer, code?.key, textIn(code?.name ?? {}, language), ...given, row.verbatim]);
      if (!res.write(line)) await new Promise((drained) => res.once('drain', drained).once('close', drained));
      if (res.destroyed) return;
    }
    res.end();
  }

  return router;
}

const COLUMNS = [
  'response',
  'submitted_at',
  'question',
  'language',
  'code',
  'name',
  'coder',
  'colleague',
  'coded_at',
  'main',
  'probability',
  'words',
];

function typedIn({ code, main, another }: Form): Typed {
  return { codeIds: code, mainId: main === '' || main === NO_MAIN ? null : main, noMain: main === NO_MAIN, another };
}
