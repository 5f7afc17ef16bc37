import { formatMoment } from '../../i18n/index.ts';
import type { Staff } from '../../web/index.ts';
import { labelOf, type Codebook } from '../codebook.ts';
import type { Said } from './double-store.ts';
import { asOfNow } from './rules.ts';

/** What one of two people gave, in words. */
export interface Saying {
  who: string;
  when: string;
  codes: string;
}

export function sayingsOf(
  said: Said,
  book: Codebook,
  names: ReadonlyMap<string, string>,
  { t, language, timeZone }: Staff,
): Saying {
  const { codes, main } = asOfNow(said, book);
  const reasons = [...codes]
    .sort((a, b) => Number(b === main) - Number(a === main))
    .flatMap((id) => {
      const code = book.byId.get(id);
      const reason = code ? labelOf(book, code, language) : '';
      return id === main ? [t('coding.asMain', { reason })] : [reason];
    });
  return {
    who: names.get(said.accountId) ?? t('coding.someColleague'),
    when: formatMoment(said.at, language, timeZone),
    codes: reasons.join(', '),
  };
}
