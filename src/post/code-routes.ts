import { Router, urlencoded, type Request, type RequestHandler, type Response } from 'express';
import type { Accounts } from '../accounts/index.ts';
import { closedLetter, closedPage, openLetter, type ClosedBecause } from '../answering/index.ts';
import { isLanguage, languages, negotiate, type Texts, type Translate } from '../i18n/index.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { oneText } from '../shared/one-text.ts';
import { formView, limited, sameOrigin, type Pages } from '../web/index.ts';
import type { OpenInvitation } from '../invitations/index.ts';
import { readCode } from './code-rules.ts';
import { codePage } from './code-views.ts';
import type { Post } from './service.ts';

interface CodeRoutes {
  post: Pick<Post, 'findByCode' | 'linkByCode'>;
  /** Where the code of a letter leads that asks no questions; undefined for any other code. */
  otherLetter(code: string): Promise<string | undefined>;
  accounts: Pick<Accounts, 'company'>;
  texts: Texts;
  pages: Pages;
  clock: Clock;
  baseUrl: string;
}

/** Codes that no letter has, from one address: more than anybody mistypes. */
const GUESSES = { most: 20, minutes: 10 };

type Business = Awaited<ReturnType<CodeRoutes['accounts']['company']>>;
interface Asking {
  business: Business;
  t: Translate;
}

/** Where the code on a letter is typed. Opening the page changes nothing and says nothing about anybody. */
export function codeRoutes(web: CodeRoutes): Router {
  const router = Router();
  const guess = limited(GUESSES);
  const form = urlencoded({ extended: false, limit: '4kb', parameterLimit: 10 }) as RequestHandler;

  router.get('/p{/:code}', async (req, res) => {
    const typed = oneText(req.params.code);
    show(web, await asking(web, req), res, { typed: typed.slice(0, 40) });
  });

  router.post('/p', sameOrigin(web.baseUrl), form, async (req, res, next) => {
    const typed = String((req.body as { code?: unknown } | undefined)?.code ?? '').slice(0, 200);
    const read = readCode(typed);
    const who = await asking(web, req);
    if (!read.ok) return show(web, who, res, { typed, error: `post.code.${read.because}` });
    const invitation = await web.post.findByCode(read.code);
    if (!invitation) {
      const other = await web.otherLetter(read.code);
      if (other !== undefined) return seeOther(res, other);
      const tell = (error?: unknown) =>
        error ? next(error) : show(web, who, res, { typed, error: 'post.code.unknown' });
      return void guess(req, res, tell);
    }
    const because = closedBecause(invitation, timestamp(web.clock));
    if (because === null) return seeOther(res, web.post.linkByCode(invitation.id));
    if (because === 'used') return closed(web, { ...who, t: inTheirs(web, invitation, who) }, res, because);
    const t = inTheirs(web, invitation, who);
    const view = closedPage({ because, business: who.business, t });
    web.pages.ask(res, 'answering/closed', view, {
      ...closedLetter({ business: who.business, t }, view.heading),
      status: 410,
    });
  });

  return router;
}

const inTheirs = ({ texts }: CodeRoutes, { language }: OpenInvitation, { t }: Asking): Translate =>
  isLanguage(language) ? texts.to(language) : t;

/** The language of the address, else the browser's. */
async function asking({ accounts, texts }: CodeRoutes, req: Request): Promise<Asking> {
  const business = await accounts.company();
  const asked = req.query.lang;
  const codes = languages.map(({ code }) => code);
  const language = isLanguage(asked)
    ? asked
    : negotiate(req.headers['accept-language'], codes, business.defaultLanguage);
  return { business, t: texts.to(language) };
}

/** Why a letter's code opens no questions (any more); null where it does. */
function closedBecause(invitation: OpenInvitation, now: string): ClosedBecause | 'used' | null {
  if (invitation.revokedAt !== null) return 'revoked';
  if (invitation.progress === 'completed') return 'used';
  if (invitation.progress === 'opted_out') return 'optedOut';
  return invitation.expiresAt <= now || invitation.progress === 'expired' ? 'expired' : null;
}

function closed({ pages }: CodeRoutes, { business, t }: Asking, res: Response, because: 'used'): void {
  const ways = [business.email, business.telephone].filter(Boolean).join(', ');
  const view = {
    heading: t(`post.code.${because}.heading`),
    text: [t(`post.code.${because}.text`), ...(ways ? [t('answering.closed.write', { ways })] : [])],
    link: null,
  };
  pages.ask(res, 'answering/closed', view, { ...closedLetter({ business, t }, view.heading), status: 410 });
}

interface Typed {
  typed: string;
  error?: string;
}

function show({ pages }: CodeRoutes, { business, t }: Asking, res: Response, { typed, error }: Typed): void {
  const form = formView({ code: typed }, error === undefined ? undefined : { code: { key: error } }, t);
  const heading = t('post.code.heading');
  const page = openLetter({ business, t }, error ? t('answering.error', { title: heading }) : heading);
  const switches = languages.map(({ code }) => ({ code, href: `/p?lang=${code}` }));
  pages.ask(res, 'post/code', codePage(form, t), { ...page, languages: switches, status: error ? 422 : 200 });
}

function seeOther(res: Response, address: string): void {
  res.statusCode = 303;
  res.setHeader('Location', new URL(address).pathname);
  res.end();
}
