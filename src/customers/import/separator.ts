import type { Separator } from './table.ts';

/** Ties go to the rarer characters: a comma also stands in names and amounts. */
const CANDIDATES: readonly Separator[] = ['\t', ';', ','];
const LINES = 30;

/** The separator that occurs outside quotes as often in the following lines as in the header. */
export function detectSeparator(text: string): Separator {
  const lines = withoutTitle(countByLine(text));
  let best: Separator = ',';
  let bestScore = 0;
  CANDIDATES.forEach((separator, index) => {
    const score = scoreOf(lines.map((counts) => counts[index] ?? 0));
    if (score > bestScore) [best, bestScore] = [separator, score];
  });
  return best;
}

/** A title above the names of the columns holds no separator. */
function withoutTitle(lines: number[][]): number[][] {
  return lines.slice(
    Math.max(
      0,
      lines.findIndex((counts) => counts.some((count) => count > 0)),
    ),
  );
}

function scoreOf([header = 0, ...others]: number[]): number {
  if (header === 0) return 0;
  const alike = others.filter((count) => count === header).length;
  return (others.length === 0 ? 1 : alike / others.length) * 1000 + Math.min(header, 200);
}

function countByLine(text: string): number[][] {
  const lines: number[][] = [];
  let counts = CANDIDATES.map(() => 0);
  let quoted = false;
  let empty = true;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (!quoted && (character === '\n' || character === '\r')) {
      if (!empty) lines.push(counts);
      if (lines.length === LINES) return lines;
      counts = CANDIDATES.map(() => 0);
      empty = true;
      continue;
    }
    empty = false;
    const index = quoted ? -1 : CANDIDATES.indexOf(character as Separator);
    if (index >= 0) counts[index] = (counts[index] ?? 0) + 1;
  }
  if (!empty) lines.push(counts);
  return lines;
}

const DECLARED = /^"?sep=([,;\t])"?(\r\n|\n|\r)/i;

/** Excel's first line 'sep=;' names the separator; it is no row of the sheet. `length` is that line's. */
export function declaredSeparator(text: string): { separator: Separator; length: number } | undefined {
  const [line = '', separator] = DECLARED.exec(text) ?? [];
  return separator ? { separator: separator as Separator, length: line.length } : undefined;
}
