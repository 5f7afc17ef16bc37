import { groupsOfOwn, type EntryGroup, type Example } from '../engine/index.ts';
import { childrenOf, isOffered, offered, ultimate, type Code, type Codebook } from '../codebook.ts';
import type { Knowledge, Written } from './knowledge-files.ts';

/** The first-level code that all answers to a question belong under; null where a question has none. */
export type Group = string | null;

/**
 * The codes that the engine tells apart. Without a group those of the first level: what is known of the second comes from
 * its words. In a group the codes beneath it, and those that stand outside every group, such as "does not know".
 */
export function taught(book: Codebook, group: Group): Code[] {
  const first = offered(book).filter((code) => code.parentId === null);
  if (group === null) return first;
  const named = book.byKey.get(group);
  const top = named && ultimate(book, named.id);
  if (!top || !isOffered(top)) return [];
  const beneath = childrenOf(book, top);
  return [...(beneath.length > 0 ? beneath : [top]), ...first.filter(({ kind }) => kind !== 'reason')];
}

/** The one of the taught codes that this code counts as today: through merges, and from the second level to the first. */
export type AsTaught = (code: Code | undefined) => Code | undefined;

export function asTaughtIn(book: Codebook, codes: Code[]): AsTaught {
  const byId = new Map(codes.map((code) => [code.id, code]));
  return (code) => {
    const now = code && ultimate(book, code.id);
    return now && (byId.get(now.id) ?? byId.get(now.parentId ?? ''));
  };
}

/**
 * Entries for every code: those that the product brings along, else the code's own name and description.
 * @param keywords the business's own words, which join them
 */
export function groupsFor(
  book: Codebook,
  codes: Code[],
  { groups }: Knowledge,
  keywords: EntryGroup[] = [],
): EntryGroup[] {
  const asTaught = asTaughtIn(book, codes);
  const known = groups.flatMap((each) => placed(book, each, asTaught));
  const spoken = new Set(known.map(({ code }) => code));
  const silent = codes.filter(({ id }) => !spoken.has(id));
  return [
    ...known,
    ...keywords.flatMap((each) => placed(book, each, asTaught)),
    ...silent.flatMap((code) => [code, ...childrenOf(book, code)].flatMap((each) => ownOf(code, each))),
  ];
}

/** An entry of the lexicon goes where its second-level code stands today, else where its first-level one does. */
function placed(book: Codebook, group: EntryGroup, asTaught: AsTaught): EntryGroup[] {
  const finer = book.byKey.get(group.detail);
  const code = asTaught(finer) ?? asTaught(book.byKey.get(group.code));
  if (!code) return [];
  const detail = finer && ultimate(book, finer.id);
  const isBeneath = detail?.parentId === code.id && isOffered(detail);
  return [{ ...group, code: code.id, detail: isBeneath ? detail.id : code.id }];
}

function ownOf(code: Code, { id, name, description }: Code): EntryGroup[] {
  return Object.keys(name).flatMap((lang) =>
    groupsOfOwn({ key: code.id, name: name[lang], description: description[lang], keywords: {} }).map((group) => ({
      ...group,
      detail: id,
      lang,
    })),
  );
}

/**
 * Written answers whose codes the business still has. One whose second-level code has moved beneath another is left out: what
 * it is an example of now, nobody has said.
 */
export function writtenFor(book: Codebook, codes: Code[], { examples }: Knowledge): Example[] {
  const asTaught = asTaughtIn(book, codes);
  const idOf = (key: string | undefined) => asTaught(book.byKey.get(key ?? ''))?.id;
  return examples.flatMap((each) => {
    const labels = [...new Set(each.labels.map(idOf).filter((id) => id !== undefined))];
    const hasMoved = each.detail.map(idOf).some((id) => id !== undefined && !labels.includes(id));
    if (hasMoved || (labels.length === 0 && each.labels.length > 0)) return [];
    return [exampleOf(each, labels, idOf(each.main))];
  });
}

const exampleOf = ({ text, lang }: Written, labels: string[], main: string | undefined): Example => ({
  text,
  lang,
  labels,
  ...(main !== undefined && { main }),
});
