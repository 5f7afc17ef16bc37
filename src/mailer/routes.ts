import { Router } from 'express';
import { isId } from '../shared/ids.ts';
import { hasRole, idOf, type Pages, type Staff, staffOf } from '../web/index.ts';
import type { Mailer } from './service.ts';
import { capturedView, outboxView } from './views.ts';

/** A letter's own styles may apply; it can load, run and send nothing, and is kept apart from our origin. */
const LETTER_POLICY =
  "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** What is kept instead of sent: while no mail server is set, and what goes to invented people. */
export function outboxRoutes({
  mailer,
  pages,
  hasSample,
}: {
  mailer: Pick<Mailer, 'outbox' | 'captures' | 'kinds'>;
  pages: Pages;
  hasSample(): Promise<boolean>;
}): Router {
  const { outbox } = mailer;
  const router = Router();

  router.get('/outbox', async (req, res) => {
    const staff = staffOf(res);
    const before = isId(req.query.before) ? req.query.before : null;
    const list = await outbox.list(before, readerOf(staff));
    const why = (await mailer.captures()) ? 'lead' : (await hasSample()) ? 'sample' : 'past';
    const shown = { before, lead: staff.t(`mail.outbox.${why}`), kinds: new Set(mailer.kinds()) };
    const view = outboxView(list, shown, staff);
    pages.staff(req, res, 'mail/outbox', view, { title: staff.t('mail.outbox.title') });
  });

  router.get('/outbox/:id', async (req, res) => {
    const staff = staffOf(res);
    const mail = await outbox.get(idOf(req.params.id), readerOf(staff));
    pages.staff(req, res, 'mail/captured', capturedView(mail, staff), { title: mail.subject });
  });

  router.get('/outbox/:id/html', async (req, res) => {
    const mail = await outbox.get(idOf(req.params.id), readerOf(staffOf(res)));
    res.setHeader('Content-Security-Policy', LETTER_POLICY);
    res.type('html').send(mail.html);
  });

  return router;
}

const readerOf = ({ role }: Staff) => ({ isAdministrator: hasRole(role, 'administrator') });
