import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Actor } from '../shared/actor.ts';
import type { Questionnaire, Questionnaires, QuestionnairesDeps, Readdressed } from './interface.ts';
import type { Definition } from './shape.ts';
import { textSlots } from './text-slots.ts';

export type Addressing = Pick<Questionnaires, 'readdress'>;

type Parts = Pick<Questionnaires, 'list' | 'edit' | 'publish' | 'changes'>;

/**
 * When a business begins to say du instead of Sie, or the other way round, the words that came with the product follow, in
 * each questionnaire that still has them. What somebody has worded otherwise stays as it is.
 */
export function createAddressing(
  { starters }: QuestionnairesDeps,
  { list, edit, publish, changes }: Parts,
): Addressing {
  async function keep(actor: Actor, questionnaire: Questionnaire, draft: Definition): Promise<keyof Readdressed> {
    const { id, draftRevision, latest } = questionnaire;
    const isTouched = latest === null || changes(questionnaire).length > 0;
    const edited = await edit(id, draftRevision, () => draft);
    if (isTouched || !edited.saved) return 'drafted';
    await publish(actor, id, edited.revision);
    return 'published';
  }

  return {
    async readdress(actor, language, familiar) {
      const done: Readdressed = { published: 0, drafted: 0 };
      for (const questionnaire of await list()) {
        const { draft, words } = readdressed(starters, questionnaire.draft, language, familiar);
        const where = await keep(actor, questionnaire, draft);
        if (words > 0) done[where]++;
      }
      return done;
    },
  };
}

export interface Addressed {
  draft: Definition;
  /** In how many places something is said otherwise. */
  words: number;
}

/** The draft as it addresses people one way or the other, with the starters' words for it where it has the starters' words. */
export function readdressed(starters: string, draft: Definition, language: string, familiar: boolean): Addressed {
  const { familiar: before = [], ...copy } = structuredClone(draft);
  const words = wordsFor(starters, language, familiar);
  const found = textSlots(copy).filter(({ texts }) => words.has(texts[language] ?? ''));
  for (const { texts } of found) texts[language] = words.get(texts[language] ?? '') ?? '';
  const after = [...before.filter((each) => each !== language), ...(familiar ? [language] : [])].sort();
  return { draft: after.length > 0 ? { ...copy, familiar: after } : copy, words: found.length };
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
