import { createCustomers, createDuplicates, createImports, type CodeRemarks } from '../customers/index.ts';
import { answeredAs } from '../reports/index.ts';
import type { Letters } from './letters.ts';
import type { Platform } from './platform.ts';

export type Records = ReturnType<typeof createRecords>;

/** Whom the business knows, and the files that they come from. `offerCodes` is asked only once everything is there. */
export function createRecords(earlier: Platform & Letters, offerCodes: CodeRemarks) {
  const { audit, company, colleagues } = earlier.accounts;
  const given = { ...earlier, audit, company, colleagues };
  const customers = createCustomers({ ...given, answeredAs, offerCodes });
  const duplicates = createDuplicates(given);
  const imports = createImports({ ...given, customers });
  return { customers, duplicates, imports };
}
