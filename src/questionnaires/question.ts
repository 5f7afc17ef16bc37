import { z } from 'zod';

/** What people read, by language: 'en', 'de', 'pt-BR' and so on. */
export type Texts = Record<string, string>;

/** The longest open answer, in graphemes. */
export const OPEN_LIMIT = 5000;
/** The longest "other, please say", in graphemes. */
export const OTHER_LIMIT = 500;

/** Ticked in a list of reasons beside the options of the question itself. */
export const OTHER = 'other';
export const PREFER_NOT_TO_SAY = 'prefer_not_to_say';
/** The answer "I can't say" to which reason mattered most. */
export const CANT_SAY = 'cant_say';

export const languageSchema = z.string().regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'definition.badLanguage');

export const keySchema = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'definition.badKey');

/**
 * Texts of at most `max` characters in each language. A text may be empty or missing while it is being written;
 * whether a definition is complete is asked of it as a whole.
 */
export const texts = (max: number) => z.record(languageSchema, z.string().max(max, 'definition.textTooLong'));

const questionText = texts(200);
const hint = texts(240).optional();

const conditionSchema = z.object({
  /** Key of an earlier question. */
  question: keySchema,
  op: z.enum(['is', 'isNot', 'answered', 'atLeast', 'atMost', 'ticked']),
  value: z.union([z.string().max(40), z.number().int()]).optional(),
});

const base = {
  key: keySchema,
  text: questionText,
  hint,
  /** Everything can be skipped unless it says otherwise. */
  required: z.boolean().default(false),
  condition: conditionSchema.optional(),
};

const coded = {
  /** Its words are sorted into the codebook by people. */
  coded: z.boolean().default(false),
  /** The first-level code of the codebook that the answers belong under, when there is one. */
  group: keySchema.optional(),
};

const openSchema = z.object({
  ...base,
  ...coded,
  kind: z.literal('open'),
  /** Asked when the answer is shorter than this many graphemes; `underCjk` for Chinese, Japanese, Korean. */
  probe: z
    .object({
      text: questionText,
      hint,
      under: z.number().int().min(1).max(500).default(60),
      underCjk: z.number().int().min(1).max(500).default(20),
    })
    .optional(),
});

const reasonsSchema = z.object({
  ...base,
  kind: z.literal('reasons'),
  /** Each key is the key of a code in the programme's codebook. */
  options: z
    .array(z.object({ key: keySchema, text: texts(100) }))
    .min(2, 'definition.tooFewOptions')
    .max(15, 'definition.tooManyOptions'),
  shuffle: z.boolean().default(true),
  other: z.object({ text: texts(100), label: texts(100) }).optional(),
  preferNotToSay: texts(100).optional(),
  most: z.object({ text: questionText, hint, cantSay: texts(100) }),
});

const scaleSchema = z.object({
  ...base,
  ...coded,
  kind: z.literal('scale'),
  min: z.union([z.literal(0), z.literal(1)]),
  max: z.union([z.literal(5), z.literal(10)]),
  minLabel: texts(60),
  maxLabel: texts(60),
  /** The open question why, asked of everyone who gave a number. */
  probe: z.object({ text: questionText, hint }).optional(),
});

const yesNoSchema = z.object({ ...base, kind: z.literal('yesno') });

export const questionSchema = z.discriminatedUnion('kind', [openSchema, reasonsSchema, scaleSchema, yesNoSchema]);

export type Question = z.infer<typeof questionSchema>;
export type QuestionKind = Question['kind'];
export type ReasonsQuestion = z.infer<typeof reasonsSchema>;
export type ScaleQuestion = z.infer<typeof scaleSchema>;
export type Condition = z.infer<typeof conditionSchema>;

export type PagePart = 'main' | 'probe' | 'most';

/** One page that a respondent meets: a question, the probe after it, or which of the reasons mattered most. */
export interface PageRef {
  question: Question;
  part: PagePart;
}

/** Where the answer to a page is kept, and the page's name in an address: 'why', 'why.probe', 'reasons.most'. */
export const pageKey = (page: PageRef): string =>
  page.part === 'main' ? page.question.key : `${page.question.key}.${page.part}`;

/** The keys that can be ticked in a list of reasons, in the order of the definition; the fixed two come last. */
export function reasonKeys(question: ReasonsQuestion): string[] {
  const keys = question.options.map((option) => option.key);
  if (question.other) keys.push(OTHER);
  if (question.preferNotToSay) keys.push(PREFER_NOT_TO_SAY);
  return keys;
}
