import { Router, type Request, type Response } from 'express';
import { changedWords } from '../../accounts/index.ts';
import { plainLetterPage } from '../../post/index.ts';
import { colleague } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import { Conflict, NotFound, type FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { needsRole, notify, readForm, saveSession, sayOrShow, seenRevision, staffOf } from '../../web/index.ts';
import type { LoyaltyWeb } from '../web.ts';
import { choosable, strangeOffer } from './choosing.ts';
import { cardWords } from './mail.ts';
import { settingForm } from './setting.ts';
import { anniversariesPage, pileAt } from './views.ts';

const staff = needsRole('staff');
const PATH = '/anniversaries';
const SECTION = '/today';
const LATEST = 20;
const MOST_AT_ONCE = 100;

/** Who has been a customer for how long, who is thanked for it, and the cards that wait to be written. */
export function anniversaryRoutes(web: LoyaltyWeb): Router {
  const router = Router();
  const { anniversaries } = web.loyalty;

  router.get(PATH, staff, (req, res) => show(web, req, res));

  router.post(`${PATH}/settings`, needsRole('manager'), async (req, res) => {
    const form = readForm(settingForm, req.body);
    const strange = form.ok ? await strangeOffer(web, form.value.tiers) : -1;
    const errors = form.ok ? { [`offer-${strange}`]: { key: 'attentions.error.offer' } } : form.errors;
    if (!form.ok || strange >= 0) return await show(web, req, res, { typed: req.body as object, errors });
    const again = (status: number) => show(web, req, res, { typed: req.body as object }, status);
    await sayOrShow(req, res, { then: PATH, show: again }, async () => {
      await anniversaries.settings.save(colleague(staffOf(res).id), form.value, seenRevision(req.body));
      return staffOf(res).t(form.value.on ? 'attentions.done.on' : 'attentions.done.off');
    });
  });

  router.get(`${PATH}/cards`, staff, (req, res) => print(web, req, res));

  router.post(`${PATH}/cards`, staff, async (req, res) => {
    const chosen = chosenIn(req);
    await sayOrShow(req, res, backHere(web, req, res), async () => {
      if (chosen.length === 0) throw new Conflict('attentions.error.noCard');
      await anniversaries.markWritten(colleague(staffOf(res).id), chosen);
      return staffOf(res).t('attentions.done.written');
    });
  });

  router.post(`${PATH}/cards/not-posted`, staff, async (req, res) => {
    await sayOrShow(req, res, backHere(web, req, res), async () => {
      const count = await anniversaries.takeBack(colleague(staffOf(res).id), chosenIn(req));
      return staffOf(res).t('attentions.done.notPosted', { count });
    });
  });

  router.post(`${PATH}/cards/left-out`, staff, async (req, res) => {
    const { card } = (req.body ?? {}) as { card?: unknown };
    if (!isId(card)) throw new NotFound();
    await sayOrShow(req, res, backHere(web, req, res), async () => {
      await anniversaries.leaveOut(colleague(staffOf(res).id), card, '');
      return staffOf(res).t('attentions.done.leftOut');
    });
  });

  router.post('/customers/:id/greeting', staff, async (req, res) => {
    const { id } = req.params;
    if (!isId(id)) throw new NotFound();
    await web.customers.get(id);
    const way = (req.body as { way?: unknown } | undefined)?.way === 'post' ? 'post' : 'mail';
    await anniversaries.prefer(colleague(staffOf(res).id), id, way);
    notify(req, staffOf(res).t(`attentions.done.prefer.${way}`));
    await saveSession(req);
    res.redirect(303, `/customers/${id}/greeting`);
  });
  router.get('/customers/:id/greeting', staff, async (req, res) => {
    const { id } = req.params;
    if (!isId(id)) throw new NotFound();
    const { t } = staffOf(res);
    const { name, view } = await wayPage(web, id);
    web.pages.staff(req, res, 'loyalty/greeting-way', view, {
      title: `${t('attentions.way.title')}, ${name}`,
      section: '/customers',
    });
  });

  return router;
}

export interface GreetingWayPage {
  name: string;
  customerPath: string;
  action: string;
  way: 'mail' | 'post';
}

declare module '../../web/render.ts' {
  interface Templates {
    'loyalty/greeting-way': GreetingWayPage;
  }
}

async function wayPage(
  { customers, loyalty, storage }: LoyaltyWeb,
  id: string,
): Promise<{ name: string; view: GreetingWayPage }> {
  const customer = await customers.get(id);
  const { way } = await loyalty.anniversaries.ofCustomer(storage.read, id);
  const name = (await customers.names(storage.read, [id])).get(id)?.name ?? '';
  const usual = customer.email === '' ? 'post' : 'mail';
  return {
    name,
    view: { name, customerPath: `/customers/${id}`, action: `/customers/${id}/greeting`, way: way ?? usual },
  };
}

const backHere = (web: LoyaltyWeb, req: Request, res: Response) => ({
  then: PATH,
  show: (status: number) => show(web, req, res, undefined, status),
});

/** The cards that are ticked. */
function chosenIn(req: Request): string[] {
  const { ids } = (req.body ?? {}) as { ids?: unknown };
  return [ids ?? []].flat().filter(isId).slice(0, MOST_AT_ONCE);
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

async function show(
  web: LoyaltyWeb,
  req: Request,
  res: Response,
  rejected?: { typed: object; errors?: FieldErrors },
  status = rejected ? 422 : 200,
): Promise<void> {
  const { loyalty, customers, storage, accounts, texts, pages } = web;
  const { anniversaries } = loyalty;
  const { t } = staffOf(res);
  const from = textOf(req.query.pile);
  const pile = await anniversaries.pile(from);
  const latest = await anniversaries.latest(LATEST);
  const posted = await anniversaries.posted();
  const ids = [...new Set([...pile.rows, ...posted, ...latest].map((row) => row.customer_id))];
  const { setting, revision, changed } = await anniversaries.settings.standing();
  const kept = setting.tiers.flatMap(({ offerId }) => offerId ?? []);
  const facts = {
    setting,
    // What does not fit was made from the same revision as before; after somebody else's it is a decision to save.
    revision: rejected?.errors ? seenRevision(req.body) : revision,
    gifts: await choosable(web),
    kept: await web.recovery.offers.named(storage.read, kept),
    enclosed: await anniversaries.enclosed(pile.rows),
    today: dayIn(staffOf(res).timeZone, web.clock.now()),
    changed: changedWords(changed, await accounts.colleagues(), staffOf(res)),
    company: (await accounts.company()).name,
    texts,
    upcoming: await anniversaries.upcoming(textOf(req.query.after)),
    pile,
    from,
    posted,
    latest,
    people: await customers.findMany(storage.read, ids),
    ...rejected,
  };
  const page = { title: t('attentions.title'), section: SECTION, status };
  pages.staff(req, res, 'loyalty/anniversaries', anniversariesPage(facts, staffOf(res)), page);
}

/** The cards of the pile against which nothing has come up, each in its customer's language, ready to be folded. */
async function print(web: LoyaltyWeb, req: Request, res: Response): Promise<void> {
  const { loyalty, customers, storage, accounts, texts, clock, pages, baseUrl } = web;
  const from = textOf(req.query.pile);
  const pile = await loyalty.anniversaries.pile(from);
  const rows = pile.rows.filter(({ hindrance }) => hindrance === null);
  const people = await customers.findMany(
    storage.read,
    rows.map((row) => row.customer_id),
  );
  const enclosed = await loyalty.anniversaries.enclosed(rows);
  const company = await accounts.company();
  const colleagues = await accounts.colleagues();
  const letters = rows.flatMap((row) => {
    const customer = people.get(row.customer_id);
    if (!customer || customer.erasedAt !== null) return [];
    const theirs = texts.to(row.language);
    const inside = enclosed.get(row.id) ?? { reward: '', use: '' };
    const { subject, paragraphs } = cardWords(theirs, { ...row, ...inside }, company.name || theirs('mail.us'));
    const sender = colleagues.find(({ id, active }) => active && id === customer.contactAccountId);
    return { customer, language: row.language, subject, paragraphs, sender };
  });
  const today = dayIn(company.timeZone, clock.now());
  const { t } = staffOf(res);
  const back = { href: pileAt(PATH, from), text: t('attentions.title') };
  const page = await plainLetterPage(letters, { company, texts, baseUrl, today, back }, t);
  pages.document(res, 'post/plain', page, 'post');
}
