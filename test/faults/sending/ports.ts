import { createServer } from 'node:net';

/** Below those that the machine lends to whoever connects: a server that comes back must find its own still free. */
const [FIRST, LAST] = [20_000, 32_000];
let next = FIRST + ((process.pid * 37) % (LAST - FIRST));

export async function ownPort(): Promise<number> {
  for (;;) {
    next = next >= LAST ? FIRST : next + 1;
    const port = next;
    if (await isFree(port)) return port;
  }
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
