import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { needsRole, say, staffOf } from '../../web/index.ts';
import { COUNTED_PAIRS, differentPage, duplicatesPage } from './views.ts';
import { DIFFERENT, DUPLICATES, type DuplicatesWeb } from './web.ts';

const PER_PAGE = 25;
const SECTION = '/customers';

/** Records that are probably one person: a manager puts them together, or says that they are two people. */
export function duplicateRoutes({ duplicates, pages, colleagues }: DuplicatesWeb): Router {
  const router = Router();
  router.use(DUPLICATES, needsRole('manager'));

  router.get(DUPLICATES, async (req, res) => {
    const staff = staffOf(res);
    const after = placeIn(req.query['after']);
    const [listed, count, comparing] = [
      await duplicates.list(after, PER_PAGE),
      await duplicates.count(COUNTED_PAIRS + 1),
      await duplicates.isComparing(),
    ];
    const view = duplicatesPage({ listed, after, count, comparing }, staff);
    pages.staff(req, res, 'customers/duplicates', view, { title: staff.t('customers.duplicates'), section: SECTION });
  });

  router.get(DIFFERENT, async (req, res) => {
    const staff = staffOf(res);
    const after = placeIn(req.query['after']);
    const names = new Map((await colleagues()).map(({ id, name }) => [id, name]));
    const view = differentPage(await duplicates.listDifferent(after, PER_PAGE), after, names, staff);
    const title = staff.t('customers.duplicates.different.heading');
    pages.staff(req, res, 'customers/different', view, { title, section: SECTION });
  });

  router.post(DIFFERENT, async (req, res) => {
    const { t, id: me } = staffOf(res);
    const { id, otherId, after } = pairIn(req.body);
    const back = after === '' ? DUPLICATES : `${DUPLICATES}?${new URLSearchParams({ after }).toString()}`;
    await orSay(req, res, back, async () => {
      await duplicates.different(colleague(me), id, otherId);
      const undo = { href: `${DIFFERENT}/removal`, text: t('customers.duplicates.undo'), post: { id, otherId } };
      await say(req, res, t('customers.duplicates.said.different'), back, undo);
    });
  });

  router.post(`${DIFFERENT}/removal`, async (req, res) => {
    const { t, id: me } = staffOf(res);
    const { id, otherId } = pairIn(req.body);
    await orSay(req, res, DIFFERENT, async () => {
      await duplicates.takeBack(colleague(me), id, otherId);
      await say(req, res, t('customers.duplicates.said.undone'), DIFFERENT);
    });
  });

  return router;
}

const placeIn = (after: unknown): string => (typeof after === 'string' ? after.slice(0, 120) : '');

function pairIn(body: unknown): { id: string; otherId: string; after: string } {
  const { id, otherId, after } = (body ?? {}) as Record<string, unknown>;
  if (!isId(id) || !isId(otherId)) throw new NotFound();
  return { id, otherId, after: placeIn(after) };
}

/** Whoever comes second finds the list as it stands by now, and on it why. */
async function orSay(req: Request, res: Response, then: string, doing: () => Promise<void>): Promise<void> {
  try {
    await doing();
  } catch (error) {
    const { t } = staffOf(res);
    if (error instanceof NotFound) return await say(req, res, t('merging.error.gone'), then);
    if (!(error instanceof Conflict)) throw error;
    await say(req, res, t(error.key, error.values), then);
  }
}
