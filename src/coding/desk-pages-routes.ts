import type { Request, Response } from 'express';
import { NotFound, type FieldErrors } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { staffOf, type Pages, type Staff } from '../web/index.ts';
import { drawView } from './auditing/draw-views.ts';
import { emptyText } from './auditing/empty-views.ts';
import type { Counts } from './counts.ts';
import type { DeskItem, Place, Queue, Way } from './desk.ts';
import { headView, type At, type HeadCounts } from './head-views.ts';
import type { Coding } from './service.ts';
import { deskPage, minePage, type Telling } from './views.ts';

export interface CodingWeb {
  coding: Coding;
  pages: Pages;
}

/** Where on the desk somebody is. */
export interface Located extends At {
  queue: Way;
  programmeId: string;
}

/** What a page says of what was just tried. */
interface Tried extends Telling {
  status?: number;
  /** A drawing that was refused. */
  draw?: { typed: string; errors: FieldErrors };
}

export type DeskPages = ReturnType<typeof createDeskPages>;

const WAYS: readonly string[] = ['skipped', 'audit', 'learn', 'second', 'mine', 'settle'] satisfies Way[];
const isWay = (value: unknown): value is Way => typeof value === 'string' && WAYS.includes(value);

/** The pages of the desk: an answer in its queue, and what somebody has coded. */
export function createDeskPages({ coding, pages }: CodingWeb) {
  const { desk } = coding;

  /** Throws NotFound. */
  async function locate(key: unknown, query: Record<string, unknown>): Promise<Located> {
    const programmes = (await desk.programmes()).filter((each) => each.codebookId !== null);
    const programme = programmes.find((each) => each.key === key);
    if (!programme) throw new NotFound();
    const queue = isWay(query.queue) ? query.queue : 'open';
    const only = typeof query.code === 'string' && query.code !== '' ? query.code : null;
    const order = query.order === 'worth' ? 'worth' : 'oldest';
    const theme = await themeOf(programme.id, query.theme);
    return { programme, programmes, queue, order, only, theme, programmeId: programme.id };
  }

  /** None where it is gone: a new look has put others in its place. */
  async function themeOf(programmeId: string, id: unknown): Promise<At['theme']> {
    if (typeof id !== 'string' || !isId(id)) return null;
    return await coding.themes.at(programmeId, id).catch((error: unknown) => {
      if (error instanceof NotFound) return null;
      throw error;
    });
  }

  /** How often each code was given; what somebody has in mind who comes from a theme stands first. */
  async function rankingOf({ book }: DeskItem, { theme }: Located): Promise<ReadonlyMap<string, number>> {
    const ranking = await desk.ranking(book);
    return theme?.codeId ? new Map([...ranking, [theme.codeId, Infinity]]) : ranking;
  }

  const namesOf = async () => new Map((await coding.colleagues()).map(({ id, name }) => [id, name]));

  async function countsOf({ programmeId }: Pick<Located, 'programmeId'>, staff: Staff): Promise<HeadCounts> {
    const judging = {
      themes: await coding.themes.waiting(programmeId),
      competitors: await coding.competitors.waiting(programmeId),
    };
    return { ...(await desk.counts(programmeId)), ...(await desk.doubles(programmeId, staff.id)), ...judging };
  }

  async function headOf(at: At & { programmeId: string }, staff: Staff) {
    return headView(at, await countsOf(at, staff), staff);
  }

  const drawOf = ({ programme }: Located, counts: Counts, staff: Staff, failed: Tried['draw']) =>
    drawView(programme.key, counts, staff, failed);

  async function show(req: Request, res: Response, at: Located, place: Place | null, tried: Tried = {}) {
    const staff = staffOf(res);
    const item = place && (await desk.item(place, staff.id, at.queue));
    if (item && item.task.programme_id !== at.programmeId) throw new NotFound();
    const counts = await countsOf(at, staff);
    const colleagues = (await coding.colleagues()).filter(({ active }) => active).length;
    const around = {
      head: headView(at, counts, staff),
      empty: item ? '' : emptyText(at.queue, counts, { colleagues }, staff),
      draw: at.queue === 'audit' ? drawOf(at, counts, staff, tried.draw) : null,
      ranking: item ? await rankingOf(item, at) : new Map<string, number>(),
      names: await namesOf(),
    };
    const { status = 200 } = tried;
    const title = staff.t('coding.title');
    const view = deskPage(at, around, item, staff, tried);
    pages.staff(req, res, 'coding/desk', view, { title, section: '/answers', status, scripts: ['coding'] });
  }

  return {
    locate,
    namesOf,
    headOf,
    show,
    /** The first answer of a queue; of none but a queue there is one. */
    async showNext(req: Request, res: Response, at: Located, tried: Tried = {}) {
      const queue: Queue = at.queue === 'mine' || at.queue === 'settle' ? 'open' : at.queue;
      const codeId = at.only === null ? null : ((await desk.book(at.programmeId))?.byKey.get(at.only)?.id ?? null);
      const place = await desk.next(at.programmeId, staffOf(res).id, { queue, order: at.order, codeId });
      await show(req, res, { ...at, queue }, place ?? null, tried);
    },
    async showMine(req: Request, res: Response, at: Located) {
      const staff = staffOf(res);
      const after = typeof req.query.after === 'string' ? req.query.after : null;
      const { rows, next } = await desk.mine(staff.id, at.programmeId, after);
      const view = minePage(await headOf(at, staff), at.programme.key, rows, next, staff);
      pages.staff(req, res, 'coding/mine', view, { title: staff.t('coding.title'), section: '/answers' });
    },
  };
}
