/** Unicode's isolates: they change nothing where a sentence is read as it is, in a mail or a file. */
const [BEFORE, AFTER] = ['\u2068', '\u2069'];

/** A figure that its sentence says with weight. */
export const strong = (figure: string): string => `${BEFORE}${figure}${AFTER}`;

/** A sentence in parts, of which every second has weight. */
export type Spoken = string[];

export const spoken = (sentence: string): Spoken => sentence.split(/[\u2068\u2069]/);

declare module './render.ts' {
  interface Templates {
    'shared/spoken': Spoken;
  }
}
