import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Another program: remembers what it is told, and answers as it is bid. */
export async function receiver() {
  const heard: Heard[] = [];
  const answers: number[] = [];
  const server: Server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      heard.push({ headers: req.headers, body: Buffer.concat(parts).toString('utf8') });
      const status = answers.shift() ?? 204;
      res.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { heard, answers, url, close: () => new Promise((closed) => server.close(closed)) };
}

/**
 * What a receiver does by the spec of Standard Webhooks, with the browser's own cryptography and none of ours: the
 * signature over id, time and body, and a time that is near.
 */
export async function isGenuine({ headers, body }: Heard, secret: string, now: Date): Promise<boolean> {
  const [id, seconds] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
  if (Math.abs(now.getTime() / 1000 - Number(seconds)) > 300) return false;
  const bytes = Uint8Array.from(atob(secret.replace('whsec_', '')), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  const signed = new TextEncoder().encode([id, seconds, body].join('.'));
  for (const each of String(headers['webhook-signature']).split(' ')) {
    const [version = '', given = ''] = each.split(',');
    const signature = Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));
    if (version === 'v1' && (await crypto.subtle.verify('HMAC', key, signature, signed))) return true;
  }
  return false;
}
