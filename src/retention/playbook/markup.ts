import type { Block, Run } from '../../web/index.ts';

/**
 * Reads the plain writing of a page: paragraphs between empty lines, `- ` for items of a list, `> ` for words that
 * somebody says, `**weight**`. Everything else is text as it stands: nothing in it can become markup.
 */
export function blocksOf(body: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const line of body.replaceAll('\r\n', '\n').split('\n')) {
    const { kind, text } = kindOf(line.trim());
    if (text === '') open = undefined;
    else if (open?.kind === kind && kind !== 'text') open.lines.push(runsOf(text));
    else if (open?.kind === kind) open.lines[0]?.push(...runsOf(` ${text}`));
    else blocks.push((open = { kind, lines: [runsOf(text)] }));
  }
  return blocks;
}

function kindOf(line: string): { kind: Block['kind']; text: string } {
  if (/^[-*•] /.test(line)) return { kind: 'list', text: line.slice(2).trim() };
  if (/^>/.test(line)) return { kind: 'voice', text: line.slice(1).trim() };
  return { kind: 'text', text: line };
}

function runsOf(text: string): Run[] {
  return text
    .split(/\*\*(\S(?:[^*]*\S)?)\*\*/)
    .map((part, i) => ({ text: part, strong: i % 2 === 1 }))
    .filter((run) => run.text !== '');
}
