/**
 * The app in a process of its own, for `bench -- sending`: enrols a wave and sends it, or answers customers while it
 * enrols one, and tells its parent what that took.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openHouse, startWave } from './sending-house.ts';

const [databaseUrl = '', sinkPort = '0', senderId = '', questionnaireId = ''] = process.argv.slice(2);

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const { app } = await openHouse(databaseUrl, { sinkPort: Number(sinkPort), baseUrl });
server.on('request', app.handler as RequestListener);

/**
 * Megabytes of memory of its own; on Linux without the pages of the database's file that it reads in place, which the
 * system takes back when it needs them.
 */
function ownMemory(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? process.memoryUsage.rss() / 2 ** 20 : Number(kilobytes) / 1024;
}

function settledMemory(): { own: number; heap: number } {
  globalThis.gc?.();
  return { own: ownMemory(), heap: process.memoryUsage().heapUsed / 2 ** 20 };
}

async function timed(work: () => Promise<unknown>): Promise<{ seconds: number; peak: number }> {
  let peak = 0;
  const look = () => (peak = Math.max(peak, ownMemory()));
  const looking = setInterval(look, 50);
  const start = performance.now();
  await work();
  clearInterval(looking);
  look();
  return { seconds: (performance.now() - start) / 1000, peak };
}

process.on('message', ({ segment, send }: { segment: string; send: boolean }) => void run(segment, send));

async function run(segment: string, send: boolean): Promise<void> {
  const before = settledMemory();
  const enrolled = await timed(async () => {
    await startWave(app, { senderId, questionnaireId }, segment, send ? 0 : 60);
    await app.invitations.work();
  });
  const sent = send ? await timed(() => app.mailer.sendDue()) : undefined;
  process.send?.({ before, enrolled, sent, after: settledMemory() });
}

process.on('disconnect', () => process.exit(0));
process.send?.({ baseUrl });
