import { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import { languageCodes, negotiate, type Translate } from '../i18n/index.ts';
import { NotFound, type FieldErrors } from '../shared/errors.ts';
import { formView, hadSession, limited, readForm, signedOutToken } from '../web/index.ts';
import type { PersonalLink } from './links.ts';
import { localPath } from './local-path.ts';
import { passwordProblem } from './password-rules.ts';
import { firstForm, forgotForm, newPasswordForm, signInForm } from './people-forms.ts';
import type { AccountsWeb } from './accounts-web.ts';
import { enter } from './session-routes.ts';
import { languageChoices } from './views.ts';

/** The pages of people who are not signed in: sign-in, forgotten password, and the links that arrive by mail or console. */
export function signedOutRoutes(web: AccountsWeb): Router {
  const router = Router();
  const form = signedOutToken(web.signer, web.https);
  router.use(['/sign-in', '/forgot', '/reset', '/welcome'], form);
  router.all('/setup/:token', form);
  signIn(router, web);
  forgotten(router, web);
  byLink(router, web, 'reset');
  byLink(router, web, 'invite');
  firstAdministrator(router, web);
  router.use(spentLinks(web));
  return router;
}

async function translator({ accounts, texts }: AccountsWeb, req: Request): Promise<Translate> {
  const { defaultLanguage } = await accounts.company();
  return texts.in(negotiate(req.headers['accept-language'], languageCodes, defaultLanguage));
}

function signIn(router: Router, web: AccountsWeb): void {
  const { accounts, pages } = web;

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const t = await translator(web, req);
    const typed = (req.body ?? {}) as { next?: unknown; email?: unknown };
    const next = localPath(typed.next ?? req.query.next);
    const view = { form: formView({ email: typed.email }, errors, t), next, note: await noteOn(req, t) };
    pages.plain(res, 'accounts/sign-in', view, { title: t('accounts.signIn'), t, status: errors ? 422 : 200 });
  }

  async function noteOn(req: Request, t: Translate): Promise<string | null> {
    if (req.query.changed !== undefined) return t('accounts.signIn.changed');
    if (await accounts.firstRun.isAwaited()) return t('accounts.signIn.first');
    // Nobody is told whose session it was, or why it ended: only whoever has its cookie asks.
    return req.method === 'GET' && hadSession(req) ? t('accounts.signIn.ended') : null;
  }

  router.get('/sign-in', async (req, res) => {
    const isSignedIn = (await accounts.entry.present(req.session)) !== undefined;
    // Whoever has just chosen a password where somebody else is signed in would find themselves in the other's place.
    if (isSignedIn && req.query.changed === undefined) return res.redirect(303, localPath(req.query.next));
    await show(req, res);
  });
  router.post('/sign-in', limited({ most: 40, minutes: 10 }), async (req, res) => {
    const form = readForm(signInForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    const result = await accounts.entry.signIn(form.value.email, form.value.password);
    if (!result.ok) return show(req, res, result.errors);
    await enter(req, result.value);
    res.redirect(303, localPath(form.value.next));
  });
}

function forgotten(router: Router, web: AccountsWeb): void {
  const { accounts, pages, mailer } = web;

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const t = await translator(web, req);
    const view = { form: formView(req.body, errors, t) };
    pages.plain(res, 'accounts/forgot', view, { title: t('accounts.forgot'), t, status: errors ? 422 : 200 });
  }

  router.get('/forgot', (req, res) => show(req, res));
  router.post('/forgot', limited({ most: 10, minutes: 10 }), async (req, res) => {
    const form = readForm(forgotForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    await accounts.entry.askReset(form.value.email);
    const t = await translator(web, req);
    const text = (await mailer.captures()) ? t('accounts.forgot.captured') : t('accounts.forgot.sent');
    const link = { value: '/sign-in', text: t('accounts.signIn.back') };
    const view = { heading: t('accounts.forgot.heading'), text, link };
    pages.plain(res, 'accounts/said', view, { title: view.heading, t });
  });
}

const LINK_PATHS: Record<PersonalLink, string> = { invite: '/welcome/:token', reset: '/reset/:token' };

function byLink(router: Router, { accounts, pages, texts }: AccountsWeb, kind: PersonalLink): void {
  async function show(req: Request<{ token: string }>, res: Response, errors?: FieldErrors): Promise<void> {
    const { id, name, email, language } = await accounts.entry.openLink(kind, req.params.token);
    const { name: company } = await accounts.company();
    const t = texts.in(language);
    const say = (part: string) => t(`accounts.${kind}.${part}`, { name, company: company || 'Comeback' });
    const present = await accounts.entry.present(req.session);
    const isElse = present !== undefined && present.id !== id;
    const view = {
      form: formView({}, errors, t),
      heading: say('heading'),
      lead: say('lead'),
      note: isElse ? t('accounts.link.signedIn', { name, present: present.name }) : null,
      email,
      button: say('button'),
    };
    pages.plain(res, 'accounts/password', view, { title: view.heading, t, status: errors ? 422 : 200 });
  }

  router.get(LINK_PATHS[kind], (req: Request<{ token: string }>, res) => show(req, res));
  router.post(LINK_PATHS[kind], limited({ most: 20, minutes: 10 }), async (req: Request<{ token: string }>, res) => {
    const form = readForm(newPasswordForm, req.body);
    if (!form.ok) return show(req, res, form.errors);
    const result = await accounts.entry.setPassword(kind, req.params.token, form.value.password);
    if (!result.ok) return show(req, res, result.errors);
    if (kind === 'reset') return res.redirect(303, '/sign-in?changed=1');
    await enter(req, result.value);
    res.redirect(303, '/');
  });
}

function firstAdministrator(router: Router, web: AccountsWeb): void {
  const { accounts, pages } = web;

  async function show(req: Request<{ token: string }>, res: Response, errors?: FieldErrors): Promise<void> {
    await accounts.firstRun.openSetup(req.params.token);
    const t = await translator(web, req);
    const form = formView({ language: t.language, ...(req.body as object | undefined) }, errors, t);
    const page = { title: t('accounts.first'), t, status: errors ? 422 : 200 };
    pages.plain(res, 'accounts/first', { form, languages: languageChoices() }, page);
  }

  router.get('/setup/:token', (req: Request<{ token: string }>, res) => show(req, res));
  router.post('/setup/:token', limited({ most: 20, minutes: 10 }), async (req: Request<{ token: string }>, res) => {
    const form = readForm(firstForm, req.body);
    if (!form.ok) return show(req, res, { ...form.errors, ...passwordErrors(req.body) });
    const result = await accounts.firstRun.createFirst(req.params.token, form.value);
    if (!result.ok) return show(req, res, result.errors);
    await enter(req, result.value);
    res.redirect(303, '/setup');
  });
}

/** Of a form that is not in order otherwise: whoever mends it need not come back for the password. */
function passwordErrors(body: unknown): FieldErrors {
  const { name, email, password } = (body ?? {}) as Record<string, unknown>;
  if (typeof password !== 'string' || password === '') return {};
  const problem = passwordProblem(password, { name: String(name ?? ''), email: String(email ?? ''), company: '' });
  return problem ? { password: problem } : {};
}

/** Most who open a spent link have chosen their password with it, and want to come in. */
function spentLinks(web: AccountsWeb): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (!(error instanceof NotFound)) return next(error);
    const t = await translator(web, req);
    const heading = t('accounts.link.gone.heading');
    const link = { value: '/sign-in', text: t('accounts.signIn') };
    const page = { title: heading, t, status: 404 };
    web.pages.plain(res, 'accounts/said', { heading, text: t(error.key, error.values), link }, page);
  };
}
