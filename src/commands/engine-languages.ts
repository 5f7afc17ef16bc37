import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createLanguageCheck, type Example, type LanguageCheck } from '../coding/engine/index.ts';
import type { Knowledge } from './engine-files.ts';

const DATA = join(import.meta.dirname, '../../data');

type Files = Record<'given' | 'test' | 'pool', Example[]>;

/** Gives every answer without a language the likeliest of those that the codebook speaks. */
export async function withLanguages(files: Files, { groups }: Knowledge): Promise<Files> {
  const langs = [...new Set(groups.map(({ lang }) => lang))].filter((lang) => lang !== undefined);
  const unknown = Object.values(files).some((rows) => rows.some(({ lang }) => !lang));
  if (langs.length < 2 || !unknown) return files;
  const { detect } = await languageCheck();
  const known = (row: Example): Example => (row.lang ? row : { ...row, lang: detect(row.text, langs)?.lang });
  return { given: files.given.map(known), test: files.test.map(known), pool: files.pool.map(known) };
}

/** The check with our own texts in each of our languages: those of the screens and the written example answers. */
export function languageCheck(): Promise<LanguageCheck> {
  const langs = globSync(join(DATA, 'locales', '*')).map((path) => basename(path));
  return createLanguageCheck(Object.fromEntries(langs.map((lang) => [lang, [...screens(lang), ...answers(lang)]])));
}

const screens = (lang: string) =>
  globSync(join(DATA, 'locales', lang, '*.json'))
    .sort()
    .flatMap((file) => leaves(JSON.parse(readFileSync(file, 'utf8'))));

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value.replace(/\{[^}]*\}/g, ' ')];
  return value && typeof value === 'object' ? Object.values(value).flatMap(leaves) : [];
}

const answers = (lang: string) =>
  globSync(join(DATA, 'codebook', 'examples', `*.${lang}.jsonl`))
    .sort()
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
    .map((line) => (JSON.parse(line) as { text: string }).text);
