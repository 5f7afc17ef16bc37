import { labelOf, offered, ultimate, type Code, type Codebook } from '../../coding/index.ts';
import { languageCodes } from '../../i18n/index.ts';
import type { RetentionDeps } from '../deps.ts';
import type { PolicyCode } from './policy.ts';

/** The codes of every codebook, by id. A code that says nothing ("does not know") can be no policy's reason. */
export async function policyCodes({ coding }: Pick<RetentionDeps, 'coding'>): Promise<Map<string, PolicyCode>> {
  const found = new Map<string, PolicyCode>();
  for (const { id, key } of await coding.desk.programmes()) {
    const book = await coding.codebook(id);
    for (const code of book?.codes ?? [])
      if (book && code.kind !== 'unknown') found.set(code.id, asCode(book, code, key));
  }
  return found;
}

function asCode(book: Codebook, code: Code, programmeKey: string): PolicyCode {
  const now = ultimate(book, code.id) ?? code;
  return {
    id: code.id,
    key: now.key,
    programmeKey,
    labels: Object.fromEntries(languageCodes.map((language) => [language, labelOf(book, now, language)])),
    family: book.codes.filter((each) => belongs(book, each, now)).map(({ id }) => id),
    offered: offered(book).includes(code),
  };
}

function belongs(book: Codebook, each: Code, to: Code): boolean {
  const now = ultimate(book, each.id) ?? each;
  return now.id === to.id || now.parentId === to.id;
}
