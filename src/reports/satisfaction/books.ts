import type { NamedCode } from '../leaving-store.ts';
import type { AskedQuestion } from './asked.ts';
import type { Ultimate } from './audited.ts';
import type { ThemeFigures } from './figures-rules.ts';
import type { Part } from './parts.ts';
import type { QuestionReport, Theme } from './report.ts';

/** A codebook by id, merged codes standing for what they became. */
export type Book = Map<string, NamedCode>;

export function bookOf(codes: NamedCode[]): Book {
  const byId = new Map(codes.map((code) => [code.id, code]));
  const ultimate = (code: NamedCode): NamedCode => {
    let last = code;
    for (let steps = 0; steps < byId.size; steps++) {
      const next = byId.get(last.mergedIntoId ?? '');
      if (!next) return last;
      last = next;
    }
    return last;
  };
  return new Map(codes.map((code) => [code.id, ultimate(code)]));
}

/** What a code of any of these has become by merging. */
export function ultimateIn(books: Iterable<Book>): Ultimate {
  const all = [...books];
  return (codeId) => {
    for (const book of all) {
      const code = book.get(codeId);
      if (code) return code.id;
    }
    return undefined;
  };
}

/** The codes that count as this one. */
export function mergedInto(book: Book, codeId: string): string[] {
  return [...book].flatMap(([id, code]) => (code.id === codeId ? [id] : []));
}

/** What decides which code counts as which. */
export const mergesIn = (book: Book): string =>
  [...book].flatMap(([id, code]) => (code.id === id ? [] : [`${id} ${code.id}`])).join();

export function questionReport(
  part: Part,
  { programmeKey, questionKey, text, elsewhere }: AskedQuestion,
  book: Book,
  { themes, ...figures }: ThemeFigures,
): QuestionReport {
  const named = themes.flatMap((theme): Theme[] => {
    const code = book.get(theme.codeId);
    return code ? [{ ...theme, key: code.key, name: code.name, change: null }] : [];
  });
  // What is no theme stands last: other, does not know, no answer.
  const isTheme = ({ codeId }: Theme) => book.get(codeId)?.kind === 'reason';
  const ordered = [...named.filter(isTheme), ...named.filter((theme) => !isTheme(theme))];
  return { part, programme: programmeKey, questionKey, text, elsewhere, ...figures, themes: ordered };
}

/** By moment, then as they are asked. */
export function inOrder(reports: QuestionReport[], asked: AskedQuestion[], parts: readonly Part[]): QuestionReport[] {
  const place = ({ programme, questionKey }: QuestionReport) =>
    asked.findIndex((each) => each.programmeKey === programme && each.questionKey === questionKey);
  return reports.toSorted((a, b) => parts.indexOf(a.part) - parts.indexOf(b.part) || place(a) - place(b));
}
