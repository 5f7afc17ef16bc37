/** The parts of a name that stood in one cell. */
interface NameParts {
  title: string;
  givenName: string;
  familyName: string;
  organisation: string;
}

const LEGAL_FORM =
  /(^|[\s,(])(g?gmbh|mbh|kgaa|ohg|gbr|e\. ?k\.|e\. ?v\.|e\. ?g\.|ltd|limited|llc|llp|inc|corp|plc|b\. ?v\.|n\. ?v\.|v\. ?o\. ?f\.|vof|enk|nuf|aps|a\/s|oyj?|s\.a\.r\.l\.|sarl|s\.p\.a\.|s\.r\.l\.|& co\.?|& cie\.?|& (söhne|sohn|sons?|zonen|zn|partners?|sønner|sønn))(?=$|[\s.,)])/i;
/** Some of these are also words inside names ("Maria da Silva"), so they count at the end alone. */
const SHORT_FORM = /\s(AG|KG|UG|SE|AS|ASA|ANS|DA|AB|SA|SAS|CV|eK|eV|eG|[Bb][Vv]|[Nn][Vv])\.?$/;
const TRADE =
  /(^|[\s-])(firma|hotel|restaurant|ristorante|trattoria|pizzeria|gasthof|gasthaus|pension|café|cafe|bakery|bäckerei|bakkerij|bakeri|metzgerei|slagerij|apotheke|apotheek|apotek|praxis|praktijk|kanzlei|verein|vereniging|forening|stiftung|stichting|stiftelse|foundation|schule|skole|university|universität|universiteit|universitet|kindergarten|barnehage|gemeinde|gemeente|kommune|council|museum|clinic|klinik|klinikk|kliniek|company|group|gruppe|holding|services|solutions|consulting|verlag|uitgeverij|forlag|werkstatt|garage|autohaus|gesellschaft|transport|logistik|logistics)(?=$|[\s.,-])/i;
const COMPOUND = /(gesellschaft|verwaltung|handlung|vereinigung|genossenschaft|betriebe?|werke?|verband)$/i;

/** Whether a name is a business's rather than a person's. */
export function looksLikeFirm(name: string): boolean {
  if (LEGAL_FORM.test(name) || SHORT_FORM.test(name) || TRADE.test(name)) return true;
  return name.split(' ').some((word) => COMPOUND.test(word) && word.length > 9);
}

const TITLE =
  /^(mr|mrs|ms|miss|mx|sir|dr|prof|herrn?|frau|dipl\.-\S+|ing|ir|drs|mag|dhr|mevr|mw|heer|mevrouw|hr|fru)\.?$/i;
const HOUSEHOLD = /^(familie|familien|family|fam\.?|eheleute|ehepaar|the|de heer en mevrouw)\s/i;
const PARTICLE =
  /^(van|von|vom|de|der|den|des|del|della|di|da|do|dos|du|la|le|les|ten|ter|te|zu|zum|zur|af|av|bin|ibn|al|el|y|'t|’t|op|in|het)$/;

/**
 * A firm's name is the organisation. Otherwise the part behind the last space is the family name, with the small words
 * before it ('van der Berg'); 'Berg, Anna' is turned round; 'Familie Berg' and a single word are family names whole.
 */
export function splitName(name: string): NameParts {
  const parts: NameParts = { title: '', givenName: '', familyName: '', organisation: '' };
  if (looksLikeFirm(name)) return { ...parts, organisation: name };
  if (HOUSEHOLD.test(name)) return { ...parts, familyName: name };
  const { title, words } = withoutTitle(turned(name).split(' '));
  let start = words.length - 1;
  while (start > 1 && PARTICLE.test(words[start - 1] ?? '')) start -= 1;
  if (start === 1 && PARTICLE.test(words[0] ?? '')) start = 0;
  return { ...parts, title, givenName: words.slice(0, start).join(' '), familyName: words.slice(start).join(' ') };
}

function turned(name: string): string {
  const [family = '', given = '', ...rest] = name.split(',').map((part) => part.trim());
  return rest.length === 0 && given !== '' && family !== '' ? `${given} ${family}` : name;
}

function withoutTitle(words: string[]): { title: string; words: string[] } {
  let count = 0;
  while (count < words.length - 1 && TITLE.test(words[count] ?? '')) count += 1;
  return { title: words.slice(0, count).join(' '), words: words.slice(count) };
}
