import { UNMISTAKABLE } from '../responses/index.ts';

/** Nine letters that tell letters apart, one that tells whether they were typed right. */
export const CODE_LENGTH = 10;
const BASE = UNMISTAKABLE.length;
const GROUPS = [3, 6];

type ReadCode = { ok: true; code: string } | { ok: false; because: 'empty' | 'mistyped' };

/**
 * The code in these random bytes (at least 16). Nine letters of 21 are 39 bits: with ten thousand letters under way, one
 * guess in eighty million finds one.
 */
export function codeFrom(bytes: Uint8Array): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let letters = '';
  for (let i = 0; i < CODE_LENGTH - 1; i++) {
    letters += UNMISTAKABLE[Number(number % BigInt(BASE))];
    number /= BigInt(BASE);
  }
  return letters + checkLetter(letters);
}

/**
 * Weights 1 and 2 by turns: both, and their difference, have no factor in common with 21, so that one wrong letter and
 * two neighbours that changed places never pass.
 */
function weighed(letters: string): number {
  return [...letters].reduce((sum, letter, i) => sum + UNMISTAKABLE.indexOf(letter) * (i % 2 === 0 ? 2 : 1), 0);
}

function checkLetter(letters: string): string {
  return UNMISTAKABLE[(BASE - (weighed(letters) % BASE)) % BASE] ?? '';
}

/** What somebody typed or scanned: small or capital letters, in groups or not. A whole address counts by its end. */
export function readCode(typed: string): ReadCode {
  const last = typed.trim().split('/').at(-1) ?? '';
  const letters = last
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  if (letters === '') return { ok: false, because: 'empty' };
  const known = letters.length === CODE_LENGTH && [...letters].every((letter) => UNMISTAKABLE.includes(letter));
  return known && weighed(letters) % BASE === 0 ? { ok: true, code: letters } : { ok: false, because: 'mistyped' };
}

/** As it is printed: 'WXY-346-79CD'. */
export function inGroups(code: string): string {
  return [code.slice(0, GROUPS[0]), code.slice(GROUPS[0], GROUPS[1]), code.slice(GROUPS[1])].join('-');
}
