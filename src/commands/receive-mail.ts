import { readConfig } from '../config.ts';
import { messagesIn } from '../mailer/index.ts';
import { openApp } from '../open.ts';
import { standardInput } from './standard-input.ts';
import { readArguments, type Command } from './usage.ts';

/** sysexits.h: the mail server keeps the message and tries again. */
const TRY_AGAIN = 75;

export const receiveMail: Command = {
  usage: 'receive-mail',
  summary:
    'take a returned message, or an mbox of them, from standard input, for a pipe in the aliases of a mail server',
  async run(args) {
    readArguments(args, {}, 0);
    try {
      await receive(await standardInput());
    } catch (error) {
      // Whatever is wrong here, the message must not be lost. Its own text may hold personal data.
      console.error(`comeback receive-mail: ${(error as Error).name}, to be tried again`);
      process.exitCode = TRY_AGAIN;
    }
  },
};

async function receive(raw: Buffer): Promise<void> {
  if (raw.length === 0) return;
  const { app, close } = await openApp({ ...readConfig(), logLevel: 'silent' });
  try {
    // Where one fails all are tried again: each counts once.
    for (const message of messagesIn(raw)) await app.bounces.receive(message, 'command');
  } finally {
    await app.stop();
    await close();
  }
}
