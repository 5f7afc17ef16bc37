import type { Actor } from '../../shared/actor.ts';
import { NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Tx } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import { coveredBy, coversOf, standings, type Coverable, type Standing } from './audit-rules.ts';
import { byNumber, drawnIn, type DrawnResponses } from './audit-store.ts';
import type { Filter } from './filter.ts';
import type { Remembered } from './remembering.ts';
import type { QuestionReport } from './report.ts';
import { COUNTED, keepState } from './state-store.ts';

const AT_ONCE = 500;

export type Auditing = ReturnType<typeof createAuditing>;

/** The random audits that make shares of what the engine has read. */
export function createAuditing({ storage, clock, questionnaires, coding }: InsightDeps, remembered: Remembered) {
  async function programmeOf(key: string): Promise<string> {
    const found = (await questionnaires.programmes()).find((each) => each.key === key);
    if (!found) throw new NotFound();
    return found.id;
  }

  const drawnOf = (programme: string, filter: Filter): Promise<Map<string, DrawnResponses>> =>
    remembered(JSON.stringify(['drawn', programme, filter]), async () =>
      drawnIn(storage.read, await programmeOf(programme), filter),
    );

  /** The lowest permanent random numbers of the responses that it covers; looked for some at a time. */
  async function lowestIn(programmeId: string, covers: Record<string, string>, limit: number) {
    const found: { responseId: string; random: number }[] = [];
    for (let after: number | undefined = -1; after !== undefined && found.length < limit;) {
      const some: Awaited<ReturnType<typeof byNumber>> = await byNumber(storage.read, programmeId, after, AT_ONCE);
      found.push(...some.filter((each) => coveredBy(covers, each)));
      after = some.length === AT_ONCE ? some.at(-1)?.random : undefined;
      await new Promise(setImmediate);
    }
    return found.slice(0, limit).map(({ responseId, random }) => ({ responseId, random }));
  }

  return {
    /** What still waits to be checked, and how much more would be needed. */
    async standing(filter: Filter, questions: QuestionReport[]): Promise<Standing[]> {
      const drawn = new Map<string, Map<string, DrawnResponses>>();
      const programmes = questions.filter(({ basis }) => basis !== 'counted').map(({ programme }) => programme);
      for (const programme of new Set(programmes)) drawn.set(programme, await drawnOf(programme, filter));
      return standings(questions, (programme, part) => drawn.get(programme)?.get(part));
    },

    /** Draws what a part still needs. Throws NotFound, Invalid. */
    async draw(actor: Actor, filter: Filter, { part, programme, checked, needed }: Standing): Promise<void> {
      const programmeId = await programmeOf(programme);
      const [covers, wanted] = [coversOf(filter, part), checked + needed];
      const lowest = (limit: number) => lowestIn(programmeId, covers, limit);
      await coding.audits.draw(actor, { programmeId, covers, wanted, lowest });
      // What is remembered of before is out of date.
      await storage.transaction((tx) => keepState(tx, COUNTED, newId(clock)));
    },

    /** A response that an audit covers is drawn as if it had been there when the others were. */
    async include(tx: Tx, programmeId: string, responseId: string, response: Coverable): Promise<void> {
      await coding.audits.include(tx, programmeId, [responseId], (covers) => coveredBy(covers, response));
    },
  };
}
