import { commands } from './commands/index.ts';
import { UsageError } from './commands/usage.ts';
import { ConfigError } from './config.ts';
import { Problem } from './shared/errors.ts';
import { NewerSchema } from './storage/index.ts';

const [name = '', ...rest] = process.argv.slice(2);
const command = commands[name];

if (!command) {
  const known = Object.values(commands).filter((each) => each !== undefined);
  const width = Math.max(...known.map((each) => each.usage.length));
  const lines = known.map((each) => `  ${each.usage.padEnd(width)}  ${each.summary}`);
  console.error(
    `${name && name !== 'help' ? `There is no command ${name}.\n` : ''}comeback <command>\n\n${lines.join('\n')}`,
  );
  process.exitCode = name === 'help' ? 0 : 2;
} else {
  try {
    await command.run(rest);
  } catch (error) {
    if (!(
      error instanceof UsageError ||
      error instanceof ConfigError ||
      error instanceof NewerSchema ||
      error instanceof Problem
    ))
      throw error;
    console.error(error instanceof UsageError ? `${error.message}\ncomeback ${command.usage}` : error.message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
