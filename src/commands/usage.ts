import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { isLanguage, languageCodes } from '../i18n/index.ts';

/** The command was not called as it is meant to be. */
export class UsageError extends Error {}

export interface Command {
  usage: string;
  summary: string;
  run(args: string[]): Promise<void>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options and so many file names or words, or one and more; anything else is a UsageError. */
export function readArguments(args: string[], options: Options, words: number | 'some') {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: words !== 0, strict: true });
    if (words === 'some' && positionals.length === 0) throw new UsageError('Expected a file');
    if (words !== 'some' && positionals.length !== words)
      throw new UsageError(`Expected ${words}, got ${positionals.length} arguments`);
    return { values: values as Record<string, string | boolean | undefined>, words: positionals };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

/** A file that is about to be written, with nothing of that name there, and a folder that takes it. */
export function newFile(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole)) throw new UsageError(`${whole} is there already`);
  try {
    accessSync(dirname(whole), constants.W_OK);
  } catch {
    throw new UsageError(`Nothing can be written into ${dirname(whole)}`);
  }
  return whole;
}

/** A required option's text. */
export function required(values: Record<string, string | boolean | undefined>, name: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing`);
  return value;
}

export function languageFrom(given: string | boolean | undefined): string | undefined {
  if (given === undefined || isLanguage(given)) return given;
  throw new UsageError(`--language is one of ${languageCodes.join(', ')}`);
}
