import type { z } from 'zod';

/** Enough to see what is meant. */
const MOST = 20;

/**
 * The names in a value that its schema does not know, as paths ('customers.0.e-mail'). Left unsaid, a misspelt filter
 * would give the figures of everybody, and a misspelt field would be lost.
 */
export function unknownNames(schema: z.ZodType, value: unknown): string[] {
  const found: string[] = [];
  look(schema as unknown as z.core.$ZodTypes, value, [], found);
  return found;
}

function look(schema: z.core.$ZodTypes, value: unknown, path: string[], found: string[]): void {
  if (typeof value !== 'object' || value === null || found.length >= MOST) return;
  const { def } = schema._zod;
  if (def.type === 'object') lookInObject(def, value, path, found);
  else if (def.type === 'array' && Array.isArray(value)) {
    value.forEach((each, i) => look(def.element as z.core.$ZodTypes, each, [...path, String(i)], found));
  } else if ('innerType' in def) look(def.innerType as z.core.$ZodTypes, value, path, found);
  else if (def.type === 'pipe') look(def.in as z.core.$ZodTypes, value, path, found);
}

function lookInObject(def: z.core.$ZodObjectDef, value: object, path: string[], found: string[]): void {
  // An object that takes any names says so itself, and one that takes none refuses them itself.
  if (def.catchall) return;
  for (const [name, its] of Object.entries(value)) {
    if (found.length >= MOST) return;
    const known = Object.hasOwn(def.shape, name) ? def.shape[name] : undefined;
    if (known === undefined) found.push([...path, name.slice(0, 100)].join('.'));
    else look(known as z.core.$ZodTypes, its, [...path, name], found);
  }
}
