import type { Answer, Person } from './app.ts';

const NAMED: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&#34;': '"', '&#39;': "'" };
const decoded = (text: string): string => text.replace(/&(amp|lt|gt|#34|#39);/g, (each) => NAMED[each] ?? each);
const attribute = (tag: string, name: string): string =>
  decoded(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

export type Fields = Record<string, string | string[]>;

/** What a browser would send of the form with that address, as the page shows it; without its buttons. */
export function fieldsOf({ text }: Answer, action: string): Fields {
  const form = [...text.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)]
    .map(([whole]) => whole)
    .find((whole) => attribute(/<form[^>]*>/.exec(whole)?.[0] ?? '', 'action') === action);
  if (form === undefined) throw new Error(`The page has no form for ${action}`);
  const found: [string, string][] = [];
  for (const [tag, content, options] of form.matchAll(
    /<input\b[^>]*>|<textarea\b[^>]*>([\s\S]*?)<\/textarea>|<select\b[^>]*>([\s\S]*?)<\/select>/g,
  )) {
    const open = /<[^>]*>/.exec(tag)?.[0] ?? '';
    const isLeftOut = /type="(checkbox|radio)"/.test(open) && !/\schecked/.test(open);
    if (isLeftOut) continue;
    if (options !== undefined) found.push([attribute(open, 'name'), chosen(options)]);
    else found.push([attribute(open, 'name'), content === undefined ? attribute(open, 'value') : decoded(content)]);
  }
  const fields: Fields = {};
  for (const [name, value] of found) {
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}

function chosen(options: string): string {
  const all = [...options.matchAll(/<option\b[^>]*>/g)].map(([tag]) => tag);
  const selected = all.find((tag) => /\sselected/.test(tag)) ?? all[0];
  return selected ? attribute(selected, 'value') : '';
}

/** Opens the page, changes what is given in its form, and sends it. */
export async function fillIn(person: Person, page: string, changes: Fields, action = page): Promise<Answer> {
  return await person.post(action, { ...fieldsOf(await person.get(page), action), ...changes });
}
