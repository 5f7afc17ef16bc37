import { expect, test } from '@jest/globals';
import pg from 'pg';
import { codedBy, usageOf } from '../../src/coding/desk-store.ts';
import { exportedCodings } from '../../src/coding/privacy-store.ts';
import { countLeavers } from '../../src/customers/audience-store.ts';
import { countCustomers, listCustomers } from '../../src/customers/list-store.ts';
import { countOfOpenCases, listComments } from '../../src/recovery/comments/store.ts';
import { countGiven } from '../../src/recovery/offers/offer-store.ts';
import { closedSince } from '../../src/recovery/today/today-store.ts';
import { countByMonth, countNewFlags } from '../../src/reports/risk/flag-store.ts';
import { completeAmong, newestWritten } from '../../src/responses/list-store.ts';
import { newId } from '../../src/shared/ids.ts';
import type { Db } from '../../src/storage/index.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToPostgres, listenToQueries, scansInPostgres } from '../support/plans.ts';

const ID = newId(testClock());
const NOW = '2026-11-22T08:00:00.000Z';
const PERIOD = { from: '2026-01-01', to: '2026-11-22' };
const OFFER = { id: ID, given: 0, perYear: 9, perCustomer: 1 };
const SINCE = { customerId: ID, yearFrom: '2026-01-01', monthsFrom: '2025-11-22' };
const NEWEST = { open: true, before: ID, limit: 31 };
const WRITTEN = { id: ID, submittedAt: NOW, words: [] };

/** What is asked, and how SQLite answers the queries in which these words stand. */
const ASKED: [string, (db: Db) => Promise<unknown>, [string, RegExp[]][]][] = [
  [
    'those who have left, in two indexes',
    countLeavers,
    [
      [
        'from customer',
        [/COVERING INDEX customer_left \(status=\?\)/, /customer USING (COVERING )?INDEX customer_gone \(status=\?\)/],
      ],
    ],
  ],
  [
    'customers with a tag that few have, by the tag',
    (db) => listCustomers(db, { tag: 'vip', sort: 'worth' }, null, 51),
    [
      ['from customer_tag where tag = ? limit', [/COVERING INDEX customer_tag_tag \(tag=\?\)/]],
      ['order by "worth_minor"', [/customer_1 \(id=\?\)/, /COVERING INDEX customer_tag_tag \(tag=\?\)/]],
    ],
  ],
  [
    'few customers of a country, by the country, in any order',
    (db) => listCustomers(db, { country: 'NO', sort: 'left' }, null, 51),
    [['order by "left_on"', [/SEARCH customer USING INDEX customer_country \(country=\?\)/]]],
  ],
  [
    'how many are in a state that few are in',
    (db) => countCustomers(db, { status: 'active' }, 1000),
    [['select "id" from "customer"', [/SEARCH customer USING INDEX customer_left \(status=\?\)/]]],
  ],
  [
    'open comments, from the open cases and in the index of what is held',
    (db) => listComments(db, NEWEST),
    [
      [
        'select *',
        [
          /SEARCH public_comment USING COVERING INDEX public_comment_state \(state=\? AND id<\?\)/,
          /SCAN recovery_case USING (COVERING )?INDEX recovery_case_\w+/,
          /SEARCH public_comment USING INDEX public_comment_case \(case_id=\?\)/,
        ],
      ],
    ],
  ],
  [
    'comments of open cases, from the cases',
    (db) => countOfOpenCases(db, 1000),
    [['count(*)', [/SEARCH public_comment USING INDEX public_comment_case \(case_id=\?\)/]]],
  ],
  [
    'how often each code was given, in the index of codes',
    (db) => usageOf(db, ID, 1000),
    [['count(*)', [/SEARCH c USING (COVERING )?INDEX coding_code \(code_id=\? AND coder_kind=\?\)/]]],
  ],
  [
    'all codings of a response, withdrawn ones among them',
    (db) => exportedCodings(db, [ID]),
    [
      [
        'union all',
        [/INDEX coding_current \(response_id=\?\)/, /INDEX coding_past \(response_id=\?\)/, /^(?!.*SCAN c\b)/],
      ],
    ],
  ],
  [
    'what a colleague coded, by who coded it',
    (db) => codedBy(db, { accountId: ID, programmeId: ID }, null, 31),
    [['"coded_at" desc', [/SEARCH k USING INDEX coding_task_coded \(coded_by=\?\)/]]],
  ],
  [
    'what a customer was given of an offer, by the customer',
    (db) => countGiven(db, OFFER, SINCE),
    [
      ['"customer_id" = ?', [/SEARCH offer_given USING INDEX offer_given_customer \(customer_id=\?\)/]],
      ['"given_on" >= ?', [/SEARCH offer_given USING INDEX offer_given_year \(offer_id=\? AND given_on>\?\)/]],
    ],
  ],
  [
    'what became of cases closed lately, in their index alone',
    (db) => closedSince(db, NOW),
    [['count(*)', [/SEARCH recovery_case USING COVERING INDEX recovery_case_closed \(closed_at>\?\)/]]],
  ],
  [
    'the newest words, by their responses',
    (db) => newestWritten(db, WRITTEN, 500),
    [['"submitted_at" desc', [/SEARCH response USING COVERING INDEX response_submitted/]]],
  ],
  [
    'some complete responses, by their ids',
    (db) => completeAmong(db, [ID]),
    [['"submitted_at" desc', [/SEARCH response USING PRIMARY KEY \(id=\?\)/]]],
  ],
  [
    'new flags, in their index alone',
    (db) => countNewFlags(db, PERIOD),
    [['count(*)', [/SEARCH risk_flag USING COVERING INDEX risk_flag_record/]]],
  ],
];

onBothEngines((on) => {
  test.each(ASKED)('reads %s', async (_what, ask, plans) => {
    const heard = on.engine === 'sqlite' ? listenToQueries() : listenToPostgres();
    await ask(on.storage().read);
    expect(heard.size).toBeGreaterThan(0);
    if (on.engine === 'postgres') return expect(await scansOn(on.url(), heard)).toEqual([]);
    for (const [words, steps] of plans) {
      const query = [...heard].find((each) => each.includes(words)) ?? '';
      const plan = planOf(on.storage() as SqliteStorage, query);
      for (const step of steps) expect([words, plan]).toEqual([words, expect.stringMatching(step)]);
    }
  });

  (on.engine === 'sqlite' ? test : test.skip)('sorts no flags to count them by month', async () => {
    const heard = listenToQueries();
    await countByMonth(on.storage().read, PERIOD);
    const plans = [...heard].map((query) => planOf(on.storage() as SqliteStorage, query));
    expect(plans).toEqual([expect.not.stringContaining('GROUP BY')]);
  });
});

function planOf({ writer }: SqliteStorage, query: string): string {
  const parameters = Array.from(query.matchAll(/\?/g), () => null);
  const steps = writer.prepare(`explain query plan ${query}`).all(parameters) as { detail: string }[];
  return steps.map(({ detail }) => detail).join('; ');
}

async function scansOn(url: string, queries: Set<string>) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await scansInPostgres(client, queries);
  } finally {
    await client.end();
  }
}
