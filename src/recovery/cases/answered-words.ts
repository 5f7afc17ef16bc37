import type { Voice } from '../../responses/index.ts';
import { BETWEEN } from './arrival-rules.ts';

/** Some of a customer's own words, and the question that they answer; '' where they answer none. */
export interface SaidPart {
  question: string;
  text: string;
}

/** A case keeps what was answered as one text: each answer of it below its question, as far as it stands there so by now. */
export function partsOf(words: string, voices: Voice[]): SaidPart[] {
  const parts: SaidPart[] = [];
  let end = 0;
  const add = (question: string, text: string) => text.trim() !== '' && parts.push({ question, text });
  for (const { at, question, text } of foundIn(words, voices)) {
    if (at < end) continue;
    add('', words.slice(end, at).trim());
    add(question, text);
    end = at + text.length;
  }
  add('', words.slice(end).trim());
  return parts;
}

/** Where in the words each of them stands as a whole, in that order. */
function foundIn(words: string, voices: Voice[]) {
  const all = `${BETWEEN}${words}${BETWEEN}`;
  const placed = voices.map((voice) => ({ ...voice, at: all.indexOf(`${BETWEEN}${voice.text}${BETWEEN}`) }));
  return placed.filter(({ at }) => at >= 0).toSorted((one, other) => one.at - other.at);
}
