/** A file of 100,000 rows: read, checked and brought in, while somebody else asks for pages. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import type { ImportKind } from '../src/customers/index.ts';
import { COMMAND } from '../src/shared/actor.ts';
import { systemClock } from '../src/shared/clock.ts';
import { migrate, openStorage } from '../src/storage/index.ts';
import { percentile, temporary } from './measure.ts';

const ROWS = Number(process.argv[3] ?? 100_000);
const folder = temporary();
const url = `sqlite:${folder.path('importing.db')}`;
await migrate(url);
const storage = await openStorage(url);
const config = readConfig({ LOG_LEVEL: 'error' });
const secret = new Uint8Array(32).fill(7);
const app = createApp({ config, storage, clock: systemClock, logger: pino({ level: 'error' }), secret });
await app.prepare();
const server = createServer(app.handler).listen(0, '127.0.0.1');
await new Promise((ready) => server.once('listening', ready));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;

/** Asks every few milliseconds from a thread of its own, until it is told to stop. */
const ASKING = `
const { parentPort, workerData } = require('node:worker_threads');
const { Agent, get } = require('node:http');
const agent = new Agent({ keepAlive: true });
const took = [];
let asking = true;
parentPort.once('message', () => { asking = false; });
const once = () => new Promise((done) => get(workerData, { agent }, (response) => response.resume().on('end', done)));
(async () => {
  while (asking) {
    const start = performance.now();
    await once();
    took.push(performance.now() - start);
    await new Promise((resume) => setTimeout(resume, 4));
  }
  parentPort.postMessage(took);
  agent.destroy();
})();`;

async function whileAsking<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number; waits: string }> {
  const before = process.threadCpuUsage();
  const worker = new Worker(ASKING, { eval: true, workerData: address });
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.threadCpuUsage(before);
  const busy = `${((user + system) / 1e6).toFixed(1)} s of the main thread`;
  const answer = new Promise<number[]>((resolve) => worker.once('message', resolve));
  worker.postMessage('stop');
  const took = await answer;
  const at = (share: number) => `${percentile(took, share).toFixed(1)} ms`;
  return { result, seconds, waits: `${busy}, healthz p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}` };
}

const rate = (seconds: number) =>
  `${seconds.toFixed(1).padStart(6)} s  ${Math.round(ROWS / seconds)
    .toLocaleString('en')
    .padStart(8)} rows/s`;
const memory = () => `${Math.round(process.memoryUsage().rss / 1024 / 1024)} MB`;

async function measured(name: string, kind: ImportKind, file: string): Promise<void> {
  const bytes = Buffer.from(file);
  const given = { locale: 'de', language: 'de', country: 'DE', legalBasis: null };
  const read = await whileAsking(async () => {
    const id = await app.imports.receive(COMMAND, { kind, filename: 'bench.csv', bytes, given });
    return await app.imports.settle(id);
  });
  console.log(`${name} read and checked  ${rate(read.seconds)}  ${read.waits}  ${memory()}`);
  await app.imports.begin(COMMAND, read.result.id);
  const written = await whileAsking(() => app.imports.settle(read.result.id));
  console.log(`${name} brought in        ${rate(written.seconds)}  ${written.waits}  ${memory()}`);
}

const lines = (make: (at: number) => string) => Array.from({ length: ROWS }, (_, at) => make(at)).join('\n');

const idle = await whileAsking(() => new Promise((resume) => setTimeout(resume, 3000)));
console.log(`idle                                            ${idle.waits}  ${memory()}`);
await measured(
  'customers',
  'customers',
  `Kundennummer;Vorname;Nachname;E-Mail;Kunde seit;Jahresumsatz;Ort\n${lines((at) => `K-${at};Anna;Berg${at};a${at}@example.com;02.04.2019;310,00 €;Bonn`)}`,
);
await measured(
  'purchases',
  'purchases',
  `Kundennummer;Datum;Betrag;Beleg\n${lines((at) => `K-${at % (ROWS / 10)};01.${String((at % 12) + 1).padStart(2, '0')}.2025;${at % 500},50;R-${at}`)}`,
);
const bare = performance.now();
for (let at = 0; at < ROWS; at += 100) {
  await storage.transaction(async (tx) => {
    const values = Array.from({ length: 100 }, (_, i) => ({
      name: `bare ${at + i}`,
      holder: 'x'.repeat(100),
      expires_at: '',
    }));
    await tx.insertInto('lease').values(values).execute();
  });
}
console.log(`bare limit: the same rows, a hundred to a transaction ${rate((performance.now() - bare) / 1000)}`);
server.closeAllConnections();
server.close();
await storage.close();
folder.remove();
