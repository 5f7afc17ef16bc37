import { addMinutes } from '../../shared/dates.ts';
import { isOffered, type Codebook } from '../codebook.ts';
import { fold } from '../engine/folding.ts';
import type { Phrase } from './finding.ts';
import { entryOf, type Keywords } from './keyword-rules.ts';

/** So many answers that no code explains are needed before themes are looked for. */
export const NEEDED = 20;
/** An answer that has a reason with this chance is explained. */
const FAIR = 0.35;
/** One that most likely says "I do not know" or nothing at all is not about anything. */
const SAYS_NOTHING = 0.7;
const DAY_MINUTES = 24 * 60;

/** Whether the engine sees a fair chance that some reason covers what the answer says, or that it says nothing. */
export function isExplained(chances: Record<string, number>, book: Codebook): boolean {
  return Object.entries(chances).some(([id, chance]) => {
    const code = book.byId.get(id);
    if (!code || !isOffered(code)) return false;
    return (code.kind === 'reason' && chance >= FAIR) || (code.kind === 'unknown' && chance >= SAYS_NOTHING);
  });
}

/** Whether colleagues found nothing better for it than "other". */
export const isOther = (codeIds: string[], book: Codebook): boolean =>
  codeIds.length > 0 && codeIds.every((id) => book.byId.get(id)?.kind === 'other');

interface ThemeMembers {
  phrases: Phrase[];
  answers: string[];
}

const HALF = 0.5;

/** Whether people have judged this already: half of its answers, or of its words, are those of themes that they judged. */
export function isJudged(fresh: ThemeMembers, judged: ThemeMembers[]): boolean {
  const answers = new Set(judged.flatMap((each) => each.answers));
  const known = fresh.answers.filter((id) => answers.has(id)).length;
  return known >= HALF * fresh.answers.length || judged.some((each) => sayAlike(fresh.phrases, each.phrases));
}

/** The theme among these that the fresh one goes on from: the one with which it shares most of its answers. */
export function earlierOf<T extends ThemeMembers>(fresh: ThemeMembers, earlier: T[]): T | undefined {
  const shared = (each: T) => {
    const mine = new Set(each.answers);
    const both = fresh.answers.filter((id) => mine.has(id)).length;
    return both / (mine.size + fresh.answers.length - both);
  };
  const best = earlier.toSorted((a, b) => shared(b) - shared(a))[0];
  return best && shared(best) >= HALF ? best : undefined;
}

function sayAlike(one: Phrase[], other: Phrase[]): boolean {
  const [mine, theirs] = [wordsIn(one), wordsIn(other)];
  const both = mine.filter((word) => theirs.some((each) => beginAlike(word, each))).length;
  const least = Math.min(mine.length, theirs.length);
  return least > 0 && both >= Math.min(2, least) && both >= HALF * least;
}

const wordsIn = (phrases: Phrase[]): string[] => [...new Set(phrases.flatMap(({ text }) => fold(text).split(/\s+/)))];

const BEGINNING = 5;
const SHORTEST = 3;

/** "dog" and "dogs", "parking" and "parked". */
function beginAlike(one: string, other: string): boolean {
  const length = Math.min(BEGINNING, one.length, other.length);
  return length >= SHORTEST ? one.slice(0, length) === other.slice(0, length) : one === other;
}

/** The phrases of a theme as keywords, by language. */
export function keywordsFrom(phrases: Phrase[]): Keywords {
  const entries = phrases.map(({ text, language }) => ({ language, entry: entryOf(text) }));
  const byLanguage = Map.groupBy(
    entries.filter(({ entry }) => entry !== ''),
    ({ language }) => language,
  );
  return Object.fromEntries([...byLanguage].map(([language, all]) => [language, all.map(({ entry }) => entry)]));
}

/** A choice can be taken back for a day. */
export const mayTakeBack = (decidedAt: string | null, now: string): boolean =>
  decidedAt !== null && now < addMinutes(decidedAt, DAY_MINUTES);

/** Whether it is time to look: somebody wants it, or the last look was a day ago and every answer has been read since. */
export function isDue(
  look: { wantedAt: string | null; lookedAt: string | null },
  now: string,
  unread: boolean,
): boolean {
  if (isWanted(look)) return true;
  return !unread && (look.lookedAt === null || now >= addMinutes(look.lookedAt, DAY_MINUTES));
}

export const isWanted = ({ wantedAt, lookedAt }: { wantedAt: string | null; lookedAt: string | null }): boolean =>
  wantedAt !== null && (lookedAt === null || wantedAt > lookedAt);
