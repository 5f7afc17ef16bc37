import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { groupsOfLexicon, type EntryGroup, type Example } from '../engine/index.ts';

/** First-level key -> second-level key, or the first-level one itself -> entries. */
const lexiconSchema = z.record(z.string(), z.record(z.string(), z.array(z.string())));

const exampleSchema = z.object({
  text: z.string(),
  labels: z.array(z.string()),
  detail: z.array(z.string()).default([]),
  main: z.string().optional(),
});

/** An answer written along with the codebook; its codes by their keys, `detail` those of the second level. */
export interface Written extends Example {
  detail: string[];
}

/** What was written for a codebook of the product's own, by the keys of its codes. */
export interface Knowledge {
  groups: EntryGroup[];
  examples: Written[];
}

/**
 * Reads lexicon/NAME/LANGUAGE.json and examples/NAME.LANGUAGE.jsonl in this folder; nothing for a codebook that the business
 * made itself.
 */
export const readKnowledge = (folder: string, name: string): Knowledge => ({
  groups: readLexicons(folder, name),
  examples: exampleFiles(folder, name).flatMap(readExamples),
});

/** The entries alone. */
export const readLexicons = (folder: string, name: string): EntryGroup[] =>
  lexiconFiles(folder, name).flatMap((file) => groupsOfLexicon(readLexicon(file), languageOf(file)));

/** Where it all stands, in a fixed order. */
export const knowledgeFiles = (folder: string, name: string): string[] => [
  ...lexiconFiles(folder, name),
  ...exampleFiles(folder, name),
];

const lexiconFiles = (folder: string, name: string) => globSync(join(folder, `lexicon/${name}/*.json`)).sort();
const exampleFiles = (folder: string, name: string) => globSync(join(folder, `examples/${name}.*.jsonl`)).sort();

const readLexicon = (file: string) => lexiconSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

/** 'de.json', 'leaving.de.jsonl' */
const languageOf = (file: string) => basename(file).split('.').at(-2) ?? '';

function readExamples(file: string): Written[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => ({ ...exampleSchema.parse(JSON.parse(line)), lang: languageOf(file) }));
}
