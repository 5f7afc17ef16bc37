import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ejs from 'ejs';
import type { Translate } from '../i18n/index.ts';

/** Markup that a template made. Only this may stand in `<%-`. */
export interface Html {
  readonly html: unique symbol;
}

/** Every template and the type of its `v`; features add theirs beside their view models. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Templates {}

export type { Translate } from '../i18n/index.ts';

/** What a template sees: v, t, csrf, once, and `partial` for other templates. */
export type Partial = <K extends keyof Templates>(name: K, v: Templates[K]) => Html;
interface PageContext {
  t: Translate;
  /** The form token; empty where the page's own address is the secret. */
  csrf: string;
  /** The page's own id: stands in forms that are done once, however often they are sent from it. */
  once?: string;
}

type Compiled = (data: { v: unknown; t: Translate; csrf: string; once: string; partial: Partial }) => Html;
export type Render = <K extends keyof Templates>(name: K, v: Templates[K], context: PageContext) => Html;

const SPECIAL = /[&<>"']/;
const NAMES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** Most values need no escaping, and a test is cheaper than a replacement. */
function escapeHtml(value: unknown): string {
  const text = typeof value === 'string' ? value : String(value);
  return SPECIAL.test(text) ? text.replace(/[&<>"']/g, (each) => NAMES[each] ?? each) : text;
}

/** Finds every template below the directory and compiles each once, when a page first needs it; then it joins strings. */
export function createRender(directory: string): Render {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ejs'));
  const paths = new Map(files.map((file) => [file.slice(0, -'.ejs'.length).replaceAll('\\', '/'), file]));
  const compiled = new Map<string, Compiled>();
  const templateOf = (name: string): Compiled => {
    const known = compiled.get(name);
    if (known) return known;
    const file = paths.get(name);
    if (file === undefined) throw new Error(`There is no template ${name}`);
    const made = compile(join(directory, file));
    compiled.set(name, made);
    return made;
  };
  return (name, v, { t, csrf, once = '' }) => {
    const html = (other: string, its: unknown): Html => templateOf(other)({ v: its, t, csrf, once, partial });
    const partial: Partial = (other, its) => html(other, its);
    return html(name, v);
  };
}

function compile(path: string): Compiled {
  return ejs.compile(readFileSync(path, 'utf8'), {
    filename: path,
    strict: true,
    localsName: 'it',
    destructuredLocals: ['v', 't', 'csrf', 'once', 'partial'],
    escape: escapeHtml,
    compileDebug: false,
    legacyInclude: false,
  } as ejs.Options) as unknown as Compiled;
}
