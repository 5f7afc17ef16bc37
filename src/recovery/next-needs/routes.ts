import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { displayName, lines, type Purchase } from '../../customers/index.ts';
import { formatShare } from '../../i18n/index.ts';
import { colleague } from '../../shared/actor.ts';
import { isId } from '../../shared/ids.ts';
import { formatMoneyWhole } from '../../shared/money.ts';
import { formView, idOf, needsRole, readForm, say, type FormView, type Staff, staffOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import type { ListedNeeds, NeedRow } from './service.ts';
import { nudgeWords, rhythmWords } from './words.ts';

interface NeedLine {
  id: string;
  /** What was brought. */
  field: string;
  name: string;
  href: string;
  telephone: string;
  usually: string;
  /** Who came with the solution, when, and with what; null where nobody has. */
  done: { text: string; soft: string } | null;
  bought: string;
  worth: string;
  knows: string;
  action: string | null;
  /** Whose row comes next: whoever works through the list goes on there. */
  following: string;
}

export interface NeedsPage {
  form: FormView;
  figures: string;
  views: { href: string; text: string; current: boolean }[];
  rows: NeedLine[];
  /** The view and page, to come back to. */
  here: { view: View; after: string };
  none: string;
  next: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/next-needs': NeedsPage;
  }
}

const staff = needsRole('staff');
const VIEWS = ['due', 'mine', 'done'] as const;
type View = (typeof VIEWS)[number];
const MOST_ITEMS = 3;

const nudgeForm = z.object({ note: lines(500).default('') });
/** Each row has a field of its own. */
const noteOf = (customerId: string): string => `note-${customerId}`;

/** Who usually buys again about now. */
export function nextNeedRoutes(web: RecoveryWeb): Router {
  const { nextNeeds } = web.recovery;
  const router = Router();
  router.get('/next-needs', staff, (req, res) => {
    const { view, after } = req.query;
    return show(web, req, res, hereIn(view, after), formView({}, {}, staffOf(res).t));
  });
  router.post('/next-needs/:id', staff, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    const form = readForm(nudgeForm, req.body);
    if (!form.ok) {
      const { note, back, after } = (req.body ?? {}) as Record<string, unknown>;
      const field = noteOf(id);
      const errors = Object.fromEntries(Object.values(form.errors).map((error) => [field, error]));
      return await show(web, req, res, hereIn(back, after), formView({ [field]: note }, errors, me.t));
    }
    await nextNeeds.nudge(colleague(me.id), id, form.value.note);
    await say(req, res, me.t('needs.done'), placeOf(req.body));
  });
  return router;
}

/** The same page of the same view, at the row that came next. */
function placeOf(body: unknown): string {
  const { back, after, goOn } = (body ?? {}) as Record<string, unknown>;
  const { view, cursor } = hereIn(back, after);
  const page = cursor === null ? '' : `&after=${encodeURIComponent(cursor)}`;
  const path = view === 'due' && page === '' ? '/next-needs' : `/next-needs?view=${view}${page}`;
  return isId(goOn) ? `${path}#who-${goOn}` : path;
}

interface Here {
  view: View;
  cursor: string | null;
}

const hereIn = (view: unknown, after: unknown): Here => ({
  view: VIEWS.find((each) => each === view) ?? 'due',
  cursor: typeof after === 'string' && after !== '' ? after : null,
});

async function show(
  web: RecoveryWeb,
  req: Request,
  res: Response,
  { view, cursor }: Here,
  form: FormView,
): Promise<void> {
  const { nextNeeds } = web.recovery;
  const me = staffOf(res);
  const { t } = me;
  const list = await nextNeeds.list(view === 'done' ? 'done' : 'due', view === 'mine' ? me.id : null, cursor);
  const first = list.rows.reduce((day, row) => (row.last_on < day ? row.last_on : day), '9999-12-31');
  const ids = list.rows.map((row) => row.customer_id);
  const bought = Map.groupBy(await web.customers.purchasesSince(web.storage.read, ids, first), (row) => row.customerId);
  const colleagues = await web.accounts.colleagues();
  const { nudged, bought: after } = await nextNeeds.figures();
  const page: NeedsPage = {
    form,
    figures:
      nudged === 0 ? '' : t('needs.figures', { nudged, bought: after, share: formatShare(after / nudged, t.language) }),
    views: VIEWS.map((each) => ({
      href: each === 'due' ? '/next-needs' : `/next-needs?view=${each}`,
      text: t(`needs.view.${each}`),
      current: each === view,
    })),
    here: { view, after: cursor ?? '' },
    rows: list.rows.map((row, i) => ({
      ...lineOf(row, list, { bought: bought.get(row.customer_id) ?? [], colleagues, view }, me),
      following: list.rows[i + 1]?.customer_id ?? '',
    })),
    none: t(`needs.none.${view}`),
    next: list.next === null ? null : `/next-needs?view=${view}&after=${encodeURIComponent(list.next)}`,
  };
  web.pages.staff(req, res, 'recovery/next-needs', page, {
    title: t('needs.title'),
    section: '/today',
    status: form.summary.length > 0 ? 422 : 200,
  });
}

interface Beside {
  bought: Purchase[];
  colleagues: { id: string; name: string }[];
  view: View;
}

function lineOf(
  row: NeedRow,
  { people, nudges }: ListedNeeds,
  { bought, colleagues, view }: Beside,
  me: Staff,
): Omit<NeedLine, 'following'> {
  const { t, language, currency } = me;
  const customer = people.get(row.customer_id);
  const nudge = nudges.get(row.customer_id);
  const items = bought
    .filter(({ purchasedOn, item }) => purchasedOn === row.last_on && item !== '')
    .map(({ item }) => item);
  return {
    id: row.customer_id,
    field: noteOf(row.customer_id),
    name: customer ? displayName(customer) : '',
    href: `/customers/${row.customer_id}`,
    telephone: customer?.telephone ?? '',
    usually: rhythmWords(row, t),
    done: nudge ? nudgeWords(nudge, colleagues, me) : null,
    bought: [...new Set(items)].slice(0, MOST_ITEMS).join(', '),
    worth: formatMoneyWhole(row.worth_minor, currency, language),
    knows: colleagues.find(({ id }) => id === row.contact_account_id)?.name ?? '',
    action: view === 'done' ? null : `/next-needs/${row.customer_id}`,
  };
}
