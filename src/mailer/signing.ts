import { createHash, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

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

// An RSA signature takes as long as the rest of a message: another thread makes it while the next is put together.
const signAside = promisify(sign);

/**
 * The signature's header line for a message with \r\n at the end of each line, both parts in relaxed form (RFC 6376,
 * 3.4); with Ed25519 over the SHA-256 of the headers (RFC 8463, 3).
 */
export async function signatureOf(raw: string, { domain, selector, key }: Dkim): Promise<string> {
  const end = raw.indexOf('\r\n\r\n');
  const headers = headersOf(raw.slice(0, end));
  const names = SIGNED.filter((name) => headers.has(name));
  const hash = sha256(relaxedBody(raw.slice(end + 4))).toString('base64');
  const algorithm = key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ed25519';
  const tags = `v=1; a=${algorithm}-sha256; c=relaxed/relaxed; d=${domain}; s=${selector};\r\n h=${names.join(':\r\n  ')};\r\n bh=${hash};\r\n b=`;
  const data = [...names.map((name) => `${name}:${headers.get(name)}\r\n`), `dkim-signature:${relaxed(tags)}`].join('');
  const signature =
    algorithm === 'rsa' ? await signAside('sha256', Buffer.from(data), key) : sign(null, sha256(data), key);
  return `DKIM-Signature: ${tags}${folded(signature.toString('base64'))}\r\n`;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const folded = (text: string): string => text.replace(/.{72}(?=.)/g, '$&\r\n ');

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
    .replace(/^ | $/g, '');

/** One blank for many, none at the end of a line, no empty lines at the end. */
function relaxedBody(body: string): string {
  const lines = body.replace(/[ \t]{2,}|\t/g, ' ').replaceAll(' \r\n', '\r\n');
  const text = lines.replace(/(\r\n)+$/, '');
  return text === '' ? '' : `${text}\r\n`;
}
