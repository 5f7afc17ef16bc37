import { fold } from './folding.ts';

/** Two names of one key are the same, whatever their case, hyphens and legal form. */
export function nameKey(name: string): string {
  const words = fold(name)
    .replace(/['’]s?$/u, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const bare = words.filter((word, i) => i === 0 || !LEGAL_FORMS.has(word));
  return bare.join('');
}

const LEGAL_FORMS = new Set(['gmbh', 'ag', 'kg', 'bv', 'nv', 'as', 'asa', 'ltd', 'inc', 'plc', 'llc']);

/** So long a name may differ by so many slips of the pen. */
function slipsAllowed(length: number): number {
  if (length >= 9) return 2;
  return length >= 5 ? 1 : 0;
}

/** Whether two keys are one name, misspelt: "vodafone" and "vodaphone" are, "aldi" and "lidl" are not. */
export function isAlike(a: string, b: string): boolean {
  const allowed = slipsAllowed(Math.min(a.length, b.length));
  return a === b || (Math.abs(a.length - b.length) <= allowed && slips(soundsOf(a), soundsOf(b)) <= allowed);
}

const soundsOf = (key: string) => key.replaceAll('ph', 'f');

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment distance; Damerau 1964). */
export function slips(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const now = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = last[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      now[j] = Math.min(changed, last[j]! + 1, now[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) now[j] = Math.min(now[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, now];
  }
  return last[b.length]!;
}
