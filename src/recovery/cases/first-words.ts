/** The first words of a text on one line, cut between two of them. */
export function firstWords(text: string, most: number): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line.length <= most) return line;
  return `${line.slice(0, line.lastIndexOf(' ', most) + 1 || most).trimEnd()} …`;
}
