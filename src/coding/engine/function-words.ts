import { fold } from './folding.ts';

const folded = (words: string) => new Set(words.split(/\s+/).filter(Boolean).map(fold));

/** Words that turn what follows in the same clause into its opposite, dialects and Nynorsk included. */
const NEGATORS = {
  en: folded(`not no never without neither nor cannot hardly barely n't isn't wasn't aren't weren't don't doesn't didn't
    won't wouldn't can't couldn't shouldn't haven't hasn't hadn't ain't isnt wasnt arent werent dont doesnt didnt wont
    wouldnt cant couldnt shouldnt havent hasnt hadnt nothing`),
  de: folded(`nicht nie niemals kein keine keinen keinem keiner keines keinerlei ohne weder noch kaum nichts net ned nich
    nedd nimmer koa koane`),
  nl: folded(`niet nooit geen zonder noch nauwelijks amper niets niks nie nimmer nergens`),
  nb: folded(`ikke aldri ingen inga intet ingenting uten verken ikkje ikkj itj itte inte aldrig utan korkje
    knapt ekke isje`),
  any: folded(`non ne pas jamais sans sin nunca no ni não nunca sem nem mai senza né inte aldrig ingen utan ikke ingen
    uden nie bez ne nikdy bez не нет без никогда ни değil hiç olmadan ei ilman δεν χωρίς μη nem soha nélkül nu fără`),
};

/** "Not only dear" is dear. */
const ONLY = folded('only just merely nur bloss bloß alleen enkel slechts bare berre kun solo seulement solamente');

/** A new clause begins: what was denied before it says nothing about what comes after. */
const CONTRASTS = folded(`but however although though except aber jedoch sondern obwohl allerdings dennoch maar echter
  hoewel toch men derimot likevel imidlertid mais pero sino aunque porém però но ale však fakat`);

export const isContrast = (word: string): boolean => CONTRASTS.has(word);
export const isOnly = (word: string): boolean => ONLY.has(word);

/** The negators of a language; where we have no list of our own, a general one with every language's plainest words. */
export function negatorsOf(lang: string | undefined): ReadonlySet<string> {
  return NEGATORS[baseOf(lang) as keyof typeof NEGATORS] ?? GENERAL;
}

const GENERAL: ReadonlySet<string> = NEGATORS.any;

/** 'nn-NO' and 'no' are written with the words of 'nb'. */
export function baseOf(lang: string | undefined): string {
  const base = (lang ?? '').toLowerCase().split(/[-_]/)[0] ?? '';
  return base === 'no' || base === 'nn' || base === 'da' ? 'nb' : base;
}
