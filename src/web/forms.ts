import { z } from 'zod';
import type { FieldErrors, Result } from '../shared/errors.ts';
import { issueMessage } from '../shared/too-long.ts';
import type { Translate } from './render.ts';

/** A form as a template shows it: what was typed, and what is wrong where. */
export interface FormView {
  values: Record<string, string>;
  /** Said in the reader's language, by field. */
  errors: Record<string, string>;
  /** The same, in the order of the fields, for the summary above the heading. */
  summary: { field: string; text: string }[];
}

/** Turns a posted body into data, or into errors by field. Schemas give message keys as their messages. */
export function readForm<S extends z.ZodType>(schema: S, body: unknown): Result<z.infer<S>> {
  const parsed = schema.safeParse(body ?? {}, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors: FieldErrors = {};
  for (const issue of inOrder(parsed.error.issues, schema)) {
    const field = issue.path.map(String).join('.') || 'form';
    errors[field] ??= issue.message.includes('.') ? issueMessage(issue) : { key: 'form.invalid' };
  }
  return { ok: false, errors };
}

/** Checks of several fields at once come last of all: what they find is said where its field stands. */
function inOrder(issues: z.core.$ZodIssue[], schema: z.ZodType): z.core.$ZodIssue[] {
  const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const place = ({ path }: z.core.$ZodIssue) => fields.indexOf(String(path[0]));
  return issues.toSorted((a, b) => place(a) - place(b));
}

/** As large as both engines keep one. */
const MOST_REVISIONS = 2 ** 31 - 1;

/** The revision that a form was made from, as it stands in the form; 0 where none does. */
export function seenRevision(body: unknown): number {
  const revision = Number((body as { revision?: unknown } | undefined)?.revision);
  return Number.isInteger(revision) && revision > 0 && revision <= MOST_REVISIONS ? revision : 0;
}

/** Keeps what was typed; never a password. */
export function formView(typed: unknown, errors: FieldErrors | undefined, t: Translate): FormView {
  const said = Object.entries(errors ?? {}).map(([field, { key, values }]) => ({ field, text: t(key, values) }));
  return {
    values: typedValues(typed),
    errors: Object.fromEntries(said.map(({ field, text }) => [field, text])),
    summary: said,
  };
}

function typedValues(typed: unknown): Record<string, string> {
  const entries = Object.entries((typed ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries
      .filter(([name, value]) => !name.startsWith('password') && value !== null && value !== undefined)
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
  );
}
