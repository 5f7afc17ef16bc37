import type { IncomingMessage, RequestOptions } from 'node:http';
import { Refused, resolvePublic } from './guard.ts';

/** What came of one attempt: a status, or a word for what went wrong. */
export interface Attempt {
  status: number | null;
  error: '' | 'refused' | 'redirect' | 'status' | 'timeout' | 'connection';
}

const PATIENCE_MS = 10_000;

/** Posts a body to an address; follows nothing to anywhere else, and reads nothing of the answer but its status. */
export async function post(
  address: string,
  body: string,
  headers: Record<string, string>,
  allowsPrivate: boolean,
): Promise<Attempt> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const url = new URL(address);
    const to = await resolvePublic(url, allowsPrivate);
    const status = await statusFrom(url, body, {
      method: 'POST',
      agent: false,
      signal,
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      lookup: (_host, { all }, found) => {
        if (all) found(null, [to]);
        else found(null, to.address, to.family);
      },
    });
    return {
      status,
      error: status >= 200 && status < 300 ? '' : status >= 300 && status < 400 ? 'redirect' : 'status',
    };
  } catch (error) {
    if (error instanceof Refused) return { status: null, error: 'refused' };
    return { status: null, error: signal.aborted ? 'timeout' : 'connection' };
  }
}

async function statusFrom(url: URL, body: string, options: RequestOptions): Promise<number> {
  // Loaded when the first message leaves: few installations send any.
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return await new Promise((resolve, reject) => {
    const sent = request(url, options, (answer: IncomingMessage) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    sent.once('error', reject).end(body);
  });
}
