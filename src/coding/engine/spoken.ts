import { fold } from './folding.ts';

const list = (words: string) => new Set(words.split(/\s+/).filter(Boolean).map(fold));

/** The small words that hardly a sentence does without, dialects included; some belong to several languages. */
const SMALL: Record<string, ReadonlySet<string>> = {
  en: list(`the a an and or but if because when than that this these those there it its he she they we you i me my your our
    their them us his her is am are was were be been being have has had do does did don't didn't doesn't wasn't isn't can
    can't could couldn't would wouldn't should will won't not no never to too of for from with without at by on in into out
    up off about after before just so very more only even what who which why how i'm i've i'd it's`),
  de: list(`der die das den dem des ein eine einen einem einer und oder aber wenn weil als dass ob es er sie wir ihr ich mich
    mir mein meine ihre ihren uns unsere euch eure euer sich man ist bin sind war waren sein hat habe haben hatte wird wurde
    werden kann konnte kein keine keinen nicht nie nichts mehr zu zum zur von vom für mit ohne bei auf an am im in aus nach
    vor über so sehr nur auch noch schon dann da hier was wer wie warum immer net ned isch nix`),
  nl: list(`de het een en of maar als omdat toen dan dat dit deze die er het hij zij ze we wij jullie je jij u ik me mij mijn
    uw ons onze hun zich men is ben zijn was waren heeft heb hebben had wordt werd worden kan kon kunnen geen niet nooit
    niets meer te naar van voor met zonder bij op aan in uit na over door zo heel erg alleen ook nog al toch hier wat wie
    hoe waarom altijd steeds ge gij`),
  nb: list(`en et ei den det de og eller men hvis fordi da når enn som at dette disse der han hun vi dere du jeg meg min mitt
    mine deres vår vårt seg man er var være blir ble blitt har hadde kan kunne skal skulle vil ville må måtte ingen ikke
    aldri ingenting mer til for fra med uten hos på av i om opp ut etter før over så veldig bare også ennå her hva hvem
    hvordan hvorfor alltid oss altfor bli denne æ eg ikkje dykk kva noko noe noen vart blei itj dokker`),
};
/** Another language must have so many of them, and so many times what the chosen one has besides. */
const CLEARLY = 2;

/**
 * The language in which an answer is written: the one that the respondent chose, unless its small words clearly speak for
 * another of those we know. People answer a page in one language in their own, and read by the wrong lexicon an answer
 * loses its reasons. (The check in language.ts tells shorter texts, too, but takes a hundred megabytes beside the server.)
 */
export function spokenIn(words: string[], chosen: string): string {
  const own = SMALL[chosen];
  if (!own) return chosen;
  const heard = (small: ReadonlySet<string>) => words.reduce((sum, word) => sum + Number(small.has(word)), 0);
  let spoken = chosen;
  let enough = CLEARLY * (1 + heard(own));
  for (const [lang, small] of Object.entries(SMALL)) {
    const count = lang === chosen ? 0 : heard(small);
    if (count >= enough) [spoken, enough] = [lang, count + 1];
  }
  return spoken;
}
