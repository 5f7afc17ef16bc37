import type { Db } from '../storage/index.ts';
import { codebookOf, type Codebook } from './codebook.ts';
import { codesOf, headOf } from './codebook-store.ts';

export interface Books {
  /** The codebook of a programme as it stands now. A revision is read once and kept. */
  of(db: Db, programmeId: string): Promise<Codebook | undefined>;
}

export function createBooks(): Books {
  const kept = new Map<string, Codebook>();
  return {
    async of(db, programmeId) {
      const head = await headOf(db, programmeId);
      if (!head) return undefined;
      const known = kept.get(head.id);
      if (known?.revision === head.revision) return known;
      const book = codebookOf({ ...head, programmeId }, await codesOf(db, head.id));
      kept.set(head.id, book);
      return book;
    },
  };
}
