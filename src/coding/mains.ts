import type { Tx } from '../storage/index.ts';
import { mainReasonOf } from './rules.ts';
import { chunks, mainsOf, saveMainReasons, type Subject } from './store.ts';
import { tasksOf, tasksOfSome } from './task-store.ts';

export type OnMainReason = (tx: Tx, customerIds: string[]) => Promise<void>;

export interface Mains {
  /** Derives the main reasons of these responses from their codings, and tells the hooks about the customers. */
  refresh(tx: Tx, subjects: Subject[], at: string): Promise<void>;
  onMainReason(hook: OnMainReason): void;
}

const AT_ONCE = 200;

export function createMains(): Mains {
  const hooks: OnMainReason[] = [];

  async function refreshSome(tx: Tx, subjects: Subject[], at: string): Promise<void> {
    const ids = subjects.map(({ id }) => id);
    const tasks = subjects.length === 1 ? await tasksOf(tx, ids[0] ?? '') : await tasksOfSome(tx, ids);
    const worded = new Set(tasks.map((task) => task.response_id));
    const mains = Map.groupBy(await mainsOf(tx, ids), ({ responseId }) => responseId);
    const reasons = subjects.map((subject) => ({
      ...subject,
      ...mainReasonOf(mains.get(subject.id) ?? [], worded.has(subject.id)),
    }));
    await saveMainReasons(tx, reasons, at);
    const customerIds = [...new Set(subjects.map(({ customerId }) => customerId))];
    for (const hook of hooks) await hook(tx, customerIds);
  }

  return {
    onMainReason: (hook) => void hooks.push(hook),
    async refresh(tx, subjects, at) {
      for (const some of chunks(subjects, AT_ONCE)) await refreshSome(tx, some, at);
    },
  };
}
