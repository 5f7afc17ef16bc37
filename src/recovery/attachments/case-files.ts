import type { Actor } from '../../shared/actor.ts';
import type { Storage } from '../../storage/index.ts';
import type { Cases } from '../cases/interface.ts';
import type { Attachments, CheckedFile } from './service.ts';
import { sameFile } from './store.ts';

/** Files that are put to a case by themselves, not with a letter or a comment. */
interface CaseFiles {
  /** The same name and content again are that file. @throws NotFound */
  addOnce(actor: Actor, caseId: string, file: CheckedFile): Promise<{ id: string; fresh: boolean }>;
}

interface Deps {
  storage: Storage;
  cases: Pick<Cases, 'touch' | 'note'>;
  attachments: Pick<Attachments, 'keep'>;
}

export function createCaseFiles({ storage, cases, attachments }: Deps): CaseFiles {
  return {
    addOnce: (actor, caseId, file) =>
      storage.transaction(async (tx) => {
        await cases.touch(tx, caseId);
        const before = await sameFile(tx, caseId, file);
        if (before !== undefined) return { id: before, fresh: false };
        const [id = ''] = await attachments.keep(tx, { caseId, fromCustomer: false }, [file]);
        await cases.note(tx, actor, caseId, { kind: 'fileAdded', detail: { name: file.name } });
        return { id, fresh: true };
      }),
  };
}
