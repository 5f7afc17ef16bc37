import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languageCodes } from '../../i18n/index.ts';
import type { PlaybookPlace } from '../../web/index.ts';
import type { PageText } from './page.ts';

const FOLDER = join(import.meta.dirname, '../../../data/playbook');

/** The pages that come with the product, in the order in which one reads them, and where each helps. */
export const STARTERS: Record<string, PlaybookPlace[]> = {
  listening: ['complaint', 'empathy', 'alert'],
  apologising: ['apologise', 'reply'],
  clarifying: ['call'],
  arrears: ['payment'],
  exceptions: ['exceptions', 'act'],
  guarantee: ['guarantee', 'make_good'],
};

/** Its texts in every language: the first line of a file is the title. */
export function starterTexts(key: string): Record<string, PageText> {
  return Object.fromEntries(
    languageCodes.map((language) => {
      const [heading = '', ...lines] = readFileSync(join(FOLDER, language, `${key}.md`), 'utf8').split('\n');
      return [language, { title: heading.replace(/^# /, ''), body: lines.join('\n').trim() }];
    }),
  );
}
