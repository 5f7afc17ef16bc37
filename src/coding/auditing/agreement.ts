import { page, type Page, type Storage } from '../../storage/index.ts';
import { isId } from '../../shared/ids.ts';
import { Invalid } from '../../shared/errors.ts';
import { ultimate, type Code, type Codebook } from '../codebook.ts';
import { agreementByCode, type CodeAgreement } from '../engine/agreement.ts';
import { placeKey, wordsOf, type Written } from '../opinions/opinion-store.ts';
import * as doubles from './double-lists-store.ts';
import type { Double } from './double-store.ts';
import { asOfNow, type Opinion } from './rules.ts';

/** How far two people who coded the same answers gave one code alike. */
export interface AgreementOn extends CodeAgreement {
  code: string;
  /** Answers that at least one of the two gave it to. */
  given: number;
}

export interface Agreements {
  /** Answers that two people coded, the latest 2,000. */
  answers: number;
  /** Every code that anybody gave, in the order of the book; a code of the first level with those below it. */
  codes: AgreementOn[];
}

/** An answer on which two people differ, with its words. */
export interface Differing extends Double {
  written: Written | undefined;
}

const MOST = 2000;
const PAGE = 20;

/** How far colleagues agree, from the answers that two of them coded. */
export function createAgreement(storage: Storage) {
  return {
    async agreement(book: Codebook): Promise<Agreements> {
      const both = (await doubles.codedTwice(storage.read, book.programmeId, MOST)).map(({ first, second }) =>
        [first, second ?? first].map((said) => withParents(asOfNow(said, book), book)),
      );
      const given = (id: string) => both.filter((pair) => pair.some((codes) => codes.includes(id))).length;
      const codes = book.codes.map(({ id }) => id).filter((id) => given(id) > 0);
      const found = agreementByCode(both, codes).map((each) => ({ ...each, given: given(each.code) }));
      return { answers: both.length, codes: found };
    },
    /** Answers to settle, the latest first. */
    async differing(programmeId: string, cursor: string | null): Promise<Page<Differing>> {
      const [at = '', responseId = ''] = cursor?.split('~') ?? [];
      if (cursor !== null && !isId(responseId)) throw new Invalid({ after: { key: 'form.invalid' } });
      const after = cursor === null ? null : { at, responseId };
      const found = await doubles.differingAfter(storage.read, programmeId, after, PAGE + 1);
      const { rows, next } = page(found, PAGE, (each) => `${each.second?.at}~${each.responseId}`);
      const ids = [...new Set(rows.map((each) => each.responseId))];
      const words = ids.length > 0 ? await wordsOf(storage.read, ids) : new Map<string, Written>();
      return { rows: rows.map((each) => ({ ...each, written: words.get(placeKey(each)) })), next };
    },
  };
}

/** Whoever gave a code below another has given that one too. */
function withParents({ codes }: Opinion, book: Codebook): string[] {
  const parentOf = (id: string): Code | undefined => {
    const parentId = book.byId.get(id)?.parentId;
    return parentId ? ultimate(book, parentId) : undefined;
  };
  return [...new Set(codes.flatMap((id) => [id, parentOf(id)?.id ?? id]))];
}
