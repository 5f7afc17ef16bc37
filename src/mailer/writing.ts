import { Readable } from 'node:stream';
import { encode as inBase64, wrap as inLines } from 'nodemailer/lib/base64';
import { encode as quotedPrintable, wrap as inShortLines } from 'nodemailer/lib/qp';
import { signatureOf, type Dkim } from './signing.ts';

/** A message, or a part of one, as the mail library has put it together. */
interface Part {
  childNodes: Part[];
  multipart: string | false;
  boundary?: string | false;
  content?: unknown;
  buildHeaders(): string;
  getTransferEncoding(): string | false;
}

interface Mail {
  message: Part & { createReadStream(options?: object): Readable };
}

/**
 * A step of the mail library that writes the message it has put together, and signs it where there is a key. The
 * library itself sends every part through a chain of streams, which takes as long as everything else about a message.
 */
export function writingStep(dkim: Dkim | undefined): (mail: Mail, done: (error?: Error) => void) => void {
  return ({ message }, done) => {
    const raw = written(message);
    const ready = (signature: string) => {
      message.createReadStream = () => inOnePiece(Buffer.from(signature + raw));
      done();
    };
    if (dkim) signatureOf(raw, dkim).then(ready, done);
    else ready('');
  };
}

/** As the library would write it, with \r\n at the end of each line. */
function written(message: Part): string {
  const lines = partOf(message).replace(/\r\n|\r|\n/g, '\r\n');
  return lines.endsWith('\r\n') ? lines : `${lines}\r\n`;
}

function partOf(part: Part): string {
  return `${part.buildHeaders()}\r\n\r\n${part.multipart ? partsOf(part) : contentOf(part)}`;
}

/** RFC 2046, 5.1.1. */
function partsOf({ childNodes, boundary }: Part): string {
  const between = `--${boundary || ''}`;
  return `${childNodes.map((child) => `${between}\r\n${partOf(child)}\r\n`).join('')}${between}--\r\n`;
}

function contentOf(part: Part): string {
  const text = part.content ?? '';
  if (Buffer.isBuffer(text) && part.getTransferEncoding() === 'base64') return inLines(text.toString('base64'));
  if (typeof text !== 'string') throw new Error('Messages of ours hold text and whole files, nothing else');
  const encoding = part.getTransferEncoding();
  if (encoding === 'quoted-printable') return inShortLines(quotedPrintable(text));
  return encoding === 'base64' ? inLines(inBase64(text)) : text;
}

function inOnePiece(bytes: Buffer): Readable {
  return new Readable({
    read() {
      this.push(bytes);
      this.push(null);
    },
  });
}
