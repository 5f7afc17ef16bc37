export { MOST_LETTER_BYTES, readLetter, type Letter } from './letter.ts';
export { splitQuoted, type Split } from './quoted.ts';
export type { Trust } from './trust.ts';
