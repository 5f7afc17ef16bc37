import { expect, test } from '@jest/globals';
import * as audits from '../../src/coding/auditing/audit-store.ts';
import * as doubles from '../../src/coding/auditing/double-lists-store.ts';
import { doubleAt } from '../../src/coding/auditing/double-store.ts';
import { newId } from '../../src/shared/ids.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToQueries } from '../support/plans.ts';

onBothEngines((on) => {
  (on.engine === 'sqlite' ? test : test.skip)(
    'the queues of the audit and of the second person are read from an index, and nothing long is sorted',
    async () => {
      const heard = listenToQueries();
      const { read, writer } = on.storage() as SqliteStorage;
      const id = newId(testClock());
      const plans = new Map<string, string>();
      const planOf = async (name: string, run: () => Promise<unknown>) => {
        heard.clear();
        await run();
        const steps = [...heard].flatMap((query) => {
          const parameters = Array.from(query.matchAll(/\?/g), () => null);
          return writer.prepare(`explain query plan ${query}`).all(parameters) as { detail: string }[];
        });
        plans.set(name, steps.map(({ detail }) => detail).join('; '));
      };
      await planOf('audits', () => audits.thresholdsOf(read, id));
      await planOf('lowest', () => audits.lowestOf(read, id, 51));
      await planOf('under', () => audits.countUpTo(read, id, 0.1));
      await planOf('after more', () => audits.numberAfterMore(read, id, 50));
      await planOf('drawn', () => audits.countDrawn(read, id));
      await planOf('audit', () => audits.headOfAudit(read, id, false, 20));
      await planOf('audit skipped', () => audits.headOfAudit(read, id, true, 20));
      await planOf('audited', () => audits.countAudited(read, id));
      await planOf('learn', () => audits.headOfLearn(read, id, 20));
      await planOf('second', () => doubles.headOfSecond(read, id, id, 20));
      await planOf('counts', () => doubles.countDoubles(read, id, id));
      await planOf('differing', () => doubles.differingAfter(read, id, { at: '', responseId: id }, 21));
      await planOf('twice', () => doubles.codedTwice(read, id, 2000));
      await planOf('last', () => doubles.lastSecondBy(read, id, ''));
      await planOf('one', () => doubleAt(read, { responseId: id, questionKey: 'happened' }));

      const expected: Record<string, RegExp> = {
        audits: /INDEX coding_audit_programme/,
        lowest: /INDEX coding_task_random.*SEARCH earlier USING COVERING INDEX sqlite_autoindex/,
        under: /INDEX coding_task_random/,
        'after more': /INDEX coding_task_random/,
        drawn: /INDEX coding_task_(audit|checked|drawn)[^;]*;.*INDEX coding_task_(to_check|drawn)/,
        audit: /INDEX coding_task_to_check/,
        'audit skipped': /INDEX coding_task_to_check/,
        audited: /COVERING INDEX coding_task_checked/,
        learn: /INDEX coding_task_learn/,
        second: /INDEX double_coding_waiting/,
        counts: /INDEX double_coding_waiting.*INDEX double_coding_differing/,
        differing: /INDEX double_coding_differing/,
        twice: /INDEX double_coding_done/,
        last: /INDEX double_coding_second/,
        one: /sqlite_autoindex_double_coding/,
      };
      for (const [name, plan] of plans) {
        expect([name, plan]).toEqual([name, expect.stringMatching(expected[name] ?? /^$/)]);
        expect([name, plan]).toEqual([name, expect.not.stringMatching(/SCAN/)]);
        // An audit is some hundreds of answers, and what waits for a second person at most one in five of it.
        if (!['second', 'drawn'].includes(name))
          expect([name, plan]).toEqual([name, expect.not.stringMatching(/TEMP B-TREE/)]);
      }
    },
  );
});
