/**
 * What somebody wrote, fit to be stored: line ends as \n, no NUL and no other control characters but tab,
 * halves of surrogate pairs replaced by U+FFFD, no white space around it. Everything else stays as it was typed.
 */
export function cleanText(raw: string): string {
  const lines = raw.replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n');
  return lines
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '')
    .trim();
}

/** The same for a field of one line. */
export const cleanLine = (raw: string): string => cleanText(raw).replace(/[\n\t ]+/g, ' ');

/** Whether there is nothing to read in it: white space and invisible marks only. */
export const isBlank = (text: string): boolean => !/[^\p{Cc}\p{Cf}\p{Z}]/u.test(text);

// Each code unit of these is a grapheme of its own: Latin, Greek, Cyrillic, punctuation and currency signs without
// joiners, kana without its sound marks, Han, Hangul syllables. They hold nearly every answer.
const PLAIN =
  /^[\n\t -~\u00a0-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3001-\u3029\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uac00-\ud7a3]*$/;

let segmenter: Intl.Segmenter | undefined;

/** The number of graphemes: what a reader calls characters (Unicode Standard Annex 29, by Intl.Segmenter). */
export function graphemes(text: string): number {
  if (PLAIN.test(text)) return text.length;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter
    .segment(text)
    [Symbol.iterator]()
    .reduce((count) => count + 1, 0);
}

// The longest emoji in use are about this many code units. Beyond, one grapheme can hide any amount of marks.
const UNITS_A_GRAPHEME = 20;

/** The length that limits are held against: graphemes, or more where they carry heaps of combining marks. */
export const lengthOf = (text: string): number => Math.max(graphemes(text), Math.ceil(text.length / UNITS_A_GRAPHEME));

/** Whether at least half of the letters are Chinese, Japanese or Korean, where few characters say much. */
export function mostlyCjk(text: string): boolean {
  const cjk = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0;
  return cjk > 0 && cjk * 2 >= (text.match(/\p{L}/gu)?.length ?? 0);
}
