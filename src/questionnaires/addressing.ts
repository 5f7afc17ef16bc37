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
  async function change(actor: Actor, questionnaire: Questionnaire, draft: Definition): Promise<keyof Readdressed> {
    const { id, draftRevision, latest } = questionnaire;
    const isTouched = latest === null || changes(questionnaire).length > 0;
    const edited = await edit(id, draftRevision, () => draft);
    if (isTouched || !edited.saved) return 'drafted';
    await publish(actor, id, edited.revision);
    return 'published';
  }

  return {
    async readdress(actor, language, familiar) {
      const words = wordsFor(starters, language, familiar);
      const done: Readdressed = { published: 0, drafted: 0 };
      for (const questionnaire of await list()) {
        const draft = readdressed(questionnaire.draft, language, words);
        if (draft) done[await change(actor, questionnaire, draft)]++;
      }
      return done;
    },
  };
}

/** By what the starters say to somebody addressed the one way, what they say the other way. */
function wordsFor(starters: string, language: string, familiar: boolean): Map<string, string> {
  const path = join(starters, 'familiar.json');
  const known = existsSync(path) ? dictionary.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
  const pairs = Object.entries(known[language] ?? {});
  return new Map(familiar ? pairs : pairs.map(([polite, other]) => [other, polite]));
}

/** Language, and for each text that the starters say politely the same for somebody whom one says du to. */
const dictionary = z.record(z.string(), z.record(z.string(), z.string()));

/** The draft with those words in their places, or undefined where it has none of them. */
export function readdressed(draft: Definition, language: string, words: Map<string, string>): Definition | undefined {
  const copy = structuredClone(draft);
  const found = textSlots(copy).filter(({ texts }) => words.has(texts[language] ?? ''));
  for (const { texts } of found) texts[language] = words.get(texts[language] ?? '') ?? '';
  return found.length > 0 ? copy : undefined;
}
