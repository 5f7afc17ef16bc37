import type { Readable } from 'node:stream';
import { openMailer, serverOf, type Timeouts } from './connection.ts';
import type { MailSettings, Message } from './message.ts';
import { createPace, type Pace } from './pace.ts';
import { serviceHeaders } from './providers.ts';
import { oneLine, outcomeOf, type DeliveryError, type Outcome } from './rules.ts';
import type { Dkim } from './signing.ts';

/** So many connections to the mail server where nothing else is set, kept open while there is something to send. */
export const POOL_SIZE = 5;
const MESSAGES_A_CONNECTION = 1000;
/** An address names its own, as parameters. */
const NO_LIMITS: { perSecond?: number; connections?: number } = {};

/** A message with what the outbox knows about it. */
export interface Outgoing {
  message: Message;
  /** Validated, and the only one: the envelope never comes from a header. */
  recipient: string;
  messageId: string;
  /** The envelope's sender, where it is not the sender's address. */
  returnPath?: string | undefined;
}

export interface Transport {
  /** Before each message: the server wants no more than so many a second. */
  pace: Pace;
  deliver(outgoing: Outgoing): Promise<Outcome>;
  close(): void;
}

interface TransportOptions {
  settings: MailSettings;
  /** What we call ourselves in EHLO. */
  name: string | undefined;
  timeouts: Timeouts;
  dkim?: Dkim | undefined;
}

interface Tracked {
  body?: Readable;
}

/** Keeps the message's stream in sight: once it has been read, the server may have the message. */
interface StreamStep {
  data: { tracked?: Tracked };
  message: { createReadStream(options?: object): Readable };
}

function trackBody(mail: StreamStep, done: () => void): void {
  const create = mail.message.createReadStream.bind(mail.message);
  mail.message.createReadStream = (options) => {
    const body = create(options);
    if (mail.data.tracked) mail.data.tracked.body = body;
    return body;
  };
  done();
}

/** A pool that never tries again by itself: what to do after a broken connection is decided here, in one place. */
export async function openTransport({ settings, name, timeouts, dkim }: TransportOptions): Promise<Transport> {
  const { perSecond, connections } = 'url' in settings ? NO_LIMITS : settings;
  const options = {
    pool: true,
    name,
    maxConnections: connections ?? POOL_SIZE,
    maxMessages: MESSAGES_A_CONNECTION,
    maxRequeues: 0,
  };
  const mailer = await openMailer({ settings, timeouts, dkim, options });
  mailer.use('stream', trackBody as never);
  const { host } = serverOf(settings);
  return {
    pace: createPace(perSecond),
    async deliver(outgoing) {
      const tracked: Tracked = {};
      try {
        const options = mailOptions(outgoing, settings.from, serviceHeaders(host, mailIdOf(outgoing)));
        await mailer.sendMail({ ...options, tracked } as never);
        return { state: 'sent' };
      } catch (error) {
        return outcomeOf(error as DeliveryError, tracked.body?.readableDidRead === true);
      }
    },
    close: () => mailer.close(),
  };
}

/** A Message-ID of ours begins with the id of its mail. */
const mailIdOf = ({ messageId }: Outgoing): string => messageId.slice(0, messageId.indexOf('@'));

export function mailOptions(
  { message, recipient, messageId, returnPath }: Outgoing,
  from: string,
  headers: Record<string, string> = {},
): object {
  return {
    envelope: { from: returnPath ?? from, to: recipient },
    from: { name: oneLine(message.from.name), address: message.from.address ?? from },
    to: { name: oneLine(message.to.name), address: recipient },
    ...(message.replyTo ? { replyTo: { name: '', address: message.replyTo } } : {}),
    subject: oneLine(message.subject),
    text: message.text,
    html: message.html,
    messageId: `<${messageId}>`,
    headers: { ...extraHeaders(message), ...headers },
    ...(message.files?.length ? { attachments: message.files.map(asPart) } : {}),
  };
}

const asPart = ({ name, type, bytes }: NonNullable<Message['files']>[number]) => ({
  filename: oneLine(name),
  contentType: type,
  content: bytes,
  contentDisposition: 'attachment',
});

/** Headers beside the usual ones; RFC 3834 asks machines that answer machines to say so. */
export function extraHeaders({ headers = {}, language }: Message): Record<string, string> {
  return { 'Auto-Submitted': 'auto-generated', 'Content-Language': language, ...headers };
}
