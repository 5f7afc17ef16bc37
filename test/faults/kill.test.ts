import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/shared/clock.ts';
import { dayIn } from '../../src/shared/dates.ts';
import { ground } from '../main-job/ground.ts';
import { readLeavers } from '../main-job/leavers.ts';
import { broken, killedJob } from './killed-job.ts';

/** The short form of `npm run test:faults`. */
test('a server killed in the middle of the main job loses no answer and writes to nobody twice', async () => {
  const leavers = readLeavers(dayIn('Europe/Berlin', systemClock.now())).leavers.slice(0, 60);
  const counts = await killedJob(await ground('sqlite'), leavers, { kills: 4, withinMs: 900 });
  expect(counts.kills).toBeGreaterThan(0);
  expect(broken(counts, leavers)).toEqual([]);
});
