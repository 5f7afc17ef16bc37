import { expect, test } from '@jest/globals';
import { casesOfCustomer, findNumber, openCases } from '../../src/recovery/cases/case-store.ts';
import * as mails from '../../src/recovery/mail/mail-store.ts';
import { newId } from '../../src/shared/ids.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToQueries, scansOf } from '../support/plans.ts';

onBothEngines((on) => {
  (on.engine === 'sqlite' ? test : test.skip)(
    'letters of cases are found and listed in the order of an index, page by page',
    async () => {
      const heard = listenToQueries();
      const { read, writer } = on.storage() as SqliteStorage;
      const id = newId(testClock());
      await mails.mailsOfCases(read, [id], 100);
      await mails.newestMails(read, null, 100);
      await mails.newestMails(read, id, 100);
      await mails.mailsToSort(read, null, 31);
      await mails.mailsToSort(read, id, 31);
      await mails.countToSort(read, 100);
      await mails.lastCaseOf(read, 'x');
      await openCases(read, [id], 'complaint');
      await casesOfCustomer(read, id, 50);
      await findNumber(read, 7);
      const queries = [...heard].filter((query) => /case_mail|recovery_case/.test(query));
      expect(queries).toHaveLength(10);
      for (const query of queries) expect([query, scansOf(writer, query)]).toEqual([query, []]);
      // What waits to be sorted has an index of its own: what was sorted in years is not walked through.
      for (const query of queries.filter((each) => /to_sort/.test(each))) {
        const steps = writer.prepare(`explain query plan ${query}`).all(Array.from(query.matchAll(/\?/g), () => null));
        expect([query, JSON.stringify(steps)]).toEqual([query, expect.stringContaining('case_mail_to_sort')]);
        expect([query, JSON.stringify(steps)]).toEqual([query, expect.not.stringContaining('TEMP B-TREE')]);
      }
    },
  );
});
