import { Router } from 'express';
import { isLanguage, languageCodes, languageName } from '../../i18n/index.ts';
import { needsRole, staffOf } from '../../web/index.ts';
import { qrMaker } from '../../post/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { posterPage } from './poster-views.ts';

const PATH = '/comments/poster';

/** A sheet to hang in the shop: where customers can say what is on their mind. */
export function posterRoutes(web: RecoveryWeb): Router {
  const { accounts, texts, pages, baseUrl } = web;
  const router = Router();
  router.get(PATH, needsRole('staff'), async (req, res) => {
    const company = await accounts.company();
    const { lang } = req.query;
    const t = texts.to(isLanguage(lang) ? lang : company.defaultLanguage);
    const qr = (await qrMaker())(`${baseUrl}/tell-us`);
    const others = languageCodes.map((code) => ({ href: `${PATH}?lang=${code}`, text: languageName(code) }));
    const sheet = {
      heading: t('comments.poster.heading'),
      lines: [t('comments.poster.text')],
      link: `${baseUrl.replace(/^https?:\/\//, '')}/tell-us`,
      foot: company.telephone ? t('comments.poster.call', { telephone: company.telephone }) : '',
    };
    const { t: say } = staffOf(res);
    const print = say('comments.poster.print');
    const make = (css: string) =>
      posterPage({ sheet, print, qr, company, language: t.language, others, back: '/comments', css }, say);
    pages.document(res, 'comments/poster', make, 'poster');
  });
  return router;
}
