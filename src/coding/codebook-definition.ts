import { z } from 'zod';

const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'codebook.badLanguage');
const key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'codebook.badKey');
const texts = (max: number) => z.record(language, z.string().trim().min(1, 'codebook.missingText').max(max));

const codeSchema = z.object({
  key,
  /** `unknown` stands outside the ranking: "does not know", "no answer". */
  kind: z.enum(['reason', 'other', 'unknown']),
  /** The first-level code that it belongs under; without one it is first-level itself. */
  parent: key.optional(),
  name: texts(80),
  /** One or two sentences: what is coded so, and what is not. */
  description: texts(400),
});

const shape = z.object({ key, programme: key, codes: z.array(codeSchema).min(1).max(300) });

/** A codebook as data, to start from: two levels, named and described in the same languages throughout. */
export type CodebookDefinition = z.infer<typeof shape>;
type CodeDefinition = z.infer<typeof codeSchema>;

type Context = z.RefinementCtx;

export const codebookDefinitionSchema = shape.superRefine(({ codes }, ctx) => {
  const languages = languagesOf(codes);
  codes.forEach((code, i) => {
    checkPlace(code, i, codes, ctx);
    for (const field of ['name', 'description'] as const) {
      const missing = languages.filter((each) => !Object.hasOwn(code[field], each));
      for (const each of missing) problem(ctx, 'codebook.missingText', ['codes', i, field, each], code.key);
    }
  });
});

/** Every language that any code is written in. */
const languagesOf = (codes: CodeDefinition[]): string[] => [
  ...new Set(codes.flatMap((code) => [...Object.keys(code.name), ...Object.keys(code.description)])),
];

/** Two levels: a parent stands before its children, is a reason, and has no parent itself. */
function checkPlace(code: CodeDefinition, i: number, codes: CodeDefinition[], ctx: Context): void {
  const earlier = codes.slice(0, i);
  if (earlier.some((each) => each.key === code.key)) problem(ctx, 'codebook.keyTwice', ['codes', i, 'key'], code.key);
  if (code.parent === undefined) return;
  const parent = earlier.find((each) => each.key === code.parent);
  const sound = parent?.kind === 'reason' && parent.parent === undefined && code.kind === 'reason';
  if (!sound) problem(ctx, 'codebook.badParent', ['codes', i, 'parent'], code.key);
}

function problem(ctx: Context, message: string, path: (string | number)[], code: string): void {
  ctx.addIssue({ code: 'custom', message, path, params: { code } });
}
