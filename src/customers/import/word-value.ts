import { bad, cellText, fold, good, oneLine, type Parsed, remembering } from './text-value.ts';
import type { Cell } from './table.ts';

/** The lawful grounds for writing to a customer. `existing_customer` is the soft opt-in of ePrivacy 2002/58/EC, 13(2). */
export const LEGAL_BASES = [
  'consent',
  'contract',
  'existing_customer',
  'legitimate_interest',
  'legal_obligation',
] as const;
export type LegalBasis = (typeof LEGAL_BASES)[number];

export const DEALING_KINDS = ['order', 'delivery', 'visit', 'complaint'] as const;
export type DealingKind = (typeof DEALING_KINDS)[number];

type Words<T extends string> = Record<T, string>;

const STATUS: Words<'active' | 'left'> = {
  active:
    'active, current, customer, existing, open, live, stayed, aktiv, aktuell, Bestand, Bestandskunde, laufend, Kunde, ' +
    'actief, huidig, klant, bestaand, lopend, nåværende, løpende, kunde, 1',
  left:
    'left, lost, former, gone, churned, cancelled, canceled, inactive, ended, closed, ex, ' +
    'verloren, ehemalig, gekündigt, abgewandert, ausgetreten, inaktiv, beendet, weg, verlassen, gegangen, ' +
    'vertrokken, opgezegd, voormalig, inactief, beëindigd, gestopt, weggegaan, ' +
    'sluttet, oppsagt, tidligere, tapt, avsluttet, borte, 0',
};

const BASES: Words<LegalBasis> = {
  consent:
    'consent, opt-in, opted in, yes, Einwilligung, Zustimmung, eingewilligt, ja, toestemming, samtykke, art 6 1 a, 6(1)(a), DSGVO 6 1 a, AVG 6 1 a, GDPR 6 1 a',
  contract:
    'contract, performance of a contract, Vertrag, Vertragserfüllung, overeenkomst, contract uitvoering, uitvoering van een overeenkomst, avtale, kontrakt, oppfyllelse av avtale, art 6 1 b, 6(1)(b)',
  existing_customer:
    'existing customer, soft opt-in, customer relationship, Bestandskunde, Bestandskundenwerbung, Kundenbeziehung, § 7 Abs. 3 UWG, bestaande klant, klantrelatie, eksisterende kunde, eksisterende kundeforhold, kundeforhold',
  legitimate_interest:
    'legitimate interest, legitimate interests, berechtigtes Interesse, berechtigte Interessen, gerechtvaardigd belang, berettiget interesse, art 6 1 f, 6(1)(f)',
  legal_obligation:
    'legal obligation, rechtliche Verpflichtung, gesetzliche Verpflichtung, wettelijke verplichting, rettslig forpliktelse, art 6 1 c, 6(1)(c)',
};

const KINDS: Words<DealingKind> = {
  order: 'order, ordered, Bestellung, Auftrag, bestelling, opdracht, bestilling, ordre',
  delivery:
    'delivery, shipment, delivered, Lieferung, Auslieferung, Zustellung, levering, bezorging, verzending, leveranse',
  visit:
    'visit, appointment, service visit, call-out, meeting, Besuch, Termin, Kundenbesuch, Einsatz, bezoek, afspraak, huisbezoek, besøk, avtalt besøk, time, kundebesøk',
  complaint: 'complaint, claim, Beschwerde, Reklamation, klacht, reclamatie, klage, reklamasjon',
};

function lookup<T extends string>(words: Words<T>): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [value, names] of Object.entries(words) as [T, string][]) {
    for (const name of [value, ...names.split(',')]) found.set(fold(name), value);
  }
  return found;
}

type WordParser<T> = (text: string) => Parsed<T | undefined>;

function wordParser<T extends string>(words: Words<T>, key: string): WordParser<T> {
  const known = lookup(words);
  return remembering((text) => {
    const word = oneLine(text);
    const value = known.get(fold(word));
    return value === undefined && word !== '' ? bad(key) : good(value);
  });
}

const readStatus = wordParser(STATUS, 'notAStatus');
const readBasis = wordParser(BASES, 'notABasis');
const readKind = wordParser(KINDS, 'notAKind');

/** Undefined for an empty cell, as in all of these. */
export function parseStatus(cell: Cell): Parsed<'active' | 'left' | undefined> {
  return readStatus(cellText(cell));
}

export function parseLegalBasis(cell: Cell): Parsed<LegalBasis | undefined> {
  return readBasis(cellText(cell));
}

export function parseDealingKind(cell: Cell): Parsed<DealingKind | undefined> {
  return readKind(cellText(cell));
}

const YES = new Set([
  'yes',
  'y',
  'true',
  'x',
  'paid',
  'ja',
  'j',
  'wahr',
  'bezahlt',
  'betaald',
  'waar',
  'betalt',
  'sann',
]);
const NO = new Set(
  [
    ...['no', 'n', 'false', 'unpaid', 'open', 'nein', 'offen', 'falsch', 'unbezahlt', 'nee', 'niet betaald', 'onwaar'],
    ...['onbetaald', 'openstaand', 'nei', 'ubetalt', 'ikke betalt', 'usann'],
  ].map(fold),
);

/** A word for yes or no, undefined for anything else. */
export function yesOrNo(cell: Cell): boolean | undefined {
  const word = fold(cellText(cell));
  return YES.has(word) ? true : NO.has(word) ? false : undefined;
}

const MAX_TAGS = 20;
const MAX_TAG = 40;

/** Tags between commas, semicolons, bars or line ends; without empty ones and repetitions. */
export function parseTags(cell: Cell): Parsed<string[]> {
  const tags = new Map<string, string>();
  for (const part of cellText(cell).split(/[,;|\n\r]/)) {
    const tag = oneLine(part);
    if (tag !== '' && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  }
  if (tags.size > MAX_TAGS) return bad('tooManyTags', { max: MAX_TAGS });
  const values = [...tags.values()];
  return values.some((tag) => tag.length > MAX_TAG) ? bad('tooLong', { max: MAX_TAG }) : good(values);
}
