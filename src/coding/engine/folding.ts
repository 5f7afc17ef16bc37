const FOLDED: Record<string, string> = {
  ä: 'ae',
  æ: 'ae',
  ö: 'oe',
  ø: 'oe',
  ü: 'ue',
  å: 'aa',
  ß: 'ss',
  '’': "'",
  ʼ: "'",
};
const FOLDS = /[äæöøüåß’ʼ]/g;
const COMBINING = /[\u0300-\u036f]/;

/**
 * The one spelling of a word or entry that both sides of every comparison use: lower-case, composed, ä/ae, ö/oe, ü/ue,
 * ß/ss (and their Nordic kin) as one, since people type what their keyboard has. Other diacritics are kept.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  const composed = COMBINING.test(lower) ? lower.normalize('NFC') : lower;
  return composed.replace(FOLDS, (letter) => FOLDED[letter] ?? letter);
}
