const ENTITIES: Record<string, string> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", shy: '' };

/** Roughly what a person would read; enough for finding an address and a sentence. */
export function textOfHtml(html: string): string {
  return withoutBlocks(html, ['style', 'script'])
    .replace(/<(?:br|\/p|\/div|\/tr|\/td|\/li|\/h\d)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:#(\d{1,6})|([a-z]{2,6}));/gi, entity)
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n');
}

function entity(whole: string, number: string | undefined, name: string | undefined): string {
  if (number === undefined) return ENTITIES[name?.toLowerCase() ?? ''] ?? whole;
  const code = Number(number);
  return code > 0 && code < 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '';
}

function withoutBlocks(html: string, names: string[]): string {
  let text = html;
  for (const name of names) {
    const parts: string[] = [];
    const lower = text.toLowerCase();
    let at = 0;
    for (let from = lower.indexOf(`<${name}`); from >= 0; from = lower.indexOf(`<${name}`, at)) {
      parts.push(text.slice(at, from));
      const end = lower.indexOf(`</${name}>`, from);
      at = end < 0 ? text.length : end + name.length + 3;
    }
    text = parts.join('') + text.slice(at);
  }
  return text;
}
