export { MOST_LETTER_BYTES, readLetter, type Letter } from './letter.ts';
export { splitQuoted } from './quoted.ts';
