import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import type { Storage } from '../storage/index.ts';
import { logUnexpected } from './errors.ts';
import { say } from './saying.ts';
import * as rows from './sent-form-store.ts';
import { staffOf } from './staff.ts';

/** Longer than anybody is at work on a form: whoever was is gone. */
const STALE_MINUTES = 1;
const KEPT_MINUTES = 7 * 24 * 60;
const LOOK_AFTER_MS = 50;
const LOOKS = 200;
/** Ends where the first sending led if it showed what is shown only once. */
const SHOWN = '#shown';

interface Deps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
}

/**
 * A form with the page's id in its field `once` is done once, however often the same words come from that page: by a double
 * click, by going back, by reloading what was refused by a proxy. Every sending leads to where the first one did.
 */
export function sentOnce(deps: Deps): RequestHandler {
  return async (req, res, next) => {
    const { once } = (req.body ?? {}) as { once?: unknown };
    if (!isId(once)) return next();
    const form = hashOf(req, res);
    const ledTo = await claimed(deps, form);
    if (ledTo !== undefined) return await leadTo(req, res, ledTo);
    settleAtEnd(deps, req, res, form);
    next();
  };
}

/** Other words from the same page are another form. */
function hashOf(req: Request, res: Response): string {
  const form = [staffOf(res).id, req.path, req.body as unknown];
  return createHash('sha256').update(JSON.stringify(form)).digest('base64url');
}

/** @returns where the first sending led; undefined where this one is the first */
async function claimed({ storage, clock }: Deps, form: string): Promise<string | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    const now = timestamp(clock);
    const isFirst = await storage.transaction(async (tx) => {
      await rows.forgetForms(tx, addMinutes(now, -KEPT_MINUTES));
      return await rows.claimForm(tx, form, now, addMinutes(now, -STALE_MINUTES));
    });
    if (isFirst) return undefined;
    const found = await rows.findForm(storage.read, form);
    if (found?.led_to) return found.led_to;
    await pause(LOOK_AFTER_MS);
  }
  throw new Conflict('error.formUnderWay');
}

/** What the first sending has to say is said once; where it was said already, why nothing new is to be seen. */
async function leadTo(req: Request, res: Response, ledTo: string): Promise<void> {
  await reloaded(req);
  if (req.session.notice) return res.redirect(303, ledTo);
  const key = ledTo.endsWith(SHOWN) ? 'form.sentBefore.shown' : 'form.sentBefore';
  await say(req, res, staffOf(res).t(key), ledTo);
}

/** The first sending wrote into the same session after this one had read it. */
function reloaded(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.reload((error: unknown) => (error ? reject(error as Error) : resolve()));
  });
}

/** Known before the answer leaves, and also where nobody waits for the answer any more. */
function settleAtEnd({ storage, logger }: Deps, req: Request, res: Response, form: string): void {
  const end = res.end.bind(res) as (...given: unknown[]) => Response;
  res.end = ((...given: unknown[]) => {
    const ledTo = whereTo(req, res);
    const settled = storage.transaction((tx) =>
      ledTo === undefined ? rows.releaseForm(tx, form) : rows.keepForm(tx, form, ledTo),
    );
    settled.catch((error: unknown) => logUnexpected(logger, error, req, res)).finally(() => end(...given));
    return res;
  }) as Response['end'];
}

/** What was shown in the answer itself, because it is shown only once, leads back to the page above it. */
function whereTo(req: Request, res: Response): string | undefined {
  if (res.statusCode === 201) return `${req.path}${SHOWN}`;
  return res.statusCode === 303 ? String(res.getHeader('Location')) : undefined;
}
