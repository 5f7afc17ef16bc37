import { z } from 'zod';

/** A promise to customers: shown on the public page in those languages in which somebody has approved its words. */
const promise = z.object({
  on: z.boolean(),
  /** By language; the starter where there is none. */
  texts: z.record(z.string(), z.string()),
  /** Languages in which the words may be shown. */
  approved: z.array(z.string()),
});
export type Promised = z.infer<typeof promise>;
export const PROMISES = ['guarantee', 'gift'] as const;
export type PromiseKey = (typeof PROMISES)[number];
/** By language. */
export type Starters = Record<PromiseKey, Record<string, string>>;

export const settingsSchema = z.object({
  /** Whether the page is there for the public. */
  on: z.boolean(),
  /** The colleague who gets what arrives; null: nobody yet. */
  ownerId: z.string().nullable(),
  /** Within so many working hours somebody answers. */
  answerHours: z.number().int().min(1).max(200),
  guarantee: promise,
  gift: promise,
  /** What from the catalogue is given for reporting a problem. */
  giftOfferId: z.string().nullable(),
});
export type CommentSettings = z.infer<typeof settingsSchema>;

const SILENT: Promised = { on: false, texts: {}, approved: [] };

/** What holds before anybody has said anything: the page is there and promises nothing. */
export const STANDARD: CommentSettings = {
  on: true,
  ownerId: null,
  answerHours: 8,
  guarantee: SILENT,
  gift: SILENT,
  giftOfferId: null,
};

/** The words of a promise in a language are as long as this at most. */
export const MOST_PROMISED = 600;

/** What somebody wrote themselves: words like the starter go on following the company's name. */
export function ownTexts(typed: Record<string, string>, starters: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(typed).filter(([language, text]) => text !== '' && text !== starters[language]),
  );
}

/** A promise's words in a language; undefined where it is not shown there. */
export function promisedIn(promised: Promised, language: string, starter: () => string): string | undefined {
  if (!promised.on || !promised.approved.includes(language)) return undefined;
  return promised.texts[language]?.trim() || starter();
}
