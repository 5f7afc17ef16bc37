import { z } from 'zod';
import { customerRowSchema } from '../../customers/index.ts';
import { cleanLine, cleanText, isBlank, lengthOf } from '../../questionnaires/index.ts';
import type { FieldErrors, Result } from '../../shared/errors.ts';
import { tooLong } from '../../shared/too-long.ts';
import { withoutInvisible } from '../../shared/invisible.ts';
import { COMMENT_KINDS, WISHES, type CommentKind, type Said } from './comment.ts';

/** Graphemes; as long as an answer may be. */
const MOST_WORDS = 5000;
const LONGEST_LINE = 120;

const text = z.string().catch('');
const line = text.transform((raw) => cleanLine(withoutInvisible(raw)));

const typed = z.object({
  kind: z.enum(COMMENT_KINDS).optional().catch(undefined),
  words: text.transform((raw) => cleanText(withoutInvisible(raw))),
  name: line,
  email: line,
  telephone: line,
  wish: z
    .enum(['', ...WISHES])
    .optional()
    .catch(undefined),
});

const { email: emailField, telephone: telephoneField } = customerRowSchema.shape;

/** What somebody typed, or what is missing in it, by field. Never throws, whatever the body holds. */
export function readSaid(body: unknown, kinds: readonly CommentKind[]): Result<Said> {
  const given = typed.parse(body ?? {});
  const errors: FieldErrors = {};
  if (given.kind === undefined || !kinds.includes(given.kind)) errors.kind = { key: 'comments.error.kind' };
  if (isBlank(given.words)) errors.words = { key: 'comments.error.words' };
  else if (lengthOf(given.words) > MOST_WORDS)
    errors.words = { key: 'comments.error.long', values: { most: MOST_WORDS } };
  if (lengthOf(given.name) > LONGEST_LINE) errors.name = tooLong(LONGEST_LINE, lengthOf(given.name));
  const [email, telephone] = [emailField.safeParse(given.email), telephoneField.safeParse(given.telephone)];
  if (!email.success) errors.email = { key: 'comments.error.email' };
  if (!telephone.success) errors.telephone = { key: 'comments.error.telephone' };
  reachable(given, errors);
  if (Object.keys(errors).length > 0 || given.kind === undefined) return { ok: false, errors };
  const reach = { email: email.data ?? '', telephone: telephone.data ?? '' };
  return { ok: true, value: { ...given, ...reach, kind: given.kind, wish: given.wish ?? '' } };
}

/** Whoever wants an answer has to say where it goes. */
function reachable({ wish, email, telephone }: z.infer<typeof typed>, errors: FieldErrors): void {
  if (wish === 'phone' && telephone === '') errors.telephone ??= { key: 'comments.error.telephoneNeeded' };
  if (wish === 'mail' && email === '') errors.email ??= { key: 'comments.error.emailNeeded' };
}
