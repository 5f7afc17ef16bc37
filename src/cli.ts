import { join } from 'node:path';
import { commands } from './commands/index.ts';
import { UsageError } from './commands/usage.ts';
import { ConfigError } from './config.ts';
import { loadTexts } from './i18n/index.ts';
import { Invalid, Problem } from './shared/errors.ts';
import { NewerSchema } from './storage/index.ts';

const [name = '', ...rest] = process.argv.slice(2);
const command = commands[name];

if (command) {
  try {
    await command.run(rest);
  } catch (error) {
    process.exitCode = explain(error, command.usage);
  }
} else {
  console.error(overview(name));
  process.exitCode = name === 'help' ? 0 : 2;
}

function overview(unknown: string): string {
  const known = Object.values(commands).filter((each) => each !== undefined);
  const width = Math.max(...known.map((each) => each.usage.length));
  const lines = known.map((each) => `  ${each.usage.padEnd(width)}  ${each.summary}`);
  const complaint = unknown && unknown !== 'help' ? `There is no command ${unknown}.\n` : '';
  return `${complaint}comeback <command>\n\n${lines.join('\n')}`;
}

/** Says what a person can mend and gives the exit code; anything else is a fault of ours and is thrown on. */
function explain(error: unknown, usage: string): number {
  if (error instanceof UsageError) {
    console.error(`${error.message}\ncomeback ${usage}`);
    return 2;
  }
  if (error instanceof Problem) console.error(inWords(error));
  else if (error instanceof ConfigError || error instanceof NewerSchema) console.error(error.message);
  else throw error;
  return 1;
}

function inWords(problem: Problem): string {
  const t = loadTexts(join(import.meta.dirname, '../data/locales')).in('en');
  const fields = problem instanceof Invalid ? Object.entries(problem.fieldErrors) : [];
  if (fields.length === 0) return t(problem.key, problem.values);
  return fields.map(([field, { key, values }]) => `${field}: ${t(key, values)}`).join('\n');
}
