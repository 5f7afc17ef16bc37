import { join } from 'node:path';
import { commands } from './commands/index.ts';
import { UsageError } from './commands/usage.ts';
import { ConfigError } from './config.ts';
import { loadTexts } from './i18n/index.ts';
import { Invalid, Problem } from './shared/errors.ts';
import { keepFilesPrivate } from './shared/private-files.ts';
import { NewerSchema } from './storage/index.ts';
import { troubleInWords } from './trouble.ts';

keepFilesPrivate();
const [name = '', ...rest] = process.argv.slice(2);
const command = commands[name];

if (command && rest.some((each) => each === '--help' || each === '-h')) {
  console.log(`comeback ${command.usage}\n    ${command.summary}`);
} else if (command) {
  try {
    await command.run(rest);
  } catch (error) {
    process.exitCode = explain(error, command.usage);
  }
} else if (['help', '--help', '-h'].includes(name)) {
  console.log(overview());
} else {
  console.error((name && `There is no command ${name}.\n`) + overview());
  process.exitCode = 2;
}

/** Below each other: beside each other they are wider than a terminal. */
function overview(): string {
  const known = Object.values(commands).filter((each) => each !== undefined);
  return ['comeback <command>', ...known.map(({ usage, summary }) => `  ${usage}\n      ${summary}`)].join('\n\n');
}

/** Says what a person can mend and gives the exit code; anything else is a fault of ours and is thrown on. */
function explain(error: unknown, usage: string): number {
  if (error instanceof UsageError) {
    console.error(`${error.message}\ncomeback ${usage}`);
    return 2;
  }
  const why = whyNot(error);
  if (why === undefined) throw error;
  console.error(why);
  return 1;
}

function whyNot(error: unknown): string | undefined {
  if (error instanceof Problem) return inWords(error);
  return error instanceof ConfigError || error instanceof NewerSchema ? error.message : troubleInWords(error);
}

function inWords(problem: Problem): string {
  const t = loadTexts(join(import.meta.dirname, '../data/locales')).in('en');
  const fields = problem instanceof Invalid ? Object.entries(problem.fieldErrors) : [];
  if (fields.length === 0) return t(problem.key, problem.values);
  return fields.map(([field, { key, values }]) => `${field}: ${t(key, values)}`).join('\n');
}
