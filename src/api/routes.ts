import { Router, json, raw, type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Translate } from '../i18n/index.ts';
import { Forbidden, NotFound } from '../shared/errors.ts';
import { withoutInvisibleIn } from '../shared/invisible.ts';
import { bearerOf, hasRole, limited, logUnexpected, requestIdOf, statusOf } from '../web/index.ts';
import { withMarkedCursor, withOwnCursor } from './cursors.ts';
import { errorBody, InvalidBody, UnknownNames } from './errors.ts';
import { openApi } from './openapi.ts';
import type { Caller, Operation } from './operation.ts';
import { unknownNames } from './unknown-names.ts';

interface Deps {
  operations: Operation[];
  authenticate(bearer: string): Promise<Caller | undefined>;
  baseUrl: string;
  logger: Logger;
  t: Translate;
}

class Unauthorized extends Error {
  readonly status = 401;
}

class WrongType extends Error {
  readonly status = 415;
}

const MOST_RAW = '25mb';

/** `/api/v1`: JSON in and out, a bearer token instead of a session, so that no browser can be made to call it. */
export function apiRoutes({ operations, authenticate, baseUrl, logger, t }: Deps): Router {
  const router = Router();
  let description: ReturnType<typeof openApi> | undefined;
  router.get('/openapi.json', (_req, res) => {
    description ??= openApi(operations, baseUrl);
    res.json(description);
  });
  router.use(limited({ most: 3000, minutes: 1, by: (req) => bearerOf(req) ?? '' }));
  router.use(bearer(authenticate));
  for (const { path, rawBody, bodyLimit } of operations) {
    if (rawBody !== undefined) router.use(routeOf(path), raw({ type: rawBody, limit: MOST_RAW }));
    if (bodyLimit !== undefined) router.use(routeOf(path), json({ limit: bodyLimit }));
  }
  router.use(json({ limit: '4mb' }));
  for (const each of operations) router[each.method](routeOf(each.path), handler(each, t));
  router.use((_req, _res, next) => next(new NotFound()));
  router.use(errors(logger, t));
  return router;
}

/** '/waves/{id}' as Express writes it. */
const routeOf = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

function bearer(authenticate: Deps['authenticate']): RequestHandler {
  return async (req, res, next) => {
    const token = bearerOf(req);
    const caller = token ? await authenticate(token) : undefined;
    if (!caller) return next(new Unauthorized('no valid token'));
    (res.locals as { caller?: Caller }).caller = caller;
    next();
  };
}

function handler(operation: Operation, t: Translate): RequestHandler {
  return async (req, res) => {
    const { caller } = res.locals as { caller: Caller };
    if (!hasRole(caller.role, operation.role)) throw new Forbidden();
    const input = {
      params: parsed(operation.params, req.params, t, NotFound),
      query: withOwnCursor(operation.path, parsed(operation.query, req.query, t)),
      body: operation.rawBody === undefined ? jsonOf(operation, req, t) : rawBodyOf(req),
    };
    const result = await operation.run(input, caller);
    res.status(operation.status).json(operation.response.parse(withMarkedCursor(operation.path, result)));
  };
}

/** Where there is a body, it is JSON and said to be; where there is none, or an empty one, the schema decides. */
function jsonOf(operation: Operation, req: Request, t: Translate): unknown {
  if (!operation.body) return undefined;
  const isEmpty = req.headers['content-length'] === '0';
  if (!isEmpty && req.is('application/json') === false) throw new WrongType('the body is not said to be JSON');
  return parsed(operation.body, withoutInvisibleIn(req.body ?? {}), t);
}

/** A body of another type is not read at all. */
function rawBodyOf({ body }: Request): Buffer {
  if (!Buffer.isBuffer(body) || body.length === 0)
    throw new WrongType('the body is not of the type that is taken here');
  return body;
}

/** An id that is none names nothing: not found, rather than invalid. */
function parsed(schema: z.ZodType | undefined, value: unknown, t: Translate, otherwise?: new () => Error): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  const unknown = result.success ? unknownNames(schema, value) : [];
  if (unknown.length > 0) throw new UnknownNames(unknown);
  if (result.success) return result.data;
  throw otherwise ? new otherwise() : new InvalidBody(result.error, t);
}

function errors(logger: Logger, t: Translate): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const status = statusOf(error);
    if (status === 500) logUnexpected(logger, error, req, res);
    if (res.headersSent) return next(error);
    if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
    res.status(status).json(errorBody(error, status, requestIdOf(res), t));
  };
}
