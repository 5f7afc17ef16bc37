import type { Audit } from '../shared/audit.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { page, type Page, type Storage, type Tx } from '../storage/index.ts';
import * as entries from './audit-store.ts';

export interface AuditLog {
  audit: Audit<Tx>;
  list(filter: { actorId: string | null; before: string | null }): Promise<Page<entries.AuditRow>>;
  /** Who did what with one thing, the oldest first. */
  about(subject: { kind: string; id: string }): Promise<entries.AuditRow[]>;
}

const PAGE = 50;

export function createAuditLog(storage: Storage, clock: Clock): AuditLog {
  return {
    audit: (tx, actor, action, subject, detail = {}) =>
      entries.insertEntry(tx, {
        id: newId(clock),
        at: timestamp(clock),
        actor_kind: actor.kind,
        actor_id: actor.id,
        action,
        subject_kind: subject.kind,
        subject_id: subject.id ?? null,
        detail: JSON.stringify(detail),
      }),
    async list(filter) {
      const rows = await entries.listEntries(storage.read, { ...filter, limit: PAGE + 1 });
      return page(rows, PAGE, (row) => row.id);
    },
    about: ({ kind, id }) => entries.entriesAbout(storage.read, kind, id),
  };
}
