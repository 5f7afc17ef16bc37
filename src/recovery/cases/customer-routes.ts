import { Router, urlencoded, type Request, type Response } from 'express';
import { z } from 'zod';
import { closedLetter } from '../../answering/index.ts';
import { isLanguage, languageCodes, negotiate } from '../../i18n/index.ts';
import { timestamp } from '../../shared/clock.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { limited, readForm } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { customerCasePage } from './customer-views.ts';
import type { RecoveryCase } from './interface.ts';
import { words } from './typed-words.ts';

const WORDS = words(5000, 'cases.public.missing');
/** As much as those words take in any script. */
const form = urlencoded({ extended: false, limit: '100kb', parameterLimit: 10 });

interface Refused {
  form: 'more' | 'proposal';
  typed: unknown;
  errors: FieldErrors;
}

/** The customer's view of their case: what they said, what we did, and whether it is settled. Opening it changes nothing. */
export function customerCaseRoutes(web: RecoveryWeb): Router {
  const { cases, caseWork } = web.recovery;
  const { settling } = caseWork;
  const router = Router();
  const guess = limited({ most: 30, minutes: 10 });
  const often = limited({ most: 30, minutes: 10, by: (req) => String(req.params.token) });

  const tOf = (req: Request, theCase?: RecoveryCase) => {
    const chosen = typeof req.query.lang === 'string' && isLanguage(req.query.lang) ? req.query.lang : undefined;
    const own = theCase && isLanguage(theCase.language) ? theCase.language : undefined;
    return web.texts.to(chosen ?? own ?? negotiate(req.headers['accept-language'], languageCodes, 'en'));
  };

  async function show(req: Request, res: Response, theCase: RecoveryCase, refused?: Refused): Promise<void> {
    const t = tOf(req, theCase);
    const business = await web.accounts.company();
    const colleagues = await web.accounts.colleagues();
    const path = `/c/${String(req.params.token)}`;
    const query = typeof req.query.lang === 'string' && isLanguage(req.query.lang) ? `?lang=${req.query.lang}` : '';
    const owner = colleagues.find((each) => each.id === theCase.ownerId && each.active)?.name;
    const noted = req.query.noted === '1';
    const promised = await web.recovery.offers.promisedIn(web.storage.read, theCase);
    const { timeZone } = business;
    const written = await settling.written(theCase.id);
    const now = timestamp(web.clock);
    const given = { theCase, path, query, owner, noted, promised, written, timeZone, now, errors: refused };
    const page = customerCasePage(given, t);
    const languages = languageCodes.map((code) => ({ code, href: `${path}?lang=${code}` }));
    const letter = { ...closedLetter({ business, t }, page.heading), languages, status: refused ? 422 : 200 };
    web.pages.ask(res, 'recovery/customer-case', page, letter);
  }

  /** Whoever comes with a link that we never made is slowed down. */
  async function withCase(req: Request, res: Response, use: (theCase: RecoveryCase) => Promise<void>): Promise<void> {
    const theCase = await cases.byToken(String(req.params.token));
    if (theCase) return await use(theCase);
    await new Promise<void>((done, failed) =>
      guess(req, res, (error?: unknown) => (error ? failed(error as Error) : done())),
    );
    const t = tOf(req);
    const heading = t('cases.public.unknown');
    const letter = { ...closedLetter({ business: await web.accounts.company(), t }, heading), status: 404 };
    web.pages.ask(res, 'answering/closed', { heading, text: [t('cases.public.unknown.text')], link: null }, letter);
  }

  const back = (req: Request, res: Response) => {
    const lang = typeof req.query.lang === 'string' && isLanguage(req.query.lang) ? `&lang=${req.query.lang}` : '';
    res.redirect(303, `/c/${String(req.params.token)}?noted=1${lang}`);
  };

  router.get('/c/:token', (req, res) => withCase(req, res, (theCase) => show(req, res, theCase)));

  router.post('/c/:token/settled', often, form, (req, res) =>
    withCase(req, res, async ({ id }) => {
      await settling.confirm(id);
      back(req, res);
    }),
  );

  router.post('/c/:token/words', often, form, (req, res) =>
    withCase(req, res, async (theCase) => {
      const given = readForm(z.object({ words: WORDS }), req.body);
      if (!given.ok) return await show(req, res, theCase, { form: 'more', typed: req.body, errors: given.errors });
      await settling.notQuite(theCase.id, given.value.words);
      back(req, res);
    }),
  );

  router.post('/c/:token/proposal', often, form, (req, res) =>
    withCase(req, res, async (theCase) => {
      const given = readForm(z.object({ proposal: WORDS }), req.body);
      if (!given.ok) return await show(req, res, theCase, { form: 'proposal', typed: req.body, errors: given.errors });
      await settling.propose(theCase.id, given.value.proposal);
      back(req, res);
    }),
  );

  return router;
}
