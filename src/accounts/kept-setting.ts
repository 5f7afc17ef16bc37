import type { z } from 'zod';
import { accountOf, type Actor } from '../shared/actor.ts';
import type { Audit } from '../shared/audit.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Db, Storage, Tx } from '../storage/index.ts';

/** A row of a feature's own table of settings. */
interface KeptSettingRow {
  id: string;
  value: string;
  changed_by: string | null;
  changed_at: string;
}

interface Kept<T> {
  schema: z.ZodType<T>;
  /** Until somebody has chosen. */
  usual: T;
  /** The newest row. */
  find(db: Db): Promise<Omit<KeptSettingRow, 'id'> | undefined>;
  insert(tx: Tx, row: KeptSettingRow): Promise<void>;
  /** What the audit log calls a change, and what it tells of it. */
  action: string;
  told?(setting: T): object;
}

export interface KeptSetting<T> {
  read(db: Db): Promise<T>;
  /** Who changed it last; null where it is as it came. */
  changed(): Promise<{ by: string | null; at: string } | null>;
  /** @param also what has to happen with it, in the same transaction */
  save(actor: Actor, setting: T, also?: (tx: Tx) => Promise<void>): Promise<void>;
}

/** A feature's setting in a table of its own: the newest row holds, the ones before it tell what was. */
export function createKeptSetting<T>(
  { storage, clock, audit }: { storage: Storage; clock: Clock; audit: Audit<Tx> },
  { schema, usual, find, insert, action, told }: Kept<T>,
): KeptSetting<T> {
  return {
    async read(db) {
      const found = await find(db);
      return found ? schema.parse(JSON.parse(found.value)) : usual;
    },
    async changed() {
      const found = await find(storage.read);
      return found ? { by: found.changed_by, at: found.changed_at } : null;
    },
    async save(actor, setting, also) {
      const row = { value: JSON.stringify(schema.parse(setting)), changed_by: accountOf(actor) };
      await storage.transaction(async (tx) => {
        await insert(tx, { ...row, id: newId(clock), changed_at: timestamp(clock) });
        await also?.(tx);
        await audit(tx, actor, action, { kind: 'setting' }, told?.(setting));
      });
    },
  };
}
