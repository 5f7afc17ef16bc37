import fc from 'fast-check';

const SURROGATES = 0xd800;
const HOW_MANY = 0x800;
const LAST = 0x10ffff;

const toCharacter = (at: number) => String.fromCodePoint(at < SURROGATES ? at : at + HOW_MANY);

function fromCharacter(value: unknown): number {
  const point = typeof value === 'string' ? (value.codePointAt(0) ?? -1) : -1;
  const isOne = point >= 0 && value === String.fromCodePoint(point);
  if (!isOne || (point >= SURROGATES && point < SURROGATES + HOW_MANY)) throw new Error('No single character');
  return point < SURROGATES ? point : point - HOW_MANY;
}

/** Any character of Unicode, with those that nobody sees. */
const character = fc.integer({ min: 0, max: LAST - HOW_MANY }).map(toCharacter, fromCharacter);

const printable = fc.oneof(
  fc.integer({ min: 0x20, max: 0x7e }).map(toCharacter, fromCharacter),
  character.filter((each) => /[\p{L}\p{N}\p{P}\p{S}\p{Zs}]/u.test(each)),
);

/** What a reader takes for one: a letter and its marks, a flag, a family. */
const composed = fc.oneof(
  fc.tuple(printable, fc.constantFrom('\u0301', '\u0323\u0302', '\u20dd', '\ufe0f')).map((parts) => parts.join('')),
  fc.constantFrom('🇩🇪', '👩‍👩‍👧', '👍🏽', 'ﷺ', 'नि', '각'),
);
const grapheme = fc.oneof({ arbitrary: printable, weight: 5 }, { arbitrary: composed, weight: 1 });

type Length = Pick<fc.StringConstraints, 'minLength' | 'maxLength'>;

// The library's own units 'binary' and 'grapheme' first write down all of Unicode, which costs each process a second and
// a hundred megabytes.

/** Text of any characters. */
export const anyText = (length: Length = {}) => fc.string({ ...length, unit: character });

/** Text of what a reader sees. */
export const seenText = (length: Length = {}) => fc.string({ ...length, unit: grapheme });
