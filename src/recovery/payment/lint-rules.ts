import { once } from '../../shared/once.ts';

/**
 * Words of a reminder, by language: a letter to somebody who cannot pay offers help and has none of them. Matched as
 * whole words; `*` stands for any ending.
 */
const WORDS: Record<string, string[]> = {
  en: [
    'reminder*',
    'remind*',
    'overdue',
    'past due',
    'arrears',
    'immediately',
    'at once',
    'without delay',
    'urgent*',
    'final notice',
    'last notice',
    'legal',
    'lawyer*',
    'solicitor*',
    'court',
    'debt collect*',
    'collection agency',
    'bailiff*',
    'enforce*',
    'penalt*',
    'late fee*',
    'default interest',
    'demand*',
    'you must',
    'you failed',
    'failure to pay',
    'you owe',
    'consequences',
    'deadline*',
    'blame*',
    'your fault',
  ],
  de: [
    'mahn*',
    'zahlungserinnerung*',
    'erinner*',
    'überfällig*',
    'rückstand*',
    'rückständ*',
    'zahlungsverzug',
    'verzug',
    'unverzüglich',
    'umgehend',
    'sofort*',
    'dringend*',
    'letztmalig*',
    'rechtlich*',
    'rechtsanwalt*',
    'rechtsanwält*',
    'anwalt*',
    'anwält*',
    'gericht',
    'gerichts*',
    'gerichtlich*',
    'amtsgericht*',
    'inkasso*',
    'vollstreck*',
    'pfänd*',
    'verzugszins*',
    'säumnis*',
    'frist*',
    'fordern',
    'aufforder*',
    'forderung*',
    'konsequenz*',
    'schuldner*',
    'versäum*',
    'sie schulden',
    'sie müssen',
  ],
  nl: [
    'aanman*',
    'herinner*',
    'betalingsherinnering*',
    'achterstall*',
    'achterstand*',
    'verlopen',
    'te laat',
    'onmiddellijk',
    'onverwijld',
    'direct betalen',
    'dringend*',
    'spoedig',
    'laatste waarschuwing',
    'waarschuw*',
    'juridisch*',
    'gerechtelijk*',
    'advocaat',
    'advocaten',
    'rechter*',
    'rechtbank*',
    'incasso*',
    'deurwaarder*',
    'beslag*',
    'boete*',
    'wettelijke rente',
    'sommer*',
    'eisen',
    'schuldenaar',
    'consequenties',
    'nalatig*',
    'u moet',
    'u bent verplicht',
  ],
  nb: [
    'purr*',
    'betalingspåminnelse*',
    'påminn*',
    'forfalt*',
    'restanse*',
    'etterskudd',
    'mislighold*',
    'umiddelbart',
    'straks',
    'øyeblikkelig',
    'omgående',
    'haster',
    'siste varsel',
    'varsel*',
    'juridisk*',
    'rettslig*',
    'advokat*',
    'tingrett*',
    'forliksråd*',
    'inkasso*',
    'namsmann*',
    'tvang*',
    'gebyr*',
    'forsinkelsesrente*',
    'frist*',
    'krever',
    'kravet',
    'konsekvens*',
    'skyldner*',
    'du må',
    'du skylder',
  ],
};

const escaped = (word: string): string => word.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** `\b` knows no letters outside ASCII. */
const patternOf = (word: string): RegExp => {
  const ending = word.endsWith('*') ? '\\p{L}*' : '(?!\\p{L})';
  const stem = escaped(word.replace(/\*$/, '')).replaceAll(' ', '\\s+');
  return new RegExp(`(?<!\\p{L})${stem}${ending}`, 'giu');
};

const patterns = once(
  () => new Map(Object.entries(WORDS).map(([language, words]): [string, RegExp[]] => [language, words.map(patternOf)])),
);

/** Words cannot be hidden by soft hyphens, joiners or composed letters. */
const plain = (text: string): string => text.normalize('NFKC').replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, '');

const SHOUTED = /(?<!\p{L})\p{Lu}{5,}(?!\p{L})/gu;

/**
 * What in a text sounds like a reminder of debts, as it stands there, each once: words of the text's language and of
 * English, capitals throughout, more than one exclamation mark. Empty where nothing does.
 */
export function reminderWords(text: string, language: string): string[] {
  const read = plain(text);
  const own = language === 'en' ? [] : (patterns().get(language) ?? []);
  const found = [...own, ...(patterns().get('en') ?? [])].flatMap((pattern) => read.match(pattern) ?? []);
  const shouted = read.match(SHOUTED) ?? [];
  const marks = read.match(/!{2,}/g) ?? [];
  return [...new Map([...found, ...shouted, ...marks].map((word) => [word.toLowerCase(), word])).values()];
}
