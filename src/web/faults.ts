const FAULT = /<li><a href="#([^"]+)">([^<]*)<\/a><\/li>/g;
const LABEL = /<label for="([^"]+)"[^>]*>([^<]+)<\/label>/g;
/** In a table the row and the column say what a field is; to those who do not see them its own name does. */
const NAMED = /<(?:input|select|textarea) [^>]*\bid="([^"]+)"[^>]*\baria-label="([^"]+)"/g;

/**
 * Where the summary of a form would say the same words twice, each is said with the label of its field. Only the page
 * made knows the labels: the summary stands above the fields.
 */
export function nameFaults(html: string): string {
  const start = html.indexOf('<div class="summary"');
  if (start < 0) return html;
  const end = html.indexOf('</div>', start);
  const summary = html.slice(start, end);
  const said = Array.from(summary.matchAll(FAULT), ([, , words]) => words);
  const repeated = new Set(said.filter((words, i) => said.indexOf(words) !== i));
  if (repeated.size === 0) return html;
  const labels = new Map([LABEL, NAMED].flatMap((label) => Array.from(html.matchAll(label), fieldAndName)));
  const named = summary.replace(FAULT, (whole, field: string, words: string) => {
    const label = labels.get(field);
    return label && repeated.has(words) ? `<li><a href="#${field}">${label}: ${words}</a></li>` : whole;
  });
  return html.slice(0, start) + named + html.slice(end);
}

function fieldAndName([, field = '', name = '']: RegExpMatchArray): [field: string, name: string] {
  return [field, name];
}

/** What a fault says of a field that nobody sees, and what is said instead. */
export interface UnseenFault {
  says: string;
  instead: string;
}

/**
 * A fault in what a page keeps unseen in its form leads nowhere: it is said without a link, once, and in words that tell what
 * to do.
 */
export function tellUnseen(html: string, { says, instead }: UnseenFault): string {
  const start = html.indexOf('<div class="summary"');
  if (start < 0) return html;
  const end = html.indexOf('</div>', start);
  const told = new Set<string>();
  const summary = html.slice(start, end).replace(FAULT, (whole, field: string, words: string) => {
    if (html.includes(`id="${field}"`)) return whole;
    const text = words === says ? instead : words;
    if (told.has(text)) return '';
    told.add(text);
    return `<li>${text}</li>`;
  });
  return html.slice(0, start) + summary + html.slice(end);
}
