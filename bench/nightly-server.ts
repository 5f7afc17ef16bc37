/** The server of `bench -- nightly`, in a process of its own: works through the night when its parent says so. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as after } from 'node:timers/promises';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { SYSTEM } from '../src/shared/actor.ts';
import { systemClock } from '../src/shared/clock.ts';
import { migrate, openStorage } from '../src/storage/index.ts';
import { openDatabase } from '../src/storage/sqlite.ts';
import { fillCompany } from './nightly-data.ts';

const [directory = '', customers = '0', asked = '0'] = process.argv.slice(2);
/** The monitor's timer itself takes as long. */
const RESOLUTION_MS = 5;

const path = join(directory, 'nightly.db');
const url = `sqlite:${path}`;
await migrate(url);
const storage = await openStorage(url);
// A connection that rests between two respondents is not closed meanwhile.
const server = createServer({ keepAliveTimeout: 600_000 });
await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const config = readConfig({ BASE_URL: baseUrl, LOG_LEVEL: 'silent', DATABASE_URL: url });
const secret = new Uint8Array(32).fill(1);
const app = createApp({ config, storage, clock: systemClock, logger: pino({ level: 'silent' }), secret });
server.on('request', app.handler);
await app.prepare();
await app.questionnaires.approveAll(SYSTEM);
const db = openDatabase(path);
const invitations = fillCompany(db, Number(customers), Number(asked));
db.close();
const { insight } = app;

/** Turn after turn without the half minute between them, until nothing is left to do. */
async function riskNight(): Promise<void> {
  for (;;) {
    await insight.risk.jobs[0]?.();
    const rows = await storage.read
      .selectFrom('risk_state')
      .selectAll()
      .where('key', 'in', ['night', 'back'])
      .execute();
    if (rows.length === 2 && rows.every((row) => (JSON.parse(row.value) as { done: boolean }).done)) return;
    await after(1);
  }
}

const phases: Record<string, () => Promise<unknown>> = {
  'nothing else': () => after(15_000),
  'value, first night': () => insight.value.jobs[0]?.() ?? after(0),
  'value, refit': async () => {
    await insight.value.save(SYSTEM, { margin: 0.31, discount: 0.1 }, 0);
    await insight.value.jobs[0]?.();
  },
  'risk, first night and looking back': riskNight,
  'risk, a night': async () => {
    await storage.transaction((tx) => tx.deleteFrom('risk_state').where('key', '=', 'night').execute());
    await riskNight();
  },
  'curves and effects': async () => {
    for (const job of [...insight.effect.jobs, ...insight.survival.jobs, ...insight.satisfaction.jobs]) await job();
  },
};

process.on('message', (name: string) => void pass(name));
async function pass(name: string): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const [began, used] = [performance.now(), process.cpuUsage()];
  await phases[name]?.();
  delay.disable();
  const { user, system } = process.cpuUsage(used);
  const ms = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  process.send?.({
    seconds: (performance.now() - began) / 1000,
    cpuSeconds: (user + system) / 1e6,
    delay: { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) },
  });
}

process.on('disconnect', () => process.exit(0));
const links = invitations.map((id) => app.invitations.linkFor(id).slice(baseUrl.length));
process.send?.({ baseUrl, links, phases: Object.keys(phases) });
