import { folded } from '../search-rules.ts';

/** Names that stand in Cyrillic in one file and in Latin letters in the other. */
const CYRILLIC: Record<string, string> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  е: 'e',
  ё: 'e',
  є: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  ї: 'i',
  й: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'sh',
  ъ: '',
  ы: 'i',
  ь: '',
  э: 'e',
  ю: 'iu',
  я: 'ia',
};

/** What sounds alike is spelled in many ways; each is written as one of them, in this order. */
const SOUNDS: [RegExp, string][] = [
  [/ij/g, 'y'],
  [/y/g, 'i'],
  [/(?<=[aou])e/g, ''],
  [/ai/g, 'ei'],
  [/ph/g, 'f'],
  [/ck|ch|c/g, 'k'],
  [/x/g, 'ks'],
  [/tz/g, 'z'],
  [/(?<=\p{L})h/gu, ''],
  [/dt/g, 't'],
  [/(\p{L})\1+/gu, '$1'],
];

/** The words of a text in lower case, without accents and signs. */
export function wordsOf(text: string): string[] {
  return inLatin(text.toLowerCase())
    .replace(/['’`´.]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

function inLatin(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  const latin = text.replace(/[Ѐ-ӿ]/g, (letter) => CYRILLIC[letter] ?? letter);
  return folded(latin.replaceAll('ı', 'i').replaceAll('ð', 'd').replaceAll('þ', 'th'));
}

/** The same for all ways in which a word is usually spelled: Mueller, Müller and Muller, Hoffmann and Hofmann. */
export function spelt(word: string): string {
  return SOUNDS.reduce((text, [sound, letters]) => text.replace(sound, letters), word);
}

/** How many letters were typed wrong: put in, left out, changed, or two in a row the other way round. */
export function mistyped(one: string, other: string): number {
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let k = 1; k <= other.length; k++) {
      const changed = (last[k - 1] ?? 0) + (one[i - 1] === other[k - 1] ? 0 : 1);
      const isTurned = i > 1 && k > 1 && one[i - 1] === other[k - 2] && one[i - 2] === other[k - 1];
      const turned = isTurned ? (before[k - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min(changed, turned, (last[k] ?? 0) + 1, (row[k - 1] ?? 0) + 1));
    }
    [before, last] = [last, row];
  }
  return last[other.length] ?? 0;
}
