import { expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { onEngines } from '../support/engines.ts';

const MINUTES = 60_000;

onEngines(['sqlite'], (on) => {
  test(
    'on a day on which somebody bought before the records knew them, the sample company is made as well',
    async () => {
      const started = await startApp(on.storage(), { clock: testClock('2026-11-24T09:20:00.000Z') });
      await started.app.demo.loadSample(COMMAND, {});
      expect(await started.app.customers.count({}, 1000)).toBeGreaterThan(700);
      await started.close();
    },
    5 * MINUTES,
  );
});
