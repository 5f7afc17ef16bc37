import { Agent, request } from 'node:http';

export interface Reply {
  status: number;
  location: string;
  /** Bytes of the body. */
  size: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Gets a page, or posts a form as its own page would. */
export function send(url: string, form?: string): Promise<Reply> {
  const headers = {
    origin: new URL(url).origin,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(form ?? ''),
  };
  const options = form === undefined ? { agent } : { agent, method: 'POST', headers };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      let size = 0;
      response.on('data', (part: Buffer) => (size += part.length));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '', size }),
      );
    });
    sent.on('error', reject).end(form);
  });
}
