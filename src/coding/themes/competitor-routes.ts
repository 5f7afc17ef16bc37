import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { Invalid, NotFound } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { notify, saveSession, staffOf } from '../../web/index.ts';
import { text, type Body } from '../code-form.ts';
import type { CodingWeb } from '../routes.ts';
import { createShelf } from '../shelf.ts';
import type { Places } from './competitor-lists.ts';
import { LEAVING } from './competitor-rules.ts';
import { competitorPage, competitorsPage, listsAddress, type Rejected } from './competitor-views.ts';

const SECTION = { section: '/answers' };
const STATES: Record<string, 'yes' | 'no' | 'new'> = { yes: 'yes', no: 'no', back: 'new' };

const cursorIn = (value: unknown): string | null =>
  typeof value === 'string' && /^\d{1,9} [0-9a-f-]{36}$/.test(value) ? value : null;

const placesIn = ({ query }: Request): Places => ({
  confirmed: cursorIn(query.confirmed),
  open: cursorIn(query.open),
  aside: cursorIn(query.aside),
});

/** Names that customers say they have gone to: everybody judges whether they are competitors. */
export function competitorRoutes({ coding, pages }: CodingWeb): Router {
  const router = Router();
  const { competitors } = coding;
  const { bookAt } = createShelf(coding);
  const actor = (res: Response) => colleague(staffOf(res).id);

  async function programmeAt(req: Request) {
    const { programme } = await bookAt(req.params.programme);
    if (programme.key !== LEAVING) throw new NotFound();
    return programme;
  }

  async function show(req: Request, res: Response, rejected?: Rejected) {
    const staff = staffOf(res);
    const { id, key } = await programmeAt(req);
    const places = placesIn(req);
    const view = competitorsPage(key, places, await competitors.lists(id, places), staff, rejected);
    const page = { title: staff.t('competitors.title'), ...SECTION, status: rejected ? 422 : 200 };
    pages.staff(req, res, 'coding/competitors', view, page);
  }

  router.get('/codebook/:programme/competitors', (req, res) => show(req, res));

  router.get('/codebook/:programme/competitors/:competitor', async (req, res) => {
    const staff = staffOf(res);
    const { id: programmeId, key } = await programmeAt(req);
    const { competitor: id } = req.params;
    const { one } = await competitors.at(programmeId, id);
    const after = isId(req.query.after) ? req.query.after : null;
    const view = competitorPage(key, one, await competitors.answers(programmeId, id, after), staff);
    pages.staff(req, res, 'coding/competitor', view, { title: view.heading, ...SECTION });
  });

  router.post('/codebook/:programme/competitors/:competitor', async (req, res) => {
    const { t } = staffOf(res);
    const { id: programmeId, key } = await programmeAt(req);
    const { competitor: id } = req.params;
    const body = (req.body ?? {}) as Body;
    const choice = text(body.do);
    const state = STATES[choice];
    let said: { name: string; into: string };
    if (state) said = { name: (await competitors.judge(actor(res), programmeId, id, state)).name, into: '' };
    else if (choice === 'same') {
      try {
        const into = await competitors.merge(actor(res), programmeId, id, text(body[`into-${id}`]));
        said = { name: (await competitors.at(programmeId, id)).one.name, into: into.name };
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        return await show(req, res, { id, typed: body, errors: error.fieldErrors });
      }
    } else throw new NotFound();
    notify(req, t(`competitors.done.${choice}`, said));
    await saveSession(req);
    res.redirect(303, listsAddress(`/codebook/${key}/competitors`, placesIn(req)));
  });

  return router;
}
