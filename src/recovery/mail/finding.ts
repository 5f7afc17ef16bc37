import type { Reader } from '../../storage/index.ts';
import { newestMails } from './mail-store.ts';

/** A letter with the words, and some of what stands around them. */
export interface FoundLetter {
  caseId: string;
  excerpt: string;
}

const BATCH = 500;
/** How far back a search looks: its cost does not grow with what is written over the years. */
const BATCHES = 4;
const FOUND = 10;
const AROUND = 60;

/** Finds the newest letters of cases, ten at most, in which the words stand, whatever their case. */
export function createFinding(read: Reader) {
  return async function search(words: string, language: string): Promise<FoundLetter[]> {
    const lower = (text: string) => text.toLocaleLowerCase(language);
    const wanted = lower(words.trim());
    const found: FoundLetter[] = [];
    let before: string | null = null;
    for (let batch = 0; batch < BATCHES && wanted !== ''; batch++) {
      const mails = await newestMails(read, before, BATCH);
      for (const { case_id: caseId, subject, words: body } of mails) {
        const text = [body, subject].find((each) => lower(each).includes(wanted));
        if (caseId === null || text === undefined) continue;
        found.push({ caseId, excerpt: around(text, lower(text).indexOf(wanted), wanted.length) });
        if (found.length === FOUND) return found;
      }
      before = mails.at(-1)?.id ?? null;
      if (mails.length < BATCH) break;
    }
    return found;
  };
}

/** In one line. */
function around(text: string, at: number, length: number): string {
  const [from, to] = [Math.max(0, at - AROUND), at + length + AROUND];
  const part = text.slice(from, to).toWellFormed().replaceAll('\uFFFD', '').replace(/\s+/g, ' ').trim();
  return `${from > 0 ? '… ' : ''}${part}${to < text.length ? ' …' : ''}`;
}
