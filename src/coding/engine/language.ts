import type { eld as Detector } from 'eld';

type Eld = Pick<typeof Detector, 'detect' | 'setLanguageSubset'>;

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
/** Nats a letter by which another language must lead before it overrules the respondent's choice. */
const OVERRULES = 0.35;
const FEWEST_LETTERS = 12;
const WORDS = /[\p{L}\p{M}']+/gu;

/** Letters that only one of some languages has. */
const TELLING: [RegExp, string[]][] = [
  [/[æøå]/i, ['nb', 'da', 'sv']],
  [/[æø]/i, ['nb', 'da']],
  [/[äöüß]/i, ['de', 'sv', 'fi']],
  [/ß/, ['de']],
];
const LETTER_SAYS = 4;

type Profile = { counts: Map<string, number>; totals: number[] };

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
      return settle(scoresOf(text, langs, general, profiles, varieties), gramsOfText(text).length, chosen);
    },
  };
}

const isoOf = (lang: string) => (lang === 'nb' || lang === 'nn' ? 'no' : lang);

function profileOf(texts: string[]): Profile {
  const profile: Profile = { counts: new Map(), totals: new Array<number>(LONGEST_GRAM + 1).fill(0) };
  for (const gram of texts.flatMap(gramsOfText)) {
    profile.counts.set(gram, (profile.counts.get(gram) ?? 0) + 1);
    profile.totals[gram.length]!++;
  }
  return profile;
}

function gramsOfText(text: string): string[] {
  const grams: string[] = [];
  for (const [word] of text.slice(0, 1000).toLowerCase().matchAll(WORDS)) {
    const marked = `_${word}_`;
    for (let length = 1; length <= LONGEST_GRAM; length++) {
      for (let i = 0; i + length <= marked.length; i++) grams.push(marked.slice(i, i + length));
    }
  }
  return grams;
}

/** Log-likelihoods, comparable with each other; our own texts speak only where there are some of every language. */
function scoresOf(text: string, langs: string[], general: Eld, profiles: Map<string, Profile>, varieties: number[]) {
  const grams = gramsOfText(text);
  const found = general.detect(text).getScores();
  const known = langs.every((lang) => profiles.has(lang));
  return langs.map((lang): [string, number] => {
    const told = (found[isoOf(lang)] ?? 0) * grams.length;
    const own = known ? likelihood(grams, profiles.get(lang)!, varieties) : 0;
    const letters = TELLING.filter(([sign, speakers]) => sign.test(text) && speakers.includes(lang));
    return [lang, own + told + LETTER_SAYS * letters.length];
  });
}

function likelihood(grams: string[], { counts, totals }: Profile, varieties: number[]): number {
  let sum = 0;
  for (const gram of grams) {
    const all = totals[gram.length]! + SMOOTHING * varieties[gram.length]!;
    sum += Math.log(((counts.get(gram) ?? 0) + SMOOTHING) / all);
  }
  return sum;
}

function settle(scores: [string, number][], letters: number, chosen: string | undefined): Guess | undefined {
  const [first, second] = [...scores].sort(([, a], [, b]) => b - a);
  const own = scores.find(([lang]) => lang === chosen);
  if (letters === 0 || !first) return own && { lang: own[0], sure: 0 };
  const sure = second ? 1 - Math.exp(second[1] - first[1]) : 1;
  const overruled = !own || (letters >= FEWEST_LETTERS && first[1] - own[1] > OVERRULES * letters);
  return overruled ? { lang: first[0], sure } : { lang: own[0], sure };
}
