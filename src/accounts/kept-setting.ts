import type { z } from 'zod';
import { accountOf, type Actor } from '../shared/actor.ts';
import type { Audit } from '../shared/audit.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { Conflict } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { addSetting, newestSetting, type Db, type SettingsTable, type Storage, type Tx } from '../storage/index.ts';

interface Kept<T> {
  schema: z.ZodType<T>;
  /** Until somebody has chosen. */
  usual: T;
  /** The feature's own. */
  table: SettingsTable;
  /** What the audit log calls a change, and what it tells of it. */
  action: string;
  told?(setting: T): object;
}

/** A setting as it stands. */
interface Standing<T> {
  setting: T;
  /** Counts the savings; 0 where nobody has saved any. */
  revision: number;
  /** Who changed it last; null where it is as it came. */
  changed: { by: string | null; at: string } | null;
}

export interface KeptSetting<T> {
  read(db: Db): Promise<T>;
  standing(): Promise<Standing<T>>;
  /**
   * @param revision what was standing when this one was made of it
   * @param also what has to happen with it, in the same transaction
   * @throws Conflict where somebody has saved another since that revision
   */
  save(actor: Actor, setting: T, revision: number, also?: (tx: Tx) => Promise<void>): Promise<void>;
}

/** A feature's setting in a table of its own: the newest row holds, the ones before it tell what was. */
export function createKeptSetting<T>(
  { storage, clock, audit }: { storage: Storage; clock: Clock; audit: Audit<Tx> },
  { schema, usual, table, action, told }: Kept<T>,
): KeptSetting<T> {
  async function standing(db: Db): Promise<Standing<T>> {
    const found = await newestSetting(db, table);
    if (!found) return { setting: usual, revision: 0, changed: null };
    const { value, revision, changed_by: by, changed_at: at } = found;
    return { setting: schema.parse(JSON.parse(value)), revision, changed: { by, at } };
  }

  return {
    read: async (db) => (await standing(db)).setting,
    standing: () => standing(storage.read),
    async save(actor, setting, revision, also) {
      const value = JSON.stringify(schema.parse(setting));
      await storage.transaction(async (tx) => {
        const { revision: now } = await standing(tx);
        const row = { id: newId(clock), value, changed_by: accountOf(actor), changed_at: timestamp(clock) };
        if (now !== revision || !(await addSetting(tx, table, { ...row, revision: now + 1 })))
          throw new Conflict('form.changed');
        await also?.(tx);
        await audit(tx, actor, action, { kind: 'setting' }, told?.(setting));
      });
    },
  };
}
