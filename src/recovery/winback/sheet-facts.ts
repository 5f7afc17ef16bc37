import type { Company } from '../../accounts/index.ts';
import type { Codebook } from '../../coding/index.ts';
import type { Texts } from '../../i18n/index.ts';
import type { Voice } from '../../responses/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import type { PlaybookNote, Staff } from '../../web/index.ts';
import type { Choice } from '../offers/giving-interface.ts';
import type { GivenOffer, Offer } from '../offers/offer.ts';
import type { CallSheet } from './call-sheet.ts';
import type { LetterRow } from './letter-store.ts';
import type { Reason } from './standing.ts';

/** Everything that a call sheet shows. */
export interface SheetFacts {
  sheet: CallSheet;
  reason: Reason | undefined;
  book: Codebook | undefined;
  voices: Voice[];
  choices: Choice[];
  given: { given: GivenOffer; offer: Offer | undefined }[];
  letters: LetterRow[];
  because: string;
  company: Pick<Company, 'name' | 'timeZone' | 'country' | 'workingHours'>;
  colleagues: { id: string; name: string }[];
  texts: Texts;
  now: string;
  notes: PlaybookNote[];
  staff: Staff;
  /** The draft was kept a moment ago, by a browser without scripts. */
  justSaved: boolean;
  typed?: unknown;
  errors?: FieldErrors;
  notice?: string;
}
