import { join } from 'node:path';
import { createCoding } from '../coding/index.ts';
import { createLoyalty } from '../loyalty/index.ts';
import { createRecovery } from '../recovery/index.ts';
import { createInsight, createReports } from '../reports/index.ts';
import { createRetention, type Figures } from '../retention/index.ts';
import type { Asking } from './asking.ts';
import type { Letters } from './letters.ts';
import { dataFolder, type Platform, type ServicesOptions } from './platform.ts';
import type { Records } from './records.ts';

type Earlier = Platform & Letters & Records & Asking;
export type Caring = ReturnType<typeof createCaring>;

/** What the answers mean, what is done for customers because of them, and every figure that comes of it. */
export function createCaring(earlier: Earlier, { codebooks, keepsMail }: ServicesOptions) {
  const coding = createReading(earlier, codebooks ?? join(dataFolder, 'codebook'));
  const recovery = createRecovery({ ...earlier, tellsThePast: keepsMail, coding });
  const loyalty = createLoyalty({ ...earlier, coding, recovery });
  // A written goal is held against figures that are worked out from everything, retention's own records included.
  const figures: Figures = {
    measure: (name, upTo) => insight.measure(name, upTo),
    codeShare: (codeId, period) => reports.codeShare(codeId, period),
  };
  const caring = { ...earlier, coding, recovery, loyalty, figures };
  const retention = createRetention(caring);
  const { company, colleagues } = earlier.accounts;
  const { facets } = earlier.customers;
  const { audits, competitors } = coding;
  const reports = createReports({ ...earlier, company, facets, audits, competitors, colleagues });
  // Words are on the desk before an audit can draw them.
  earlier.responses.onSubmitted(coding.onSubmitted);
  const insight = createInsight({ ...caring, retention, reports });
  return { coding, recovery, loyalty, figures, retention, reports, insight };
}

function createReading(earlier: Earlier, starters: string) {
  const { accounts, customers, questionnaires } = earlier;
  const { audit, colleagues, company } = accounts;
  const { recordEvents, worths } = customers;
  const definitionOf = async (versionId: string) => (await questionnaires.version(versionId))?.definition;
  const companyName = async () => (await company()).name;
  return createCoding({ ...earlier, starters, audit, recordEvents, definitionOf, worths, companyName, colleagues });
}
