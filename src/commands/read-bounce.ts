import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTexts, type Translate } from '../i18n/index.ts';
import { messagesIn, readReturned } from '../mailer/index.ts';
import { standardInput } from './standard-input.ts';
import { readArguments, type Command } from './usage.ts';

export const readBounce: Command = {
  usage: 'read-bounce FILE...',
  summary:
    'say what returned messages mean, one line of JSON for each, also for each of an mbox; - reads standard input',
  async run(args) {
    const { words } = readArguments(args, {}, 'some');
    const t = loadTexts(join(import.meta.dirname, '../../data/locales')).in('en');
    for (const file of words) {
      const raw = await (file === '-' ? standardInput() : readFile(file)).catch((error: Error) =>
        complain(file, error),
      );
      if (raw) await tell(file, messagesIn(raw), t);
    }
  },
};

async function tell(file: string, messages: Buffer[], t: Translate): Promise<void> {
  for (const [i, message] of messages.entries()) {
    const which = messages.length > 1 ? { file, message: i + 1 } : { file };
    console.log(JSON.stringify({ ...which, ...(await lineOf(message, t)) }));
  }
}

function complain(file: string, { message }: Error): undefined {
  console.error(`${file}: ${message}`);
  process.exitCode = 1;
}

/** Further recipients stand in `others`, where the message names any. */
async function lineOf(raw: Buffer, t: Translate): Promise<object> {
  const { recipient, kind, cause, others, ...told } = await readReturned(raw);
  const more = others.map((each) => ({
    recipient: each.recipient,
    kind: each.kind,
    status: codeOf(each),
    reason: t(`bounces.cause.${each.cause}`),
  }));
  const reason = t(`bounces.cause.${cause}`);
  return { recipient, kind, status: codeOf(told), reason, ...(more.length > 0 ? { others: more } : {}) };
}

/** The other server's answer says more than nothing where nobody wrote an enhanced code (RFC 3463). */
const codeOf = ({ status, reply }: { status: string; reply?: string }) => status || (reply ?? '');
