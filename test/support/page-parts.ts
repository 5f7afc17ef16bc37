/** Where a page's list of its parts leads to, and the headings there are to be led to. */
export function partsOf(page: string): { listed: string[]; headings: string[] } {
  const [main = ''] = /<main.*<\/main>/s.exec(page) ?? [];
  const [list = ''] = /<nav[^>]* aria-labelledby="jump".*?<\/nav>/s.exec(main) ?? [];
  return {
    listed: Array.from(list.matchAll(/href="#([^"]+)"/g), ([, id = '']) => id),
    headings: Array.from(main.matchAll(/<h2[^>]* id="([^"]+)"/g), ([, id = '']) => id),
  };
}

/** Cells for bars, and for their axis, that assistive technology does not pass by. */
export const barsSaid = (page: string): string[] =>
  (page.match(/<t[hd][^>]* class="bars[^>]*>/g) ?? []).filter((cell) => !cell.includes('aria-hidden="true"'));
