import { expect, test } from '@jest/globals';
import * as mails from '../../src/mailer/store.ts';
import { daysOfLeaving, noteReturns } from '../../src/reports/effect/returns-store.ts';
import { leaverSources } from '../../src/reports/leaver-store.ts';
import { waitingAmong } from '../../src/reports/risk/calls/call-store.ts';
import { newId } from '../../src/shared/ids.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToQueries } from '../support/plans.ts';

const NOW = '2026-11-22T08:00:00.000Z';
const SENT = { state: 'sent', error: null, tries: 1, now: NOW } as const;
const AGAIN = { error: 'greylisted', tries: 1, notBefore: null };

onBothEngines((on) => {
  (on.engine === 'sqlite' ? test.each([1, 4, 50]) : test.skip.each([1]))(
    'some rows (%s) are looked up by their ids, however many others are in the same state',
    async (count) => {
      const heard = listenToQueries(/^\s*(select|with|update)\b/i);
      const storage = on.storage() as SqliteStorage;
      const clock = testClock();
      const ids = Array.from({ length: count }, () => newId(clock));
      const planOf = async (about: string, run: () => Promise<unknown>): Promise<string> => {
        heard.clear();
        await run();
        const [query = ''] = [...heard].filter((each) => each.includes(about));
        const parameters = Array.from(query.matchAll(/\?/g), () => null);
        const steps = storage.writer.prepare(`explain query plan ${query}`).all(parameters) as { detail: string }[];
        return steps.map(({ detail }) => detail).join('; ');
      };
      const { read } = storage;
      const writing = (run: Parameters<typeof storage.transaction>[0]) => () => storage.transaction(run);
      const [mail, ofCustomer] = [/outgoing_mail_1 \(id=\?\)/, /\(customer_id=\?\)/];
      const plans: [RegExp, string][] = [
        [
          /SEARCH c USING INDEX sqlite_autoindex_customer_1 \(id=\?\)/,
          await planOf('as "c"', () => leaverSources(read, ids, 'leaving')),
        ],
        [/customer_1 \(id=\?\)/, await planOf('"customer"', () => daysOfLeaving(read, ids))],
        [
          ofCustomer,
          await planOf(
            '"winback"',
            writing((tx) => noteReturns(tx, ids)),
          ),
        ],
        [ofCustomer, await planOf('"risk_call"', () => waitingAmong(read, ids))],
        [
          mail,
          await planOf(
            '"outgoing_mail"',
            writing((tx) => mails.claimMails(tx, 'me', NOW, ids)),
          ),
        ],
        [
          mail,
          await planOf(
            '"outgoing_mail"',
            writing((tx) => mails.holdMails(tx, new Map(ids.map((id) => [id, { until: NOW }])), NOW)),
          ),
        ],
        [
          mail,
          await planOf(
            '"outgoing_mail"',
            writing((tx) => mails.settleMails(tx, 'me', ids, SENT)),
          ),
        ],
        [
          mail,
          await planOf(
            '"outgoing_mail"',
            writing((tx) => mails.requeueMails(tx, 'me', ids, AGAIN)),
          ),
        ],
        [
          /\(subject_id=\? AND kind=\?\)/,
          await planOf(
            '"outgoing_mail"',
            writing((tx) => mails.cancelQueuedMails(tx, 'invitation', ids, NOW)),
          ),
        ],
      ];
      for (const [expected, plan] of plans) {
        expect(plan).toMatch(expected);
        expect(plan).not.toMatch(/SCAN (?!CONSTANT)|status=\?|state=\?|standing=\?/);
      }
    },
  );
});
