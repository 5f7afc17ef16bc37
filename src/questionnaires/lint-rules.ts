import { pairsIn, type Pairs } from './lint-pairs.ts';
import { pattern, re } from './lint-words.ts';

/** How questions go wrong in one language. Every pattern is tried on one sentence; what it matches is shown to staff. */
export interface LintRules {
  /** Puts the answer into the respondent's mouth. */
  leading: RegExp[];
  /** Asks for two things that may have two answers. */
  doubleBarrelled: RegExp[];
  /** Asks for one judgement of two things. */
  pairs: Pairs;
  /** Begins like a question that "yes" answers. */
  closed: RegExp[];
  /** Begins so too, but asks somebody to tell: not closed. */
  invites: RegExp;
  /** Words of the trade that customers do not use. */
  jargon: RegExp;
}

const TRADE =
  'touch ?points?|churn|csat|nps|kpis?|sla|customer journey|customer experience|value proposition|omni-?channel';

const en = (): LintRules => ({
  pairs: pairsIn.en(),
  leading: [
    re`\b(do|did|does|would|wouldn|don|didn|doesn|isn|aren|wasn|weren|shouldn|couldn|haven|hasn)['’]t (you|it|we|our|they)\b`,
    re`\b(do|would) you (not )?agree\b`,
    re`\bhow (much|very much) (do|did|have) you (love|like|enjoy|appreciate|miss|hate|dislike)`,
    re`\bhow (great|good|excellent|friendly|wonderful|bad|poor|terrible|slow|unhappy|dissatisfied|annoy\w+) (is|are|was|were|do|did)\b`,
    re`,\s*(isn['’]t it|aren['’]t we|don['’]t you|right|wouldn['’]t you say)\s*\?\s*$`,
    re`\bas (you|everyone|we all) (surely )?knows?\b`,
    re`\b(surely|obviously|of course|everyone agrees)\b`,
    re`\bour (great|excellent|outstanding|award-winning|wonderful|new and improved|first-class|friendly)\b`,
  ],
  doubleBarrelled: [
    re`\band\/or\b`,
    re`\b(what|why|how|when|where|who|which)\b.*\b(and|or) (what|why|how|when|where|who|which|would|did|do|does|is|are|was|were)\b`,
    re`\bhow \p{L}+ (and|or) (how )?\p{L}+ (is|are|was|were|do|did|does|has|have)\b`,
  ],
  closed: [
    re`^(did|do|does|is|are|was|were|have|has|had|will|would|can|could|should|shall|may|might|must)\b`,
    re`^\p{L}+n['’]t\b`,
  ],
  invites: re`^(can|could|would|will|may) (you|we) (please |kindly )?(ask (you )?)?(tell|describe|explain|say|share|what|why|how)\b`,
  jargon: pattern(`\\b(${TRADE}|onboarding|stakeholders?|solution offering|end users?|pain points?)\\b`, 'iu'),
});

const de = (): LintRules => ({
  pairs: pairsIn.de(),
  leading: [
    re`\b(finden|meinen|denken|glauben) (Sie|du|ihr) nicht( auch)?\b`,
    re`\b(stimmen|würden) (Sie|du|ihr) .*\bzu(stimmen)?\b.*\b(dass)\b`,
    re`\bstimmen Sie (uns )?(nicht )?zu\b`,
    re`\bwie sehr (lieben|mögen|schätzen|genießen|vermissen|ärgern|haben Sie .* (genossen|geschätzt|vermisst))`,
    re`\bwie (gut|toll|großartig|freundlich|schlecht|furchtbar|langsam|unfreundlich) (war|waren|ist|sind) (unser|die|der|das)`,
    re`,? (nicht wahr|oder nicht|richtig|oder)\s*\?\s*$`,
    re`\b(sicherlich|bestimmt|natürlich|selbstverständlich|zweifellos|bekanntlich)\b`,
    re`\bunser(e|en|em|er|es)? (ausgezeichnet|hervorragend|preisgekrönt|erstklassig|großartig|toll|freundlich)`,
  ],
  doubleBarrelled: [
    re`\bund\/oder\b|\bbzw\.?(?=\s|$)|\bbeziehungsweise\b`,
    re`\b(was|warum|weshalb|wieso|wie|wann|wo|wer|wem|wen|welche[nrsm]?)\b.*\b(und|oder) (was|warum|weshalb|wieso|wie|wann|wo|wer|wem|wen|welche[nrsm]?|würden|haben|hätten)\b`,
    re`\bwie \p{L}+ (und|oder) (wie )?\p{L}+ (ist|sind|war|waren|finden|fanden|wirkte|wirkten)\b`,
  ],
  closed: [
    re`^(hat|hatte|ist|war|wird|wurde|würde|kann|konnte|könnte|soll|sollte|darf|gibt|gab|gäbe|muss|musste|macht|will|möchte)\b`,
    re`^(haben|hatten|hätten|sind|waren|wären|werden|wurden|würden|können|konnten|könnten|sollen|sollten|dürfen|wollen|möchten|müssen|mussten)\b`,
    re`^(hast|bist|warst|wirst|kannst|konntest|könntest|willst|möchtest|darfst|magst)\b`,
    re`^(?!\p{L}*sofern )\p{L}+(en|rn|ln) Sie\b`,
    re`^\p{L}+st du\b`,
  ],
  invites: re`^(würden|könnten|können|möchten|dürfen|wollen|würdest|könntest|kannst|magst) (Sie|du|ihr|wir)\b.*\b(erzählen|beschreiben|sagen|schildern|erklären|verraten|fragen|mitteilen|berichten)\b`,
  jargon: pattern(`\\b(${TRADE}|kundenerlebnis|mehrwert|berührungspunkte?|servicelevel|stakeholder)\\b`, 'iu'),
});

const nl = (): LintRules => ({
  pairs: pairsIn.nl(),
  leading: [
    re`\b(vindt|denkt|meent|vind|denk) (u|je|jij|jullie) (ook )?niet( ook)?\b`,
    re`\bbent u het (er )?(niet )?(mee )?eens\b`,
    re`\bhoe(veel| erg| zeer) (houdt|hield|geniet|genoot|waardeert|waardeerde|mist|ergert) (u|je)\b`,
    re`\bhoe (goed|fijn|geweldig|vriendelijk|slecht|vreselijk|traag|onvriendelijk) (was|waren|is|zijn) (ons|onze|de|het)\b`,
    re`,? (toch|nietwaar|of niet|niet dan|hè)\s*\?\s*$`,
    re`\b(natuurlijk|ongetwijfeld|vanzelfsprekend|uiteraard|zoals u weet)\b`,
    re`\b(ons|onze) (uitstekende?|geweldige?|fantastische?|bekroonde?|vriendelijke?|voortreffelijke?)\b`,
  ],
  doubleBarrelled: [
    re`\ben\/of\b|\brespectievelijk\b|\bresp\.`,
    re`\b(wat|waarom|hoe|wanneer|waar|wie|welke?)\b.*\b(en|of) (wat|waarom|hoe|wanneer|waar|wie|welke?|zou|heeft|hebt|vindt)\b`,
    re`\bhoe \p{L}+ (en|of) (hoe )?\p{L}+ (is|zijn|was|waren|vindt|vond)\b`,
  ],
  closed: [
    re`^(heeft|hebt|heb|had|hadden|hebben|bent|ben|is|was|waren|zijn|zou|zouden|kunt|kan|kon|konden|kunnen|wilt|wil|wilde|mag|mogen|moet|moest|gaat|ging|doet|deed|werd|werden|wordt|worden)\b`,
    re`^(?!(wat|hoe|waar|wie|als|toen|wanneer|omdat|dat) )\p{L}+ (u|je|jij|jullie)\b`,
  ],
  invites: re`^(kunt|kan|zou|zoudt|wilt|wil|mogen) (u|je|jij|we|wij)\b.*\b(vertellen|beschrijven|zeggen|uitleggen|toelichten|delen|vragen|aangeven)\b`,
  jargon: pattern(`\\b(${TRADE}|klantreis|klantbeleving|meerwaarde|contactmoment(en)?|stakeholders?)\\b`, 'iu'),
});

const nb = (): LintRules => ({
  pairs: pairsIn.nb(),
  leading: [
    re`\b(synes|syns|mener|tror) (du|dere) ikke( også)?\b`,
    re`\b(er|var) (du|dere) ikke( også)? enige?\b|\b(er|var) (du|dere) enige? i at\b`,
    re`\bhvor (mye|høyt|godt) (elsker|elsket|liker|likte|verdsetter|satte|savner|irriterer) (du|dere)\b`,
    re`\bhvor (bra|god|gode|flott|fantastisk|hyggelige?|vennlige?|dårlige?|trege?|misfornøyde?) (er|var) (vår|våre|vårt|de|den|det)\b`,
    re`,? (ikke sant|eller hva|vel|sant)\s*\?\s*$`,
    re`\b(selvfølgelig|naturligvis|åpenbart|som du vet|utvilsomt)\b`,
    re`\b(vår|vårt|våre) (utmerkede|fantastiske|prisbelønte|flotte|gode|hyggelige|vennlige)\b`,
  ],
  doubleBarrelled: [
    re`\bog\/eller\b|\bhenholdsvis\b`,
    re`\b(hva|hvorfor|hvordan|når|hvor|hvem|hvilke[nt]?)\b.*\b(og|eller) (hva|hvorfor|hvordan|når|hvor|hvem|hvilke[nt]?|ville|har|synes)\b`,
    re`\bhvor \p{L}+ (og|eller) (hvor )?\p{L}+ (er|var|synes|opplevde|opplever)\b`,
  ],
  closed: [
    re`^(har|hadde|er|var|vil|ville|kan|kunne|skal|skulle|må|måtte|bør|burde|ble|blir|fikk|får|gjør|gjorde|finnes|fantes)\b`,
    re`^(?!(hva|hvor|når|hvem|hvis|om|da|at|som|siden) )\p{L}+ (du|dere)\b`,
  ],
  invites: re`^(kan|kunne|vil|ville|får|kunne) (du|dere|vi)\b.*\b(fortelle|beskrive|si|forklare|dele|spørre|utdype)\b`,
  jargon: pattern(`\\b(${TRADE}|kundereisen?|kundeopplevelsen?|merverdi|kontaktpunkt(er)?|verdiforslag)\\b`, 'iu'),
});

const written: Readonly<Record<string, () => LintRules>> = { en, de, nl, nb };
const made = new Map<string, LintRules>();

/** The rules of a language, if there are any: made when first asked for, since so many patterns take their time. */
export function lintRulesOf(language: string): LintRules | undefined {
  const make = Object.hasOwn(written, language) ? written[language] : undefined;
  const rules = made.get(language) ?? make?.();
  if (rules) made.set(language, rules);
  return rules;
}
