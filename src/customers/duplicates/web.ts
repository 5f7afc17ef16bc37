import type { CustomersDeps } from '../interface.ts';
import type { Pages } from '../../web/index.ts';
import type { Duplicates } from './service.ts';

/** What the pages about likely duplicates need. */
export interface DuplicatesWeb {
  duplicates: Duplicates;
  pages: Pages;
  colleagues: CustomersDeps['colleagues'];
}

export const DUPLICATES = '/customers/duplicates';
export const DIFFERENT = `${DUPLICATES}/different`;
