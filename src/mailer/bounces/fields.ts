/** Values by lower-case name, in their order. */
export type Fields = Map<string, string[]>;

const FIELD = /^([A-Za-z][A-Za-z0-9-]{0,70})[ \t]*:(.*)$/;
const MOST_BLOCKS = 200;
/** Servers that leave out the empty line between two recipients still begin each with one of these. */
const BEGINS = new Set(['final-recipient', 'original-recipient']);

/** Blocks of fields as reports hold them, one after the other with empty lines between; folded lines are unfolded. */
export function blocksOf(text: string): Fields[] {
  const blocks: Fields[] = [];
  let block: Fields = new Map();
  let last: string[] | undefined;
  const close = () => {
    if (block.size > 0) blocks.push(block);
    block = new Map();
    last = undefined;
  };
  for (const line of text.split('\n')) {
    const field = FIELD.exec(line);
    if (field) {
      const [, name = '', value = ''] = field;
      const key = name.toLowerCase();
      if (BEGINS.has(key) && block.has(key)) close();
      last = block.get(key) ?? [];
      last.push(value.trim());
      block.set(key, last);
    } else if (line.trim() === '') close();
    else if (last && /^[ \t]/.test(line)) last[last.length - 1] += ` ${line.trim()}`;
    if (blocks.length >= MOST_BLOCKS) return blocks;
  }
  close();
  return blocks;
}

/** The first block: the header of a message. */
export function blockOf(text: string): Fields {
  return blocksOf(text.trimStart())[0] ?? new Map<string, string[]>();
}

export function first(fields: Fields | undefined, name: string): string {
  return fields?.get(name)?.[0] ?? '';
}
