/** The README's tables of settings, commands and dependencies say what the code says. */
import { readFileSync } from 'node:fs';
import { commands } from '../src/commands/index.ts';
import { environmentSchema } from '../src/config.ts';

const readme = readFileSync('README.md', 'utf8');
const { dependencies, devDependencies, scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  string,
  Record<string, string>
>;

const namedInTables = new Set(
  [...readme.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
  ),
);
const settings = Object.keys(environmentSchema.shape);
const packages = [...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})].filter(
  (name) => !name.startsWith('@types/'),
);

const problems = [
  ...settings
    .filter((name) => !namedInTables.has(name))
    .map((name) => `README.md: the configuration table lacks ${name}`),
  ...[...namedInTables]
    .filter((name) => /^[A-Z_]{4,}$/.test(name) && !settings.includes(name))
    .map((name) => `README.md: ${name} is no setting`),
  ...Object.values(commands)
    .flatMap((command) => command?.usage ?? [])
    .filter((usage) => !namedInTables.has(usage))
    .map((usage) => `README.md: the table of commands lacks \`${usage}\``),
  ...packages.filter((name) => !namedInTables.has(name)).map((name) => `README.md: the dependency table lacks ${name}`),
  ...[...readme.matchAll(/npm run ([\w:-]+)/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !scripts?.[name])
    .map((name) => `README.md: there is no npm run ${name}`),
];
for (const each of problems) console.log(each);
process.exitCode = problems.length > 0 ? 1 : 0;
