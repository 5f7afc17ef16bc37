/** What the layout needs to know of a question to tell how high it is. */
export interface Block {
  text: string;
  when: string;
  hint: string;
  /** Ruled lines to write on. */
  lines: number;
  boxes: { text: string }[];
  most: string;
  mostHint: string;
  scale: object | null;
  why: string;
}

/** Millimetres, as post.css sets them. */
const ROOM = 265 - 9;
const LEAD = 11;
const LINE = 7.6;
const BOX = 5.8;
const SCALE = 11;
const BELOW = 4.5;
/** So much of the end is the same everywhere: the wish to be contacted, and thanks. */
const END = 27;
/** More room than anybody fills helps nobody. */
const MOST_LINES = 14;

/** Rather too high than too low: what does not fit would be cut off. */
const textHeight = (text: string, aLine: number, height: number): number =>
  text === '' ? 0 : Math.ceil(text.length / aLine) * height + 1.2;

export function heightOf(block: Block): number {
  return (
    textHeight(block.text, 66, 5.3) +
    textHeight(block.when, 95, 4.3) +
    textHeight(block.hint, 95, 4.3) +
    (block.scale ? SCALE : 0) +
    textHeight(block.why, 76, 5.3) +
    textHeight(block.most && `${block.most} ${block.mostHint}`, 85, 4.6) +
    block.boxes.reduce((sum, { text }) => sum + BOX * Math.ceil(text.length / 72), 0) +
    block.lines * LINE +
    BELOW
  );
}

/**
 * Puts the questions on pages in their order, as few as their room allows, and gives the rest of each page to those
 * with lines. One that is higher than a page has a page of its own.
 */
export function layOut<T extends Block>(blocks: readonly T[]): T[][] {
  const pages: T[][] = [[]];
  let used = LEAD;
  blocks.forEach((block, i) => {
    const height = heightOf(block) + (i === blocks.length - 1 ? END : 0);
    if (used + height > ROOM && pages.at(-1)?.length) {
      pages.push([]);
      used = 0;
    }
    pages.at(-1)?.push(block);
    used += height;
  });
  return pages.map((page, i) => fillUp(page, ROOM - (i === 0 ? LEAD : 0) - (i === pages.length - 1 ? END : 0)));
}

function fillUp<T extends Block>(page: T[], room: number): T[] {
  const filled = page.map((block) => ({ ...block }));
  const writable = filled.filter(({ lines }) => lines > 0);
  let left = room - filled.reduce((sum, block) => sum + heightOf(block), 0);
  for (let i = 0; left >= LINE && writable.some(({ lines }) => lines < MOST_LINES); i++) {
    const block = writable[i % writable.length] as T;
    if (block.lines >= MOST_LINES) continue;
    block.lines += 1;
    left -= LINE;
  }
  return filled;
}

/** Printed on both sides, each letter has to end with its sheet: nobody may get a stranger's address on the back. */
export const needsBlank = (pages: number): boolean => pages % 2 === 1;
