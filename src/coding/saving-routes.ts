import type { Request, Response } from 'express';
import { z } from 'zod';
import { colleague } from '../shared/actor.ts';
import { Conflict, Invalid, NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { notify, readForm, saveSession, staffOf } from '../web/index.ts';
import { codesMeant, labelOf, textIn, type Code } from './codebook.ts';
import { isUnswayed, type DeskItem, type Place } from './desk.ts';
import type { CodingWeb, DeskPages, Located } from './desk-pages-routes.ts';
import { agreementPath, answerPath, deskPath, themePath } from './head-views.ts';
import type { Typed } from './row-views.ts';

const many = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (value === undefined ? [] : [value].flat()));
const formSchema = z.object({
  /** Empty where the queue is: the last one may still be taken back there. */
  response: z.string().default(''),
  question: z.string().max(80).default(''),
  expected: z.coerce.number().int().optional(),
  /** Whether anything was suggested. */
  suggested: z.string().default(''),
  queue: z.string().max(20).default('open'),
  order: z.enum(['oldest', 'worth']).catch('oldest'),
  only: z.string().max(40).default(''),
  theme: z.string().max(40).default(''),
  code: many,
  main: z.string().default(''),
  another: z.string().trim().max(200).default(''),
  do: z.enum(['save', 'skip', 'undo']).catch('save'),
});
type Form = z.infer<typeof formSchema>;

const NO_MAIN = 'none';
/** So many reasons are named of those that begin alike. */
const MOST_NAMED = 5;

/** What the form of the desk does: save, put aside, take back. */
export function createSaving({ coding }: Pick<CodingWeb, 'coding'>, { locate, show }: DeskPages) {
  const { desk, audits } = coding;

  async function receive(req: Request, res: Response) {
    const read = readForm(formSchema, req.body);
    if (!read.ok) throw new NotFound();
    const form = read.value;
    const { queue, order, theme, only: code } = form;
    const at = await locate(req.params.programme, { queue, order, theme, code });
    if (form.do === 'undo' && form.response === '') return await undo(req, res, at);
    if (!isId(form.response)) throw new NotFound();
    const place = { responseId: form.response, questionKey: form.question };
    const item = await desk.item(place, staffOf(res).id, at.queue);
    if (item.task.programme_id !== at.programmeId) throw new NotFound();
    if (form.do === 'undo') return await undo(req, res, at);
    if (form.do === 'skip') return await skip(req, res, at, place);
    await save(req, res, at, item, form);
  }

  async function save(req: Request, res: Response, at: Located, item: DeskItem, form: Form) {
    const place = { responseId: form.response, questionKey: form.question };
    const typed = typedIn(form);
    try {
      await give(res, at, item, form, typed);
      if (at.queue === 'settle') notify(req, staffOf(res).t('coding.agreement.settled'));
    } catch (error) {
      if (error instanceof Invalid) {
        return await show(req, res, at, place, { errors: error.fieldErrors, typed, status: 422 });
      }
      if (!(error instanceof Conflict)) throw error;
      if (!isUnswayed(at.queue)) return await showTheirs(req, res, at, place, typed);
      // What the other one gave would sway whoever codes it anew.
      notify(req, staffOf(res).t(error.key));
    }
    await saveSession(req);
    res.redirect(303, afterwards(at));
  }

  async function give(res: Response, at: Located, item: DeskItem, form: Form, typed: Typed) {
    const staff = staffOf(res);
    const named = form.another === '' ? undefined : theOneMeant(item, form.another, staff.language);
    const given = {
      responseId: form.response,
      questionKey: form.question,
      codeIds: named ? [...typed.codeIds, named.id] : typed.codeIds,
      mainCodeId: typed.noMain ? null : (typed.mainId ?? undefined),
      expected: form.expected,
    };
    const actor = colleague(staff.id);
    if (at.queue === 'second') return await audits.saveSecond(actor, given);
    if (at.queue === 'settle') return await audits.settle(actor, given);
    const blind = isUnswayed(at.queue) || form.suggested === '0';
    await coding.saveCoding(actor, { ...given, blind });
  }

  /** Somebody was faster: theirs stands; what was ticked here stays ticked, to be saved over it or left. */
  async function showTheirs(req: Request, res: Response, at: Located, place: Place, typed: Typed) {
    const { id, t, language } = staffOf(res);
    const { task } = await desk.item(place, id, at.queue);
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
    await show(req, res, at, place, { notice, typed, goOn: afterwards(at), status: 409 });
  }

  async function skip(req: Request, res: Response, at: Located, place: Place) {
    const { t } = staffOf(res);
    const { queue } = at;
    const aside = queue === 'audit' || queue === 'second' ? 'coding.skippedHere' : 'coding.skipped';
    // What two people gave waits on its own page, whoever looks away.
    if (queue !== 'settle') notify(req, t((await putAside(at, place)) ? aside : 'coding.error.codedMeanwhile'));
    await saveSession(req);
    res.redirect(303, afterwards(at));
  }

  async function putAside({ queue }: Located, place: Place): Promise<boolean> {
    if (queue === 'audit') return await audits.skipInAudit(place);
    if (queue === 'second') return await audits.skipSecond(place);
    return await coding.skip(place.responseId, place.questionKey);
  }

  async function undo(req: Request, res: Response, at: Located) {
    const { id, t } = staffOf(res);
    const undone = await coding.undoLast(colleague(id));
    const programme = undone && (await desk.programmes()).find((each) => each.id === undone.programmeId);
    notify(req, t(undone ? 'coding.undone' : 'coding.nothingToUndo'));
    await saveSession(req);
    const back = programme && answerPath(programme.key, undone.responseId, undone.questionKey, { ...at, ...undone });
    res.redirect(303, back ?? afterwards(at));
  }

  return { receive };
}

/** The reason of which somebody typed the name or its beginning. Throws Invalid where it is none, or may be several. */
function theOneMeant({ book }: DeskItem, typed: string, language: string): Code {
  const [first, ...others] = codesMeant(book, typed, language);
  if (first && others.length === 0) return first;
  const key = first ? 'coding.error.severalCodes' : 'coding.error.unknownCode';
  const names = [first, ...others].slice(0, MOST_NAMED).flatMap((code) => (code ? labelOf(book, code, language) : []));
  throw new Invalid({ another: { key, values: { code: typed, names: names.join(', ') } } });
}

function afterwards(at: Located): string {
  const { key } = at.programme;
  if (at.theme) return themePath(key, at.theme.id);
  return at.queue === 'settle' ? agreementPath(key) : deskPath(key, at.queue, at);
}

function typedIn({ code, main, another }: Form): Typed {
  return { codeIds: code, mainId: main === '' || main === NO_MAIN ? null : main, noMain: main === NO_MAIN, another };
}
