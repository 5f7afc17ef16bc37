/** A letter in two: what somebody wrote, and the earlier letter that their program put below it. Together they are the whole. */
interface Split {
  words: string;
  quoted: string;
}

/** "On Monday ... wrote:", which programs break over up to three lines. */
const ATTRIBUTION =
  /^(?:on|am|op|den|på|le|el|il|em|dne|dnia|man\.|tir\.|ons\.|tor\.|fre\.|lør\.|søn\.|mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})[\s\S]{5,300}(?:wrote|schrieb|schreef|skrev|geschreven|écrit|escribió|ha scritto|escreveu|napsal\(a\)|napisał\(a\))[^\n:]{0,200}:$/i;
/** Lines that programs put above what they do not mark. */
const BANNER =
  /^[-_ ]{2,}\s?(?:original message|ursprüngliche (?:nachricht|mail)|originalnachricht|oorspronkelijk bericht|opprinnelig melding|original(?:t)? meddelelse|forwarded message|weitergeleitete nachricht|doorgestuurd bericht|videresendt melding|message d'origine)\s?[-_ ]{2,}$|^_{20,}$/i;
const FROM = /^\*?(?:from|von|van|fra|de|da)\s?:\*?\s\S/i;
const HEADING =
  /^\*?(?:sent|date|gesendet|datum|verzonden|sendt|dato|to|an|aan|til|subject|betreff|onderwerp|emne|cc)\s?:/i;
const MARKED = /^\s{0,3}>/;
const MOST_LINES = 5_000;

/** Where nothing new would be left, or words stand between quoted lines, everything is new. */
export function splitQuoted(text: string): Split {
  const lines = text.split('\n');
  const at = quoteBegins(lines.slice(0, MOST_LINES));
  if (at === undefined) return { words: text, quoted: '' };
  const words = lines.slice(0, at).join('\n');
  if (words.trim() === '' || answersBetween(lines.slice(at))) return { words: text, quoted: '' };
  return { words, quoted: `\n${lines.slice(at).join('\n')}` };
}

function quoteBegins(lines: string[]): number | undefined {
  const at = lines.findIndex((line, i) => beginsQuote(line, lines, i));
  return at < 0 ? undefined : at;
}

function beginsQuote(line: string, lines: string[], at: number): boolean {
  const plain = line.trim();
  if (plain === '') return false;
  if (BANNER.test(plain)) return true;
  if (FROM.test(plain)) return lines.slice(at + 1, at + 4).filter((each) => HEADING.test(each.trim())).length >= 2;
  if (isAttribution(lines, at)) return true;
  return MARKED.test(line) && lines.slice(at).every((each) => MARKED.test(each) || each.trim() === '');
}

function isAttribution(lines: string[], at: number): boolean {
  const some = lines.slice(at, at + 3).map((line) => line.trim());
  return some.some((_, i) => ATTRIBUTION.test(some.slice(0, i + 1).join('\n')));
}

/** Somebody wrote their answers below the lines that they answer. */
function answersBetween(lines: string[]): boolean {
  const first = lines.findIndex((line) => MARKED.test(line));
  if (first < 0) return false;
  return lines.slice(first).some((line) => !MARKED.test(line) && line.trim() !== '' && !/^-- ?$/.test(line));
}
