import { Router, type Request, type Response } from 'express';
import { languageCodes, negotiate } from '../i18n/index.ts';
import { NotFound } from '../shared/errors.ts';
import type { AccountsWeb } from './accounts-web.ts';
import { paragraphsOf } from './views.ts';

const NOTICES = {
  imprint: { path: '/imprint', title: 'accounts.imprint' },
  privacyNotice: { path: '/privacy', title: 'accounts.privacy' },
} as const;

/** What anybody may read: the logo, the imprint, the privacy notice. */
export function publicRoutes({ accounts, pages, texts }: AccountsWeb): Router {
  const router = Router();

  async function show(req: Request, res: Response, which: keyof typeof NOTICES): Promise<void> {
    const company = await accounts.company();
    const { lang } = req.query;
    const asked = typeof lang === 'string' && languageCodes.includes(lang) ? lang : undefined;
    const language = asked ?? negotiate(req.headers['accept-language'], languageCodes, company.defaultLanguage);
    const t = texts.to(language);
    const { path, title } = NOTICES[which];
    const heading = t(title);
    const paragraphs = paragraphsOf(company[which][language] ?? '');
    const offered = languageCodes.map((code) => ({ code, href: `${path}?lang=${code}` }));
    const privacy = which === 'imprint' ? { href: `/privacy?lang=${language}`, text: t('accounts.privacy') } : null;
    const footer = { text: company.name, privacy };
    const logo = company.logo?.light ? company.logo.picture : null;
    res.setHeader('Vary', 'Accept-Language');
    pages.ask(
      res,
      'accounts/notice',
      { heading, paragraphs },
      { title: heading, t, house: company.name, logo, footer, languages: offered },
    );
  }

  router.get('/imprint', (req, res) => show(req, res, 'imprint'));
  router.get('/privacy', (req, res) => show(req, res, 'privacyNotice'));
  router.get('/logo', async (req, res) => {
    const { logo } = await accounts.company();
    if (!logo) throw new NotFound();
    // Mails that went out before the logo changed ask for the old one, and get the new one for a while.
    const keep = req.query.v === logo.version ? 'public, max-age=31536000, immutable' : 'public, max-age=300';
    // Mail that is read in a browser shows it on another site's page.
    res.set('Cross-Origin-Resource-Policy', 'cross-origin');
    res.set('Cache-Control', keep).type(logo.type).send(Buffer.from(logo.base64, 'base64'));
  });
  return router;
}
