import { createHash, sign, type KeyObject } from 'node:crypto';
import { Readable } from 'node:stream';

/** With what messages are signed, so that receivers know them for ours (DKIM, RFC 6376). */
export interface Dkim {
  domain: string;
  selector: string;
  /** RSA or Ed25519. */
  key: KeyObject;
}

/** Each is covered where it is there; both headers of the way out must be (RFC 8058, 4). */
const SIGNED = [
  ...['from', 'sender', 'reply-to', 'to', 'subject', 'date', 'message-id', 'in-reply-to', 'references'],
  ...['mime-version', 'content-type', 'content-transfer-encoding', 'content-language', 'auto-submitted'],
  ...['list-unsubscribe', 'list-unsubscribe-post'],
];

interface Mail {
  message: { createReadStream(options?: object): Readable };
}

/** What the mail library is told: it signs with RSA by itself. */
export function dkimOptions(dkim: Dkim | undefined): object {
  if (dkim?.key.asymmetricKeyType !== 'rsa') return {};
  const { domain, selector, key } = dkim;
  return {
    dkim: { domainName: domain, keySelector: selector, privateKey: key, headerFieldNames: SIGNED.join(':') },
  };
}

/** A step that signs with Ed25519, which the library does not know; undefined where it is not needed. */
export function signingStep(dkim: Dkim | undefined): ((mail: Mail, done: () => void) => void) | undefined {
  if (dkim?.key.asymmetricKeyType !== 'ed25519') return undefined;
  return ({ message }, done) => {
    const create = message.createReadStream.bind(message);
    message.createReadStream = (options) => Readable.from(signed(create(options), dkim), { objectMode: false });
    done();
  };
}

async function* signed(message: Readable, dkim: Dkim): AsyncGenerator<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  const raw = Buffer.concat(parts).toString('latin1').replace(/\r?\n/g, '\r\n');
  yield Buffer.from(signatureOf(raw, dkim) + raw, 'latin1');
}

/**
 * The signature's header line for a message with \r\n line ends, both parts in relaxed form (RFC 6376, 3.4), with
 * Ed25519 over the SHA-256 of the headers (RFC 8463, 3).
 */
export function signatureOf(raw: string, { domain, selector, key }: Dkim): string {
  const end = raw.indexOf('\r\n\r\n');
  const [head, body] = [raw.slice(0, end), raw.slice(end + 4)];
  const headers = headersOf(head);
  const names = SIGNED.filter((name) => headers.has(name));
  const hash = createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64');
  const tags = `v=1; a=ed25519-sha256; c=relaxed/relaxed; d=${domain}; s=${selector};\r\n h=${names.join(':\r\n  ')};\r\n bh=${hash};\r\n b=`;
  const data = [...names.map((name) => `${name}:${headers.get(name)}\r\n`), `dkim-signature:${relaxed(tags)}`].join('');
  const signature = sign(null, createHash('sha256').update(data, 'latin1').digest(), key).toString('base64');
  return `DKIM-Signature: ${tags}${signature}\r\n`;
}

/** The last line of each name counts, as verifiers read them from below. */
function headersOf(head: string): Map<string, string> {
  const lines = head.replace(/\r\n(?=[ \t])/g, '').split('\r\n');
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), relaxed(line.slice(colon + 1))];
    }),
  );
}

const relaxed = (value: string): string =>
  value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();

function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  const text = lines.join('\r\n').replace(/(\r\n)+$/, '');
  return text === '' ? '' : `${text}\r\n`;
}
