import { existsSync, globSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { groupsOfOwn, type EntryGroup, type Example, type OwnCode } from '../coding/engine/index.ts';
import { readKnowledge } from '../coding/opinions/knowledge-files.ts';
import { UsageError } from './usage.ts';

/** What is known of codes before anybody has coded an answer. */
export interface Knowledge {
  codes: string[];
  groups: EntryGroup[];
  /** Written by hand along with the codebook; they are no labels of the business. */
  examples: Example[];
}

const text = z.union([z.string(), z.number()]).transform(String);
const row = z.object({
  text: z.string(),
  labels: z
    .union([z.array(text), text.transform((one) => [one])])
    .nullish()
    .transform((labels) => (labels ?? []).map((label) => label.trim()).filter((label) => label !== '')),
  lang: z.string().nullish(),
  main: z.string().nullish(),
});

/** The rows of a JSONL file: text, labels (none if they are missing), lang (else from a name like answers.de.jsonl), main. */
export function readRows(file: string): Example[] {
  const ofName = /\.([a-z]{2})\.jsonl$/.exec(file)?.[1];
  const lines = readOrComplain(file).split(/\r\n?|\n/);
  return lines.flatMap((line, i) => (line.trim() === '' ? [] : [readRow(line, `${file}:${i + 1}`, ofName)]));
}

function readRow(line: string, where: string, ofName: string | undefined): Example {
  const found = row.safeParse(parsedAt(line, where));
  if (!found.success) {
    const wrong = found.error.issues[0]?.path.join('.') ?? '';
    throw new UsageError(`${where}: ${EXPECTED}${wrong === '' ? '' : `; ${wrong} is missing or of another kind`}`);
  }
  const { text, labels, lang, main } = found.data;
  return { text, labels: [...new Set(labels)], lang: lang ?? ofName, main: main ?? undefined };
}

export const areLabelled = (rows: Example[]): boolean => rows.some(({ labels }) => labels.length > 0);

const EXPECTED = 'expected a JSON object with text and labels';

function parsedAt(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError(`${where}: ${EXPECTED}; this is no JSON`);
  }
}

function readOrComplain(file: string): string {
  const bytes = bytesOf(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is not in UTF-8: save it in that encoding`);
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new UsageError(`${file} cannot be read`);
  }
}

const DATA = join(import.meta.dirname, '../../data/codebook');

/** Our own codebook of that name with its lexicon and examples. */
export function ownKnowledge(name: string): Knowledge {
  const { codes } = JSON.parse(readFileSync(join(DATA, `${name}.json`), 'utf8')) as {
    codes: { key: string; parent?: string }[];
  };
  return {
    codes: codes.filter(({ parent }) => parent === undefined).map(({ key }) => key),
    ...readKnowledge(DATA, name),
  };
}

export const isOwn = (name: string): boolean => /^\w+$/.test(name) && existsSync(join(DATA, `${name}.json`));

/** The one of our own codebooks whose first-level codes all these labels are, if there is one. */
export function ownNameOf(labels: string[]): string | undefined {
  const names = globSync(join(DATA, '*.json')).map((file) => basename(file, '.json'));
  return names.find((name) => labels.length > 0 && labels.every((label) => ownKnowledge(name).codes.includes(label)));
}

const keywords = z.union([z.array(text), text.transform(words)]);
const file = z.union([
  z.array(text).transform((list) => ({ keywords: list })),
  z.looseObject({
    key: text.optional(),
    code: text.optional(),
    label: text.optional(),
    name: z.union([text, z.record(z.string(), text)]).optional(),
    description: z.union([text, z.record(z.string(), text)]).nullish(),
    keywords: z.union([keywords, z.record(z.string(), keywords.nullable())]).nullish(),
  }),
]);

const KNOWN = ['key', 'code', 'label', 'name', 'description', 'keywords'];

/** "luggage, lost bag" is two. */
function words(list: string): string[] {
  return list.split(/[,;\n]/).map((each) => each.trim());
}

/**
 * A business's own codebook: one YAML or JSON file a code. Labels find their file by key, code, label, name or the file's own
 * name, whatever their case and punctuation; a label without a file stands for itself, its name its only description.
 */
export function readCodebook(directory: string, labels: string[]): Knowledge {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`There is no folder ${directory}`);
  const files = readdirSync(directory).filter((name) => /\.(ya?ml|json)$/i.test(name));
  if (files.length === 0) throw new UsageError(`${directory} has no YAML or JSON file: one is needed for each code`);
  const codes = files.sort().map((name) => readCode(join(directory, name), labels));
  codes.forEach(({ key }, i) => {
    const before = codes.findIndex((code) => code.key === key);
    if (before < i) throw new UsageError(`${join(directory, files[i]!)}: ${files[before]} is the code ${key} already`);
  });
  const missing = labels.filter((label) => !codes.some(({ key }) => key === label));
  return fromCodes([...codes, ...missing.map((label) => ({ key: label, name: label, keywords: {} }))]);
}

/** Without any codebook the labels' own names are all that is known. */
export const fromLabels = (labels: string[]): Knowledge =>
  fromCodes(labels.map((label) => ({ key: label, name: label, keywords: {} })));

const fromCodes = (codes: OwnCode[]): Knowledge => ({
  codes: codes.map(({ key }) => key),
  groups: codes.flatMap(groupsOfOwn),
  examples: [],
});

function readCode(path: string, labels: string[]): OwnCode {
  const found = file.safeParse(parsedFile(path));
  if (!found.success || !KNOWN.some((name) => name in found.data))
    throw new UsageError(`${path}: expected name, description and keywords of a code`);
  const code: z.infer<typeof file> & Record<string, unknown> = found.data;
  const own = basename(path, extname(path));
  const names = [code.key, code.code, code.label, ...texts(code.name), own].filter(
    (each) => each !== undefined,
  ) as string[];
  const label = labels.find((each) => names.some((name) => plain(name) === plain(each)));
  return {
    key: label ?? names[0]!,
    name: texts(code.name).join(' ') || label || own,
    description: texts(code.description).join(' '),
    keywords: byLanguage(code.keywords),
  };
}

function parsedFile(path: string): unknown {
  const written = readOrComplain(path);
  try {
    return parse(written);
  } catch (error) {
    const [first] = (error as Error).message.split('\n');
    throw new UsageError(`${path}: this is no YAML or JSON: ${first}`);
  }
}

const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? (Object.values(value) as string[]) : [];
}

function byLanguage(value: unknown): Record<string, string[]> {
  if (Array.isArray(value)) return { '': value as string[] };
  const entries = Object.entries((value ?? {}) as Record<string, string[] | null>);
  return Object.fromEntries(entries.map(([lang, list]) => [lang, list ?? []]));
}
