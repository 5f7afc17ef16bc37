import { Router, type Request, type Response } from 'express';
import { Forbidden, Invalid, type FieldErrors, type Result } from '../shared/errors.ts';
import { checkToken, hasRole, needsRole, notify, readForm, receivedFile, saveSession, staffOf } from '../web/index.ts';
import type { AccountsWeb } from './accounts-web.ts';
import type { Stored } from './company.ts';
import { MOST_LOGO_BYTES, readLogo, type StoredLogo } from './logo.ts';
import { actorOf } from './session-routes.ts';
import { addressForm, companyForm, noticesForm, placeForm } from './settings-forms.ts';
import { addressedNote, companyPage, languagesPage, noticesPage, placePage, settingsPage } from './settings-views.ts';
import { nextPath, type Section } from './setup-views.ts';

const administrator = needsRole('administrator');
const SECTION = '/settings';

/** The company's settings, section by section; the first run walks through the same pages. */
export function settingsRoutes(web: AccountsWeb): Router {
  const router = Router();
  router.get('/settings', needsRole('manager'), (req, res) => {
    const { t, role } = staffOf(res);
    const page = settingsPage(t, hasRole(role, 'administrator'));
    web.pages.staff(req, res, 'accounts/settings', page, { title: t('nav.settings'), section: SECTION });
  });
  company(router, web);
  place(router, web);
  notices(router, web);
  languages(router, web);
  return router;
}

const titled = (res: Response, title: string, errors?: FieldErrors) => ({
  title: staffOf(res).t(title),
  section: SECTION,
  status: errors ? 422 : 200,
});

/** What every section does after it was saved. */
async function onward({ accounts }: AccountsWeb, req: Request, res: Response, section: Section): Promise<void> {
  const { setUp } = await accounts.company();
  if (setUp) notify(req, staffOf(res).t('accounts.saved'));
  await saveSession(req);
  res.redirect(303, nextPath(section, setUp));
}

function company(router: Router, web: AccountsWeb): void {
  const { accounts, pages } = web;

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const typed = errors ? (req.body as unknown) : undefined;
    const view = companyPage(await accounts.company(), staffOf(res).t, typed, errors);
    const page = titled(res, 'accounts.company', errors);
    pages.staff(req, res, 'accounts/company', view, { ...page, scripts: ['logo'] });
  }

  router.get('/settings/company', administrator, (req, res) => show(req, res));
  router.post('/settings/company', administrator, async (req, res) => {
    const file = await receivedFile(req, res, 'logo', { fileSize: MOST_LOGO_BYTES, fields: 10 });
    if (!checkToken(req)) throw new Forbidden('error.formExpired');
    const form = readForm(companyForm, req.body);
    const logo = chosenLogo(file);
    const errors = { ...(form.ok ? {} : form.errors), ...(logo.ok ? {} : logo.errors) };
    if (!form.ok || !logo.ok) return show(req, res, errors);
    await accounts.settings.saveCompany(actorOf(res), form.value);
    if (logo.value) await accounts.settings.saveLogo(actorOf(res), logo.value);
    await onward(web, req, res, 'company');
  });
  router.post('/settings/logo/removal', administrator, async (req, res) => {
    await accounts.settings.saveLogo(actorOf(res), null);
    notify(req, staffOf(res).t('accounts.logo.removed'));
    await saveSession(req);
    res.redirect(303, '/settings/company');
  });
}

/** Nothing where no picture was chosen: the one that is there stays. */
function chosenLogo(file: Awaited<ReturnType<typeof receivedFile>>): Result<StoredLogo | undefined> {
  if (file === 'none') return { ok: true, value: undefined };
  const logo = file === 'too large' ? undefined : readLogo(file.bytes);
  const key = file === 'too large' ? 'accounts.logo.tooLarge' : 'accounts.logo.notOne';
  return logo
    ? { ok: true, value: logo }
    : { ok: false, errors: { logo: { key, values: { most: MOST_LOGO_BYTES / 1024 } } } };
}

function place(router: Router, web: AccountsWeb): void {
  const { accounts, pages, hasCustomers } = web;

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const typed = errors ? (req.body as unknown) : undefined;
    const { t, language } = staffOf(res);
    const company = await accounts.company();
    const { saved } = await accounts.settings.stored();
    // Before anybody has chosen, the administrator's own language is the likeliest one for the business.
    const shown = saved.has('place') ? company : { ...company, defaultLanguage: language };
    const view = placePage(shown, await hasCustomers(), t, typed, errors);
    pages.staff(req, res, 'accounts/place', view, titled(res, 'accounts.place', errors));
  }

  router.get('/settings/place', administrator, (req, res) => show(req, res));
  router.post('/settings/place', administrator, async (req, res) => {
    const form = readForm(placeForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    const { currency } = await accounts.company();
    if (form.value.currency !== currency && (await hasCustomers())) {
      return show(req, res, { currency: { key: 'accounts.currency.fixed' } });
    }
    await accounts.settings.savePlace(actorOf(res), form.value);
    await onward(web, req, res, 'place');
  });
}

function notices(router: Router, web: AccountsWeb): void {
  const { accounts, pages } = web;

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const typed = errors ? (req.body as unknown) : undefined;
    const view = noticesPage(await accounts.company(), staffOf(res).t, typed, errors);
    pages.staff(req, res, 'accounts/notices', view, titled(res, 'accounts.notices', errors));
  }

  router.get('/settings/notices', administrator, (req, res) => show(req, res));
  router.post('/settings/notices', administrator, async (req, res) => {
    const form = readForm(noticesForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    await accounts.settings.saveNotices(actorOf(res), form.value);
    await onward(web, req, res, 'notices');
  });
}

function languages(router: Router, web: AccountsWeb): void {
  const { accounts, pages, questionnaireTexts } = web;
  router.get('/settings/languages', administrator, async (req, res) => {
    const { setUp, familiar } = await accounts.company();
    const { t } = staffOf(res);
    const view = languagesPage(await questionnaireTexts.list(t), { setUp, familiar }, t);
    pages.staff(req, res, 'accounts/languages', view, titled(res, 'accounts.languages'));
  });
  router.post('/settings/languages', administrator, async (req, res) => {
    const form = readForm(addressForm, req.body);
    const { familiar } = await accounts.company();
    // Chosen beside the button and not saved: the words are others then, to be read before anybody approves them.
    if (form.ok && form.value.familiar.join() !== familiar.join()) return address(req, res, form.value);
    await questionnaireTexts.approveAll(actorOf(res));
    await onward(web, req, res, 'languages');
  });
  router.post('/settings/languages/address', administrator, async (req, res) => {
    const form = readForm(addressForm, req.body);
    // Two choices each, made by our own page.
    if (!form.ok) throw new Invalid(form.errors);
    await address(req, res, form.value);
  });

  async function address(req: Request, res: Response, chosen: Stored['addressing']): Promise<void> {
    await accounts.settings.saveAddressing(actorOf(res), chosen);
    const done = await questionnaireTexts.readdress(actorOf(res), chosen.familiar);
    notify(req, addressedNote(done, staffOf(res).t));
    await saveSession(req);
    res.redirect(303, '/settings/languages');
  }
}
