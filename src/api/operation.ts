import { z } from 'zod';
import type { Actor } from '../shared/actor.ts';
import type { Role } from '../web/index.ts';

/** Who calls, by their access token. */
export interface Caller {
  actor: Actor;
  role: Role;
}

interface Shape<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  method: 'get' | 'post';
  /** As OpenAPI writes it: '/waves/{id}'. */
  path: string;
  /** One line that says what it does. */
  summary: string;
  /** The least role that may call it. */
  role: Role;
  params?: P;
  query?: Q;
  body?: B;
  /** The media type of a body that is taken as it comes, as bytes; then `body` is not checked but given as a Buffer. */
  rawBody?: string;
  /** How large a JSON body may be where it carries more than data: '15mb'. */
  bodyLimit?: string;
  response: R;
  status?: 200 | 201;
  run(input: { params: z.infer<P>; query: z.infer<Q>; body: z.infer<B> }, caller: Caller): Promise<z.input<R>>;
}

/** One call of the interface: its schemas make the check of what comes in, and the description for callers. */
export interface Operation {
  method: 'get' | 'post';
  path: string;
  summary: string;
  role: Role;
  params: z.ZodType | undefined;
  query: z.ZodType | undefined;
  body: z.ZodType | undefined;
  rawBody: string | undefined;
  bodyLimit: string | undefined;
  response: z.ZodType;
  status: 200 | 201;
  run(input: { params: unknown; query: unknown; body: unknown }, caller: Caller): Promise<unknown>;
}

export function operation<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  shape: Shape<P, Q, B, R>,
): Operation {
  const { params, query, body, rawBody, bodyLimit, status = 200, run } = shape;
  return { ...shape, params, query, body, rawBody, bodyLimit, status, run: run as Operation['run'] };
}

export const idParams = z.object({ id: z.uuid() });

/** Lists come a part at a time: `next` is the cursor of the following part, null at the end. */
export const paging = {
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
};

/** Of a filter. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}
