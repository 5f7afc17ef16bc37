import { rateLimit, ipKeyGenerator } from 'express-rate-limit';
import type { Request, RequestHandler } from 'express';

class TooMany extends Error {
  readonly status = 429;
}

interface Limit {
  /** So many requests ... */
  most: number;
  /** ... in so many minutes, for each address (and for what `by` adds to it). */
  minutes: number;
  by?: (req: Request) => string;
}

/** Slows down whoever guesses. Counted in this process; the answer says when to try again. */
export function limited({ most, minutes, by }: Limit): RequestHandler {
  return rateLimit({
    windowMs: minutes * 60_000,
    limit: most,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (req) => `${ipKeyGenerator(req.ip ?? '')} ${by?.(req as Request) ?? ''}`,
    handler: (_req, _res, next) => next(new TooMany('too many requests')),
    // Ours are made with the app, never while it answers; to look for that costs a stack trace for each.
    validate: { creationStack: false },
  }) as unknown as RequestHandler;
}
