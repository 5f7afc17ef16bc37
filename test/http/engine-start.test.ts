import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { smallCodebooks } from '../support/codebooks.ts';
import { testClock } from '../support/clock.ts';
import { startAnswering, startServices, type Answering } from '../support/coding.ts';
import { QUICK } from '../support/commands.ts';
import { onBothEngines } from '../support/engines.ts';
import type { Services } from '../../src/services.ts';

/** What Node itself has: jest's own has no news of threads and processes. */
const { nativeRequire } = globalThis as unknown as { nativeRequire: (name: string) => unknown };
const outside = nativeRequire('node:process') as NodeJS.Process;
const channels = nativeRequire('node:diagnostics_channel') as typeof import('node:diagnostics_channel');
const BEGUN = 'child_process';

const ROOT = join(import.meta.dirname, '../..');
/** A process of its own: says how many threads it began to read what there is, and whether another process had to learn. */
const PROCESS = `
  import { subscribe } from 'node:diagnostics_channel';
  import { openStorage } from '${ROOT}/src/storage/index.ts';
  import { startServices } from '${ROOT}/test/support/coding.ts';
  import { testClock } from '${ROOT}/test/support/clock.ts';
  let threads = 0;
  let learned = false;
  process.on('worker', () => threads++);
  subscribe('child_process', () => (learned = true));
  const [url, codebooks] = process.argv.slice(1);
  const storage = await openStorage(url);
  const { coding } = await startServices(storage, testClock(), codebooks);
  await coding.opinions.work();
  console.log(JSON.stringify({ threads, learned }));
  await coding.opinions.stop();
  await storage.close();
  process.exit(0);
`;

onBothEngines((on) => {
  const clock = testClock();
  const codebooks = smallCodebooks();
  let services: Services;
  let leaving: Answering;

  beforeAll(async () => {
    services = await startServices(on.storage(), clock, codebooks);
    leaving = await startAnswering(on.storage(), services, clock);
  });
  afterAll(() => rmSync(codebooks, { recursive: true }));

  const models = () => services.coding.opinions.models(leaving.programmeId);
  const threads = () => {
    const { stdout, stderr } = spawnSync(process.execPath, [...QUICK, '-e', PROCESS, on.url(), codebooks], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    return JSON.parse(stdout.trim() || JSON.stringify(stderr)) as unknown;
  };

  test('who is told to stop while it gathers what to learn from begins no thread', async () => {
    await leaving.answer({ words: 'You put up the price three times.' });
    const other = await startServices(on.storage(), clock, codebooks);
    const working = other.coding.opinions.work().catch(() => {});
    const leases = on.storage().read.selectFrom('lease').selectAll().where('name', '=', 'coding.engine');
    while ((await leases.execute()).length === 0) await new Promise(setImmediate);
    await other.coding.opinions.stop();
    await working;
    expect(await models()).toEqual([]);
  });

  /** The same of services that begin in this process: they share the code and nothing else with those before. */
  async function anew() {
    let threads = 0;
    let learned = false;
    const countThread = () => void threads++;
    const noteProcess = () => void (learned = true);
    outside.on('worker', countThread);
    channels.subscribe(BEGUN, noteProcess);
    const { coding } = await startServices(on.storage(), testClock(), codebooks);
    await coding.opinions.work();
    await coding.opinions.stop();
    outside.off('worker', countThread);
    channels.unsubscribe(BEGUN, noteProcess);
    return { threads, learned };
  }

  /** Another answer is read by what begins now. */
  async function readAnother(by: () => unknown = anew) {
    clock.advance({ minutes: 1 });
    await leaving.answer({ words: 'Far too expensive.' });
    return await by();
  }

  test('a process that begins knows what was learned before it, and begins no thread where all is read', async () => {
    await services.coding.opinions.work();
    expect(await models()).toHaveLength(1);
    expect(threads()).toEqual({ threads: 0, learned: false });
    expect(await readAnother(threads)).toEqual({ threads: 1, learned: false });
    expect(await anew()).toEqual({ threads: 0, learned: false });
  });

  test('what was kept in a way that it does not understand is learned again', async () => {
    const storage = on.storage();
    await storage.transaction((tx) => tx.updateTable('engine_kept').set({ content: 'bm90aGluZw==' }).execute());
    expect(await readAnother()).toEqual({ threads: 1, learned: true });
    expect(await readAnother()).toEqual({ threads: 1, learned: false });
  });

  test('what has to be forgotten is kept nowhere, and learned again without it, also by who had it in mind', async () => {
    const storage = on.storage();
    const kept = () => storage.read.selectFrom('engine_kept').select('content').execute();
    await services.coding.opinions.work();
    expect(await kept()).not.toEqual([]);
    await storage.transaction((tx) => services.coding.opinions.forget(tx, [leaving.programmeId]));
    expect(await kept()).toEqual([]);
    clock.advance({ minutes: 1 });
    await leaving.answer({ words: 'Far too expensive.' });
    await services.coding.opinions.work();
    expect(await kept()).not.toEqual([]);
    expect(await readAnother()).toEqual({ threads: 1, learned: false });
    await services.coding.opinions.stop();
  });
});
