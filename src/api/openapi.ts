import { z } from 'zod';
import { errorSchema } from './errors.ts';
import type { Operation } from './operation.ts';
import { EVENT_KINDS, type EventKind } from './webhooks/events.ts';

type Json = Record<string, unknown>;

const asJsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

/** The OpenAPI 3.1 description of the interface, from the schemas that the calls really use. */
export function openApi(operations: Operation[], baseUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const each of operations) {
    const path = (paths[each.path] ??= {});
    path[each.method] = described(each);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Comeback',
      version: '1',
      description:
        'What colleagues do and read on the screens, by the role of a token. Money is in minor units, days are plain dates ' +
        'of the business, moments are UTC. Lists come a part at a time. What moves something ' +
        'on answers 409 the second time; what creates something says in its summary when two calls make one. Version 1 changes by addition only.',
    },
    servers: [{ url: `${baseUrl}/api/v1` }],
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: asJsonSchema(errorSchema, 'output') },
    },
    paths,
    webhooks: Object.fromEntries(EVENT_KINDS.map((kind) => [kind, told(kind)])),
  };
}

/** What another program is sent, signed as Standard Webhooks describes. */
function told(kind: EventKind): Json {
  const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
  const message = z.object({ type: z.literal(kind), timestamp: z.iso.datetime(), data: z.record(z.string(), value) });
  return {
    post: {
      description: 'Ids and codes only; fields of data may be added. May come more than once, by the same webhook-id.',
      requestBody: { required: true, content: json(asJsonSchema(message, 'output')) },
      responses: { '2XX': { description: 'Taken' } },
    },
  };
}

function described(operation: Operation): Json {
  return {
    summary: operation.summary,
    description: `Role: ${operation.role} or higher.`,
    operationId: nameOf(operation),
    parameters: [...parameters(operation.params, 'path'), ...parameters(operation.query, 'query')],
    ...bodyOf(operation),
    responses: {
      [operation.status]: { description: 'Done', content: json(asJsonSchema(operation.response, 'output')) },
      default: { description: 'What went wrong', content: json({ $ref: '#/components/schemas/Error' }) },
    },
  };
}

function bodyOf({ body, rawBody }: Operation): Json {
  if (rawBody !== undefined)
    return {
      requestBody: { required: true, content: { [rawBody]: { schema: { type: 'string', format: 'binary' } } } },
    };
  return body ? { requestBody: { required: true, content: json(asJsonSchema(body, 'input')) } } : {};
}

const json = (schema: Json): Json => ({ 'application/json': { schema } });

function nameOf({ method, path }: Operation): string {
  return `${method}${path.replace(/\{(\w+)\}/g, 'By-$1').replace(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase())}`;
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = asJsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, its]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: its,
  }));
}
