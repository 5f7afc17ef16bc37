import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import { type FieldErrors } from '../../shared/errors.ts';
import { oneText } from '../../shared/one-text.ts';
import { tooLong } from '../../shared/too-long.ts';
import { isLanguage, languageCodes, languageName } from '../../i18n/index.ts';
import { qrMaker } from '../../post/index.ts';
import { cleanLine, isBlank, lengthOf } from '../../questionnaires/index.ts';
import { posterPage } from '../../recovery/index.ts';
import { idOf, needsRole, notify, saveSession, staffOf } from '../../web/index.ts';
import type { LoyaltyWeb } from '../web.ts';
import { LINKS, linksPage } from './views.ts';

const manager = needsRole('manager');
const MOST_NAME = 80;

/** Links for colleagues without an account, to hang in the shop. */
export function linkRoutes(web: LoyaltyWeb): Router {
  const { loyalty, accounts, texts, pages } = web;
  const { alerts } = loyalty;
  const router = Router();

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const facts = { links: await alerts.links(), colleagues: await accounts.colleagues() };
    const typed: unknown = errors ? req.body : undefined;
    const view = linksPage({ ...facts, typed, errors }, staffOf(res));
    const page = { title: staffOf(res).t('alerts.links'), section: '/alert', status: errors ? 422 : 200 };
    pages.staff(req, res, 'alerts/links', view, page);
  }

  router.get(LINKS, manager, (req, res) => show(req, res));
  router.post(LINKS, manager, async (req, res) => {
    const { name: typed } = (req.body ?? {}) as { name?: unknown };
    const name = cleanLine(oneText(typed));
    if (isBlank(name)) return await show(req, res, { name: { key: 'alerts.link.error' } });
    if (lengthOf(name) > MOST_NAME) return await show(req, res, { name: tooLong(MOST_NAME, lengthOf(name)) });
    const { id } = await alerts.makeLink(colleague(staffOf(res).id), name);
    res.redirect(303, `${LINKS}/${id}/poster`);
  });
  router.post(`${LINKS}/:id/revocation`, manager, async (req, res) => {
    const { id, t } = staffOf(res);
    await alerts.revokeLink(colleague(id), idOf(req.params.id));
    notify(req, t('alerts.link.gone'));
    await saveSession(req);
    res.redirect(303, LINKS);
  });
  router.get(`${LINKS}/:id/poster`, manager, async (req, res) => {
    const id = idOf(req.params.id);
    const { address, link } = await alerts.addressOf(id);
    const company = await accounts.company();
    const { lang } = req.query;
    const t = texts.in(isLanguage(lang) ? lang : company.defaultLanguage);
    const qr = (await qrMaker())(address);
    const others = languageCodes.map((code) => ({ href: `?lang=${code}`, text: languageName(code) }));
    const lines = [t('alerts.poster.text'), t('alerts.poster.inside', { name: link.name })];
    const sheet = { heading: t('alerts.poster.heading'), lines, link: address, foot: '' };
    const { t: say } = staffOf(res);
    const print = say('alerts.poster.print');
    const make = (css: string) =>
      posterPage({ sheet, print, qr, company, language: t.language, others, back: LINKS, css }, say);
    pages.document(res, 'comments/poster', make, 'poster');
  });
  return router;
}
