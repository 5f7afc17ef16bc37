import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { firstUnanswered, pageKey, type PageRef } from '../questionnaires/index.ts';
import type { Pages } from '../web/index.ts';
import type { Rejected } from './field-views.ts';
import { createFirstPages } from './first-pages.ts';
import { questionPage } from './question-views.ts';
import { CHECK, THANKS } from './rules.ts';
import { checkPage, closedLetter, closedPage, letterOf, refusedPage, thanksPage } from './views.ts';
import { isComplete, type Closed, type Visit } from './visit.ts';

export interface Showing {
  question(visit: Visit, page: PageRef, changing: boolean, res: Response, rejected?: Rejected): void;
  check(visit: Visit, res: Response): void;
  thanks(visit: Visit, res: Response, saved: boolean, rejected?: Pick<Rejected, 'errors'>): void;
  /** Where somebody stands: the first open question, the check before sending, or the thanks. */
  next(visit: Visit, res: Response): void;
  /** That a link leads to no questions; whoever tries many that were never ours is asked to wait. */
  closed(closed: Closed, req: Request, res: Response, next: NextFunction): void;
  /** That something was not taken, with the way back. */
  refused(visit: Visit, status: 403 | 413, res: Response): void;
}

/** Puts the pages on the wire. */
export function createShowing(pages: Pages, guess: RequestHandler): Showing {
  function question(visit: Visit, page: PageRef, changing = false, rejected?: Rejected): string {
    const view = questionPage(visit, page, { changing, rejected });
    const title = rejected ? visit.t('answering.error', { title: view.heading }) : view.place;
    const letter = letterOf(visit, title, pageKey(page), changing ? { changing: '1' } : undefined);
    return pages.letter('answering/question', view, { ...letter, scripts: view.open ? ['counter'] : [] });
  }
  const firstPage = createFirstPages(question);

  const showing: Showing = {
    question(visit, page, changing, res, rejected) {
      const known = changing || rejected ? undefined : firstPage(visit, page);
      pages.send(res, rejected ? 422 : 200, known ?? question(visit, page, changing, rejected));
    },
    check(visit, res) {
      const view = checkPage(visit);
      pages.ask(res, 'answering/check', view, letterOf(visit, view.heading, CHECK));
    },
    thanks(visit, res, saved, rejected) {
      const title = visit.t('answering.thanks.title');
      const view = thanksPage(visit, saved, rejected?.errors);
      const letter = letterOf(visit, rejected ? visit.t('answering.error', { title }) : title, THANKS);
      pages.ask(res, 'answering/thanks', view, { ...letter, status: rejected ? 422 : 200 });
    },
    next(visit, res) {
      if (isComplete(visit)) return showing.thanks(visit, res, false);
      const page = firstUnanswered(visit.definition, visit.preview ? new Map() : visit.answers);
      if (page) showing.question(visit, page, false, res);
      else showing.check(visit, res);
    },
    closed(closed, req, res, next) {
      const show = (error?: unknown) => {
        if (error) return next(error);
        const view = closedPage(closed);
        const status = closed.because === 'unknown' ? 404 : 410;
        pages.ask(res, 'answering/closed', view, { ...closedLetter(closed, view.heading), status });
      };
      if (closed.because === 'unknown') void guess(req, res, show);
      else show();
    },
    refused(visit, status, res) {
      const view = refusedPage(visit, status);
      pages.ask(res, 'answering/closed', view, { ...letterOf(visit, view.heading), status });
    },
  };
  return showing;
}
