import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { App } from '../app.ts';
import { readConfig } from '../config.ts';
import {
  explained,
  givenForm,
  givenOf,
  isReady,
  LIMITS,
  missingColumns,
  readAs,
  type Given,
  type Import,
  type ImportKind,
} from '../customers/index.ts';
import { openApp } from '../open.ts';
import { COMMAND } from '../shared/actor.ts';
import { systemClock } from '../shared/clock.ts';
import { dayIn } from '../shared/dates.ts';
import { readForm } from '../web/index.ts';
import { readArguments, UsageError, type Command } from './usage.ts';

const text = { type: 'string' } as const;
type Values = Record<string, string | boolean | undefined>;

const WHOLE = {
  'legal-basis': text,
  'legal-basis-source': text,
  'legal-basis-on': text,
  language: text,
  country: text,
};

export const importCustomers: Command = {
  usage:
    'import-customers FILE [--legal-basis B --legal-basis-source S --legal-basis-on DAY] [--language L] [--country C]',
  summary: 'bring customers in from CSV or Excel; prints the rows that could not be taken',
  async run(args) {
    const { values, words } = readArguments(args, WHOLE, 1);
    await bringIn('customers', words[0] ?? '', values);
  },
};

export const importPurchases: Command = {
  usage: 'import-purchases FILE',
  summary: 'bring purchases in from CSV or Excel; prints the rows that could not be taken',
  async run(args) {
    const { words } = readArguments(args, {}, 1);
    await bringIn('purchases', words[0] ?? '', {});
  },
};

async function bringIn(kind: ImportKind, path: string, values: Values): Promise<void> {
  const bytes = await contentOf(path);
  const { app, close } = await openApp(readConfig());
  try {
    const given = await wholeOf(app, values);
    const id = await app.imports.receive(COMMAND, { kind, filename: basename(path), bytes, given });
    const checked = await app.imports.settle(id);
    if (isReady(checked)) await app.imports.begin(COMMAND, id);
    const settled = await app.imports.settle(id);
    if (!(await report(app, settled))) process.exitCode = 1;
    // Nobody comes back to it, and while it waits no customer can be erased.
    if (settled.state === 'checked') await app.imports.discard(COMMAND, id);
  } finally {
    await app.stop();
    await close();
  }
}

async function contentOf(path: string): Promise<Buffer> {
  const about = await stat(path).catch(() => undefined);
  if (!about?.isFile()) throw new UsageError(`There is no file ${path}`);
  const most = LIMITS.fileBytes;
  if (about.size > most)
    throw new UsageError(`${path} is larger than ${most / 1024 / 1024} MB. Split it into several.`);
  return await readFile(path);
}

/** What the options say about the whole file. */
async function wholeOf({ accounts, texts }: App, values: Values): Promise<Given> {
  const { timeZone, country } = await accounts.company();
  const typed = {
    legalBasis: values['legal-basis'],
    legalBasisSource: values['legal-basis-source'],
    legalBasisOn: values['legal-basis-on'],
    language: values['language'],
    country: values['country'],
  };
  const form = readForm(givenForm(dayIn(timeZone, systemClock.now())), typed);
  if (form.ok) return givenOf(form.value, country === 'US' ? 'en-US' : 'en');
  const t = texts.in('en');
  const said = Object.entries(form.errors).map(
    ([field, error]) => `--${OPTIONS[field] ?? field}: ${t(error.key, error.values)}`,
  );
  throw new UsageError(said.join('\n'));
}

const OPTIONS: Record<string, string> = {
  legalBasis: 'legal-basis',
  legalBasisSource: 'legal-basis-source',
  legalBasisOn: 'legal-basis-on',
};

/** Whether anything in the file is in the data now. */
async function report({ imports, texts }: App, given: Import): Promise<boolean> {
  const t = texts.in('en');
  const { filename, facts, rows } = given;
  if (facts.fault) {
    console.error(`${filename}: ${t(facts.fault.key, facts.fault.values)}`);
    return false;
  }
  console.log(`${filename} ${t('imports.check.rows', { count: rows.total })} ${readAs(given, t)}`);
  if (facts.missing.length > 0) {
    console.error(missingColumns(given, t));
    return false;
  }
  console.log(t('imports.result', { new: rows.new, update: rows.update, bad: rows.bad }));
  if (rows.same > 0) console.log(t('imports.check.key.same', { count: rows.same }));
  for (const { row, remarks } of await imports.remarkedRows(given, rows.total)) {
    console.log(`${t('imports.row', { row: String(row) })}: ${explained(given, { errors: remarks }, t)}`);
  }
  for await (const bad of imports.allBadRows(given.id)) {
    for (const row of bad) console.log(`${t('imports.row', { row: String(row.row) })}: ${explained(given, row, t)}`);
  }
  return rows.new + rows.update + rows.same > 0;
}
