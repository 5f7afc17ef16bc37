import { expect, test } from '@jest/globals';
import { waitingCopies } from '../../src/responses/copy-store.ts';
import { newId } from '../../src/shared/ids.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { dueAppointments, listCalls, placesOf } from '../../src/telephone/store.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToQueries } from '../support/plans.ts';

const NOW = '2026-11-10T08:05:00.000Z';

onBothEngines((on) => {
  (on.engine === 'sqlite' ? test : test.skip)(
    'the call list and the waiting copies are read in the order of an index, page by page',
    async () => {
      const heard = listenToQueries();
      const { read, writer } = on.storage() as SqliteStorage;
      const id = newId(testClock());
      const places = ['', 'Europe/Berlin'].map((timeZone) => ({ timeZone, country: 'DE' }));
      for (const some of [[], places]) {
        for (const view of ['now', 'later'] as const)
          await listCalls(read, id, { now: NOW, places: some, view, after: { worth: 5, id }, limit: 51 });
      }
      await dueAppointments(read, id, NOW, 20);
      await placesOf(read, id);
      await waitingCopies(read, id, 51);
      const plans = [...heard]
        .filter((query) => /phone_call|response_copy/.test(query))
        .map((query) => {
          const parameters = Array.from(query.matchAll(/\?/g), () => null);
          const steps = writer.prepare(`explain query plan ${query}`).all(parameters) as { detail: string }[];
          return steps.map(({ detail }) => detail).join('; ');
        });
      expect(plans).toHaveLength(6);
      for (const plan of plans)
        expect(plan).toMatch(
          /^SEARCH \w+ USING (COVERING )?INDEX (phone_call|response_copy)_\w+ \([^)]*\)(; SEARCH response USING PRIMARY KEY \(id=\?\))?$/,
        );
    },
  );
});
