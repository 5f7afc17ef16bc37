import { pattern, re } from './lint-words.ts';

/** How two things come to be judged by one answer, in one language. */
export interface Pairs {
  /** Asks for a judgement. */
  judges: RegExp;
  /** Lets choose between two things: then one answer is right. */
  chooses: RegExp;
  /** Two things joined; not where they only say where, when or for whom. */
  pair: RegExp;
  /** Pairs that are one thing, one time, or the people who are asked. */
  one: RegExp;
}

const WORD = String.raw`\p{L}[\p{L}\p{M}’'-]+`;
/** Names begin with a capital, the second thing of a pair does not: shops in two towns, "Marks and Spencer". */
const LOWER = String.raw`\p{Ll}[\p{L}\p{M}’'-]+`;

/** Two things joined by one of these words, with these small words before the second; none of the prepositions stands before the first. */
function pairOf(joins: string, small: string, prepositions: string): RegExp {
  const before = String.raw`(?<!\b(?:${prepositions})\s(?:\S+\s){0,2})`;
  return pattern(String.raw`${before}\b${WORD} (?:${joins}) (?:(?:${small}) )*${LOWER}`, 'gu');
}

const en = (): Pairs => ({
  judges: re`\b((un|dis)?satisfied|(un)?happy|pleased|content)\b.* (with|about)\b(?! the way)|\b(rate|judge|assess|evaluate)\b|\bhow (do|did|would|could|should|can) (you|we) (like(?! to)|find(?! out)|value|improve|experience|change)\b|\b(like|value|think of|improve|change) (our|the)\b|\bhow (?!satisfied|happy|pleased|likely|often|many|much|long|old|far|soon)\p{L}+ ((to|for) you )?(is|are|was|were)\b`,
  chooses: re`\b(more|most|rather|better|best|prefer|either)\b.*\bor\b`,
  pair: pairOf(
    'and|or|as well as',
    'the|our|your|their|its|his|her|a|an',
    'in|at|on|to|for|from|between|since|during|by|near',
  ),
  one: re`^(you|one|two|three|once|more|friends?|family|terms|pros|products?|goods) |\b(and|or) (so|more|why|what|how|when|where|who|which)\b`,
});

const DAY = String.raw`(\p{L}+tags?|\p{L}+woch|sonnabend|januar|februar|märz|april|mai|juni|juli|august|\p{L}+ber)`;

const de = (): Pairs => ({
  judges: re`\b(un)?zufrieden\b.*\bmit\b(?! der Art)|\b(bewert|beurteil)(en|est|st|et|t)\b|\bwie\b.*\b(gefällt|gefallen|gefiel(en)?|geschmeckt|finden|findest|fanden|fandest|gefunden|empfinden|empfanden|empfunden|erlebt(en)?|schätzen|verbessern)\b|\bwas\b.*\b(halten|hältst|denken|denkst)\b.*\b(von|über)\b|\bwie (?!zufrieden|oft|lange|viele?|wahrscheinlich|häufig|weit|bald|alt)\p{L}+ (ist|sind|war|waren)\b`,
  chooses: re`\b(mehr|eher|lieber|besser|wichtiger|am meisten|am besten|entweder)\b.*\boder\b`,
  pair: pattern(
    String.raw`(?<!\b(?:in|im|an|am|ans|auf|durch|bei|beim|zwischen|für|seit|nach|vor|zu|zum|zur|aus|Verhältnis von)\s(?:\S+\s){0,2})\b(?:(?!Sie\b|Ihnen\b|Ihr)\p{Lu}\p{L}+ (?:und|oder|sowie) (?:\p{Ll}+ ){0,3}(?!Sie\b|Ihnen\b)\p{Lu}\p{L}+|\p{Ll}{3,}e[mnrs]? (?:und|oder) \p{Ll}{3,}e[mnrs]? \p{Lu}\p{L}+)`,
    'gu',
  ),
  one: pattern(
    String.raw`^(Art und Weise|Rat und Tat|Ort und Stelle|Grund und Boden|(Familie|Bekannte|Kolleg|Produkt)\p{L}* |Freund(e|en|in|innen)? )|^(?<stem>\p{L}{4,})(in|innen) \p{L}+ \k<stem>|(Herrn?|Frau)$|^${DAY} \p{L}+ ${DAY}$`,
    'iu',
  ),
});

const nl = (): Pairs => ({
  judges: re`\b(on)?tevreden\b.*\b(over|met)\b(?! de manier)|\b(beoordeelt|beoordelen|waardeert|verbeteren)\b|\b(hoe|wat)\b.*\b(vindt|vond|vinden|vonden) (u|je|jij|jullie)\b|\bbev(alt|allen|iel|ielen)\b|\bhoe (?!tevreden|vaak|lang|veel|waarschijnlijk|oud|ver)\p{L}+ (is|zijn|was|waren)\b`,
  chooses: re`\b(meer|eerder|liever|beter|belangrijker|het meest|het best)\b.*\bof\b`,
  pair: pairOf(
    'en|of|alsmede|evenals',
    'de|het|een|ons|onze|uw|je|jouw',
    'in|op|bij|aan|te|tussen|voor|naar|vanaf|sinds|tijdens',
  ),
  one: re`^(u|je|jij|jullie|over|met|van|een|twee|vrienden|familie|producten?|\p{L}+dag|januari|februari|maart|april|mei|juni|juli|augustus|\p{L}+ber) |\b(en|of) (zo|meer|wat|waarom|hoe|wanneer|waar|wie|welke)\b`,
});

const nb = (): Pairs => ({
  judges: re`\b(mis)?fornøyde?\b.*\bmed\b(?! måten)|\b(vurderer|vurdere|bedømmer|bedømme|verdsetter|forbedre)\b|\bsetter (du|dere) pris på\b|\bhva (synes|syntes|mener|mente) (du|dere) om\b|\bhvordan (opplevde|opplever|liker|likte) (du|dere)\b|\bhvor (?!fornøyd|ofte|lenge|mange|mye|sannsynlig|gammel|langt)\p{L}+ (er|var)\b`,
  chooses: re`\b(mer|mest|heller|bedre|best|viktigere|viktigst)\b.*\beller\b`,
  pair: pairOf(
    'og|eller|samt',
    'den|det|de|vår|vårt|våre|din|ditt|dine',
    'i|på|til|for|fra|mellom|siden|ved|hos|under',
  ),
  one: re`^(du|dere|deg|en|to|venner|familie|kjente|vilkår|produkt\p{L}*|\p{L}+dag|januar|februar|mars|april|mai|juni|juli|august|\p{L}+ber) |\b(og|eller) (så|mer|hva|hvorfor|hvordan|når|hvor|hvem|hvilke\p{L}*)\b`,
});

export const pairsIn = { en, de, nl, nb };

/** Two things that the sentence wants judged at once, as they stand there. */
export function twoThings(sentence: string, { judges, chooses, pair, one }: Pairs): string | undefined {
  const judging = judges.exec(sentence);
  if (!judging || chooses.test(sentence)) return undefined;
  const clause = Math.max(...[',', ':', ';'].map((mark) => sentence.lastIndexOf(mark, judging.index)));
  const found = [...sentence.slice(clause + 1).matchAll(pair)].map(([words]) => words);
  return found.find((words) => !one.test(words));
}
