import { expect, test } from '@jest/globals';
import { answeredAs } from '../../src/reports/answered-store.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { customersOn } from '../support/customers.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToQueries } from '../support/plans.ts';

onBothEngines((on) => {
  (on.engine === 'sqlite' ? test : test.skip)(
    'an audience by purchases and answers walks the customers once and looks up what each bought and said',
    async () => {
      const heard = listenToQueries(/^\s*select\b/i);
      const storage = on.storage() as SqliteStorage;
      const customers = customersOn(storage, { answeredAs });
      const audience = {
        boughtItem: 'espresso',
        purchasesFrom: 2,
        notBoughtWithinMonths: 3,
        reasons: ['01970000-0000-7000-8000-00000000dead'],
        contentment: 'unhappy' as const,
        answeredWithinMonths: 12,
      };
      await customers.audienceSlice(storage.read, audience, null, 500);
      const [query = ''] = [...heard].filter((each) => each.includes('contentment'));
      const parameters = Array.from(query.matchAll(/\?/g), () => null);
      const steps = storage.writer.prepare(`explain query plan ${query}`).all(parameters) as { detail: string }[];
      const plan = steps.map(({ detail }) => detail).join('; ');
      expect(plan).toMatch(/SEARCH customer USING (COVERING )?INDEX sqlite_autoindex_customer_1 \(id>\?\)/);
      expect(plan).toMatch(/SEARCH purchase .*?USING (COVERING )?INDEX purchase_customer \(customer_id=\?/);
      expect(plan).toMatch(/SEARCH response .*?USING INDEX response_customer \(customer_id=\?/);
      expect(plan).toMatch(/SEARCH coding .*?USING (COVERING )?INDEX coding_current \(response_id=\?/);
      expect(plan).toMatch(/SEARCH main_reason .*?\(response_id=\?\)/);
      // What is small, and the few that were looked up.
      expect(plan.replaceAll(/SCAN (code|enough)\b/g, '')).not.toContain('SCAN');
    },
  );
});
