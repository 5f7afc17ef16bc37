import { z } from 'zod';
import { line } from '../customers/index.ts';
import { languageCodes } from '../i18n/index.ts';
import {
  MOST_TIER_TEXT,
  MOST_TIERS,
  strangeOffer,
  type AnniversarySetting,
  type ChoosingDeps,
} from '../loyalty/index.ts';
import { Unfit } from './errors.ts';
import type { Operation } from './operation.ts';
import { settingOf } from './setting-operations.ts';

const years = z.int().min(1).max(100);

const tierSchema = z
  .object({
    years,
    text: z
      .partialRecord(z.enum(languageCodes as [string, ...string[]]), line(MOST_TIER_TEXT))
      .overwrite((text) => Object.fromEntries(languageCodes.map((code) => [code, text[code] ?? ''])))
      .describe('By language: in every one, or in none where the offer speaks for itself'),
    offerId: z.uuid().nullable(),
  })
  .refine(({ text, offerId }) => isWhole(Object.values(text), offerId), {
    path: ['text'],
    error: 'Say it in every language, or in none where there is an offer.',
  });

const settingSchema = z.object({
  on: z.boolean(),
  /** The first anniversary that is greeted. */
  fromYear: years,
  /** What comes with the card from so many years on. */
  tiers: z
    .array(tierSchema)
    .max(MOST_TIERS)
    .overwrite((tiers) => tiers.toSorted((a, b) => a.years - b.years)),
});

const isWhole = (texts: (string | undefined)[], offerId: string | null): boolean => {
  const silent = texts.filter((text) => text === '').length;
  return silent === 0 || (silent === texts.length && offerId !== null);
};

/** When the business greets its customers, and what comes with the card. */
export function anniversarySettingOperations(deps: ChoosingDeps): Operation[] {
  const { settings } = deps.loyalty.anniversaries;
  return settingOf({
    path: '/settings/anniversaries',
    about: 'Which anniversaries are greeted, and what comes with the card',
    schema: settingSchema,
    standing: () => settings.standing(),
    async save(actor, given, seen) {
      // Each text is there by now.
      const setting = given as AnniversarySetting;
      const strange = setting.tiers[await strangeOffer(deps, setting.tiers)];
      if (strange) throw new Unfit('tiers', `A card can bring no offer with the id ${strange.offerId} now.`);
      await settings.save(actor, setting, seen);
    },
  });
}
