import type { Definition } from '../../questionnaires/index.ts';
import { groupOf } from '../words-views.ts';
import type { Group } from './fields.ts';

export type Questions = ReturnType<typeof createQuestions>;

/** What a questionnaire says of its questions; a version never changes and is asked for once. */
export function createQuestions(definitionOf: (versionId: string) => Promise<Definition | undefined>) {
  const known = new Map<string, Definition | undefined>();

  async function definition(versionId: string): Promise<Definition | undefined> {
    const found = known.get(versionId) ?? (await definitionOf(versionId));
    known.set(versionId, found);
    return found;
  }

  return {
    async groupAt(versionId: string, questionKey: string): Promise<Group> {
      const found = await definition(versionId);
      return (found && groupOf(found, questionKey)) ?? null;
    },
    /** Whether its questions ask for different things, so that no one reason is the main one. */
    async hasGroups(versionId: string): Promise<boolean> {
      const found = await definition(versionId);
      return found?.questions.some(({ key }) => groupOf(found, key) !== undefined) ?? false;
    },
  };
}
