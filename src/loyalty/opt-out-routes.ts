import type { Request, RequestHandler, Response } from 'express';
import {
  askedBefore,
  closedLetter,
  closedPage,
  howPosted,
  OPT_OUT_WISHES,
  optOutPage,
  type OptOutWish,
} from '../answering/index.ts';
import { languageCodes, negotiate } from '../i18n/index.ts';
import { limited } from '../web/index.ts';
import type { LoyaltyWeb } from './web.ts';

const GUESSES = { most: 60, minutes: 10 };

type Web = Pick<LoyaltyWeb, 'pages' | 'accounts' | 'texts' | 'customers' | 'storage'>;

/** Whose link it is, and which language their letter was written in. */
interface Addressed {
  customerId: string;
  language: string;
}

/**
 * The way out at the end of a letter of ours: opening it shows a choice, posting to it (from the page, or by a mail
 * program's one click, RFC 8058) makes it. `find` says whose link it is; undefined for any other text. `usual` is the
 * choice that the words of the link lead to.
 */
export function createOptOut(
  web: Web,
  find: (token: string) => Promise<Addressed | undefined>,
  usual: OptOutWish = 'all',
) {
  const guess = limited(GUESSES);
  const handler =
    (act: boolean): RequestHandler =>
    async (req, res, next) => {
      const found = await find(String(req.params.token));
      const customer = found && (await web.customers.find(found.customerId));
      if (!found || !customer) {
        return guess(req, res, (error?: unknown) => {
          if (error) return next(error);
          void unknownLink(web, req, res).catch(next);
        });
      }
      const wish = wishOf(req.body);
      if (act) await note(web, found.customerId, wish, howPosted(req.body));
      const business = await web.accounts.company();
      const t = web.texts.to(found.language);
      const already = await askedBefore(web, customer.id);
      const view = optOutPage({ action: req.path, already, noted: act ? wish : null, usual }, t);
      const title = t(act ? 'answering.optOut.doneHeading' : 'answering.optOut.heading');
      web.pages.ask(res, 'answering/opt-out', view, closedLetter({ business, t }, title));
    };
  return { show: handler(false), act: handler(true) };
}

async function note({ storage, customers }: Web, customerId: string, wish: OptOutWish, how: string): Promise<void> {
  await storage.transaction(async (tx) => {
    if (wish === 'all') await customers.unsubscribe(tx, customerId, how);
    else await customers.refuse(tx, customerId, wish, how);
  });
}

/** A mail program's one click names no wish: then nothing at all. */
function wishOf(body: unknown): OptOutWish {
  const { wish } = (body ?? {}) as { wish?: unknown };
  return OPT_OUT_WISHES.find((each) => each === wish) ?? 'all';
}

/** A link of ours that leads nowhere (any more), said kindly. */
export async function unknownLink(web: Web, req: Request, res: Response): Promise<void> {
  const business = await web.accounts.company();
  const t = web.texts.to(negotiate(req.headers['accept-language'], languageCodes, business.defaultLanguage));
  const view = closedPage({ because: 'unknown', business, t });
  web.pages.ask(res, 'answering/closed', view, { ...closedLetter({ business, t }, view.heading), status: 404 });
}
