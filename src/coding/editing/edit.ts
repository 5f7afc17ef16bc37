import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Audit } from '../../shared/audit.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import { codebookOf, type Code, type Codebook } from '../codebook.ts';
import * as rows from '../codebook-store.ts';
import type { Keywords } from '../themes/keyword-rules.ts';

/** One change of a codebook, in a transaction of its own. */
export interface Edit {
  tx: Tx;
  at: string;
  /** As it was before, at the revision that the change takes. */
  book: Codebook;
  newId(): string;
  /** Writes down who changed what; `said`: the word of the audit log, where it is another than that of the history. */
  record(kind: rows.ChangeKind, code: Code, detail?: Record<string, unknown>, said?: string): Promise<void>;
}

/** Done in the transaction of a change, once it is made. */
export type Alongside = (tx: Tx, code: Code, words: Keywords) => Promise<void>;

export interface EditDeps {
  storage: Storage;
  clock: Clock;
  audit: Audit<Tx>;
}

/**
 * Makes one change after the other for each codebook: the revision is taken first. Throws NotFound where a programme has
 * no codebook.
 */
export function createEdit({ storage, clock, audit }: EditDeps) {
  return async <T>(actor: Actor, programmeId: string, change: (edit: Edit) => Promise<T>): Promise<T> =>
    await storage.transaction(async (tx) => {
      const head = await rows.headOf(tx, programmeId);
      if (!head) throw new NotFound();
      const at = timestamp(clock);
      const revision = await rows.nextRevision(tx, head.id);
      const book = codebookOf({ id: head.id, programmeId, revision }, await rows.codesOf(tx, head.id));
      const record: Edit['record'] = async (kind, code, detail = {}, said = kind) => {
        const noted = { id: newId(clock), revision, kind, codeId: code.id, accountId: accountOf(actor), at };
        await rows.insertChange(tx, book.id, { ...noted, detail: { name: code.name, ...detail } });
        await audit(tx, actor, `coding.code_${said}`, { kind: 'code', id: code.id }, { key: code.key });
      };
      return await change({ tx, at, book, newId: () => newId(clock), record });
    });
}
