// JavaScript's own \b knows ASCII letters only: it sees none before "åpenbart".
const EDGE = String.raw`(?:(?<!\p{L})(?=\p{L})|(?<=\p{L})(?!\p{L}))`;

/** A pattern in which \b knows every letter. */
export const pattern = (source: string, flags: string): RegExp =>
  new RegExp(source.replaceAll(String.raw`\b`, EDGE), flags);
export const re = (source: TemplateStringsArray): RegExp => pattern(source.raw.join(''), 'iu');
