import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { codebookDefinitionSchema, type CodebookDefinition } from './codebook-definition.ts';
import { STEP, type Code } from './codebook.ts';

/** The codebooks that come with the product, by the key of their programme. */
export function readStarters(directory: string): Map<string, CodebookDefinition> {
  const files = globSync('*.json', { cwd: directory }).sort();
  const books = files.map((file) =>
    codebookDefinitionSchema.parse(JSON.parse(readFileSync(join(directory, file), 'utf8'))),
  );
  return new Map(books.map((book) => [book.programme, book]));
}

/** What a codebook without reasons of its own begins with: the codes that stand outside any ranking. */
export function emptyBook(starters: ReadonlyMap<string, CodebookDefinition>): CodebookDefinition['codes'] {
  const any = starters.get('leaving') ?? [...starters.values()][0];
  return (any?.codes ?? []).filter((code) => code.kind !== 'reason');
}

/** Codes as a new codebook holds them, parents before what stands below them. */
export function codesFrom(definitions: CodebookDefinition['codes'], clock: Clock): Code[] {
  const ids = new Map(definitions.map(({ key }) => [key, newId(clock)]));
  return definitions.map(({ key, kind, parent, name, description }, i) => ({
    id: ids.get(key) ?? newId(clock),
    key,
    parentId: parent === undefined ? null : (ids.get(parent) ?? null),
    kind,
    name,
    description,
    position: (i + 1) * STEP,
    retiredAt: null,
    splitAt: null,
    mergedIntoId: null,
  }));
}
