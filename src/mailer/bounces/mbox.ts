/** "From somebody@example.com Tue Nov 24 09:00:00 2026", as mail programs write it between the messages of a file. */
const SEPARATOR =
  /^From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2} \d\d:\d\d(?::\d\d)?(?: \S+)? \d{4}/;
const HEADER = /^[!-9;-~]+:/;
/** A message within a message may begin with such a line, too, and is no message of its own. */
const ENCLOSES = /^content-type:\s*(?:message\/|text\/rfc822-headers)/im;

/** The messages of an mbox file, each from its own line on; anything else is one message, as it came. */
export function messagesIn(raw: Buffer): Buffer[] {
  if (!raw.subarray(0, 5).equals(Buffer.from('From '))) return [raw];
  // One character for each byte, so that places in the text are places in the file.
  const text = raw.toString('latin1');
  const starts = [0, ...separators(text)];
  if (starts.length === 1) return [raw];
  return starts.map((start, i) => unquoted(text.slice(start, starts[i + 1])));
}

function separators(text: string): number[] {
  return [...text.matchAll(/\n\r?\n(?=From )/g)].flatMap((found) => {
    const start = found.index + found[0].length;
    const [line = '', next = ''] = text.slice(start, start + 2000).split(/\r?\n/);
    const before = text.slice(Math.max(0, found.index - 2000), found.index).split(/\n\r?\n/);
    return SEPARATOR.test(line) && HEADER.test(next) && !ENCLOSES.test(before.at(-1) ?? '') ? [start] : [];
  });
}

/** Within a message such lines are written as ">From ", and ">From " as ">>From ". */
const unquoted = (message: string): Buffer => Buffer.from(message.replace(/^>(>*From )/gm, '$1'), 'latin1');
