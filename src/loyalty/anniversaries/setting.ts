import { z } from 'zod';
import { languageCodes } from '../../i18n/index.ts';

export const MOST_TIERS = 4;
export const MOST_TIER_TEXT = 300;

/** When the business greets, and what comes with the card. */
export const settingSchema = z.object({
  on: z.boolean(),
  /** The first anniversary that is greeted. */
  fromYear: z.number().int().min(1).max(100),
  tiers: z
    .array(
      z.object({
        years: z.number().int().min(1).max(100),
        text: z.record(z.string(), z.string().max(MOST_TIER_TEXT)),
        offerId: z.string().nullable().default(null),
      }),
    )
    .max(MOST_TIERS),
});
export type AnniversarySetting = z.infer<typeof settingSchema>;

export const USUAL: AnniversarySetting = { on: false, fromYear: 1, tiers: [] };

const text = z
  .string()
  .default('')
  .transform((typed) => typed.replace(/\s+/g, ' ').trim());

const places = Array.from({ length: MOST_TIERS }, (_, i) => i);
const fields = Object.fromEntries(
  places.flatMap((i) =>
    [`years-${i}`, `offer-${i}`, ...languageCodes.map((code) => `text-${i}-${code}`)].map((name) => [name, text]),
  ),
);

/** As a manager types it: each tier with words in every language, or in none where an offer speaks for itself. */
export const settingForm = z
  .object({
    ...fields,
    on: text,
    fromYear: z.coerce
      .number('attentions.error.years')
      .int('attentions.error.years')
      .min(1, 'attentions.error.years')
      .max(100, 'attentions.error.years'),
  })
  .transform((typed, context): AnniversarySetting => {
    const given = typed as unknown as Record<string, string>;
    const wrong: Wrong = (path, message, more) =>
      context.addIssue({ code: 'custom', input: typed, path: [path], message, ...more });
    const tiers = places.flatMap((i) => tierOf(i, given, wrong) ?? []);
    return { on: given.on === '1', fromYear: typed.fromYear, tiers: tiers.sort((a, b) => a.years - b.years) };
  });

type Wrong = (path: string, message: string, tooLong?: { input: string; params: { most: number } }) => void;

/** Null where nothing is typed. */
function tierOf(i: number, given: Record<string, string>, wrong: Wrong): AnniversarySetting['tiers'][number] | null {
  const [years, offerId] = [given[`years-${i}`] ?? '', given[`offer-${i}`] ?? ''];
  const words = languageCodes.map((code) => [code, given[`text-${i}-${code}`] ?? ''] as const);
  const isSilent = words.every(([, word]) => word === '');
  if (years === '' && isSilent && offerId === '') return null;
  if (!/^[1-9]\d?$|^100$/.test(years)) wrong(`years-${i}`, 'attentions.error.years');
  for (const [code, word] of words) {
    if (word === '' && !(isSilent && offerId !== '')) wrong(`text-${i}-${code}`, 'attentions.error.language');
    else if (word.length > MOST_TIER_TEXT)
      wrong(`text-${i}-${code}`, 'form.tooLong', { input: word, params: { most: MOST_TIER_TEXT } });
  }
  return { years: Number(years), text: Object.fromEntries(words), offerId: offerId || null };
}

export function typedSetting({ on, fromYear, tiers }: AnniversarySetting): Record<string, string> {
  const typed = tiers.flatMap(({ years, text: words, offerId }, i) => [
    [`years-${i}`, String(years)],
    [`offer-${i}`, offerId ?? ''],
    ...Object.entries(words).map(([code, word]) => [`text-${i}-${code}`, word]),
  ]);
  return { on: on ? '1' : '', fromYear: String(fromYear), ...Object.fromEntries(typed) } as Record<string, string>;
}
