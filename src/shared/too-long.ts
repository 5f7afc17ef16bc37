import type { Message } from './errors.ts';

const KEY = 'form.tooLong';

/** How long it may be and how long it is, in characters as they are counted there. */
export const tooLong = (most: number, typed: number): Message => ({ key: KEY, values: { most, typed } });

interface Issue {
  message: string;
  maximum?: unknown;
  input?: unknown;
  /** Of a custom issue: { most }. */
  params?: { most?: number } | undefined;
}

/** What a schema says of a field whose message is a key; with the numbers that the text names, where it is too long. */
export function issueMessage(issue: Issue): Message {
  if (issue.message !== KEY) return { key: issue.message };
  const most = Number(issue.params?.most ?? issue.maximum);
  return typeof issue.input === 'string' ? tooLong(most, issue.input.length) : { key: `${KEY}.most`, values: { most } };
}
