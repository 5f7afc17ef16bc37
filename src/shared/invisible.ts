/**
 * Signs that turn the writing direction of what follows them, beyond the words that they stand in, or show nothing. What
 * joins letters and emoji stays, and so do the marks that give a single sign its side: Hebrew and Arabic need them.
 */
const INVISIBLE = /[\u00AD\u200B\u202A-\u202E\u2060-\u2069\uFEFF]/g;

export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, '');

/** Deeper than anything that is taken here; what is nested on and on would exhaust the stack. */
const DEEPEST = 100;

class NestedTooDeep extends Error {
  readonly status = 400;
}

/**
 * The same for every text in what a form or a program sent; a password is what was typed.
 * @throws NestedTooDeep
 */
export function withoutInvisibleIn(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) throw new NestedTooDeep('nested too deeply');
  const cleaned = (each: unknown) => withoutInvisibleIn(each, depth + 1);
  if (typeof value === 'string') return withoutInvisible(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, name.startsWith('password') ? each : cleaned(each)]),
  );
}
