import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import { languageCodes } from '../i18n/index.ts';
import { cleanText, lengthOf } from '../questionnaires/index.ts';
import { MOST_PROMISED, ownTexts, type CommentPromise, type Recovery } from '../recovery/index.ts';
import { about, changedSince, Unfit } from './errors.ts';
import { operation, type Caller, type Operation } from './operation.ts';

const language = z.enum(languageCodes as [string, ...string[]]);

const promise = z.object({
  on: z.boolean(),
  /** By language, where they are not the usual words. */
  texts: z.partialRecord(
    language,
    z
      .string()
      .overwrite(cleanText)
      .refine((text) => lengthOf(text) <= MOST_PROMISED, `At most ${MOST_PROMISED} characters.`),
  ),
  /** The languages in which somebody has approved the words: in no other they are shown. */
  approved: z.array(language),
});

const settingBody = z.object({
  /** Whether the page is there for the public. */
  on: z.boolean(),
  /** The colleague who gets what arrives; null: nobody yet. */
  ownerId: z.uuid().nullable(),
  /** Within so many working hours somebody answers. */
  answerHours: z.int().min(1).max(200),
  guarantee: promise,
  gift: promise,
  /** What from the catalogue is given for reporting a problem. */
  giftOfferId: z.uuid().nullable(),
  revision: z.int().describe('As you read it: nobody has changed it since'),
});
type SettingBody = z.infer<typeof settingBody>;

const usual = z.record(z.string(), z.string());
const settingSchema = settingBody.extend({
  /** What is promised where there are no other words, by language. */
  usualTexts: z.object({ guarantee: usual, gift: usual }),
});

interface Deps {
  recovery: Pick<Recovery, 'comments' | 'offers'>;
  accounts: Pick<Accounts, 'colleague'>;
}

/** What the public page and its poster promise, and who gets what arrives there. */
export function commentSettingOperations(deps: Deps): Operation[] {
  const { comments } = deps.recovery;
  const shown = async () => ({ ...(await comments.settings()), usualTexts: await comments.starters() });
  return [
    operation({
      method: 'get',
      path: '/settings/comments',
      summary: 'What the public page /tell-us promises, and who gets what arrives there',
      role: 'manager',
      response: settingSchema,
      run: shown,
    }),
    operation({
      method: 'post',
      path: '/settings/comments',
      summary:
        'Put in place as a whole: what the public page promises, and who gets what arrives there; the same again is harmless',
      role: 'manager',
      body: settingBody,
      response: settingSchema,
      async run({ body }, caller) {
        await save(deps, body, caller);
        return await shown();
      },
    }),
  ];
}

async function save(deps: Deps, { revision, ...wanted }: SettingBody, { actor }: Caller): Promise<void> {
  const { comments } = deps.recovery;
  const { revision: now, ...before } = await comments.settings();
  const usually = await comments.starters();
  const own = (promised: CommentPromise, starters: Record<string, string>): CommentPromise => ({
    ...promised,
    texts: ownTexts(promised.texts, starters),
  });
  const guarantee = own(wanted.guarantee as CommentPromise, usually.guarantee);
  const gift = own(wanted.gift as CommentPromise, usually.gift);
  const settings = { ...wanted, guarantee, gift };
  if (isDeepStrictEqual(settings, before)) return;
  await known(deps, settings);
  if (revision !== now) throw changedSince(now);
  await about('revision', comments.saveSettings(actor, settings, revision));
}

/** Whom and what the form offers. @throws Unfit */
async function known(
  { recovery: { offers }, accounts }: Deps,
  { ownerId, giftOfferId }: Pick<SettingBody, 'ownerId' | 'giftOfferId'>,
): Promise<void> {
  if (ownerId !== null && !(await accounts.colleague(ownerId))?.active)
    throw new Unfit('ownerId', 'Give the id of a colleague who works here, from /colleagues.');
  const inUse = (await offers.list()).filter(({ retiredAt }) => retiredAt === null);
  if (giftOfferId !== null && !inUse.some(({ id }) => id === giftOfferId))
    throw new Unfit('giftOfferId', 'Give the id of an offer in use, from /offers.');
}
