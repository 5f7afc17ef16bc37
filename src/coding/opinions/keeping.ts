import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Storage } from '../../storage/index.ts';
import type { Group } from './fields.ts';
import * as kept from './kept-store.ts';
import type { ModelName } from './model-name.ts';

/** A model as bytes, which only the engine's thread reads. */
export interface Kept {
  /** It tells answers of these groups. */
  groups: Group[];
  bytes: Uint8Array;
}

/** So much is written in one transaction: whoever answers at the same time hardly waits. */
const PART_BYTES = 192 * 1024;

/** The model in use of each programme, kept so that a process that begins goes on with it. */
export function createKeeping(storage: Storage) {
  return {
    /** Changes whenever what was learned has to be forgotten. */
    timesForgotten: (programmeId: string): Promise<number> => kept.timesForgotten(storage.read, programmeId),

    /** In place of what was kept of the programme before. Nothing is kept if something was forgotten since it was learned. */
    async keep(name: ModelName, { groups, bytes }: Kept, forgotten: number): Promise<void> {
      const parts = Math.ceil(bytes.length / PART_BYTES);
      for (let part = 0; part < parts; part++) {
        const some = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
        const isKept = await storage.backgroundTransaction(async (tx) => {
          if (!(await kept.lockMemory(tx, name.programmeId, forgotten))) return false;
          if (part === 0) await kept.removeKept(tx, name.programmeId);
          await kept.addPart(tx, name, { part, parts, groups, content: Buffer.from(some).toString('base64') });
          return true;
        });
        if (!isKept) return;
      }
    },

    /** Nothing where it was not kept, or not to its end. */
    async find(name: ModelName): Promise<Kept | undefined> {
      const first = await kept.partOf(storage.read, name, 0);
      if (!first) return undefined;
      const pieces = [Buffer.from(first.content, 'base64')];
      for (let part = 1; part < first.parts; part++) {
        await nextTurn();
        const next = await kept.partOf(storage.read, name, part);
        if (next?.parts !== first.parts) return undefined;
        pieces.push(Buffer.from(next.content, 'base64'));
      }
      return { groups: first.groups, bytes: new Uint8Array(Buffer.concat(pieces)) };
    },
  };
}
