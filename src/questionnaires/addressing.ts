import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ADDRESSES } from '../i18n/index.ts';
import type { Actor } from '../shared/actor.ts';
import type { Questionnaire, Questionnaires, QuestionnairesDeps, Readdressed } from './interface.ts';
import type { Definition } from './shape.ts';
import { textSlots } from './text-slots.ts';

type Addressing = Pick<Questionnaires, 'readdress'>;

type Parts = Pick<Questionnaires, 'list' | 'edit' | 'publish' | 'changes' | 'problems'>;

/**
 * When a business begins to say du instead of Sie, or the other way round, the words that came with the product follow, in
 * each questionnaire that still has them. What somebody has worded otherwise stays as it is.
 */
export function createAddressing(
  { starters }: QuestionnairesDeps,
  { list, edit, publish, changes, problems }: Parts,
): Addressing {
  /** @returns where the new words stand, or null where it has none */
  async function keep(
    actor: Actor,
    questionnaire: Questionnaire,
    familiar: string[],
  ): Promise<keyof Readdressed | null> {
    const { id, draftRevision, latest, draft: before } = questionnaire;
    const { draft, words, languages } = readdressed(starters, before, familiar);
    if (languages.length === 0) return null;
    const isUntouched = latest !== null && changes(questionnaire).length === 0;
    const edited = await edit(id, draftRevision, () => draft);
    // Somebody else was faster: their words are addressed, too.
    if (!edited.saved) return await keep(actor, edited.current, familiar);
    const isAsked = languages.some((language) => draft.languages.includes(language));
    const publishes = isUntouched && isAsked && problems(draft).length === 0;
    if (publishes) await publish(actor, id, edited.revision);
    return words === 0 ? null : publishes ? 'published' : 'drafted';
  }

  return {
    async readdress(actor, familiar) {
      const done: Readdressed = { published: 0, drafted: 0 };
      for (const questionnaire of await list()) {
        const where = await keep(actor, questionnaire, familiar);
        if (where !== null) done[where]++;
      }
      return done;
    },
  };
}

interface Addressed {
  draft: Definition;
  /** In how many places something is said otherwise. */
  words: number;
  /** In which it now addresses people otherwise than before. */
  languages: string[];
}

/** The draft as it says du in these languages and no others, with the starters' words for it where it has the starters'. */
export function readdressed(starters: string, before: Definition, familiar: readonly string[]): Addressed {
  const { familiar: was = [], ...draft } = structuredClone(before);
  const languages = Object.keys(ADDRESSES).filter((each) => was.includes(each) !== familiar.includes(each));
  let words = 0;
  for (const language of languages) {
    const others = wordsFor(starters, language, familiar.includes(language));
    for (const { texts } of textSlots(draft)) {
      const other = others.get(texts[language] ?? '');
      if (other === undefined) continue;
      texts[language] = other;
      words++;
    }
  }
  return { draft: familiar.length > 0 ? { ...draft, familiar: [...familiar] } : draft, words, languages };
}

/** Language, and for each text that the starters say politely the same for somebody whom one says du to. */
const dictionary = z.record(z.string(), z.record(z.string(), z.string()));

/** By what the starters say to somebody addressed the one way, what they say the other way. */
function wordsFor(starters: string, language: string, familiar: boolean): Map<string, string> {
  const path = join(starters, 'familiar.json');
  const known = existsSync(path) ? dictionary.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
  const pairs = Object.entries(known[language] ?? {});
  return new Map(familiar ? pairs : pairs.map(([polite, other]) => [other, polite]));
}
