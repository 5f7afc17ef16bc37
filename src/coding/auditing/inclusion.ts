import type { Tx } from '../../storage/index.ts';
import { tasksOf, tasksOfSome, type TaskRow } from '../task-store.ts';
import { raiseInclusion, thresholdsOf } from './audit-store.ts';
import type { Doubles } from './doubles.ts';
import { isUnder, numberOf, type Covers, type Threshold } from './rules.ts';

export type Inclusion = ReturnType<typeof createInclusion>;

/** How probable it was that an audit drew an answer, also one that arrives after the drawing. */
export function createInclusion(doubles: Doubles) {
  /** @returns those of them that were checked already: they have another weight now */
  async function raise(tx: Tx, responseIds: string[], inclusion: number): Promise<string[]> {
    const checked = await raiseInclusion(tx, responseIds, inclusion);
    await doubles.start(tx, responseIds);
    return checked;
  }

  /** What none of these audits reaches, and what stands as it should, is left alone. */
  async function settle(tx: Tx, tasks: TaskRow[], audits: Threshold[]): Promise<void> {
    const number = numberOf(tasks);
    const reaching = audits.filter(({ threshold }) => isUnder(number, threshold)).map((each) => each.threshold);
    const inclusion = Math.max(0, ...reaching, ...tasks.map((task) => task.inclusion ?? 0));
    const [first] = tasks;
    if (first && tasks.some((task) => (task.inclusion ?? 0) < inclusion))
      await raise(tx, [first.response_id], inclusion);
  }

  return {
    raise,
    /** New answers of a response: drawn where another of its answers is, or where an audit of all answers takes them. */
    async arrived(tx: Tx, programmeId: string, responseId: string): Promise<void> {
      const audits = await thresholdsOf(tx, programmeId);
      if (audits.length === 0) return;
      await settle(tx, await tasksOf(tx, responseId), audits.filter(coversAll));
    },
    /**
     * To be called in the transaction in which responses arrive or change what an audit may cover them by. One indexed
     * read where the programme has no audit.
     * @param matches whether a response has what an audit covers, e.g. { segment: 'Büro' }; never asked for {}
     */
    async include(
      tx: Tx,
      programmeId: string,
      responseIds: string[],
      matches: (covers: Covers, responseId: string) => boolean,
    ): Promise<void> {
      const audits = responseIds.length > 0 ? await thresholdsOf(tx, programmeId) : [];
      if (audits.length === 0) return;
      const [only = ''] = responseIds;
      // One response at a time is what an answer brings: somebody waits for it.
      const tasks = responseIds.length === 1 ? await tasksOf(tx, only) : await tasksOfSome(tx, responseIds);
      const all = Map.groupBy(tasks, (task) => task.response_id);
      for (const [id, own] of all) {
        const covering = audits.filter((each) => coversAll(each) || matches(each.covers, id));
        await settle(tx, own, covering);
      }
    },
  };
}

const coversAll = ({ covers }: Threshold): boolean => Object.keys(covers).length === 0;
