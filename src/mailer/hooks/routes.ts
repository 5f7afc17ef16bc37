import { raw, Router, type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { limited, logUnexpected, statusOf } from '../../web/index.ts';
import type { HookOutcome } from './hook.ts';
import type { MailHooks } from './service.ts';

interface HookRoutes {
  hooks: Pick<MailHooks, 'ses' | 'postmark' | 'mailgun'>;
  logger: Logger;
}

const STATUS: Record<HookOutcome, number> = { taken: 200, refused: 401, malformed: 400, later: 503 };

/** SNS escapes a message of up to 256 kB once more. */
const SNS_LIMIT = '600kb';
const LIMIT = '256kb';

/**
 * Where mail services post what they know: without session or form token, and known by their signature alone. The
 * answer is a status and nothing else.
 */
export function mailHookRoutes({ hooks, logger }: HookRoutes): Router {
  const router = Router();
  // A wave of a hundred thousand may come back at a thousand a minute from a few machines.
  const often = limited({ most: 6000, minutes: 1 });
  const failing = limited({ most: 60, minutes: 1, by: () => 'refused hook' });

  const answering =
    (run: (body: string, req: Request) => Promise<HookOutcome>): RequestHandler =>
    async (req, res, next) => {
      const outcome = await run(textOf(req), req);
      const answer = () => void res.status(STATUS[outcome]).end();
      if (outcome !== 'refused') return answer();
      failing(req, res, (error?: unknown) => (error ? next(error) : answer()));
    };

  const body = (limit: string) => raw({ type: () => true, limit });
  router.use(often);
  router.post(
    '/ses',
    body(SNS_LIMIT),
    answering((text) => hooks.ses(text)),
  );
  router.post(
    '/postmark',
    body(LIMIT),
    answering((text, req) => hooks.postmark(text, req.headers.authorization)),
  );
  router.post(
    '/mailgun',
    body(LIMIT),
    answering((text) => hooks.mailgun(text)),
  );
  router.use((_req, res) => void res.status(404).end());
  router.use(errors(logger));
  return router;
}

const textOf = ({ body }: Request): string => (Buffer.isBuffer(body) ? body.toString('utf8') : '');

function errors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const status = statusOf(error);
    if (status === 500) logUnexpected(logger, error, req, res);
    if (res.headersSent) return next(error);
    res.status(status).end();
  };
}
