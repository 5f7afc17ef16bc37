import { writeFileSync } from 'node:fs';
import { readConfig } from '../config.ts';
import { openApp } from '../open.ts';
import { COMMAND } from '../shared/actor.ts';
import { NotFound } from '../shared/errors.ts';
import type { App } from '../app.ts';
import { newFile, readArguments, UsageError, type Command } from './usage.ts';

const text = { type: 'string' } as const;

export const exportCustomer: Command = {
  usage: 'export-customer REF [--output FILE]',
  summary: 'print everything that is held on a customer as JSON, files in base64; with --output into a new file',
  async run(args) {
    const { values, words } = readArguments(args, { output: text }, 1);
    const output = typeof values.output === 'string' ? newFile(values.output) : null;
    await withCustomer(words[0] ?? '', async ({ privacy }, id) => {
      const json = `${JSON.stringify(await privacy.exported(COMMAND, id), null, 2)}\n`;
      // Readable by its owner only: it holds all that is known of somebody.
      if (output !== null) writeFileSync(output, json, { mode: 0o600, flag: 'wx' });
      else process.stdout.write(json);
    });
  },
};

export const eraseCustomer: Command = {
  usage: 'erase-customer REF',
  summary: "take a customer's name and words away for good; every total stays as it was",
  async run(args) {
    const { words } = readArguments(args, {}, 1);
    await withCustomer(words[0] ?? '', async ({ privacy }, id) => {
      await privacy.erase(COMMAND, id);
      console.log('Erased. Copies of the database made before still hold the customer until you delete them;');
      console.log('whenever one of them is restored here, the customer is erased from it again.');
    });
  },
};

async function withCustomer(reference: string, use: (app: App, id: string) => Promise<void>): Promise<void> {
  const { app, close } = await openApp({ ...readConfig(), logLevel: 'silent' });
  try {
    await use(app, await idOf(app, reference));
  } finally {
    await app.stop();
    await close();
  }
}

async function idOf({ privacy }: App, reference: string): Promise<string> {
  try {
    return await privacy.idOf(reference);
  } catch (error) {
    if (error instanceof NotFound) throw new UsageError('There is no customer with that reference');
    throw error;
  }
}
