import { fold } from './folding.ts';
import { isStopWord } from './stop-words.ts';
import { wordsOf, type Words } from './words.ts';

const folded = (words: string) => new Set(words.split(/\s+/).filter(Boolean).map(fold));

/** Somewhere in the sentence: someone has gone elsewhere, is there now, or finds it better there. */
const CUES = folded(`
  switched switch switching moved move moving changed changing went gone going go join joined joining signed transferred ported
  defected shop shopping shopped buy buying bought order ordering ordered now instead cheaper better deal offer offers offered
  competitor competitors rival elsewhere than
  gewechselt wechsle wechseln wechselte wechsel umgestiegen gegangen gehe gehen ging abgewandert rüber kaufe kaufen gekauft
  bestelle bestellen bestellt jetzt nun inzwischen mittlerweile stattdessen günstiger billiger besser besseres angebot konkurrent
  konkurrenz mitbewerber unterschrieben abgeschlossen
  overgestapt overstappen overstap overgegaan overgaan gegaan ga gaan gewisseld koop kopen gekocht bestel bestellen besteld nu
  inmiddels intussen voortaan goedkoper beter betere aanbod aanbieding concurrent concurrentie afgesloten
  byttet bytte bytter skiftet skifte gikk gått går flyttet flytte overgang meldt kjøper kjøpe kjøpte handler handle bestiller
  bestilte nå nå i stedet istedenfor billigere bedre tilbud konkurrent konkurrenten bytta skifta gjekk no flytta`);

/** Going elsewhere and nothing else: even a name in small letters is believed beside one of these. */
const SWITCHES = folded(`
  switched switch switching moved transferred ported defected gewechselt wechsle wechseln wechselte umgestiegen abgewandert
  overgestapt overstappen overgegaan byttet bytte bytter bytta skiftet skifte skifta over`);

/** Right before the name. */
const PLACES = folded('to at with by than zu bei als naar bij met dan til hos med enn');
/** These say it by themselves. */
const SPEAK_ALONE = folded('hos bij');
/** Towards which even a name in small letters is expected. */
const TOWARDS = folded('to zu bei naar bij til hos');
const DIRECT = folded('joined joining');

/** A German noun that elsewhere follows one of these is no name. */
const BEFORE_NOUNS =
  folded(`der die das den dem des ein eine einen einem einer eines mein meine meinen meinem meiner kein keine
  keinen keinem keiner ihr ihre ihren ihrem ihrer unser unsere unseren unserem unserer dieser diese dieses diesen diesem jede jeder
  jedes jeden jedem viele alle mehr zum zur beim vom im am ins`);
const BEFORE_NO_NAMES =
  folded(`ein eine einen einem einer eines kein keine keinen keinem keiner mein meine meinen meinem meiner ihre ihren ihrem ihrer
  unser unsere unseren unserem unserer jede jeder jedes jeden jedem viele vielen pro`);
const NOUN_ENDINGS = /(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|taet|taeten|nisse?n?|ismus)$/;

/** Written with a capital, or after "to" and its like, without being anyone's name. */
const NO_NAMES =
  folded(`i i'm i've i'd i'll monday tuesday wednesday thursday friday saturday sunday january february march april may
  june july august september october november december christmas easter english german dutch norwegian internet online website app
  work home school bed abroad hell court cash paper another else someone somewhere other others competitor competitors competition
  rival monthly yearly annual
  sie ihnen ihr ihre ihren ihrem hause haus freunden freunde bekannten nachbarn kollegen problemen fragen weihnachten ostern konkurrenz
  konkurrent konkurrenten mitbewerber mitbewerbern wettbewerb wettbewerber wettbewerbern anfang ende beginn jahren jahr monaten monat
  tagen wochen stunden recht bedarf anderen andere anbieter anbietern kunden kunde geld preis preise leuten menschen kindern
  spezialisten firmen unternehmen gelegenheit bestellungen rückfragen reklamationen regen uns euch fuß
  u uw jullie huis vrienden kennissen buren concurrent concurrenten concurrentie kerst pasen klanten iemand anderen andere ergens
  dere deg dem hjemme venner naboer konkurrent konkurrenten konkurrenter jul påske kunder noen andre annen utlandet`);

export const isCue = (word: string): boolean => CUES.has(word);
export const isSwitch = (word: string | undefined): boolean => word !== undefined && SWITCHES.has(word);
export const isPlace = (word: string | undefined): boolean =>
  word !== undefined && (PLACES.has(word) || DIRECT.has(word));
export const speaksAlone = (word: string): boolean => SPEAK_ALONE.has(word) || DIRECT.has(word);
export const leadsTowards = (word: string): boolean => TOWARDS.has(word) || DIRECT.has(word);

/** Nouns of these answers that follow an article somewhere: in German they have a capital and are no names. */
export function commonNouns(answers: Words[]): Set<string> {
  const found = new Set<string>();
  for (const { words, clause } of answers) {
    words.forEach((word, i) => {
      if (i > 0 && clause[i] === clause[i - 1] && BEFORE_NOUNS.has(words[i - 1]!)) found.add(word);
    });
  }
  return found;
}

/** Of texts that name companies too: "bei der Telekom", but hardly "eine Telekom" or "keine gute Telekom". */
export function surelyNouns(texts: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const { text, words, clause, start } of texts.map(wordsOf)) {
    const isCapital = (i: number) =>
      clause[i] === clause[i - 1] && /^\p{Lu}/u.test(text.slice(start[i], start[i]! + 2));
    words.forEach((word, i) => {
      const noun = BEFORE_NO_NAMES.has(word) ? [i + 1, i + 2].find(isCapital) : undefined;
      if (noun !== undefined) found.add(words[noun]!);
    });
  }
  return found;
}

export function mayBeName(word: string, nouns: ReadonlySet<string>): boolean {
  if (isStopWord(word) || isCue(word) || NO_NAMES.has(word) || nouns.has(word)) return false;
  return word.length > 1 && /\p{L}/u.test(word) && !NOUN_ENDINGS.test(word);
}
