/** The likeliest language of a text and how sure that is, 0 (no sign of any) to 1. */
export interface Guess {
  lang: string;
  sure: number;
}

export interface LanguageCheck {
  /**
   * Which of these languages an answer is written in; nothing where it gives no sign. `chosen` is the language that the
   * respondent chose: it stands unless the text clearly speaks against it.
   */
  detect(text: string, langs: string[], chosen?: string): Guess | undefined;
}

const LONGEST_GRAM = 5;
const SMOOTHING = 0.5;
/** Nats a gram by which another language must lead before it overrules the respondent's choice. */
const OVERRULES = 0.2;
const FEWEST_GRAMS = 12;
const WORDS = /[\p{L}\p{M}']+/gu;

/** What a word counts that none of our texts has: mostly a name, whose letters say where somebody was born. */
const UNKNOWN_WORD = 0.25;
/** Nats that one word may say at most, so that a foreign title does not outweigh the words around it. */
const MOST_OF_A_WORD = 8;

/** Letters that only one of some languages has. */
const TELLING: [RegExp, string[]][] = [
  [/[æøå]/i, ['nb', 'da', 'sv']],
  [/[æø]/i, ['nb', 'da']],
  [/[äöüß]/i, ['de', 'sv', 'fi']],
  [/ß/, ['de']],
];
const LETTER_SAYS = 4;

type Profile = { words: Set<string>; counts: Map<string, number>; totals: number[] };

/**
 * Makes a check out of texts in each language (naive Bayes on character 1-5-grams, Cavnar and Trenkle 1994 in spirit), which
 * knows the short words of answers better than a general detector, and of eld for whatever it has no texts of.
 */
export async function createLanguageCheck(samples: Record<string, string[]>): Promise<LanguageCheck> {
  const { eld } = await import('eld/extrasmall');
  const general = eld.newInstance();
  const profiles = new Map(Object.entries(samples).map(([lang, texts]) => [lang, profileOf(texts)]));
  const varieties = new Array<number>(LONGEST_GRAM + 1).fill(0);
  for (const gram of new Set([...profiles.values()].flatMap(({ counts }) => [...counts.keys()])))
    varieties[gram.length]!++;
  return {
    detect: (text, langs, chosen) => {
      general.setLanguageSubset(langs.map(isoOf));
      const words = wordsOf(text).map((word) => ({ word, grams: gramsOf(word) }));
      const grams = words.reduce((sum, each) => sum + each.grams.length, 0);
      const said = saidByWords(words, langs, profiles, varieties);
      const told = general.detect(text).getScores();
      const scores = langs.map((lang, i): [string, number] => [
        lang,
        (said[i] ?? 0) + (told[isoOf(lang)] ?? 0) * grams + LETTER_SAYS * signsOf(text, lang),
      ]);
      return settle(scores, grams, chosen, isTitle(text));
    },
  };
}

const isoOf = (lang: string) => (lang === 'nb' || lang === 'nn' ? 'no' : lang);

function profileOf(texts: string[]): Profile {
  const totals = new Array<number>(LONGEST_GRAM + 1).fill(0);
  const profile: Profile = { words: new Set(), counts: new Map(), totals };
  for (const word of texts.flatMap(wordsOf)) {
    profile.words.add(word);
    for (const gram of gramsOf(word)) {
      profile.counts.set(gram, (profile.counts.get(gram) ?? 0) + 1);
      totals[gram.length]!++;
    }
  }
  return profile;
}

const wordsOf = (text: string) => [...text.slice(0, 1000).toLowerCase().matchAll(WORDS)].map(([word]) => word);

function gramsOf(word: string): string[] {
  const grams: string[] = [];
  const marked = `_${word}_`;
  for (let length = 1; length <= LONGEST_GRAM; length++) {
    for (let i = 0; i + length <= marked.length; i++) grams.push(marked.slice(i, i + length));
  }
  return grams;
}

type Word = { word: string; grams: string[] };

/**
 * What our own texts say for each language, in nats against the mean of all: the sum over the words. Nothing unless there
 * are texts of every language.
 */
function saidByWords(words: Word[], langs: string[], known: Map<string, Profile>, varieties: number[]): number[] {
  const profiles = langs.map((lang) => known.get(lang)).filter((profile) => profile !== undefined);
  if (profiles.length < langs.length) return [];
  const sums = profiles.map(() => 0);
  for (const { word, grams } of words) {
    const each = profiles.map((profile) => likelihood(grams, profile, varieties));
    const mean = each.reduce((a, b) => a + b, 0) / each.length;
    const weight = profiles.some((profile) => profile.words.has(word)) ? 1 : UNKNOWN_WORD;
    each.forEach((nats, i) => {
      sums[i]! += Math.max(-MOST_OF_A_WORD, Math.min(MOST_OF_A_WORD, weight * (nats - mean)));
    });
  }
  return sums;
}

function likelihood(grams: string[], { counts, totals }: Profile, varieties: number[]): number {
  let sum = 0;
  for (const gram of grams) {
    const all = totals[gram.length]! + SMOOTHING * varieties[gram.length]!;
    sum += Math.log(((counts.get(gram) ?? 0) + SMOOTHING) / all);
  }
  return sum;
}

/** Two words or more with capitals throughout: a name, a film, a brand, which nobody translates. */
function isTitle(text: string): boolean {
  const words = [...text.matchAll(WORDS)].map(([word]) => word);
  return words.length > 1 && text !== text.toUpperCase() && words.every((word) => /^\p{Lu}/u.test(word));
}

const signsOf = (text: string, lang: string) =>
  TELLING.filter(([sign, speakers]) => sign.test(text) && speakers.includes(lang)).length;

/** `grams`: how many the text has, five or so a letter, what lengths are told by. */
function settle(
  scores: [string, number][],
  grams: number,
  chosen: string | undefined,
  title: boolean,
): Guess | undefined {
  const [first, second] = [...scores].sort(([, a], [, b]) => b - a);
  const own = scores.find(([lang]) => lang === chosen);
  if (grams === 0 || !first) return own && { lang: own[0], sure: 0 };
  const sure = second ? 1 - Math.exp(second[1] - first[1]) : 1;
  const overruled = !own || (!title && grams >= FEWEST_GRAMS && first[1] - own[1] > OVERRULES * grams);
  return overruled ? { lang: first[0], sure } : { lang: own[0], sure };
}
