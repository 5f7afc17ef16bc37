import { logOddsZ } from './log-odds.ts';
import { distinctPhrases, phrasesOf, type Phrases } from './theme-phrases.ts';
import { themeRows } from './theme-rows.ts';
import { sphericalMeans, type Clusters } from './spherical-means.ts';
import { wordsOf } from './words.ts';

export interface ThemeAnswer {
  id: string;
  text: string;
}

/** Answers that say something alike which no code explains. */
export interface Theme {
  /** What sets it apart, of 1 to 3 words each, strongest first, as people mostly wrote it. */
  phrases: string[];
  /** Ids, nearest to the centre first. */
  answers: string[];
  /** The nearest few that differ. */
  examples: ThemeAnswer[];
  /** Mean z-score of its phrases against everything else that was said. */
  novelty: number;
}

interface ThemeOptions {
  /** The most themes to name; 12 if nothing is said. */
  most: number;
  /** Fewer answers are no theme; 4 if nothing is said. */
  least: number;
}

const DEFAULTS: ThemeOptions = { most: 12, least: 4 };
const MOST_CLUSTERS = 40;
const ANSWERS_A_CLUSTER = 12;
/** Two themes and what is left over. */
const FEWEST_CLUSTERS = 3;
/** Further away from the centre than this an answer is of no theme. */
const NEAR = 0.25;
const PHRASES = 5;
/** So many of its answers say one of its phrases. */
const HELD = 0.5;
const EXAMPLES = 5;

/**
 * Emerging themes: the answers that no code explains are put with those that use the same words (spherical k-means), as many
 * clusters as there are dozens of answers and three at least, and named by the phrases which set each apart from all other
 * answers (log-odds); the most novel come first. Suggestions for people; the same answers always give the same themes.
 * @param explained answers that carry a code: what is said there too is not new
 */
export function findThemes(
  unexplained: readonly ThemeAnswer[],
  explained: readonly { text: string }[],
  options: Partial<ThemeOptions> = {},
): Theme[] {
  const { most, least } = { ...DEFAULTS, ...options };
  const words = unexplained.map(({ text }) => wordsOf(text));
  const known = explained.map(({ text }) => wordsOf(text));
  const rows = themeRows(words, known);
  const dozens = Math.round(unexplained.length / ANSWERS_A_CLUSTER);
  if (unexplained.length < least) return [];
  const clusters = sphericalMeans(rows, Math.max(FEWEST_CLUSTERS, Math.min(MOST_CLUSTERS, dozens)));
  const said = phrasesOf([...words, ...known]);
  return membersOf(clusters)
    .filter((members) => members.length >= least)
    .map((members) => themeOf(members, unexplained, said))
    .filter((theme) => theme !== undefined)
    .sort((a, b) => b.novelty - a.novelty || a.answers[0]!.localeCompare(b.answers[0]!))
    .slice(0, most);
}

/** Rows of each cluster, nearest to the centre first. */
function membersOf({ of, nearness, count }: Clusters): number[][] {
  const members = Array.from({ length: count }, (): number[] => []);
  of.forEach((cluster, row) => nearness[row]! >= NEAR && members[cluster]!.push(row));
  return members.map((each) => each.sort((a, b) => nearness[b]! - nearness[a]! || a - b));
}

/** Nothing where too few of the answers share any phrase: what is left over when all others have found their like. */
function themeOf(members: number[], answers: readonly ThemeAnswer[], said: Phrases): Theme | undefined {
  const inside = new Map<string, number>();
  for (const row of members)
    for (const phrase of said.byAnswer[row]!) inside.set(phrase, (inside.get(phrase) ?? 0) + 1);
  const scored = [...inside]
    .filter(([, count]) => count >= Math.max(2, members.length / 10))
    .map(([phrase, count]) => ({ phrase, count, z: apart(count, members.length, phrase, said) }))
    .filter(({ z }) => z > 0);
  const told = distinctPhrases(scored, PHRASES);
  const sharing = members.filter((row) => told.some(({ phrase }) => said.byAnswer[row]!.has(phrase)));
  if (told.length === 0 || sharing.length < HELD * members.length) return undefined;
  return {
    phrases: told.map(({ phrase }) => said.written(phrase)),
    answers: members.map((row) => answers[row]!.id),
    examples: differing(members.map((row) => answers[row]!)),
    novelty: told.reduce((sum, { z }) => sum + z, 0) / told.length,
  };
}

function apart(inside: number, ofInside: number, phrase: string, { byAnswer, answersWith }: Phrases): number {
  const outside = answersWith(phrase) - inside;
  return logOddsZ({ inside, ofInside, outside, ofOutside: byAnswer.length - ofInside });
}

function differing(answers: ThemeAnswer[]): ThemeAnswer[] {
  const texts = new Set<string>();
  const isNew = (text: string) => texts.size < texts.add(text.trim().toLowerCase()).size;
  return answers.filter(({ text }) => texts.size < EXAMPLES && isNew(text));
}
