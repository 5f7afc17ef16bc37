import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { smallCodebooks } from '../support/codebooks.ts';
import { testClock } from '../support/clock.ts';
import { startAnswering, startServices, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import type { Services } from '../../src/services.ts';

const ROOT = join(import.meta.dirname, '../..');
/** A process of its own: says how many threads it began to read what there is. */
const PROCESS = `
  import { openStorage } from '${ROOT}/src/storage/index.ts';
  import { startServices } from '${ROOT}/test/support/coding.ts';
  import { testClock } from '${ROOT}/test/support/clock.ts';
  let threads = 0;
  process.on('worker', () => threads++);
  const [url, codebooks] = process.argv.slice(1);
  const storage = await openStorage(url);
  const { coding } = await startServices(storage, testClock(), codebooks);
  await coding.opinions.work();
  console.log(JSON.stringify({ threads }));
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
  }, 30_000);
  afterAll(() => rmSync(codebooks, { recursive: true }));

  const models = () => services.coding.opinions.models(leaving.programmeId);
  const threads = () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', PROCESS, on.url(), codebooks], {
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

  test('a process that begins learns what it needs to read an answer, and nothing where all is read', async () => {
    await services.coding.opinions.work();
    expect(await models()).toHaveLength(1);
    expect(threads()).toEqual({ threads: 0 });
    clock.advance({ minutes: 1 });
    await leaving.answer({ words: 'Far too expensive.' });
    expect(threads()).toEqual({ threads: 1 });
    expect(threads()).toEqual({ threads: 0 });
    await services.coding.opinions.stop();
  }, 60_000);
});
