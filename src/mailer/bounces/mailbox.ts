import type { ImapFlow } from 'imapflow';
import type { Logger } from 'pino';
import { MOST_LETTER_BYTES } from '../letters/index.ts';

/** So many messages of a mailbox at a time; what is left comes with the next look. */
const MOST_AT_ONCE = 500;
const PATIENCE_MS = 30_000;

interface Mailbox {
  /** Takes each message that nobody has seen; those that were taken count as seen. @returns how many */
  read(take: (raw: Buffer) => Promise<void>, shouldStop: () => boolean): Promise<number>;
}

/** The mailbox that `imaps://user:password@host/FOLDER` names; INBOX without a folder. */
export function openMailbox(address: string, logger: Logger): Mailbox {
  return {
    async read(take, shouldStop) {
      const { ImapFlow } = await import('imapflow');
      const client = new ImapFlow(connectionOf(address));
      // Without a listener a line that breaks later would end the process.
      client.on('error', ({ name }: Error) => logger.warn({ name }, 'the connection to the mailbox broke'));
      try {
        await client.connect();
        return await readFolder(client, folderOf(address), take, shouldStop);
      } finally {
        await close(client);
      }
    },
  };
}

/** One message after the other: marked only when it has been recorded, so that a crash between repeats one. */
async function readFolder(
  client: ImapFlow,
  folder: string,
  take: (raw: Buffer) => Promise<void>,
  shouldStop: () => boolean,
): Promise<number> {
  const lock = await client.getMailboxLock(folder);
  try {
    const found = await client.search({ seen: false }, { uid: true });
    const unseen = found === false || found === undefined ? [] : found.slice(0, MOST_AT_ONCE);
    let taken = 0;
    for (const uid of unseen) {
      if (shouldStop() || !client.usable) break;
      const message = await client.fetchOne(
        String(uid),
        { source: { start: 0, maxLength: MOST_LETTER_BYTES } },
        { uid: true },
      );
      if (!message || !message.source) continue;
      await take(message.source);
      if (await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true })) taken++;
    }
    return taken;
  } finally {
    lock.release();
  }
}

async function close(client: ImapFlow): Promise<void> {
  try {
    await client.logout();
  } catch {
    client.close();
  }
}

function connectionOf(address: string) {
  const { protocol, hostname, port, username, password } = new URL(address);
  const secure = protocol === 'imaps:';
  return {
    host: hostname,
    port: Number(port) || (secure ? 993 : 143),
    secure,
    auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    logger: false as const,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: 4 * PATIENCE_MS,
  };
}

function folderOf(address: string): string {
  return decodeURIComponent(new URL(address).pathname.slice(1)) || 'INBOX';
}
