/** A name or description by language: { en: 'Price', de: 'Preis' }. */
export type Texts = Record<string, string>;

export type CodeKind = 'reason' | 'other' | 'unknown';

export interface Code {
  id: string;
  /** Given once, for ever: questionnaires and programs name the code by it. */
  key: string;
  parentId: string | null;
  kind: CodeKind;
  name: Texts;
  description: Texts;
  position: number;
  /** No longer offered; what was coded so stays so. */
  retiredAt: string | null;
  /** Retired because other codes took its place; its answers wait to be coded anew. */
  splitAt: string | null;
  /** What was coded so counts as that code. */
  mergedIntoId: string | null;
}

/** The codes of a programme, in two levels, at one revision. */
export interface Codebook {
  id: string;
  programmeId: string;
  revision: number;
  /** First level by position, each followed by its second level. */
  codes: Code[];
  byId: ReadonlyMap<string, Code>;
  byKey: ReadonlyMap<string, Code>;
}

/** Between the positions of two codes, so that others fit in. */
export const STEP = 10;

export function codebookOf(head: Pick<Codebook, 'id' | 'programmeId' | 'revision'>, codes: Code[]): Codebook {
  return {
    ...head,
    codes: inOrder(codes),
    byId: new Map(codes.map((code) => [code.id, code])),
    byKey: new Map(codes.map((code) => [code.key, code])),
  };
}

function inOrder(codes: Code[]): Code[] {
  const byPosition = [...codes].sort((a, b) => a.position - b.position || (a.key < b.key ? -1 : 1));
  const under = (parentId: string | null) => byPosition.filter((code) => code.parentId === parentId);
  return under(null).flatMap((code) => [code, ...under(code.id)]);
}

/** The code that this one counts as today: itself, or what it was merged into, through any number of merges. */
export function ultimate(book: Codebook, codeId: string): Code | undefined {
  let code = book.byId.get(codeId);
  for (let steps = 0; code?.mergedIntoId && steps < book.codes.length; steps++) code = book.byId.get(code.mergedIntoId);
  return code;
}

export const isOffered = (code: Code): boolean => code.retiredAt === null && code.mergedIntoId === null;

/** The codes that may be given, in the order of the book. */
export const offered = (book: Codebook): Code[] => book.codes.filter(isOffered);

/** A name or description in a reader's language, else in English, else in the first language there is. */
export function textIn(texts: Texts, language: string): string {
  return texts[language] ?? texts.en ?? Object.values(texts)[0] ?? '';
}

/** 'Too expensive (Price)': a second-level name alone may stand under several parents. */
export function labelOf(book: Codebook, code: Code, language: string): string {
  const parent = code.parentId === null ? undefined : book.byId.get(code.parentId);
  const name = textIn(code.name, language);
  return parent ? `${name} (${textIn(parent.name, language)})` : name;
}

/**
 * The codes that somebody may have meant: the one whose label, or whose name if only one bears it, they typed, else those
 * whose label begins so.
 */
export function codesMeant(book: Codebook, typed: string, language: string): Code[] {
  const wanted = folded(typed);
  const byLabel = offered(book).find((code) => folded(labelOf(book, code, language)) === wanted);
  const byName = offered(book).filter((code) => folded(textIn(code.name, language)) === wanted);
  const named = byLabel ?? (byName.length === 1 ? byName[0] : byName.find((code) => code.parentId === null));
  return named ? [named] : offered(book).filter((code) => folded(labelOf(book, code, language)).startsWith(wanted));
}

const folded = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();

const TRANSLITERATED: Record<string, string> = { ß: 'ss', æ: 'ae', ø: 'o', å: 'a', ä: 'ae', ö: 'oe', ü: 'ue' };
const LONGEST_KEY = 40;

/** A key made of a name ('Zu teuer!' -> 'zu_teuer'), with a number where it is taken. */
export function keyFor(name: string, taken: ReadonlySet<string>): string {
  const plain = [...name.toLowerCase()]
    .map((letter) => TRANSLITERATED[letter] ?? letter)
    .join('')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  const stem = (plain || 'code').slice(0, LONGEST_KEY - 4).replace(/_+$/, '');
  for (let number = 1; ; number++) {
    const key = number === 1 ? stem : `${stem}_${number}`;
    if (!taken.has(key)) return key;
  }
}

/** Codes below this one that are still offered. */
export const childrenOf = (book: Codebook, code: Code): Code[] =>
  book.codes.filter((each) => each.parentId === code.id && isOffered(each));

/**
 * What this code may be merged into: offered, not below it, and of a kind that says as much or as little. Codes below it
 * move along, so that it may then only become one of the first level.
 */
export function mergeTargets(book: Codebook, code: Code): Code[] {
  const alike = (each: Code) => (each.kind === 'unknown') === (code.kind === 'unknown');
  const takesChildren = (each: Code) => each.parentId === null && each.kind === 'reason';
  const hasChildren = book.codes.some((each) => each.parentId === code.id);
  return offered(book)
    .filter((each) => each.id !== code.id && each.parentId !== code.id && alike(each))
    .filter((each) => !hasChildren || takesChildren(each));
}

/** What this code may stand under: reasons of the first level, if it has none below itself. */
export function parentsFor(book: Codebook, code: Code | null): Code[] {
  if (code && (code.kind !== 'reason' || book.codes.some((each) => each.parentId === code.id))) return [];
  return offered(book).filter((each) => each.parentId === null && each.kind === 'reason' && each.id !== code?.id);
}
