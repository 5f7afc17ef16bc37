import type { NamedCode } from '../leaving-store.ts';
import type { AskedQuestion } from './asked.ts';
import type { AuditedWords } from './audited-store.ts';
import { themeFigures } from './figures-rules.ts';
import type { Part } from './parts.ts';
import type { QuestionReport, Theme } from './report.ts';
import type { Sum } from './sums.ts';

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

/** The codes that count as this one. */
export function mergedInto(book: Book, codeId: string): string[] {
  return [...book].flatMap(([id, code]) => (code.id === codeId ? [id] : []));
}

export function questionReport(
  part: Part,
  { programmeKey, questionKey, text }: AskedQuestion,
  book: Book,
  sums: Sum[],
  audited: AuditedWords[],
): QuestionReport {
  const { themes, ...figures } = themeFigures(sums, audited, (codeId) => book.get(codeId)?.id);
  const named = themes.flatMap((theme): Theme[] => {
    const code = book.get(theme.codeId);
    return code ? [{ ...theme, key: code.key, name: code.name, change: null }] : [];
  });
  // What is no theme stands last: other, does not know, no answer.
  const isTheme = ({ codeId }: Theme) => book.get(codeId)?.kind === 'reason';
  const ordered = [...named.filter(isTheme), ...named.filter((theme) => !isTheme(theme))];
  return { part, programme: programmeKey, questionKey, text, ...figures, themes: ordered };
}

/** By moment, then as they are asked. */
export function inOrder(reports: QuestionReport[], asked: AskedQuestion[], parts: readonly Part[]): QuestionReport[] {
  const place = ({ programme, questionKey }: QuestionReport) =>
    asked.findIndex((each) => each.programmeKey === programme && each.questionKey === questionKey);
  return reports.toSorted((a, b) => parts.indexOf(a.part) - parts.indexOf(b.part) || place(a) - place(b));
}
