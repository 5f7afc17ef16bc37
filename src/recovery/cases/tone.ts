/** What a sentence to somebody who complains must not do. */
type Fault = 'blame' | 'guilt' | 'excuse' | 'pressure';

export interface ToneFault {
  fault: Fault;
  /** The words, as they were typed. */
  words: string;
}

type Rules = Record<Fault, RegExp[]>;

const any = (...alternatives: string[]): RegExp[] =>
  alternatives.map((each) => new RegExp(`(?<![\\p{L}])${each}(?![\\p{L}])`, 'giu'));

/** Written for each language by itself: what sounds like a shrug in one is polite in the next. */
const RULES: Record<string, Rules> = {
  en: {
    blame: any(
      'unfortunately,? you',
      'you (?:should|could|ought to) have',
      "you (?:did ?n[o'’]t|failed to|forgot to|neglected to)",
      'as (?:we|I) (?:already )?(?:told|explained to) you',
      'your (?:own )?(?:fault|mistake|error)',
      'you must (?:understand|have)',
    ),
    guilt: any(
      "after all (?:we|I)(?: have|['’]ve) done",
      "(?:we|I)(?: are| am|['’]re|['’]m) disappointed",
      'we had hoped you',
    ),
    excuse: any(
      'sorry (?:if|that you feel)',
      'company policy',
      'there is nothing (?:we|I) can do',
      'any inconvenience',
    ),
    pressure: any('at your earliest convenience', 'final(?: notice| reminder)?', 'immediately', 'last chance'),
  },
  de: {
    blame: any(
      'leider haben (?:sie|du)',
      '(?:sie|du) h[äa](?:ätten|ttest|tten|ttet)',
      '(?:sie|du) (?:haben|hast) (?:[\\p{L}]+ ){0,4}(?:versäumt|vergessen|nicht)',
      'wie (?:wir|ich) (?:ihnen|dir) (?:bereits|schon) (?:mitgeteilt|gesagt|erklärt)',
      '(?:ihr|dein) (?:eigener )?fehler',
      '(?:ihre|deine) (?:eigene )?schuld',
      '(?:sie müssen|du musst) (?:aber )?verstehen',
    ),
    guilt: any('nach allem,? was wir', 'wir sind enttäuscht', 'wir hätten (?:von ihnen|von dir)? ?erwartet'),
    excuse: any(
      'falls (?:sie|du) sich',
      'etwaige unannehmlichkeiten',
      'unannehmlichkeiten',
      'da können wir (?:leider )?nichts machen',
      'unsere richtlinien',
    ),
    pressure: any('unverzüglich', 'letztmalig', 'umgehend', 'letzte mahnung'),
  },
  nl: {
    blame: any(
      'helaas (?:heeft u|hebt u|heb je)',
      '(?:u|je) had (?:beter |moeten )',
      '(?:u|je) (?:heeft|hebt) (?:[\\p{L}]+ ){0,4}(?:verzuimd|vergeten|nagelaten|niet)',
      'zoals (?:wij|we|ik) (?:u|je) (?:al|eerder)',
      '(?:uw|je) (?:eigen )?(?:fout|schuld)',
      '(?:u moet|je moet) (?:wel )?begrijpen',
    ),
    guilt: any('na alles wat (?:wij|we)', '(?:wij|we) zijn teleurgesteld', '(?:wij|we) hadden gehoopt dat u'),
    excuse: any(
      '(?:excuses|sorry) (?:voor het geval|als u)',
      'eventueel ongemak',
      'ons beleid',
      'daar kunnen (?:wij|we) niets aan doen',
    ),
    pressure: any('onmiddellijk', 'per omgaande', 'laatste (?:kans|herinnering|aanmaning)'),
  },
  nb: {
    blame: any(
      'dessverre har du',
      'du burde ha',
      'du (?:glemte|unnlot|har glemt|har unnlatt|har (?:[\\p{L}]+ ){0,3}ikke)',
      'som (?:vi|jeg) (?:allerede )?har (?:sagt|forklart|opplyst)',
      'din (?:egen )?(?:feil|skyld)',
      'du må (?:jo )?forstå',
    ),
    guilt: any('etter alt vi har', 'vi er skuffet', 'vi hadde håpet at du'),
    excuse: any(
      '(?:beklager|unnskyld) (?:hvis|dersom) du',
      'eventuelle ulemper',
      'våre retningslinjer',
      'det kan vi ikke gjøre noe med',
    ),
    pressure: any('umiddelbart', 'omgående', 'siste (?:sjanse|varsel|purring)'),
  },
};

/** What may hurt in a text to a customer, in the order of the text; nothing for a language without rules. */
export function toneFaults(language: string, text: string): ToneFault[] {
  const rules = RULES[language];
  if (!rules) return [];
  const found = Object.entries(rules).flatMap(([fault, patterns]) =>
    patterns.flatMap((pattern) =>
      [...text.matchAll(pattern)].map((match) => ({ fault: fault as Fault, words: match[0], at: match.index })),
    ),
  );
  return found.toSorted((a, b) => a.at - b.at).map(({ fault, words }) => ({ fault, words }));
}
